"""`check --shard I/N`: the shards together are the whole check, and each test is in one of them."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from command_line import Door, status_request, write
from hypothesis import given
from hypothesis import strategies as st

from petsage_builder import pipeline
from petsage_builder.report import BuildReport
from petsage_builder.shards import Shard

FEATURES = ("alive", "ready", "well")
MINE = "petsage_api/tests/features/test_mine.py"
DOTTED = "petsage_api/tests/mine_test.py"


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with three features and two files of tests of the user's own; only read."""
    folder = tmp_path_factory.mktemp("three")
    requests = write(folder / "r.json", [status_request(name, f"/{name}") for name in FEATURES])
    assert pipeline.build([str(requests)], pipeline.Options(folder / "generated")).ok
    for path in (MINE, DOTTED):
        write(folder / "generated" / path, "def test_mine() -> None:\n    assert 1 + 1 == 2\n")
    return folder / "generated"


@pytest.fixture
def copied(three: Path, tmp_path: Path) -> Path:
    """The same workspace, a copy of the test's own, where commands find it by default."""
    return Path(shutil.copytree(three, tmp_path / "generated"))


def checked(workspace: Path, shard: Shard | None = None) -> BuildReport:
    report = pipeline.check(pipeline.Options(workspace, shard=shard))
    assert report.ok, report.text()
    return report


def shards(count: int) -> Iterator[Shard]:
    return (Shard(number, count) for number in range(1, count + 1))


def ran(report: BuildReport) -> Counter[str]:
    return Counter(test.id for test in report.tests)


def controls(report: BuildReport) -> list[str]:
    return [check.name for check in report.checks if check.name.startswith("control ")]


@pytest.fixture(scope="module")
def whole(three: Path) -> BuildReport:
    return checked(three)


@pytest.mark.parametrize("count", [1, 2, 3, 4, 6])
def test_shards_together_run_each_test_and_each_control_once(
    three: Path, whole: BuildReport, count: int
) -> None:
    reports = [checked(three, shard) for shard in shards(count)]
    total = sum(map(ran, reports), Counter())
    assert total == ran(whole)
    assert set(total.values()) == {1}
    assert f"{MINE}::test_mine" in total
    assert sorted(name for one in reports for name in controls(one)) == sorted(controls(whole))
    assert len(controls(whole)) == len(FEATURES)


def test_check_of_a_shard_does_not_claim_that_all_was_verified(three: Path) -> None:
    assert checked(three).verified
    assert checked(three, Shard(1, 1)).verified
    assert not checked(three, Shard(1, 2)).verified


@pytest.mark.usefixtures("copied")
def test_report_says_which_shard_and_which_features(door: Door) -> None:
    said = [door("check", "--shard", str(shard)).out for shard in shards(4)]
    told = [line for out in said for line in out.splitlines() if "shard" in line]
    assert told == [
        "  ok    shard     1/4: the project's own tests",
        "  ok    shard     2/4: alive",
        "  ok    shard     3/4: ready",
        "  ok    shard     4/4: well",
    ]
    assert "control   1 of 1 features" in said[1]
    assert "control" not in said[0]


@pytest.mark.usefixtures("copied")
def test_shard_that_has_nothing_to_test_says_so_and_checks_the_files(door: Door) -> None:
    done = door("check", "--shard", "5/5", "--report", "json")
    assert done.code == 0
    checks = {check["name"]: check for check in done.json()["checks"]}
    assert checks["shard"]["detail"] == "5/5: nothing, for there are more shards than features"
    assert (checks["tests"]["passed"], checks["tests"]["failed"]) == (0, 0)


def test_broken_feature_fails_its_own_shard_only(door: Door, copied: Path) -> None:
    services = copied / "petsage_api/features/ready/services.py"
    services.write_text(services.read_text().replace("message=MESSAGE", 'message="broken"'))
    assert [door("check", "--shard", str(shard)).code for shard in shards(4)] == [0, 0, 1, 0]


def test_every_shard_checks_all_files(door: Door, copied: Path) -> None:
    (copied / "petsage_api/features/ready/README.md").unlink()
    for shard in shards(2):
        done = door("check", "--shard", str(shard))
        assert done.code == 1
        assert "petsage_api/features/ready/README.md: missing file." in done.out


def test_every_shard_misses_a_test_that_was_taken_away(door: Door, copied: Path) -> None:
    tests = copied / "petsage_api/tests/features/test_ready.py"
    tests.write_text(tests.read_text().replace("async def test_status_can", "async def status_can"))
    for shard in shards(2):
        done = door("check", "--shard", str(shard))
        assert done.code == 1
        assert "test_status_can_only_be_read: was not collected" in done.out


@pytest.mark.parametrize("word", ["0/3", "4/3", "a/b", "3", "1/0", "1/3/5", "-1/3", "1/1001", ""])
def test_words_that_are_no_shard_are_refused(door: Door, word: str) -> None:
    done = door("check", f"--shard={word}")
    assert (done.code, done.out) == (2, "")
    assert f"{word!r} is no shard: write I/N, from 1/N to N/N, N at most 1000" in done.err


def test_shard_without_tests_is_refused(door: Door) -> None:
    done = door("check", "--files-only", "--shard", "1/2")
    assert done.code == 2
    assert "not allowed with argument" in done.err


@given(
    loads=st.dictionaries(st.text(max_size=5), st.integers(1, 500), max_size=30),
    count=st.integers(1, 12),
)
def test_shards_take_each_load_once_and_about_as_much(loads: dict[str, int], count: int) -> None:
    taken = [shard.takes(loads) for shard in shards(count)]
    assert sorted(name for one in taken for name in one) == sorted(loads)
    sums = [sum(loads[name] for name in one) for one in taken]
    assert max(sums) - min(sums) <= max(loads.values(), default=0)
