"""The generated tests can fail: every fault that is put into the generated code is noticed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from mutants import EVERY
from mutating import Mutant, Runner, notices, passes, running


@pytest.fixture(scope="module")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runner]:
    with running(tmp_path_factory.mktemp("mutants"), "plain") as runner:
        yield runner


@pytest.mark.parametrize("part", sorted({mutant.part for mutant in EVERY}))
def test_tests_pass_where_nothing_is_wrong(runner: Runner, part: str) -> None:
    passes(runner, part)


@pytest.mark.parametrize("mutant", EVERY, ids=str)
def test_fault_is_noticed(runner: Runner, mutant: Mutant) -> None:
    notices(runner, mutant)
