"""The generated tests can fail: so they do where something is wrong between rows, or with many."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from mutating import Mutant, Runner, notices, passes, running
from related_mutants import EVERY


@pytest.fixture(scope="module")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runner]:
    with running(tmp_path_factory.mktemp("mutants"), "related") as runner:
        yield runner


@pytest.mark.parametrize("part", sorted({mutant.part for mutant in EVERY}))
def test_tests_pass_where_nothing_is_wrong(runner: Runner, part: str) -> None:
    passes(runner, part)


@pytest.mark.parametrize("mutant", EVERY, ids=str)
def test_fault_is_noticed(runner: Runner, mutant: Mutant) -> None:
    notices(runner, mutant)
