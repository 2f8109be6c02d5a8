"""Requests, kinds and blueprints: what they mean once they are read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from command_line import SEED, status_request, write

from petsage_builder import kinds
from petsage_builder.blueprint import Blueprint, parse_blueprint, resolve_project
from petsage_builder.entries import dotted, entries_in, json_type
from petsage_builder.errors import RequestError, WorkspaceError
from petsage_builder.kinds import Asked, load_request
from petsage_builder.spec import ProjectSpec
from petsage_builder.strict_json import parse
from petsage_builder.text import Text

WITHOUT_ID = {key: value for key, value in SEED.items() if key != "request_id"}


def asked_for(payload: object) -> list[Asked]:
    return kinds.validated(entries_in(parse(json.dumps(payload).encode(), "r.json")))


def project_of(payload: object, blueprint: str = "") -> ProjectSpec:
    return kinds.resolve(asked_for(payload), resolve_project(parse_blueprint(blueprint)))


def request_id(payload: dict[str, Any]) -> str:
    return project_of(payload).features[0].request_id


def blueprint_refusal(content: str) -> str:
    with pytest.raises(WorkspaceError) as caught:
        parse_blueprint(content)
    return str(caught.value)


def test_given_request_id_is_kept_as_it_is() -> None:
    assert request_id(dict(SEED)) == SEED["request_id"]


def test_derived_request_id_is_the_same_for_every_spelling_of_a_status_request() -> None:
    spellings: tuple[dict[str, Any], ...] = (
        {},
        {"requirements": None},
        {"requirements": "none"},
        {"requirements": {"status": {}}},
    )
    assert len({request_id({**WITHOUT_ID, **spelling}) for spelling in spellings}) == 1


def test_derived_request_id_never_changes() -> None:
    assert request_id(WITHOUT_ID) == "42e24304-b348-cdf5-f2c9-9a92b29bb4c2"


def test_derived_request_id_does_not_depend_on_the_order_of_keys() -> None:
    reordered = dict(reversed(list(WITHOUT_ID.items())))
    assert request_id(reordered) == request_id(WITHOUT_ID)


@pytest.mark.parametrize("change", [{"feature": "other"}, {"description": "Other."}])
def test_derived_request_id_differs_for_what_differs(change: dict[str, str]) -> None:
    assert request_id({**WITHOUT_ID, **change}) != request_id(WITHOUT_ID)


def test_schema_key_does_not_change_the_derived_request_id() -> None:
    assert request_id({**WITHOUT_ID, "$schema": "x.json"}) == request_id(WITHOUT_ID)


def test_request_in_a_file_is_loaded(tmp_path: Path) -> None:
    request = load_request(str(write(tmp_path / "r.json", SEED)))
    assert (request.feature, request.description) == ("smoke_test", Text(SEED["description"]))


def test_file_with_two_requests_is_not_one(tmp_path: Path) -> None:
    two = write(tmp_path / "r.json", [status_request("a", "/a"), status_request("b", "/b")])
    with pytest.raises(RequestError, match="holds 2 requests"):
        load_request(str(two))


def test_features_stand_in_the_order_of_import_sorting() -> None:
    asked = [status_request(name, f"/{name.replace('_', '-')}") for name in ("a10", "a_1", "a2")]
    assert [spec.feature for spec in project_of(asked).features] == ["a2", "a10", "a_1"]


def test_route_stands_below_the_prefix_of_the_blueprint() -> None:
    (spec,) = project_of(status_request("ready", "/ready"), 'api_prefix = "/zoo/v2"').features
    assert [route.url for route in spec.routes] == ["/zoo/v2/ready"]


def test_three_requests_for_one_route_are_two_problems() -> None:
    with pytest.raises(RequestError) as caught:
        project_of([status_request(name) for name in ("a", "b", "c")])
    assert ["feature 'a'" in problem.message for problem in caught.value.problems] == [True, True]


def test_description_is_normalised() -> None:
    (spec,) = project_of({**SEED, "description": "e\u0301\r\nb\u2028c"}).features
    assert spec.description == Text("é\nb\nc")


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ((), ""),
        (("a", "b"), "a.b"),
        (("entities", 0, "fields", 12), "entities[0].fields[12]"),
        (("a b", "c.d"), "'a b'.'c.d'"),
        (("\n",), "'\\n'"),
    ],
)
def test_path_in_a_request_is_spelled_as_people_do(path: tuple[str | int, ...], said: str) -> None:
    assert dotted(path) == said


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (True, "a boolean"),
        ("", "a string"),
        (1, "a number"),
        (0.5, "a number"),
        ([], "an array"),
        ({}, "an object"),
        (None, "null"),
    ],
)
def test_json_values_have_names_that_people_know(value: object, words: str) -> None:
    assert json_type(value) == words


def test_blueprint_that_says_nothing_is_the_default_one() -> None:
    assert parse_blueprint("") == parse_blueprint(None) == Blueprint()


def test_project_is_decided_by_the_blueprint() -> None:
    project = resolve_project(
        parse_blueprint('package = "zoo_api"\ntitle = "Zoo"\nversion = "1.2.0rc1"')
    )
    assert project.package == "zoo_api"
    assert project.distribution == Text("zoo-api")
    assert project.version_file == Text("zoo_api/__init__.py")
    assert project.env_prefix == Text("ZOO_API_")
    assert project.welcome == Text("Welcome to the Zoo. Visit /docs for documentation.")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("x = ", "blueprint.toml: is not TOML"),
        ("a = " + "[" * 100_000, "blueprint.toml: is not TOML: it is nested too deeply."),
        ("a = " + "9" * 5000, "blueprint.toml: is not TOML: a number in it is too large."),
        ("pakage = 'a'", "blueprint.toml pakage: unknown key 'pakage'. Did you mean 'package'?"),
        ("package = 1", "package: must be a string, not a number."),
        ("package = 'Bad Name'", "package: 'Bad Name' is no name"),
        ("package = 'json'", "package: a package named json would hide the module of that name."),
        ("package = 'fastapi'", "a package named fastapi would hide"),
        ("package = 'requests'", "a package named requests would hide"),
        ("package = 'class'", "package: 'class' is a Python keyword"),
        ("package = 'conftest'", "package: 'conftest' is a module that Python or pytest reads"),
        ("package = 'sitecustomize'", "package: 'sitecustomize' is a module that Python"),
        ("package = 'nul'", "package: 'nul' is a device on Windows"),
        ("title = ''", "title: is blank"),
        ("title = 'a\\nb'", "blueprint.toml"),
        ('title = "a\\nb"', "title: has 2 lines; at most 1 are allowed."),
        ("brand = 1979-05-27", "brand: must be a string"),
        ("version = '1'", "version: must be a version such as 0.1.0 or 1.2.0rc1."),
        ("version = '1.2\\n'", "version: must be a version"),
        ("api_prefix = '/'", "api_prefix: must be empty, or lower-case segments such as /api/v1."),
        ("api_prefix = 'api'", "api_prefix: must be empty"),
        ("api_prefix = '/{id}'", "api_prefix: must be empty"),
        ("verify = 1", "verify: must be an object, not a number."),
        ("[verify]\npython = 1", "verify.python: must be a string, not a number."),
        ("[verify]\npython = ''", "verify.python: is blank"),
        ('[verify]\npython = "a\\u0000b"', "verify.python: character 2 is U+0000 (NULL)"),
        ('[verify]\npython = "a\\nb"', "verify.python: has 2 lines; at most 1 are allowed."),
        ("[templates]\nworkspace = 'yes'", "templates.workspace: must be a boolean, not a string."),
        ("[templates]\nmore = 1", "templates.more: unknown key 'more'"),
    ],
)
def test_wrong_blueprint_is_refused_in_words(content: str, said: str) -> None:
    if said != "blueprint.toml":
        assert said in blueprint_refusal(content)
    else:  # a TOML literal string has no escapes
        assert parse_blueprint(content).title == Text("a\\nb")


def test_path_of_an_interpreter_is_kept_as_it_is() -> None:
    path = "/home/Ja\u0308ger/bin/python"
    assert parse_blueprint(f'[verify]\npython = "{path}"').verify.python == path


@pytest.mark.parametrize("package", ["app", "main", "core", "features"])
def test_package_may_be_called_like_a_part_of_the_app(package: str) -> None:
    assert parse_blueprint(f'package = "{package}"').package == package


def test_every_problem_of_a_blueprint_is_named_at_once() -> None:
    assert len(blueprint_refusal("package = 1\ntitle = 2\nmore = 3").splitlines()) == 3
