"""In which row of a picture each entity stands, and beside which: lines get short, and few cross.

What others belong to stands above them. A line that passes a row has a spot of its own there, so
that it never runs through a box.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from petsage_builder.notebook.relations import Relation, Relations

MOST = 5  # boxes in a row
SWEEPS = 6


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a row: an entity's by its name, or that of a line which passes by its number."""

    row: int
    name: str = ""
    line: int = -1


Chain = tuple[Spot, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """The spots of each row from left to right; `chains`: what each line passes, downward.

    The lines from an entity to itself have none.
    """

    rows: tuple[tuple[Spot, ...], ...]
    chains: Mapping[int, Chain]

    def above(self, name: str) -> tuple[int, ...]:
        """The lines that end at an entity from above."""
        return tuple(n for n, chain in self.chains.items() if chain[-1].name == name)

    def below(self, name: str) -> tuple[int, ...]:
        """The lines that start below an entity."""
        return tuple(n for n, chain in self.chains.items() if chain[0].name == name)

    def leads_on(self, row: int) -> bool:
        """Whether a line leads on from the row to the next."""
        return any(chain[0].row <= row < chain[-1].row for chain in self.chains.values())


def rows_of(relations: Relations) -> Rows:
    """Where everything stands; the same for the same relations."""
    row_of = _row_of([name for name, _ in relations.entities], relations.lines)
    chains = {
        number: _chain(number, row_of, line)
        for number, line in enumerate(relations.lines)
        if line.one != line.other
    }
    spots = dict.fromkeys(Spot(row, name) for name, row in row_of.items())
    spots |= dict.fromkeys(spot for chain in chains.values() for spot in chain)
    rows: list[list[Spot]] = [[] for _ in range(max(row_of.values(), default=-1) + 1)]
    for spot in spots:
        rows[spot.row].append(spot)
    _arrange(rows, chains.values())
    return Rows(tuple(map(tuple, rows)), chains)


def _row_of(names: Sequence[str], lines: Iterable[Relation]) -> dict[str, int]:
    """The row of each entity; no line stays within a row, and the unrelated are in the last."""
    above: dict[str, set[str]] = {name: set() for name in names}
    beside: dict[str, set[str]] = {name: set() for name in names}
    for line in lines:
        if line.one != line.other:
            above[line.other].add(line.one)
            beside[line.one].add(line.other)
            beside[line.other].add(line.one)
    ranks: dict[str, int] = {}
    for name in _downward([name for name in names if beside[name]], above):
        known = (ranks[other] for other in beside[name] if other in ranks)
        ranks[name] = max(known, default=-1) + 1
    alone = [name for name in names if not beside[name]]
    ranked = ([name for name in ranks if ranks[name] == rank] for rank in sorted({*ranks.values()}))
    rows = [row for group in (*ranked, alone) for row in _cut(group)]
    return {name: number for number, row in enumerate(rows) for name in row}


def _downward(names: Sequence[str], above: Mapping[str, set[str]]) -> Iterator[str]:
    """Each after those that it belongs to; where they go in circles, the first of them first."""
    waiting = dict.fromkeys(names)
    while waiting:
        free = (name for name in waiting if above[name].isdisjoint(waiting))
        name = next(free, next(iter(waiting)))
        del waiting[name]
        yield name


def _cut(names: Sequence[str]) -> Iterator[Sequence[str]]:
    """The names in as few rows as will do, each about as long."""
    count = -(-len(names) // MOST)
    for number in range(count):
        yield names[len(names) * number // count : len(names) * (number + 1) // count]


def _chain(number: int, row_of: Mapping[str, int], line: Relation) -> Chain:
    upper, lower = sorted((line.one, line.other), key=row_of.__getitem__)
    passed = range(row_of[upper] + 1, row_of[lower])
    bends = (Spot(row, line=number) for row in passed)
    return (Spot(row_of[upper], upper), *bends, Spot(row_of[lower], lower))


def _arrange(rows: Sequence[list[Spot]], chains: Iterable[Chain]) -> None:
    """Sorts each row by where the spots that it is joined to stand, down and up again."""
    pairs = [pair for chain in chains for pair in pairwise(chain)]
    uppers: dict[Spot, list[Spot]] = {spot: [] for row in rows for spot in row}
    lowers: dict[Spot, list[Spot]] = {spot: [] for row in rows for spot in row}
    for upper, lower in pairs:
        uppers[lower].append(upper)
        lowers[upper].append(lower)
    for _ in range(SWEEPS):
        for above, row in pairwise(rows):
            _sort(row, above, uppers)
        for below, row in pairwise(rows[::-1]):
            _sort(row, below, lowers)


def _sort(row: list[Spot], fixed: Sequence[Spot], joined: Mapping[Spot, Sequence[Spot]]) -> None:
    """Those that are joined to nothing in the fixed row stay where they are."""
    places = {spot: index - len(fixed) / 2 for index, spot in enumerate(fixed)}
    wanted = {spot: index - len(row) / 2 for index, spot in enumerate(row)}
    for spot in row:
        if others := joined[spot]:
            wanted[spot] = sum(places[other] for other in others) / len(others)
    row.sort(key=wanted.__getitem__)
