"""The command line at the border of its process: flags, streams, signals, folders, the server."""

from __future__ import annotations

import json
import os
import pty
import shutil
import signal
import subprocess
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
from command_line import COMMAND, SEED, Door, process, status_request, tree, write
from ports import free_port

from petsage_builder import __version__
from petsage_builder.arguments import COMMANDS

Schema = dict[str, Any]


def until(ready: Callable[[], bool]) -> None:
    """Waits until something is so, for at most half a minute."""
    end = time.monotonic() + 30
    while not ready():
        assert time.monotonic() < end, "it never came to be"
        time.sleep(0.01)


def test_version_is_printed(tmp_path: Path) -> None:
    done = process("--version", cwd=tmp_path)
    assert (done.code, done.out) == (0, f"petsage-builder {__version__}\n")


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param([], id="nothing"),
        pytest.param(["--nonsense"], id="flag"),
        pytest.param(["build", "--nonsense"], id="flag of a command"),
        pytest.param(["check", "--report", "xml"], id="value"),
        pytest.param(["record"], id="missing option"),
        pytest.param(["serve", "--port", "many"], id="port"),
    ],
)
def test_unknown_words_end_with_exit_code_2(door: Door, arguments: list[str]) -> None:
    done = door(*arguments)
    assert (done.code, done.out) == (2, "")
    assert "usage: petsage-builder" in done.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["chekc"], "chekc: can't be read: there is no such file. Did you mean 'check'?"),
        (["buidl"], "buidl: can't be read: there is no such file. Did you mean 'build'?"),
        (["r.json", "check"], "no such file. Put the command first: petsage-builder check"),
        (["requst.json"], "no such file. Did you mean 'request.json'?"),
        (["check.json"], "check.json: can't be read: there is no such file.\n"),
    ],
)
def test_missing_file_says_what_may_have_been_meant(
    door: Door, tmp_path: Path, words: list[str], said: str
) -> None:
    write(tmp_path / "r.json", SEED)
    write(tmp_path / "request.json", SEED)
    done = door(*words)
    assert done.code == 2
    assert said in done.err


@pytest.mark.usefixtures("workspace")
@pytest.mark.parametrize(
    "words",
    [
        ["--report", "json", "check", "--files-only"],
        ["--report=json", "check", "--files-only"],
        ["--workspace", "generated", "--report", "json", "status"],
    ],
)
def test_options_may_stand_before_the_command(door: Door, words: list[str]) -> None:
    done = door(*words)
    assert done.code == 0
    assert done.json()["ok"]


def test_option_in_front_of_a_request_builds_it(door: Door, request_file: Path) -> None:
    done = door("--report", "json", "--dry-run", request_file)
    assert done.code == 0
    assert done.json()["features"]


@pytest.mark.parametrize("words", [["other"], ["--workspace", "other"]])
def test_init_takes_its_folder_either_way(door: Door, tmp_path: Path, words: list[str]) -> None:
    assert door("init", *words).code == 0
    assert (tmp_path / "other/blueprint.toml").is_file()
    assert not (tmp_path / "blueprint.toml").exists()


def test_init_of_two_folders_is_refused(door: Door, tmp_path: Path) -> None:
    assert door("init", "one", "--workspace", "two").code == 2
    assert list(tmp_path.iterdir()) == []


def test_every_command_has_its_help(door: Door) -> None:
    for command in COMMANDS:
        done = door(command, "--help")
        assert done.code == 0
        assert f"usage: petsage-builder {command}" in done.out


@pytest.fixture
def schema(door: Door) -> Schema:
    done = door("schema")
    assert done.code == 0
    found: Schema = done.json()
    return found


