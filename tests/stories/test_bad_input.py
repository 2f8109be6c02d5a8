"""Everything a user can give that is wrong: a clear message, exit code 2, nothing written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from command_line import SEED, Done, Door, process, status_request, tree, write
from hostile import Case, case_id, cases

from petsage_builder import names

ACCEPTED = ("embed", "strip", "rename")


def by_feature_name(*decisions: str) -> list[Case]:
    return [case for case in cases("name") if case.expect_feature in decisions]


def refusal(done: Done) -> list[str]:
    """The problems of a refused request, one line each."""
    assert (done.code, done.out) == (2, "")
    assert "Traceback" not in done.err
    *problems, banner = done.err.splitlines()
    assert banner.startswith("BUILD FAILED: ")
    return [problem.removeprefix("  ✗ ") for problem in problems if problem.startswith("  ✗ ")]


def refused(door: Door, asked: object) -> list[str]:
    return refusal(door("-", stdin=json.dumps(asked).encode()))


def is_new(folder: Path) -> bool:
    return not (folder / "generated").exists()


@pytest.mark.parametrize("case", cases("raw", "reject"), ids=case_id)
def test_hostile_file_is_refused_and_nothing_is_written(
    door: Door, tmp_path: Path, case: Case
) -> None:
    content = case.value if isinstance(case.value, bytes) else str(case.value).encode()
    (tmp_path / "r.json").write_bytes(content)
    problems = refusal(door("r.json"))
    assert all(problem.startswith("r.json") for problem in problems)
    assert is_new(tmp_path)


@pytest.mark.parametrize("case", cases("raw", *ACCEPTED), ids=case_id)
def test_odd_but_valid_file_is_judged_by_what_it_says(
    door: Door, tmp_path: Path, case: Case
) -> None:
    (tmp_path / "r.json").write_bytes(case.value)
    assert "unknown key 'n'" in " ".join(refusal(door("r.json")))


@pytest.mark.parametrize("case", by_feature_name("reject"), ids=case_id)
def test_hostile_feature_name_is_refused_and_nothing_is_written(
    door: Door, tmp_path: Path, case: Case
) -> None:
    (problem,) = refused(door, {**SEED, "feature": case.value})
    assert problem.startswith("<stdin>:1:")
    assert " feature: " in problem
    assert is_new(tmp_path)


@pytest.mark.parametrize("case", by_feature_name("embed", "rename"), ids=case_id)
def test_odd_feature_name_is_accepted(door: Door, case: Case) -> None:
    done = door("-", "--dry-run", stdin=json.dumps({**SEED, "feature": case.value}).encode())
    assert done.code == 0
    assert f"petsage_api/features/{case.value}/router.py" in done.out


@pytest.mark.parametrize(
    "name",
    [
        *("app", "main", "core", "features", "models", "services", "router", "tables", "test"),
        *("tests", "conftest", "site", "sitecustomize", "petsage_api", "petsage_builder"),
        *("class", "con", "nul", "aux", "com1"),
    ],
)
def test_reserved_feature_name_is_refused_with_one_that_works(
    door: Door, tmp_path: Path, name: str
) -> None:
    (problem,) = refused(door, {**SEED, "feature": name})
    offered = problem.split("Try '")[1].split("'")[0]
    assert names.feature_problem(offered, package="petsage_api") is None
    assert is_new(tmp_path)


def test_package_of_the_blueprint_is_a_reserved_feature_name(door: Door, tmp_path: Path) -> None:
    write(tmp_path / "generated/blueprint.toml", 'package = "zoo_api"')
    assert "is the app's own package" in refused(door, {**SEED, "feature": "zoo_api"})[0]
    done = door("-", "--dry-run", stdin=json.dumps({**SEED, "feature": "petsage_api"}).encode())
    assert done.code == 0


@pytest.mark.parametrize("case", cases("path", "reject"), ids=case_id)
def test_hostile_status_path_is_refused_and_nothing_is_written(
    door: Door, tmp_path: Path, case: Case
) -> None:
    (problem,) = refused(door, status_request("ready", case.value))
    assert " requirements.status.path: must be lower-case segments" in problem
    assert is_new(tmp_path)


@pytest.mark.parametrize("case", cases("path", "either"), ids=case_id)
def test_path_that_may_go_either_way_takes_no_route_of_the_app(
    door: Door, tmp_path: Path, case: Case
) -> None:
    write(tmp_path / "generated/blueprint.toml", 'api_prefix = ""')
    done = door("-", stdin=json.dumps(status_request("ready", case.value)).encode())
    assert done.code == 2


@pytest.mark.parametrize("case", cases("text", "reject"), ids=case_id)
def test_hostile_description_is_refused_and_nothing_is_written(
    door: Door, tmp_path: Path, case: Case
) -> None:
    (problem,) = refused(door, {**SEED, "description": case.value})
    assert " description: " in problem
    assert problem.isprintable()
    assert is_new(tmp_path)


def test_missing_file_is_named(door: Door) -> None:
    assert refusal(door("nowhere.json")) == ["nowhere.json: can't be read: there is no such file."]


def test_folder_without_requests_is_named(door: Door, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert refusal(door("empty")) == [
        "empty: is a folder without requests. Requests are *.json files."
    ]


def test_broken_json_is_named_with_its_place(door: Door, tmp_path: Path) -> None:
    write(tmp_path / "r.json", '{\n  "feature": "a",\n}')
    assert refusal(door("r.json")) == ["r.json:2:17: a comma before the closing '}'. Remove it."]


def test_empty_list_is_an_error(door: Door) -> None:
    assert refused(door, []) == ["<stdin>: the list of requests is empty."]


@pytest.mark.parametrize("asked", ["text", 1, None, True])
def test_request_that_is_no_object_is_refused(door: Door, asked: object) -> None:
    assert "a request is an object (or a list of them), not" in refused(door, asked)[0]


def test_every_item_of_a_list_that_is_no_request_is_named(door: Door) -> None:
    problems = refused(door, [1, SEED, None])
    assert problems == [
        "<stdin>:1:2 [0]: a request is an object, not a number.",
        "<stdin>:1:150 [2]: a request is an object, not null.",
    ]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"feature": 1}, "feature: must be a string, not a number."),
        ({"feature": None}, "feature: must be a string, not null."),
        ({"description": ["a"]}, "description: must be a string, not an array."),
        ({"description": " \n"}, "description: is blank; write at least one character."),
        ({"description": "x" * 4001}, "description: has 4001 characters; at most 4000"),
        ({"description": "x\n" * 201}, "description: has 201 lines; at most 200"),
        ({"request_id": 7}, "request_id: must be a string, not a number."),
        ({"request_id": "a b"}, "request_id: must be 1 to 64 letters, digits or"),
        ({"schema_version": 2}, "schema_version: must be 1, not 2."),
        ({"schema_version": 1.0}, "schema_version: must be 1, not 1.0."),
        ({"schema_version": True}, "schema_version: must be 1, not a boolean."),
        ({"schema_version": "1"}, "schema_version: must be 1, not a string."),
        ({"schema_version": None}, "schema_version: must be 1, not null."),
        ({"$schema": 1}, "$schema: must be a string, not a number."),
        ({"requirements": 1}, 'requirements: must be "none", null or an object, not a number.'),
        ({"requirements": []}, 'requirements: must be "none", null or an object, not an array.'),
        ({"requirements": {}}, "requirements: must name one kind: status, entities."),
        ({"requirements": {"status": None}}, "requirements.status: must be an object, not null."),
        ({"requirements": {"status": []}}, "requirements.status: must be an object, not an array."),
        ({"requirements": {"status": {"path": 1}}}, "requirements.status.path: must be a string"),
    ],
)
def test_wrong_value_is_refused_in_words(
    door: Door, tmp_path: Path, wrong: dict[str, Any], said: str
) -> None:
    (problem,) = refused(door, {**SEED, **wrong})
    assert problem.startswith("<stdin>:1:")
    assert f" {said}" in problem
    assert is_new(tmp_path)


def test_missing_keys_are_all_named(door: Door) -> None:
    assert refused(door, {}) == [
        '<stdin>:1:1 feature: is required, and missing. Add "feature": ...',
        '<stdin>:1:1 description: is required, and missing. Add "description": ...',
    ]


def test_unknown_key_is_refused_with_the_one_that_was_meant(door: Door, tmp_path: Path) -> None:
    write(tmp_path / "r.json", json.dumps({**SEED, "descripton": "a"}, indent=2))
    assert refusal(door("r.json")) == [
        "r.json:6:3 descripton: unknown key 'descripton'. Did you mean 'description'?"
    ]


def test_unknown_key_without_a_likeness_is_refused_with_those_that_are_known(door: Door) -> None:
    (problem,) = refused(door, {**SEED, "zzz": "a"})
    assert "Known keys: $schema, schema_version, request_id, feature, description" in problem


def test_unknown_kind_is_refused_with_the_one_that_was_meant(door: Door) -> None:
    (problem,) = refused(door, {**SEED, "requirements": {"statsu": {}}})
    assert "requirements.statsu: unknown kind 'statsu'. Did you mean 'status'?" in problem


def test_prose_is_refused_with_what_to_write_instead(door: Door) -> None:
    (problem,) = refused(door, {**SEED, "requirements": "Owners can book a visit."})
    assert "is prose, and a deterministic builder must not pretend to have honoured it." in problem
    assert 'Say it as data: "none" for a status endpoint' in problem


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"access": "public"}, "access can't be built yet."),
        ({"actions": []}, "actions can't be built yet."),
    ],
)
def test_what_comes_later_is_refused_by_name(door: Door, asked: dict[str, Any], said: str) -> None:
    entity = {"name": "pet", "fields": ["name:string"], **asked}
    (problem,) = refused(door, {**SEED, "requirements": {"entities": [entity]}})
    assert said in problem


def test_second_entity_of_the_same_name_is_refused(door: Door) -> None:
    entities = [{"name": name, "fields": ["name:string"]} for name in ("pet", "pet")]
    problems = refused(door, {**SEED, "requirements": {"entities": entities}})
    assert all("of another entity are the same name." in problem for problem in problems)
    assert len(problems) == 2


def test_every_problem_of_an_entity_is_named_at_once(door: Door) -> None:
    fields = ["name:strng", {"name": "weight", "type": "decimal", "min": 5, "max": 1}, "id:uuid"]
    entity = {"name": "pet", "fields": fields, "list": {"sort": ["nmae"]}}
    problems = refused(door, {**SEED, "requirements": {"entities": [entity]}})
    said = ("unknown type 'strng'", "leave no value", "the builder itself keeps", "'nmae'")
    assert all(any(words in problem for problem in problems) for words in said)
    assert len(problems) == len(said)


def test_all_problems_of_all_files_are_named_at_once(door: Door, tmp_path: Path) -> None:
    write(tmp_path / "a.json", {"feature": "Bad", "description": "", "requirements": "prose"})
    write(tmp_path / "b.json", [SEED, {"feature": "class", "description": "b", "nmae": 1}])
    problems = refusal(door("a.json", "b.json"))
    assert [problem.partition(":")[0] for problem in problems] == ["a.json"] * 3 + ["b.json"] * 2
    assert is_new(tmp_path)


def test_broken_files_are_all_named_at_once(door: Door, tmp_path: Path) -> None:
    write(tmp_path / "a.json", "{")
    write(tmp_path / "b.json", "[1")
    problems = refusal(door("a.json", "nowhere.json", "b.json"))
    assert [p.partition(":")[0] for p in problems] == ["a.json", "nowhere.json", "b.json"]


def test_feature_that_is_asked_for_twice_is_refused_with_both_places(
    door: Door, tmp_path: Path
) -> None:
    write(tmp_path / "a.json", SEED)
    write(tmp_path / "b.json", SEED)
    (problem,) = refusal(door("a.json", "b.json"))
    assert problem.startswith("b.json:1:")
    assert "feature 'smoke_test' is already asked for at a.json:1:1." in problem


def test_route_of_another_request_is_refused_with_its_holder(door: Door) -> None:
    (problem,) = refused(door, [SEED, status_request("ready")])
    assert "the route GET /api/v1/status belongs to feature 'smoke_test'." in problem


def test_route_of_a_built_feature_is_refused_with_its_holder(door: Door, workspace: Path) -> None:
    before = tree(workspace)
    (problem,) = refused(door, status_request("ready"))
    assert problem.startswith("<stdin>:1:")
    assert "the route GET /api/v1/status belongs to feature 'smoke_test'." in problem
    assert tree(workspace) == before


@pytest.mark.parametrize(
    "path", ["/docs", "/healthz", "/readyz", "/redoc", "/docs/oauth2-redirect"]
)
def test_route_of_the_app_is_refused(door: Door, tmp_path: Path, path: str) -> None:
    write(tmp_path / "generated/blueprint.toml", 'api_prefix = ""')
    (problem,) = refused(door, status_request("ready", path))
    assert f"the route GET {path} belongs to the app itself." in problem


def test_route_below_the_prefix_may_be_called_like_one_of_the_apps(door: Door) -> None:
    asked = status_request("ready", "/healthz")
    assert door("-", "--dry-run", stdin=json.dumps(asked).encode()).code == 0


def test_wrong_request_leaves_a_built_workspace_alone(door: Door, workspace: Path) -> None:
    before = tree(workspace)
    refused(door, {**SEED, "feature": "class"})
    assert tree(workspace) == before


def test_request_on_file_that_is_wrong_is_named_by_its_path(door: Door, workspace: Path) -> None:
    write(workspace / "requests/smoke_test.json", {**SEED, "description": ""})
    for command in ("build", "check", "status"):
        done = door(command)
        assert done.code == 2
        assert "requests/smoke_test.json:1:" in done.err


def test_request_on_file_under_another_name_is_refused(door: Door, workspace: Path) -> None:
    write(workspace / "requests/other.json", SEED)
    done = door("build")
    assert done.code == 2
    assert "requests/other.json: must hold the one request of feature 'other'." in done.err


def test_request_through_a_fifo_or_a_device_is_refused_at_once(tmp_path: Path) -> None:
    done = process("/dev/zero", cwd=tmp_path)
    assert done.code == 2
    assert "/dev/zero: is a device or a pipe, not a file." in done.err
