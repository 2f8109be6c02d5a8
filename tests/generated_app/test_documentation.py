"""What the generated documentation says is true: every call in it is made, on a real server."""

from __future__ import annotations

import json
import os
import runpy
import shutil
import sys
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
import readme
from command_line import write
from documented import (
    Keep,
    by_curl,
    check,
    documented,
    keeping,
    save_files,
    served,
    with_parents,
)
from forked import in_child
from projects import written_project
from provoking import NO_ID, Hold, Provoker, undone
from readme import Readme, Section

TESTS = Path(__file__).parents[1]
WORDS = ["words:text{1,}"]
# Operations that leave gaps: what can't be created, made again, listed or read.
LEFT_OUT: Mapping[str, Any] = {
    "feature": "notes",
    "description": "What can be neither listed nor read, or only with many others.",
    "requirements": {
        "entities": [
            {"name": "note", "fields": WORDS, "operations": ["create", "update"]},
            {"name": "draft", "fields": WORDS, "operations": ["bulk_create"]},
            {
                "name": "entry",
                "fields": ["words:text{1,}", "name:string:unique"],
                "operations": ["read", "list", "update", "delete", "bulk_create", "bulk_delete"],
            },
            {
                "name": "lease",
                "fields": ["words:text{1,}"],
                "optimistic_lock": "required",
                "operations": ["create", "update", "delete"],
            },
            {
                "name": "clause",
                "fields": WORDS,
                "relations": [
                    {
                        "name": "lease",
                        "kind": "belongs_to",
                        "target": "lease",
                        "on_delete": "restrict",
                    }
                ],
                "operations": ["create", "list"],
            },
            {
                "name": "will",
                "fields": ["kind:enum(first,last):unique"],
                "soft_delete": True,
                "optimistic_lock": True,
                "timestamps": False,
                "operations": ["create", "restore", "bulk_create", "bulk_delete"],
            },
        ]
    },
}
REQUESTS = [
    TESTS / "golden/owners_and_tags/request.json",
    *sorted((TESTS / "fuzz/requests").glob("*.json")),
    *sorted((TESTS / "generated_app/requests/related").glob("*.json")),
]
SECTIONS = (
    ("bookings", "Bookings"),
    ("depots", "Depots"),
    ("depots", "Couriers"),
    ("notes", "Notes"),
    ("notes", "Drafts"),
    ("notes", "Entries"),
    ("notes", "Leases"),
    ("notes", "Clauses"),
    ("notes", "Wills"),
    ("owners", "Owners"),
    ("parcels", "Parcels"),
    ("parcels", "Stamps"),
    ("parcels", "Events"),
    ("tags", "Tags"),
    ("things", "Things"),
)
OTHER: Mapping[str, dict[str, Any]] = {
    "Bookings": {"code": "ZZ-9999"},
    "Entries": {"name": "other"},
}
ASK = "print(json.dumps([response.status_code, response.text]), flush=True)\n"


def signed(client: httpx.Client, lease: str) -> None:
    """A clause keeps its lease."""
    body = {"words": "kept", "lease_id": lease}
    client.post("/api/v1/clauses", json=body).raise_for_status()


def caused(client: httpx.Client, parcel: str) -> None:
    """An event keeps its cause, and so the parcel that this would go with."""
    other = client.get(f"/api/v1/parcels/{parcel}").json()
    sent = {"code": "other", "grams": 999, "depot_id": other["depot_id"]}
    created = client.post("/api/v1/parcels", json=sent).raise_for_status().json()
    cause = {"words": "first", "parcel_id": parcel}
    known = client.post("/api/v1/events", json=cause).raise_for_status().json()
    effect = {"words": "second", "parcel_id": created["id"], "cause_id": known["id"]}
    client.post("/api/v1/events", json=effect).raise_for_status()


HELD: Mapping[str, Hold] = {"Leases": signed, "Parcels": caused}
every_section = pytest.mark.parametrize(("feature", "title"), SECTIONS, ids=str)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Features of one entity, and of several, with and without relations between them."""
    folder = tmp_path_factory.mktemp("documented")
    notes = write(folder / "notes.json", LEFT_OUT)
    return written_project(folder / "generated", [*REQUESTS, notes])


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Where an empty database is, shared by tests that leave it empty."""
    return f"sqlite:///{tmp_path_factory.mktemp('database')}/kept.db"


