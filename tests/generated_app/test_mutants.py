"""The generated tests can fail: every fault that is put into the generated code is noticed."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from mutants import EVERY, Mutant
from projects import written_project

RUNNER = Path(__file__).with_name("mutant_runner.py")
REQUESTS = Path(__file__).with_name("requests")
FAILED = 1  # what pytest ends with when a test has failed, and nothing worse has happened


@pytest.fixture(scope="module")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[subprocess.Popen[str]]:
    """A process that has loaded what the tests of the project need."""
    folder = tmp_path_factory.mktemp("mutants")
    written_project(folder, sorted(REQUESTS.glob("*.json")))
    with subprocess.Popen(
        [sys.executable, RUNNER],
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield process
        process.communicate()


def ended(runner: subprocess.Popen[str], mutant: Mutant) -> Any:  # noqa: ANN401 (status, output)
    asked = {key: getattr(mutant, key) for key in ("feature", "file", "old", "new", "only")}
    assert runner.stdin is not None
    assert runner.stdout is not None
    runner.stdin.write(json.dumps({"package": "petsage_api", **asked}) + "\n")
    runner.stdin.flush()
    return json.loads(runner.stdout.readline())


@pytest.mark.parametrize("feature", sorted({mutant.feature for mutant in EVERY}))
def test_tests_pass_where_nothing_is_wrong(runner: subprocess.Popen[str], feature: str) -> None:
    status, said = ended(runner, Mutant("none", feature, "main.py", "", ""))
    assert status == 0, said


@pytest.mark.parametrize("mutant", EVERY, ids=lambda mutant: f"{mutant.feature}: {mutant.name}")
def test_fault_is_noticed(runner: subprocess.Popen[str], mutant: Mutant) -> None:
    found = ended(runner, mutant)
    assert found is not None, f"{mutant.file} does not hold {mutant.old!r}"
    status, said = found
    assert status == FAILED, said
