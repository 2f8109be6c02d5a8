"""The report in its three forms, from the command line."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from command_line import SEED, Door, own_template, write

SECTIONS = (
    "1. Feature Overview",
    "2. Generated File Structure",
    "3. Pydantic Models",
    "4. Service Logic",
    "5. API Endpoint",
    "6. Unit Tests",
    "7. Orchestration & Integration",
    "8. Documentation",
)


def check_shape(document: dict[str, object]) -> None:
    """Fails unless the document has exactly the shape that DESIGN.md promises."""
    parts = {
        "features": {"feature", "kind", "request_id"},
        "files": {"path", "outcome", "diff"},
        "database": {"feature", "change", "destructive"},
        "api": {"operation", "outcome", "change", "breaking", "why"},
        "dependents": {"feature", "on"},
        "checks": {"name", "ok", "detail", "passed", "failed", "skipped"},
        "problems": {"where", "message", "hint"},
    }
    scalars = {"ok": bool, "exit_code": int, "verified": bool, "committed": bool, "next": list}
    assert set(document) == {*parts, *scalars, "tests"}
    tests = document["tests"]
    assert isinstance(tests, dict)
    assert tests.keys() == {"added", "removed"}
    assert {key: type(document[key]) for key in scalars} == scalars
    for key, keys in parts.items():
        items = document[key]
        assert isinstance(items, list)
        assert all(set(item) == keys for item in items)


def test_json_report_of_a_build_has_the_promised_shape(door: Door, request_file: Path) -> None:
    done = door(request_file, "--report", "json")
    document = done.json()
    check_shape(document)
    assert (document["ok"], document["exit_code"]) == (True, 0)
    assert (document["verified"], document["committed"]) == (True, True)
    assert document["features"] == [
        {"feature": "smoke_test", "kind": "status", "request_id": SEED["request_id"]}
    ]
    assert document["problems"] == []


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["build"], id="nothing-to-do"),
        pytest.param(["build", "--dry-run"], id="dry-run"),
        pytest.param(["check", "--files-only"], id="check"),
        pytest.param(["status"], id="status"),
    ],
)
@pytest.mark.usefixtures("workspace")
def test_json_report_of_every_command_has_the_promised_shape(
    door: Door, arguments: list[str]
) -> None:
    done = door(*arguments, "--report", "json")
    assert done.code == 0
    check_shape(done.json())
    assert not done.json()["committed"]


@pytest.mark.parametrize("command", [[], ["build"], ["build", "--dry-run"]])
def test_json_report_of_a_wrong_request_is_the_only_output(door: Door, command: list[str]) -> None:
    words = command or ["-"]
    done = door(*words, *(["-"] if command else []), "--report", "json", stdin=b'{"feature": 1}')
    assert (done.code, done.err) == (2, "")
    check_shape(done.json())
    assert done.json()["exit_code"] == 2
    assert done.json()["problems"][0]["where"].startswith("<stdin>:1:")


def test_json_report_without_a_workspace_is_the_only_output(door: Door) -> None:
    done = door("check", "--report", "json")
    assert (done.code, done.err) == (1, "")
    check_shape(done.json())


def test_json_report_is_plain_ascii(door: Door, workspace: Path, tmp_path: Path) -> None:
    asked = {**SEED, "description": "Dogs 🐶 und Kätzchen."}
    done = door(write(tmp_path / "r.json", asked), "--dry-run", "--report", "json")
    assert done.out.isascii()
    assert any("Dogs 🐶 und Kätzchen." in file["diff"] for file in done.json()["files"])
    assert workspace.is_dir()


@pytest.mark.usefixtures("workspace")
def test_markdown_report_has_the_eight_sections_and_ends_in_build_complete(
    door: Door, request_file: Path
) -> None:
    done = door(request_file, "--report", "markdown")
    titles = re.findall(r"^## (\d\. .*?)(?: \(`.*`\))?$", done.out, re.MULTILINE)
    assert tuple(titles) == SECTIONS
    assert done.out.endswith("**BUILD COMPLETE.**\n")
    assert SEED["request_id"] in done.out
    assert "GET /api/v1/status" in done.out


def test_markdown_report_is_the_same_when_there_is_nothing_to_do(
    door: Door, workspace: Path, request_file: Path
) -> None:
    (workspace / ".petsage/verified.json").unlink()
    sections = [
        door(request_file, "--report", "markdown").out.partition("# Verification")[0]
        for _ in range(2)
    ]
    assert sections[0] == sections[1]


@pytest.mark.usefixtures("workspace")
def test_text_report_says_what_comes_next_and_ends_in_build_complete(
    door: Door, request_file: Path
) -> None:
    lines = door(request_file).out.splitlines()
    assert lines[-2:] == ["  next: curl http://127.0.0.1:8000/api/v1/status", "BUILD COMPLETE."]


def test_failed_text_report_ends_in_the_reason(door: Door, workspace: Path) -> None:
    own_template(workspace, "status/files/services.py.jinja", "MESSAGE =", "MESSAGE: int =")
    own_template(workspace, "status/files/services.py.jinja", "StatusResponse(status", "Nothing(s")
    done = door("build")
    assert done.code == 1
    assert done.out.splitlines()[-1].startswith("BUILD FAILED: check lint: ")


@pytest.mark.usefixtures("workspace")
def test_quiet_says_nothing_when_all_is_well(door: Door, request_file: Path) -> None:
    for command in ([request_file], ["check", "--files-only"], ["status"]):
        done = door(*command, "--quiet")
        assert (done.code, done.out, done.err) == (0, "", "")


@pytest.mark.usefixtures("workspace")
def test_quiet_keeps_the_json_document(door: Door) -> None:
    for command in (["check", "--files-only"], ["status"], ["build"]):
        done = door(*command, "--quiet", "--report", "json")
        assert done.code == 0
        assert done.json()["ok"]


def test_quiet_still_says_what_is_wrong(door: Door, workspace: Path) -> None:
    (workspace / "petsage_api/main.py").unlink()
    done = door("check", "--files-only", "--quiet")
    assert done.code == 1
    assert "petsage_api/main.py: missing file" in done.out


def test_problems_of_a_wrong_request_go_to_standard_error(door: Door) -> None:
    done = door("-", stdin=json.dumps({**SEED, "feature": "class"}).encode())
    assert (done.code, done.out) == (2, "")
    assert done.err.splitlines()[-1].startswith("BUILD FAILED: <stdin>:1:")