@pytest.fixture(scope="module")
def server(project: Path, database: str) -> Iterator[str]:
    with served(project, database) as url:
        yield url


@pytest.fixture(scope="module")
def keep(project: Path, database: str, server: str) -> Iterator[Keep]:
    """Has the server's database hold what a text refers to."""
    assert server
    with keeping(project, database) as keep:
        yield keep


@pytest.fixture(scope="module")
def paths(server: str) -> Mapping[str, Any]:
    """What the server's own document says of every path."""
    paths: Mapping[str, Any] = httpx.get(f"{server}/openapi.json", timeout=60).json()["paths"]
    return paths


@pytest.fixture
def told(project: Path, feature: str) -> Readme:
    return documented(project, feature)


@pytest.fixture
def section(told: Readme, title: str, keep: Keep) -> Iterator[Section]:
    """What is told of an entity, while what it refers to is there."""
    with with_parents(keep, told.sections[title]):
        yield told.sections[title]


def test_every_section_is_looked_at(project: Path) -> None:
    features = sorted((project / "petsage_api/features").glob("*/README.md"))
    found = {(file.parent.name, title) for file in features for title in readme.read(file).sections}
    assert found == set(SECTIONS)


@every_section
def test_every_curl_call_answers_as_shown(section: Section, server: str, tmp_path: Path) -> None:
    assert shutil.which("curl"), "curl is what the documentation calls: install it"
    save_files(section.calls, tmp_path)
    known: dict[str, str] = {}
    for call in section.calls:
        check(call, *by_curl(call, server, tmp_path, known))
    assert known


def run_there(script: Path, said: Path) -> None:
    """For a forked process: runs a script in its folder; every warning is an error."""
    os.chdir(script.parent)
    warnings.simplefilter("error")
    with said.open("w", encoding="utf-8") as sys.stdout:
        runpy.run_path(str(script), run_name="__main__")


@every_section
def test_every_httpx_call_answers_as_shown(
    told: Readme, section: Section, server: str, tmp_path: Path
) -> None:
    save_files(section.calls, tmp_path)
    code = "".join([told.prelude, *(f"{call.python}{ASK}" for call in section.calls)])
    script = write(tmp_path / "calls.py", code.replace(readme.SERVER, server))
    said = tmp_path / "answers"
    assert in_child(run_there, script, said) == 0
    answers = [json.loads(line) for line in said.read_text(encoding="utf-8").splitlines()]
    for call, (status, body) in zip(section.calls, answers, strict=True):
        check(call, status, body)


@every_section
def test_every_error_is_answered_where_it_is_documented(
    section: Section, title: str, database: str, server: str
) -> None:
    operations = section.operations
    promised = [(call, status) for call in operations for status in call.possible]
    assert {status for _, status in promised} == section.errors.keys()
    with httpx.Client(base_url=server, timeout=60) as client:
        provoker = Provoker(client, section, OTHER.get(title, {}), HELD.get(title))
        for call, status in promised:
            with undone(database):
                answers = list(provoker.answers(call, status))
            assert answers
            for answer in answers:
                assert answer.status_code == status, (call.title, status, answer.text)
                assert answer.headers["Content-Type"] == "application/problem+json"
                assert answer.json()["status"] == status


@every_section
def test_documented_errors_are_those_of_the_openapi_document(
    told: Readme, title: str, paths: Mapping[str, Any]
) -> None:
    section = told.sections[title]
    promised = {
        (method.upper(), path): {int(status) for status in said["responses"] if status[0] == "4"}
        for path, methods in paths.items()
        for method, said in methods.items()
        if path == section.url or path.startswith(f"{section.url}/")
    }
    # There, 422 is a part of the default answer.
    documented = {(call.method, call.path): call.possible - {422} for call in section.operations}
    assert documented == promised


def test_words_of_an_error_are_those_of_its_problem(project: Path, server: str) -> None:
    asked = documented(project, "owners").sections["Owners"]
    missing = httpx.get(f"{server}/api/v1/owners/{NO_ID}", timeout=60).json()
    assert missing["detail"] == asked.errors[404]
