"""Odd surroundings: closed streams, long names, a wrong blueprint, no home."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import COMMAND, SEED, SERVICES, Done, Door, process, status_request, tree, write


def shell(script: str, *, cwd: Path) -> Done:
    """A command line as a shell runs it; `$RUN` is the builder."""
    done = subprocess.run(
        ["/bin/sh", "-c", script.replace("$RUN", " ".join(COMMAND))],
        cwd=cwd,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert "Traceback" not in done.stderr
    return Done(done.returncode, done.stdout, done.stderr)


def test_closed_standard_input_is_an_empty_request(tmp_path: Path) -> None:
    done = shell("$RUN - <&-", cwd=tmp_path)
    assert done.code == 2
    assert "<stdin>: " in done.err


@pytest.mark.usefixtures("workspace")
def test_closed_standard_output_is_no_reason_to_fail(tmp_path: Path) -> None:
    assert shell("$RUN status >&-", cwd=tmp_path).code == 0
    assert shell("$RUN status >&- 2>&-", cwd=tmp_path).code == 0


def test_folder_that_is_gone_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "gone").mkdir()
    done = shell("cd gone && rmdir ../gone && $RUN status", cwd=tmp_path)
    assert done.code == 1
    assert "STATUS FAILED" in done.err


def test_file_name_that_is_too_long_is_said_in_words(door: Door) -> None:
    done = door("x" * 5000)
    assert done.code == 2
    assert "can't be read: File name too long." in done.err


def test_workspace_name_that_is_too_long_is_said_in_words(door: Door, request_file: Path) -> None:
    for command in ([request_file], ["check"], ["serve"]):
        done = door(*command, "--workspace", "x" * 5000)
        assert done.code == 1
        assert "File name too long" in done.err


def test_feature_name_that_is_too_long_is_a_wrong_request_in_a_workspace_too(
    door: Door, workspace: Path
) -> None:
    write(workspace.parent / "r.json", {**SEED, "feature": "x" * 5000})
    done = door("r.json")
    assert done.code == 2
    assert "has 5000 characters; at most 48 are allowed." in done.err


def test_blueprint_that_is_not_utf_8_is_said_in_words(door: Door, workspace: Path) -> None:
    (workspace / "blueprint.toml").write_bytes(b'title = "\xff"\n')
    for command in ("build", "check", "status", "serve"):
        done = door(command)
        assert done.code == 1
        assert "blueprint.toml" in done.err


@pytest.mark.parametrize(
    "content",
    [
        *("x = ", 'package = "json"', "more = 1"),
        pytest.param("a = " + "[" * 100_000, id="deep"),
        pytest.param("a = " + "9" * 5000, id="huge"),
        pytest.param('[verify]\npython = "a\\u0000b"', id="null"),
    ],
)
def test_wrong_blueprint_stops_every_command(door: Door, workspace: Path, content: str) -> None:
    write(workspace / "blueprint.toml", content)
    before = tree(workspace)
    for command in ("build", "check", "status", "serve"):
        done = door(command)
        assert done.code == 1
        assert done.err.startswith("  ✗ blueprint.toml")
    assert tree(workspace) == before


def test_interpreter_that_does_not_exist_is_said_in_words(door: Door, workspace: Path) -> None:
    write(workspace / "blueprint.toml", '[verify]\npython = "/nowhere/python"\n')
    done = door("check")
    assert done.code == 1
    assert "there is no interpreter at '/nowhere/python'." in done.err
    done = door("serve")
    assert done.code == 1
    assert "there is no interpreter at '/nowhere/python'." in done.err


def test_interpreter_of_the_workspace_is_found_from_its_folder(door: Door, workspace: Path) -> None:
    (workspace / ".venv/bin").mkdir(parents=True)
    write(workspace / ".venv/bin/python", f'#!/bin/sh\nexec {sys.executable} "$@"\n').chmod(0o755)
    write(workspace / "blueprint.toml", '[verify]\npython = ".venv/bin/python"\n')
    assert door("check").code == 0


@pytest.mark.parametrize("port", ["-1", "65536", "99999"])
def test_port_that_is_none_is_refused(door: Door, workspace: Path, port: str) -> None:
    done = door("serve", "--workspace", workspace, "--port", port)
    assert done.code == 2
    assert "--port" in done.err


def test_user_without_a_home_can_build(
    door: Door, monkeypatch: pytest.MonkeyPatch, request_file: Path
) -> None:
    def nobody(_: int) -> pwd.struct_passwd:
        raise KeyError

    monkeypatch.delenv("HOME")
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(pwd, "getpwuid", nobody)
    assert door(request_file, "--dry-run").code == 0


def test_cache_that_cannot_be_written_costs_no_build(
    door: Door, monkeypatch: pytest.MonkeyPatch, request_file: Path, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert door(request_file, "--dry-run").code == 0
    assert not [file for file in (tmp_path / "cache").rglob("*") if file.is_file()]


def test_file_that_stands_where_a_new_one_goes_is_a_conflict(
    door: Door, workspace: Path, tmp_path: Path
) -> None:
    taken = write(workspace / "petsage_api/features/ready/router.py", "MINE = 1\n")
    write(tmp_path / "r.json", status_request("ready", "/ready"))
    before = tree(workspace)
    done = door("r.json")
    assert done.code == 1
    assert "petsage_api/features/ready/router.py: conflict: exists, and is not ours." in done.out
    after = tree(workspace)
    assert {path: after[path] for path in before} == before
    assert all(path.startswith(".petsage/conflicts") for path in after.keys() - before)
    assert taken.read_text() == "MINE = 1\n"


def test_request_on_file_that_was_edited_is_not_overwritten(
    door: Door, workspace: Path, tmp_path: Path
) -> None:
    write(workspace / "requests/smoke_test.json", {**SEED, "description": "Edited."})
    write(tmp_path / "r.json", {**SEED, "description": "Given."})
    before = tree(workspace)
    done = door("r.json")
    assert done.code == 1
    assert "requests/smoke_test.json: conflict: was edited since the last build" in done.out
    assert tree(workspace) == before


def test_request_on_file_can_be_edited_and_built(door: Door, workspace: Path) -> None:
    write(workspace / "requests/smoke_test.json", {**SEED, "description": "Edited."})
    assert door(workspace / "requests/smoke_test.json").code == 0
    assert "Edited." in (workspace / "petsage_api/features/smoke_test/README.md").read_text()
    assert door("check", "--files-only", "--strict").code == 0


def test_link_in_the_workspace_is_never_followed(door: Door, workspace: Path) -> None:
    outside = Path(shutil.copy(workspace / SERVICES, workspace.parent / "outside.py"))
    (workspace / SERVICES).unlink()
    (workspace / SERVICES).symlink_to(outside)
    done = door("build")
    assert done.code == 1
    assert f"{SERVICES}: is, or lies behind, a link or a file." in done.err


def test_process_that_has_no_home_and_no_language_builds(tmp_path: Path) -> None:
    write(tmp_path / "r.json", {**SEED, "description": "Kätzchen"})
    done = process("r.json", "--quiet", cwd=tmp_path, LC_ALL="POSIX", PYTHONUTF8="0", HOME="/")
    assert (done.code, done.out, done.err) == (0, "", "")
