"""The README tells the truth: its commands run, and what it shows is what comes out."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from ports import free_port

from petsage_builder.field_types import FIELD_TYPES

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BY_CI = "make test"  # the test command itself: .ci/run runs it, and this test with it
BY_CLONE = "make demo"


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, flags=re.MULTILINE | re.DOTALL)


def commands() -> list[str]:
    lines = [line for block in blocks("sh") for line in block.splitlines()]
    return [command for line in lines if (command := line.partition("#")[0].strip())]


def run(command: str, folder: Path) -> str:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(  # noqa: S602 (as a reader types them)
        command,
        shell=True,
        cwd=folder,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty folder that holds the request of the README, built by its first command."""
    folder = tmp_path_factory.mktemp("readme")
    (folder / "request.json").write_text(blocks("json")[0], encoding="utf-8")
    (folder / "notebooks").symlink_to(ROOT / "notebooks")
    (folder / "built.txt").write_text(run(commands()[2], folder), encoding="utf-8")
    return folder


def test_readme_is_short() -> None:
    assert len(README.splitlines()) < 200


def test_shown_report_is_the_one_that_is_printed(folder: Path) -> None:
    printed = (folder / "built.txt").read_text(encoding="utf-8")
    shown = [re.escape(part) for part in re.split(r"(?:\n  )?\.\.\.", blocks("text")[0])]
    assert re.search("(?s)" + ".*".join(shown), printed), printed


def test_shown_tree_is_there(folder: Path) -> None:
    tree = [line for line in blocks("text")[1].splitlines()[1:] if line.strip()]
    inside = {2: Path(), 4: Path("petsage_api")}
    for line in tree:
        indent = len(line) - len(line.lstrip())
        names = re.split(r",? ", line.strip().partition("  ")[0])
        for name in names:
            assert (folder / "generated" / inside[indent] / name.rstrip(",")).exists(), name


def test_second_build_writes_nothing_and_says_so(folder: Path) -> None:
    before = {p: p.stat().st_mtime_ns for p in (folder / "generated").rglob("*") if p.is_file()}
    assert "Nothing to do" in run(commands()[2], folder)
    after = {p: p.stat().st_mtime_ns for p in (folder / "generated").rglob("*") if p.is_file()}
    lock = folder / "generated" / ".petsage" / "lock"
    assert before.pop(lock)
    assert after.pop(lock)
    assert after == before


def test_every_other_command_runs(folder: Path) -> None:
    serving = [c for c in commands() if c.endswith("&") or c.startswith("curl")]
    rest = [c for c in commands()[3:] if c not in serving]
    assert len(serving) == 2
    assert len(rest) == 12
    for command in rest:
        run(command, folder)


def test_served_app_answers_as_shown(folder: Path) -> None:
    serve, curl = (c for c in commands() if c.endswith("&") or c.startswith("curl"))
    port = free_port()
    words = serve.removesuffix("&").split()
    server = subprocess.Popen(
        [sys.executable, *words[1:], "--port", str(port)], cwd=folder, stderr=subprocess.DEVNULL
    )
    try:
        url = curl.removeprefix("curl ").replace(":8000", f":{port}")
        assert json.loads(answer(url)) == json.loads(blocks("json")[1])
    finally:
        server.send_signal(signal.SIGTERM)
        assert server.wait(10) in {0, -signal.SIGTERM}


def answer(url: str) -> bytes:
    for _ in range(100):
        try:
            with urllib.request.urlopen(url) as response:  # noqa: S310 (our own server)
                return bytes(response.read())
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"{url} never answered")


@pytest.mark.parametrize("number", [2, 3], ids=["one_entity", "several"])
def test_request_for_stored_data_builds(tmp_path: Path, number: int) -> None:
    (tmp_path / "asked.json").write_text(blocks("json")[number], encoding="utf-8")
    said = run("python -m petsage_builder asked.json", tmp_path)
    assert said.endswith("BUILD COMPLETE.\n")


def test_every_field_type_is_listed() -> None:
    lines = [f"| `{entry.name}` | {entry.means} |" for entry in FIELD_TYPES.values()]
    assert [line for line in lines if line not in README] == []


def test_library_example_builds(folder: Path, tmp_path: Path) -> None:
    shutil.copy(folder / "request.json", tmp_path)
    (tmp_path / "example.py").write_text(blocks("python")[0], encoding="utf-8")
    assert "BUILD COMPLETE." in run("python example.py", tmp_path)


def test_make_demo_builds_in_a_copy_of_the_repository(tmp_path: Path) -> None:
    assert commands()[:2] == [BY_CLONE, BY_CI]
    kept = shutil.ignore_patterns(".git", ".venv", ".lab", ".demo", "__pycache__", ".*_cache")
    copy = shutil.copytree(ROOT, tmp_path / "copy", ignore=kept)
    # The environment is lent, not made again: that takes a minute, and CI does it for real.
    (copy / ".venv").symlink_to(Path(sys.prefix))
    (copy / ".venv" / ".ready").touch()
    printed = run(BY_CLONE, copy)
    assert "BUILD COMPLETE." in printed
    assert "What to look at next:" in printed


def test_ci_runs_the_test_command_of_the_readme() -> None:
    assert BY_CI in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
