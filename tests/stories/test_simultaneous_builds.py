"""Pairs of builds of one workspace, started together: one of them, or both in turn; never a mix.

A few pairs here, and more by `make nightly`.
"""

from __future__ import annotations

import random
import shutil
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from command_line import Door, status_request, tree, write
from figures import Tell
from forked import command, ended, started

BUSY = 3


@dataclass(frozen=True, slots=True)
class Builds:
    """Two requests, the trees that they lead to, in each order, and the seconds of one build."""

    requests: Mapping[str, Path]
    trees: Mapping[str, Mapping[str, bytes]]
    seconds: float


@pytest.fixture
def builds(door: Door, workspace: Path, tmp_path: Path) -> Builds:
    requests = {
        name: write(tmp_path / f"{name}.json", status_request(name, f"/{name}"))
        for name in ("one", "two")
    }
    made, seconds = {"": workspace}, 0.0
    for order in (["one"], ["two"], ["one", "two"], ["two", "one"]):
        *before, last = order
        folder = shutil.copytree(made["-".join(before)], tmp_path / "-".join(order))
        start = time.monotonic()
        assert door(requests[last], "--workspace", folder).code == 0
        seconds = time.monotonic() - start
        made["-".join(order)] = folder
    trees = {order: tree(folder) for order, folder in made.items() if order}
    return Builds(requests, trees, seconds)


def test_simultaneous_builds_never_mix(
    builds: Builds, workspace: Path, tmp_path: Path, pytestconfig: pytest.Config, tell: Tell
) -> None:
    counts = Counter({"pairs": 0, "met": 0, "in turn": 0, "mixed trees": 0})
    for seed in range(pytestconfig.getoption("--pairs")):
        draw = random.Random(seed)  # noqa: S311 (repeatable, not secret)
        folder = tmp_path / f"pair{seed}"
        shutil.copytree(workspace, folder / "generated")
        first, second = draw.sample(["one", "two"], 2)
        wait = draw.choice([0.0, draw.uniform(0, builds.seconds)])
        outcome = pair(folder, builds, {first: 0.0, second: wait})
        counts.update(["pairs", outcome])
        shutil.rmtree(folder)
    tell("simultaneous builds", counts)
    assert counts["mixed trees"] == 0
    assert counts["met"] > counts["pairs"] / 2


def pair(folder: Path, builds: Builds, waits: Mapping[str, float]) -> str:
    """Starts both builds, each after its wait; says what became of them."""
    root, numbers = folder / "generated", {}
    for name, wait in waits.items():
        time.sleep(wait)
        request = builds.requests[name]
        numbers[name] = started(command, folder / name, request, "--workspace", root)
    codes = {name: ended(number) for name, number in numbers.items()}
    losers = [name for name, code in codes.items() if code == BUSY]
    winners = [name for name, code in codes.items() if code == 0]
    assert len(losers) <= 1, codes
    assert len(winners) + len(losers) == len(codes), codes
    for name in losers:
        said = (folder / name / "said.txt").read_text(encoding="utf-8")
        assert f"is busy: held by `build` (process {numbers[winners[0]]})." in said
    orders = {"-".join(winners), "-".join(reversed(winners))}
    if tree(root) not in [builds.trees[order] for order in orders]:
        return "mixed trees"
    return "met" if losers else "in turn"
