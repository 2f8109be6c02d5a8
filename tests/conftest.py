"""What every story starts from: the command line in this process, and a workspace already built."""

from __future__ import annotations

import fcntl
import gc
import io
import json
import os
import shutil
import sys
from itertools import chain
from pathlib import Path

import pytest
from command_line import SEED, Done, Door, write
from figures import Tell, telling, told
from projects import clean_to_mypy, rebuilt, written_project

from petsage_builder import cli, pipeline

collect_ignore_glob = ["golden/*/expected"]
TAGS = {
    "feature": "tags",
    "description": "A project that loads all libraries.",
    "requirements": {"entities": [{"name": "tag", "fields": ["name:string"]}]},
}


def pytest_addoption(parser: pytest.Parser) -> None:
    """How much is drawn, built and tried; a nightly run does more of all."""
    parser.addoption("--drawn-requests", type=int, default=10, help="how many requests are drawn")
    whole = "stories of PetSage on all eight features, not three"
    parser.addoption("--whole-petsage", action="store_true", help=whole)
    parser.addoption("--drawn-schemas", type=int, default=5, help="how many schemas are drawn")
    parser.addoption("--pairs", type=int, default=20, help="how many builds are met by another")


def pytest_collection_finish() -> None:
    """Garbage is not looked for in what is loaded by now: builds in this process look often."""
    gc.collect()
    gc.freeze()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Prints what the tests counted."""
    reports = (terminalreporter.getreports(ended) for ended in ("passed", "failed"))
    if lines := told(chain.from_iterable(reports)):
        terminalreporter.section("figures")
        terminalreporter.write("".join(f"{line}\n" for line in lines))


@pytest.fixture
def tell(request: pytest.FixtureRequest) -> Tell:
    """Has what this test counted printed when the run ends."""
    return telling(request.node)


@pytest.fixture
def door(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Door:
    """Runs the command line in this process, in `tmp_path`."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str | Path, stdin: bytes = b"") -> Done:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        capsys.readouterr()
        try:
            code = cli.main([str(argument) for argument in arguments])
        except SystemExit as end:  # argparse ends the process itself
            code = int(str(end.code or 0))
        return Done(code, *capsys.readouterr())

    return run


@pytest.fixture
def request_file(tmp_path: Path) -> Path:
    """The seed's request, in a file of its own."""
    file = tmp_path / "smoke_test.json"
    file.write_text(json.dumps(SEED))
    return file


@pytest.fixture(scope="session")
def seed_build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The seed's workspace, built and verified once; not to be touched."""
    folder = tmp_path_factory.mktemp("seed")
    request = folder / "smoke_test.json"
    request.write_text(json.dumps(SEED))
    report = pipeline.build([str(request)], pipeline.Options(folder / "generated"))
    assert report.ok, report.text()
    return folder / "generated"


@pytest.fixture(scope="session")
def lean_build(seed_build: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with the tests of its feature alone, as users may delete the core's; verified.

    Its builds take less long. Not to be touched.
    """
    folder = shutil.copytree(seed_build, tmp_path_factory.mktemp("lean") / "generated")
    for file in folder.glob("*/tests/test_*.py"):
        file.unlink()
    return rebuilt(folder)


@pytest.fixture
def workspace(seed_build: Path, tmp_path: Path) -> Path:
    """The seed's workspace, a copy of the test's own, where commands find it by default."""
    return Path(shutil.copytree(seed_build, tmp_path / "generated"))


@pytest.fixture(scope="session")
def mypy_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What mypy found out about the libraries: once for all processes, each has a copy."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    found = shared / "found by mypy"
    with (shared / "mypy.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not found.exists():
            request = write(shared / "tags.json", [TAGS])
            project = written_project(tmp_path_factory.mktemp("mypy") / "generated", [request])
            clean_to_mypy(project, found)
    return Path(shutil.copytree(found, own / "mypy cache"))
