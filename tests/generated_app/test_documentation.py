"""What the generated documentation says is true: every call in it is made, on a real server."""

from __future__ import annotations

import contextlib
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
import readme
from command_line import write
from documented import by_curl, check, documented, save_files, served
from projects import written_project
from readme import Call

TESTS = Path(__file__).parents[1]
NOTES: Mapping[str, Any] = {
    "feature": "notes",
    "description": "What can be neither listed nor read.",
    "requirements": {
        "entities": [
            {"name": "note", "fields": ["words:text{1,}"], "operations": ["create", "update"]},
        ]
    },
}
REQUESTS = [
    TESTS / "golden/owners_and_tags/request.json",
    *sorted((TESTS / "fuzz/requests").glob("*.json")),
]
FEATURES = ("bookings", "notes", "owners", "tags", "things")
OTHER: Mapping[str, dict[str, Any]] = {"bookings": {"code": "ZZ-9999"}}
NO_ID = "00000000-0000-0000-0000-000000000000"
ASK = "print(json.dumps([response.status_code, response.text]), flush=True)\n"
JSON = {"Content-Type": "application/json"}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five features."""
    folder = tmp_path_factory.mktemp("documented")
    notes = write(folder / "notes.json", NOTES)
    return written_project(folder / "generated", [*REQUESTS, notes])


@pytest.fixture(scope="module")
def server(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server with an empty database, shared by tests that leave it empty."""
    folder = tmp_path_factory.mktemp("database")
    with served(project, f"sqlite:///{folder}/kept.db") as url:
        yield url


@pytest.mark.parametrize("feature", FEATURES)
def test_every_curl_call_answers_as_shown(
    project: Path, server: str, tmp_path: Path, feature: str
) -> None:
    assert shutil.which("curl"), "curl is what the documentation calls: install it"
    calls = documented(project, feature).calls
    save_files(calls, tmp_path)
    known: dict[str, str] = {}
    for call in calls:
        check(call, *by_curl(call, server, tmp_path, known))
    assert known


@pytest.mark.parametrize("feature", FEATURES)
def test_every_httpx_call_answers_as_shown(
    project: Path, server: str, tmp_path: Path, feature: str
) -> None:
    asked = documented(project, feature)
    save_files(asked.calls, tmp_path)
    code = "".join([asked.prelude, *(f"{call.python}{ASK}" for call in asked.calls)])
    script = write(tmp_path / "calls.py", code.replace(readme.SERVER, server))
    done = subprocess.run(
        [sys.executable, "-W", "error", script], cwd=tmp_path, capture_output=True, check=True
    )
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    for call, (status, body) in zip(asked.calls, answers, strict=True):
        check(call, status, body)


class Provoker:
    """Makes each operation of a feature answer each error that is documented for it."""

    def __init__(
        self, client: httpx.Client, calls: tuple[Call, ...], other: dict[str, Any]
    ) -> None:
        self.client = client
        self.bodies = {call.method: call.file[1] for call in calls if call.file}
        self.url = calls[0].path
        self.other = self.bodies["POST"] | self.bodies.get("PUT", {}) | other

    def answers(self, call: Call, status: int) -> Iterator[httpx.Response]:
        """What is answered to everything that must be refused like this."""
        body = self.bodies.get(call.method, {})
        match status:
            case 400 if not body:
                yield self.client.get(call.path, params={"cursor": "surprise"})
            case 400:
                yield self.ask(call, content=b'{"surprise": "\xff"}', headers=JSON)
            case 404:
                yield self.ask(call, json=body)
            case 409:
                yield self.taken(call)
            case 422 if not body:
                yield self.client.get(call.path, params={"surprise": "1"})
            case 422:
                yield self.ask(call, json={**body, "surprise": 1})

    def ask(self, call: Call, one: str = NO_ID, **sent: Any) -> httpx.Response:  # noqa: ANN401 (as httpx takes it)
        path = re.sub(r"\{\w+\}", one, call.path)
        return self.client.request(call.method, path, **sent)

    def taken(self, call: Call) -> httpx.Response:
        """The answer where another one has the same."""
        with self.kept(self.bodies["POST"]):
            if call.method == "POST":
                return self.ask(call, json=self.bodies["POST"])
            with self.kept(self.other) as one:
                same = {name: self.bodies["POST"][name] for name in self.bodies["PUT"]}
                return self.ask(call, one, json=same)

    @contextlib.contextmanager
    def kept(self, body: dict[str, Any]) -> Iterator[str]:
        """The id of one that is there for a while."""
        created = self.client.post(self.url, json=body)
        assert created.status_code == 201, created.text
        yield created.json()["id"]
        assert self.client.delete(f"{self.url}/{created.json()['id']}").status_code == 204


@pytest.mark.parametrize("feature", FEATURES)
def test_every_error_is_answered_where_it_is_documented(
    project: Path, server: str, feature: str
) -> None:
    asked = documented(project, feature)
    operations = tuple(call for call in asked.calls if call.method)
    assert {status for call in operations for status in call.possible} == asked.errors.keys()
    assert asked.errors.keys() >= {404, 422}
    with httpx.Client(base_url=server) as client:
        provoker = Provoker(client, operations, OTHER.get(feature, {}))
        for call in operations:
            for status in call.possible:
                [answer] = provoker.answers(call, status)
                assert answer.status_code == status, (call.title, status, answer.text)
                assert answer.headers["Content-Type"] == "application/problem+json"
                assert answer.json()["status"] == status


@pytest.mark.parametrize("feature", FEATURES)
def test_documented_errors_are_those_of_the_openapi_document(
    project: Path, server: str, feature: str
) -> None:
    paths = httpx.get(f"{server}/openapi.json").json()["paths"]
    operations = [call for call in documented(project, feature).calls if call.method]
    url = min(call.path for call in operations)
    promised = {
        (method.upper(), path): {int(status) for status in said["responses"] if status[0] == "4"}
        for path, methods in paths.items()
        for method, said in methods.items()
        if path == url or path.startswith(f"{url}/")
    }
    # There, 422 is a part of the default answer.
    assert {(call.method, call.path): call.possible - {422} for call in operations} == promised


def test_words_of_an_error_are_those_of_its_problem(project: Path, server: str) -> None:
    asked = documented(project, "owners")
    missing = httpx.get(f"{server}/api/v1/owners/{NO_ID}").json()
    assert missing["detail"] == asked.errors[404]