def test_schema_is_a_valid_json_schema(schema: Schema) -> None:
    jsonschema.Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param(dict(SEED), id="seed"),
        pytest.param({**SEED, "$schema": "request.schema.json"}, id="schema key"),
        pytest.param(status_request("ready", "/ready"), id="path"),
        pytest.param({"feature": "a", "description": "b", "requirements": None}, id="null"),
    ],
)
def test_schema_accepts_what_the_builder_accepts(
    schema: Schema, door: Door, asked: dict[str, Any]
) -> None:
    jsonschema.validate(asked, schema)
    assert door("-", "--dry-run", stdin=json.dumps(asked).encode()).code == 0


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"feature": "Bad Name"}, id="name"),
        pytest.param({"feature": None}, id="null"),
        pytest.param({"description": ""}, id="empty"),
        pytest.param({"description": "x" * 4001}, id="long"),
        pytest.param({"request_id": "a b"}, id="request id"),
        pytest.param({"requirements": "a page for cats"}, id="prose"),
        pytest.param({"requirements": {"statsu": {}}}, id="kind"),
        pytest.param({"requirements": {"status": {"path": "ready"}}}, id="path"),
        pytest.param({"requirements": {"status": {"way": 1}}}, id="key"),
        pytest.param({"schema_version": 2}, id="version"),
        pytest.param({"more": 1}, id="unknown key"),
    ],
)
def test_schema_refuses_what_the_builder_refuses(
    schema: Schema, door: Door, wrong: dict[str, Any]
) -> None:
    asked = {**SEED, **wrong}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(asked, schema)
    assert door("-", "--dry-run", stdin=json.dumps(asked).encode()).code == 2


def test_workspace_is_found_upward_from_inside_of_it(workspace: Path) -> None:
    done = process("status", "--report", "json", cwd=workspace / "petsage_api/features")
    assert done.code == 0
    assert done.json()["features"][0]["feature"] == "smoke_test"


