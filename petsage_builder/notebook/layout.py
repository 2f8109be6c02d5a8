"""Where the boxes and lines of a picture of relations are, in whole pixels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from petsage_builder.notebook.relations import End, Relation, Relations
from petsage_builder.notebook.rows import Chain, Rows, Spot, rows_of

Point = tuple[int, int]
LETTER, SMALL = 8, 7  # the width of a letter of a name, and of a smaller one
MARGIN, GAP = 12, 28
HEIGHT, LOOP = 44, 40  # of a box, and of a line from it to itself
MARK = 20  # the length of what is drawn at an end
WAY = 96  # between two rows that are joined
PORT, BEND = 30, 16  # the widths of an end beside its words, and of a line that passes


@dataclass(frozen=True, slots=True)
class Box:
    """An entity's; `loops`: the relations to itself."""

    name: str
    feature: str
    x: int
    y: int
    width: int
    height: int
    loops: tuple[Relation, ...] = ()

    @property
    def middle(self) -> int:
        return self.x + self.width // 2

    @property
    def right(self) -> int:
        return self.x + self.width

    @property
    def bottom(self) -> int:
        return self.y + self.height


@dataclass(frozen=True, slots=True)
class Line:
    """A relation's way downward, bent from its first point to the second, and so on in pairs.

    Between two pairs it is straight: there it passes a row. `words`: where its name starts.
    """

    relation: Relation
    points: tuple[Point, ...]
    start: End
    end: End
    words: Point


@dataclass(frozen=True, slots=True)
class Layout:
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    width: int
    height: int


def layout_of(relations: Relations) -> Layout:
    """The same for the same relations; no two boxes touch, and no line runs through one."""
    rows = rows_of(relations)
    sized = {box.name: box for box in _sized(relations, rows)}
    widths = [sum(_space(sized, spot) + GAP for spot in row) - GAP for row in rows.rows]
    most, y = max(widths, default=0), MARGIN
    boxes: dict[Spot, Box] = {}
    for row, width in zip(rows.rows, widths, strict=True):
        boxes |= _placed(row, sized, MARGIN + (most - width) // 2, y)
        y = boxes[row[0]].bottom + (WAY if rows.leads_on(row[0].row) else GAP)
    return Layout(
        boxes=tuple(box for box in boxes.values() if box.name),
        lines=tuple(_drawn(relations.lines, rows.chains, boxes)),
        width=most + 2 * MARGIN,
        height=max((box.bottom for box in boxes.values()), default=0) + MARGIN,
    )


def _sized(relations: Relations, rows: Rows) -> Iterator[Box]:
    """Each entity's box, wide enough for its words and for the ends at each side; not placed."""
    yield Box("", "", 0, 0, BEND, HEIGHT)  # that of a line that passes
    for name, feature in relations.entities:
        loops = tuple(line for line in relations.lines if line.one == line.other == name)
        words = max(LETTER * len(name), SMALL * len(feature)) + 2 * MARGIN
        ends = (
            sum(_port(relations.lines[number], name) for number in side)
            for side in (rows.above(name), rows.below(name))
        )
        height = max(HEIGHT, LOOP * len(loops))
        yield Box(name, feature, 0, 0, max(words, *ends), height, loops)


def _port(line: Relation, name: str) -> int:
    """The width of a line's end at an entity: its name stands where the relation is kept."""
    return PORT + (SMALL * len(line.name) if line.other == name else 0)


def _space(sized: Mapping[str, Box], spot: Spot) -> int:
    """The width of a box with the lines from it to itself."""
    box = sized[spot.name]
    words = (SMALL * len(line.name) for line in box.loops)
    return box.width + (2 * MARK + 8 + max(words) if box.loops else 0)


def _placed(
    row: Sequence[Spot], sized: Mapping[str, Box], x: int, y: int
) -> Iterator[tuple[Spot, Box]]:
    """The boxes of a row beside each other, equally high."""
    height = max(sized[spot.name].height for spot in row)
    for spot in row:
        yield spot, replace(sized[spot.name], x=x, y=y, height=height)
        x += _space(sized, spot) + GAP


def _drawn(
    lines: Sequence[Relation], chains: Mapping[int, Chain], boxes: Mapping[Spot, Box]
) -> Iterator[Line]:
    """Each line from below the upper box to above the lower one."""
    middles = {spot: box.middle for spot, box in boxes.items()}
    starts = _ports(lines, {n: (c[0], middles[c[1]]) for n, c in chains.items()}, boxes)
    ends = _ports(lines, {n: (c[-1], middles[c[-2]]) for n, c in chains.items()}, boxes)
    for number, (upper, *passed, lower) in chains.items():
        start, end = (starts[number], boxes[upper].bottom), (ends[number], boxes[lower].y)
        ways = ((b.middle, y) for b in map(boxes.__getitem__, passed) for y in (b.y, b.bottom))
        line = lines[number]
        bond, points = line.bond, (start, *ways, end)
        if line.other == lower.name:
            yield Line(line, points, bond.one, bond.other, (end[0] + 9, end[1] - 8))
        else:
            yield Line(line, points, bond.other, bond.one, (start[0] + 9, start[1] + 16))


def _ports(
    lines: Sequence[Relation], sides: Mapping[int, tuple[Spot, int]], boxes: Mapping[Spot, Box]
) -> dict[int, int]:
    """Where each line meets its box: beside each other, in the order of where they lead to.

    `sides`: the spot that a line ends at, and the middle of what it comes from.
    """
    ports: dict[int, int] = {}
    for spot in dict.fromkeys(spot for spot, _ in sides.values()):
        own = sorted((n for n in sides if sides[n][0] == spot), key=lambda n: (sides[n][1], n))
        x = boxes[spot].middle - sum(_port(lines[n], spot.name) for n in own) // 2
        for number in own:
            ports[number] = x + PORT // 2
            x += _port(lines[number], spot.name)
    return ports
