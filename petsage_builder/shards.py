"""Shares the tests of a project out among several checks, each feature's to exactly one of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

MOST = 1000
CORE = "the project's own tests"


@dataclass(frozen=True, slots=True)
class Shard:
    """One of several checks that together run every test."""

    number: int
    count: int

    def __str__(self) -> str:
        return f"{self.number}/{self.count}"

    def takes(self, loads: Mapping[str, int]) -> frozenset[str]:
        """Which of the loads are this one's; all shards have about as much, the heaviest first."""
        totals, mine = [0] * self.count, set()
        for name in sorted(loads, key=lambda name: (-loads[name], name)):
            lightest = totals.index(min(totals))
            totals[lightest] += loads[name]
            if lightest == self.number - 1:
                mine.add(name)
        return frozenset(mine)


@dataclass(frozen=True, slots=True)
class Share:
    """The tests that a check runs: of `files`, those marked so; `rest`: what is in no such file."""

    files: Mapping[str, bool] = field(default_factory=dict)
    rest: bool = True

    def holds(self, file: str) -> bool:
        """Whether the tests of the file are run."""
        return self.files.get(file, self.rest)

    @property
    def whole(self) -> bool:
        """Whether there is no test that others run."""
        return self.rest and all(self.files.values())


WHOLE = Share()
