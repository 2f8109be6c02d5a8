"""Generated projects into which faults are put, one after the other."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from projects import written_project

RUNNER = Path(__file__).with_name("mutant_runner.py")
REQUESTS = Path(__file__).with_name("requests")
FAILED = 1  # what pytest ends with when a test has failed, and nothing worse has happened


@dataclass(frozen=True, slots=True)
class Mutant:
    """`old` becomes `new` in a file of the package; `only` chooses tests, as pytest's -k does.

    `part`: whose tests are run, where the file is none of the core's.
    """

    name: str
    part: str
    file: str
    old: str
    new: str
    only: str = ""

    def __str__(self) -> str:
        return f"{self.part}: {self.name}"


Runner = subprocess.Popen[str]


@contextlib.contextmanager
def running(folder: Path, requests: str) -> Iterator[Runner]:
    """A process that has loaded what the tests of the project need."""
    project = written_project(folder, sorted((REQUESTS / requests).glob("*.json")))
    with subprocess.Popen(
        [sys.executable, RUNNER],
        cwd=project,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield process
        process.communicate()


def passes(runner: Runner, part: str) -> None:
    """The tests of a part pass where nothing is wrong."""
    status, said = _ended(runner, Mutant("none", part, "main.py", "", ""))
    assert status == 0, said


def notices(runner: Runner, mutant: Mutant) -> None:
    """The tests fail, because of the fault."""
    found = _ended(runner, mutant)
    assert found is not None, f"{mutant.file} does not hold {mutant.old!r}"
    status, said = found
    assert status == FAILED, said


def _ended(runner: Runner, mutant: Mutant) -> Any:  # noqa: ANN401 (status, output)
    asked = {key: value for key, value in asdict(mutant).items() if key != "name"}
    assert runner.stdin is not None
    assert runner.stdout is not None
    runner.stdin.write(json.dumps({"package": "petsage_api", **asked}) + "\n")
    runner.stdin.flush()
    return json.loads(runner.stdout.readline())
