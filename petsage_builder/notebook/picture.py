"""The picture of entities and relations: SVG that is read on light and on dark, drawn by hand."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from itertools import pairwise

from petsage_builder.notebook.blocks import escape
from petsage_builder.notebook.highlight import BLUE, GREY, TEAL
from petsage_builder.notebook.layout import LOOP, MARK, Box, Layout, Line, Point
from petsage_builder.notebook.relations import End, Relation

# Crow's feet, 20 long: from where the line stops to the box at the right.
MARKS = {
    End.ONE: "M0 6H20M10 1V11M15 1V11",
    End.MAYBE: "M9 6H20M15 1V11M1 6a4 4 0 1 0 8 0a4 4 0 1 0 -8 0",
    End.MANY: "M9 6H20M9 6L20 0M9 6L20 12M1 6a4 4 0 1 0 8 0a4 4 0 1 0 -8 0",
}
FONT = "ui-monospace,SFMono-Regular,Menlo,Consolas,monospace"


def svg(layout: Layout) -> str:
    """The picture as a document of its own."""
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{layout.width}" height="{layout.height}" '
        f'viewBox="0 0 {layout.width} {layout.height}" font-family="{FONT}">'
    )
    lines = (part for line in layout.lines for part in _line(line))
    boxes = (part for box in layout.boxes for part in _box(box))
    return "\n".join((head, *_marks(), *lines, *boxes, "</svg>"))


def image(document: str, said: str) -> str:
    """The document as an image in HTML, which stays where `<svg>` is dropped; `said`: in words."""
    content = base64.b64encode(document.encode()).decode()
    source = f"data:image/svg+xml;base64,{content}"
    return f'<img alt="{escape(said)}" style="max-width:100%" src="{source}">'


def _marks() -> Iterator[str]:
    yield "<defs>"
    for end, drawn in MARKS.items():
        place = 'markerWidth="20" markerHeight="12" refX="0" refY="6" overflow="visible"'
        turned = 'markerUnits="userSpaceOnUse" orient="auto-start-reverse"'
        path = f'<path d="{drawn}" fill="none" stroke="{GREY}" stroke-width="1.5"/>'
        yield f'<marker id="{end}" {place} {turned}>{path}</marker>'
    yield "</defs>"


def _box(box: Box) -> Iterator[str]:
    place = f'x="{box.x}" y="{box.y}" width="{box.width}" height="{box.height}"'
    yield f'<rect {place} rx="5" fill="{GREY}" fill-opacity="0.1" stroke="{GREY}"/>'
    middle = box.y + box.height // 2
    centred = 'text-anchor="middle"'
    name = f'font-size="13" font-weight="600" fill="{BLUE}" {centred}'
    yield _words((box.middle, middle - 2), box.name, name)
    yield _words((box.middle, middle + 14), box.feature, f'font-size="11" fill="{GREY}" {centred}')
    for number, line in enumerate(box.loops):
        yield from _loop(line, (box.right, box.y + 12 + LOOP * number))


def _line(line: Line) -> Iterator[str]:
    (x, top), *passed, (end, bottom) = line.points
    points = [(x, top + MARK), *passed, (end, bottom - MARK)]
    path = f"M{points[0][0]} {points[0][1]}"
    for number, (before, after) in enumerate(pairwise(points)):
        path += _bent(before, after) if number % 2 == 0 else f"V{after[1]}"
    yield from _relation(line.relation, path, (line.start, line.end), line.words)


def _bent(before: Point, after: Point) -> str:
    """A way that starts and ends upright."""
    half = (before[1] + after[1]) // 2
    return f"C{before[0]} {half} {after[0]} {half} {after[0]} {after[1]}"


def _loop(line: Relation, start: Point) -> Iterator[str]:
    """From the right side of a box and back to it."""
    x, y = start[0] + MARK, start[1]
    path = f"M{x} {y}C{x + 20} {y} {x + 20} {y + 20} {x} {y + 20}"
    yield from _relation(line, path, (line.bond.one, line.bond.other), (x + 18, y + 14))


def _relation(line: Relation, path: str, ends: tuple[End, End], words: Point) -> Iterator[str]:
    marks = f'marker-start="url(#{ends[0]})" marker-end="url(#{ends[1]})"'
    title = f"<title>{escape(line.told)}</title>"
    shape = f'd="{path}" fill="none" stroke="{GREY}" stroke-width="1.5"'
    yield f"<path {shape} {marks}>{title}</path>"
    yield _words(words, line.name, f'font-size="11" fill="{TEAL}"')


def _words(place: Point, text: str, style: str) -> str:
    return f'<text x="{place[0]}" y="{place[1]}" {style}>{escape(text)}</text>'