def test_request_given_from_inside_a_workspace_is_built_into_it(
    door: Door, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(workspace.parent / "ready.json", status_request("ready", "/ready"))
    monkeypatch.chdir(workspace / "requests")
    done = door("../../ready.json", "--dry-run", "--report", "json")
    assert {feature["feature"] for feature in done.json()["features"]} == {"ready", "smoke_test"}
    assert not (workspace / "requests/generated").exists()


def test_two_builds_with_a_relative_and_an_absolute_path_are_one_workspace(
    door: Door, workspace: Path
) -> None:
    for place in ("generated", workspace, "./generated/../generated"):
        done = door("build", "--workspace", place)
        assert done.code == 0
        assert "Nothing to do" in done.out


@pytest.mark.parametrize("arguments", [["schema"], ["check", "--files-only", "--report", "json"]])
@pytest.mark.usefixtures("workspace")
def test_reader_that_leaves_early_causes_no_traceback(tmp_path: Path, arguments: list[str]) -> None:
    with subprocess.Popen(
        [*COMMAND, *arguments], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()
        assert running.stderr.read() == b""


@pytest.mark.parametrize(
    "environment",
    [{"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}],
    ids=["ascii", "C"],
)
@pytest.mark.parametrize("form", ["text", "markdown", "json"])
@pytest.mark.usefixtures("workspace")
def test_terminal_that_knows_only_ascii_causes_no_traceback(
    tmp_path: Path, environment: dict[str, str], form: str
) -> None:
    write(tmp_path / "r.json", {**SEED, "description": "Dogs 🐶 und Kätzchen."})
    done = process("r.json", "--dry-run", "--report", form, cwd=tmp_path, **environment)
    assert (done.code, done.err) == (0, "")
    assert form != "json" or done.json()["ok"]


def test_wrong_request_is_told_to_an_ascii_terminal(tmp_path: Path) -> None:
    write(tmp_path / "r.json", {**SEED, "feature": "café"})
    done = process("r.json", cwd=tmp_path, PYTHONIOENCODING="ascii")
    assert done.code == 2
    assert "Traceback" not in done.err
    assert "BUILD FAILED: r.json:1:" in done.err


def on_terminal(*arguments: str, cwd: Path, **environment: str) -> str:
    """What a command prints on a terminal."""
    ours, theirs = pty.openpty()
    known = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "200", **environment}
    with subprocess.Popen(
        [*COMMAND, *arguments], cwd=cwd, env=known, stdout=theirs, stderr=theirs, stdin=theirs
    ):
        os.close(theirs)
        said = b""
        while chunk := _read(ours):
            said += chunk
    os.close(ours)
    return said.decode()


def _read(fd: int) -> bytes:
    try:
        return os.read(fd, 1 << 16)
    except OSError:  # the other end is closed
        return b""


@pytest.mark.usefixtures("workspace")
def test_report_is_coloured_on_a_terminal(tmp_path: Path) -> None:
    assert "\x1b[1;32mSTATUS COMPLETE." in on_terminal("status", cwd=tmp_path)


@pytest.mark.usefixtures("workspace")
def test_no_color_is_honoured_on_a_terminal(tmp_path: Path) -> None:
    said = on_terminal("status", cwd=tmp_path, NO_COLOR="1")
    assert "STATUS COMPLETE." in said
    assert "\x1b[1;3" not in said
    assert "\x1b[3" not in said


@pytest.mark.usefixtures("workspace")
def test_tests_are_counted_on_a_terminal(tmp_path: Path) -> None:
    assert "verifying: " in on_terminal("check", cwd=tmp_path)


def test_report_in_a_pipe_has_no_colours(workspace: Path) -> None:
    done = process("status", cwd=workspace, FORCE_COLOR="1", CLICOLOR_FORCE="1")
    assert "\x1b" not in done.out + done.err


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("exists", [True, False], ids=["workspace", "new workspace"])
def test_interrupted_build_changes_nothing_and_leaves_nothing(
    seed_build: Path,
    tmp_path: Path,
    exists: bool,  # noqa: FBT001 (a parameter of the test)
    end: signal.Signals,
) -> None:
    if exists:
        shutil.copytree(seed_build, tmp_path / "generated")
    write(tmp_path / "r.json", {**SEED, "description": "It lives."})
    (tmp_path / "temporary").mkdir()
    before = tree(tmp_path)
    with subprocess.Popen(
        [*COMMAND, "r.json"],
        cwd=tmp_path,
        env=os.environ | {"TMPDIR": str(tmp_path / "temporary")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as running:
        until(lambda: any((tmp_path / "temporary").glob("petsage-verify-*")))
        for _ in range(1 if end is signal.SIGINT else 2):  # `timeout` sends its signal twice
            running.send_signal(end)
        out, err = running.communicate(timeout=30)
    assert (running.returncode, out) == (128 + end, "")
    assert err == "Interrupted: nothing was changed.\n"
    assert tree(tmp_path) == before


def test_build_that_was_told_to_survive_its_terminal_does(tmp_path: Path) -> None:
    write(tmp_path / "r.json", SEED)
    (tmp_path / "temporary").mkdir()
    with subprocess.Popen(
        ["/usr/bin/env", "--ignore-signal=HUP", *COMMAND, "r.json", "--quiet"],
        cwd=tmp_path,
        env=os.environ | {"TMPDIR": str(tmp_path / "temporary")},
    ) as running:
        until(lambda: any((tmp_path / "temporary").glob("petsage-verify-*")))
        running.send_signal(signal.SIGHUP)
        assert running.wait(30) == 0


def test_second_command_on_a_busy_workspace_ends_with_exit_code_3(workspace: Path) -> None:
    write(workspace.parent / "r.json", {**SEED, "description": "It lives."})
    with subprocess.Popen(
        [*COMMAND, "r.json", "--quiet"],
        cwd=workspace.parent,
        env=os.environ | {"TMPDIR": str(workspace.parent)},
    ) as running:
        until(lambda: any(workspace.parent.glob("petsage-verify-*")))
        done = process("check", "--report", "json", cwd=workspace)
        assert running.wait(30) == 0
    assert done.code == 3
    assert f"held by `build` (process {running.pid})" in done.json()["problems"][0]["message"]


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as response:  # noqa: S310 (our own server)
            return bool(response.status == 200)
    except OSError:
        return False


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_serve_answers_and_ends_when_told_to(workspace: Path, end: signal.Signals) -> None:
    url = f"http://127.0.0.1:{(port := free_port())}"
    with subprocess.Popen(
        [*COMMAND, "serve", "--port", str(port)],
        cwd=workspace.parent,
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
        stderr=subprocess.PIPE,
    ) as running:
        until(lambda: answers(f"{url}/healthz"))
        with urllib.request.urlopen(f"{url}/api/v1/status", timeout=5) as response:  # noqa: S310 (our own server)
            said = response.read()
        running.send_signal(end)
        _, err = running.communicate(timeout=30)
    assert said == (
        b'{"status":"ok","message":"PetSage services are running smoothly!","version":"0.1.0"}'
    )
    assert b"Traceback" not in err
    assert b"Application shutdown complete." in err
    assert running.returncode in {0, -end}


def test_serve_without_a_workspace_says_what_to_do(door: Door) -> None:
    done = door("serve")
    assert done.code == 1
    assert "is no workspace: it has no blueprint.toml." in done.err
