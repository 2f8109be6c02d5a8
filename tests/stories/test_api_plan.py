"""What a plan says beside its files: the API and what breaks its clients, tests, dependents."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from command_line import Done, Door, own_template, process, status_request, tree, write
from evolutions import Request, draft_of, entity, request

from petsage_builder.api import api_changes
from petsage_builder.api.document import Document, read_document
from petsage_builder.consequences import consequences_of

DOG_FIELDS = ("name:string{1,80}", "breed:enum(collie,pug)", "born:date?")
DOG = entity(
    "dog",
    *DOG_FIELDS,
    list={"filters": {"breed": ["eq"], "born": ["gte"]}, "sort": ["name", "born"]},
    optimistic_lock=True,
)
DOG["operations"] += ["update", "delete"]
OF_A_DOG = {"name": "dog", "kind": "belongs_to", "target": "dogs.dog", "on_delete": "cascade"}
WALK = entity("walk", "minutes:integer", relations=[OF_A_DOG], include=["dog"])
BOTH = [request("dogs", DOG), request("walks", WALK)]
DOGS, A_DOG = "/api/v1/dogs", "/api/v1/dogs/{dog_id}"
WALKS, A_WALK = "/api/v1/walks", "/api/v1/walks/{walk_id}"
GENERATED = Path(__file__).parents[2] / "generated"
Told = set[tuple[str, str, bool]]
Rehearse = Callable[[Request], Any]


@dataclass(frozen=True, slots=True)
class Kennel:
    """Two features, built and verified; the reports of their rehearsal and of their build."""

    root: Path
    rehearsed: Done
    built: Done


@pytest.fixture(scope="module")
def kennel(tmp_path_factory: pytest.TempPathFactory) -> Kennel:
    folder = tmp_path_factory.mktemp("kennel")
    asked = (write(folder / "both.json", BOTH), "--report", "json")
    rehearsed = process(*asked, "--dry-run", cwd=folder)
    return Kennel(folder / "generated", rehearsed, process(*asked, cwd=folder))


@pytest.fixture
def rehearse(kennel: Kennel, door: Door) -> Rehearse:
    """The plan of dogs that are asked for otherwise; nothing is written."""

    def run(dog: Request) -> Any:  # noqa: ANN401 (a document)
        asked = write(kennel.root.parent / "dogs.json", request("dogs", dog))
        before = tree(kennel.root)
        done = door(asked, "--workspace", kennel.root, "--dry-run", "--report", "json")
        assert done.code == 0, done.out + done.err
        assert tree(kennel.root) == before
        return done.json()

    return run


def told(report: Mapping[str, Any]) -> Told:
    return {(one["operation"], one["change"], one["breaking"]) for one in report["api"]}


def test_rehearsal_of_a_first_build_says_what_the_build_says(kennel: Kennel) -> None:
    assert kennel.built.code == 0, kennel.built.out
    rehearsed, built = kennel.rehearsed.json(), kennel.built.json()
    for key in ("api", "tests", "dependents"):
        assert rehearsed[key] == built[key], key
    assert ("GET " + A_WALK, "added: takes query; answers 200 WalkIncluded", False) in told(built)
    assert {one["outcome"] for one in built["api"]} == {"added"}


def test_every_test_of_the_plan_runs(kennel: Kennel) -> None:
    added = kennel.rehearsed.json()["tests"]["added"]
    [ran] = [check for check in kennel.built.json()["checks"] if check["name"] == "tests"]
    assert 100 < len(set(added)) == len(added) <= ran["passed"]
    assert "petsage_api/tests/features/test_dogs.py" in {test.partition("::")[0] for test in added}


def test_committed_document_is_the_apps_own_and_sorted(kennel: Kennel) -> None:
    content = (kennel.root / "openapi.json").read_text()
    document = json.loads(content)
    assert json.dumps(document, indent=2, sort_keys=True) + "\n" == content
    assert document["info"]["version"] == "0.1.0"
    assert set(document["paths"]) == {DOGS, A_DOG, WALKS, A_WALK}


def test_new_field_breaks_nobody(rehearse: Rehearse) -> None:
    report = rehearse({**DOG, "fields": [*DOG_FIELDS, "chip:string{1,20}?"]})
    assert told(report) == {
        (f"GET {DOGS}", "answers items[].chip", False),
        (f"POST {DOGS}", "takes chip, which may be left out", False),
        (f"POST {DOGS}", "answers chip", False),
        (f"GET {A_DOG}", "answers chip", False),
        (f"PATCH {A_DOG}", "takes chip, which may be left out", False),
        (f"PATCH {A_DOG}", "answers chip", False),
        (f"GET {WALKS}", "answers items[].dog.chip", False),
        (f"GET {A_WALK}", "answers dog.chip", False),
    }
    assert report["dependents"] == [{"feature": "walks", "on": ["dogs"]}]
    assert report["tests"]["removed"] == []


def test_required_field_breaks_those_who_make_one(rehearse: Rehearse) -> None:
    chip = {"name": "chip", "type": "string", "max_length": 20, "backfill": "none"}
    report = rehearse({**DOG, "fields": [*DOG_FIELDS, chip]})
    breaking = [one for one in report["api"] if one["breaking"]]
    assert [(one["operation"], one["change"]) for one in breaking] == [
        (f"POST {DOGS}", "needs chip")
    ]
    assert breaking[0]["why"] == "requests without it are refused"


def test_operation_that_goes_breaks(rehearse: Rehearse) -> None:
    report = rehearse({**DOG, "operations": ["list", "create", "read", "update"]})
    assert told(report) == {(f"DELETE {A_DOG}", "removed", True)}
    assert report["tests"]["removed"]
    assert all("test_dogs.py::" in test for test in report["tests"]["removed"])


def test_filter_and_order_that_go_break(rehearse: Rehearse) -> None:
    asked = {"filters": {"born": ["gte"]}, "sort": ["born"]}
    report = rehearse({**DOG, "list": asked})
    assert told(report) == {
        (f"GET {DOGS}", "no longer takes query breed", True),
        (f"GET {DOGS}", 'takes less as query sort: no "name", "-name"', True),
    }


def test_new_choice_breaks_those_who_read_it(rehearse: Rehearse) -> None:
    fields = ["name:string{1,80}", "breed:enum(collie,pug,beagle)", "born:date?"]
    report = rehearse({**DOG, "fields": fields})
    more = {
        (operation, breaking) for operation, change, breaking in told(report) if "too" in change
    }
    assert (f"POST {DOGS}", False) in more
    assert (f"GET {A_DOG}", True) in more
    assert (f"GET {A_WALK}", True) in more


def test_version_that_has_to_be_named_breaks(rehearse: Rehearse) -> None:
    report = rehearse({**DOG, "optimistic_lock": "required"})
    needs = "needs a condition such as header If-Match: may answer 428"
    assert told(report) == {(f"PATCH {A_DOG}", needs, True), (f"DELETE {A_DOG}", needs, True)}


def test_plan_that_changes_no_api_says_nothing_of_it(rehearse: Rehearse) -> None:
    report = rehearse({**DOG, "description": "A dog."})
    assert report["api"] == []
    assert report["tests"] == {"added": [], "removed": []}


def test_plan_in_text_names_what_breaks_and_why(
    door: Door, workspace: Path, tmp_path: Path
) -> None:
    moved = write(tmp_path / "moved.json", status_request("smoke_test", "/ready"))
    done = door(moved, "--dry-run", "--workspace", workspace)
    assert done.code == 0
    why = "clients that call it there find nothing"
    line = f"  api: GET /api/v1/ready moved here from GET /api/v1/status  (breaking: {why})\n"
    assert line in done.out
    assert "  The app was imported to tell its API (" in done.out
    assert "Nothing was verified, and nothing was written." in done.out
    assert '"operationId"' not in done.out, "the document's diff is told by the changes"


def test_plan_in_markdown_names_what_breaks_and_why(
    door: Door, workspace: Path, tmp_path: Path
) -> None:
    write(workspace / "requests/ready.json", status_request("ready", "/ready"))
    moved = write(tmp_path / "moved.json", status_request("smoke_test", "/up"))
    done = door(moved, "--dry-run", "--report", "markdown")
    api = done.out.partition("# API\n")[2].partition("\n# Verification")[0]
    assert "- GET /api/v1/ready added: takes nothing; answers 200 StatusResponse\n" in api
    assert "(**breaking**: clients that call it there find nothing)" in api
    assert "# Tests\n" in api


def test_rehearsal_says_what_the_build_of_a_change_says(
    door: Door, workspace: Path, tmp_path: Path
) -> None:
    ready = write(tmp_path / "ready.json", status_request("ready", "/ready"))
    rehearsed = door(ready, "--dry-run", "--report", "json").json()
    built = door(ready, "--report", "json").json()
    assert built["committed"]
    for key in ("api", "tests", "dependents"):
        assert rehearsed[key] == built[key], key
    assert [one["operation"] for one in built["api"]] == ["GET /api/v1/ready"]
    assert built["tests"]["removed"] == []
    document = json.loads((workspace / "openapi.json").read_text())
    assert set(document["paths"]) == {"/api/v1/status", "/api/v1/ready"}


@pytest.mark.usefixtures("workspace")
def test_first_plan_of_nothing_new_is_empty(door: Door, request_file: Path) -> None:
    report = door(request_file, "--dry-run", "--report", "json").json()
    assert (report["api"], report["dependents"]) == ([], [])
    assert report["tests"] == {"added": [], "removed": []}


def test_first_plan_is_told_by_the_requests(door: Door, request_file: Path) -> None:
    done = door(request_file, "--dry-run")
    assert (
        "  api: GET /api/v1/status added: takes nothing; answers 200 StatusResponse\n" in done.out
    )
    assert (
        "Nothing is built here yet: the API is what is asked for; openapi.json is new" in done.out
    )


def test_plan_of_an_app_that_cannot_be_imported_says_so(
    door: Door, workspace: Path, tmp_path: Path
) -> None:
    (workspace / "petsage_api/main.py").write_text("import nothing_of_that_name\n")
    ready = write(tmp_path / "ready.json", status_request("ready", "/ready"))
    done = door(ready, "--dry-run")
    assert done.code == 0
    said = "What changes in the API is not known: the app can't tell it: ModuleNotFoundError: "
    assert said in done.out


def test_plan_says_that_no_record_tells_what_the_api_was(
    door: Door, workspace: Path, request_file: Path
) -> None:
    (workspace / ".petsage/base/openapi.json.base").unlink()
    (workspace / "openapi.json").unlink()
    done = door(request_file, "--dry-run")
    assert "What changes in the API is not known: no record tells what it was." in done.out


def test_new_template_is_told_by_what_it_changes_in_the_api(door: Door, workspace: Path) -> None:
    name = "status/files/models.py.jinja"
    own_template(workspace, name, "version:", 'kind: str = "status"\n    version:')
    report = door("build", "--dry-run", "--report", "json").json()
    assert told(report) == {("GET /api/v1/status", "answers kind", False)}


def test_petsage_says_of_itself_what_was_asked_for(tmp_path: Path) -> None:
    files = sorted((GENERATED / "requests").glob("*.json"))
    draft = draft_of(tmp_path / "app", [json.loads(file.read_text()) for file in files])
    document = read_document((GENERATED / "openapi.json").read_text())
    assert document
    assert consequences_of(draft).api == api_changes(Document({}), document)
