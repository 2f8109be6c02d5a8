"""The picture of entities and relations: nothing overlaps, all is drawn, and no text is obeyed."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from itertools import combinations

from contrast import DARK, WHITE, contrast
from hypothesis import given, settings
from hypothesis import strategies as st
from picture import document, elements, texts

from petsage_builder.errors import Problem
from petsage_builder.notebook.layout import Box, Layout, Point, layout_of
from petsage_builder.notebook.picture import svg
from petsage_builder.notebook.relations import (
    ALWAYS,
    MAYBE,
    MAYBE_PAIRED,
    PAIRED,
    TIED,
    Relation,
    Relations,
    relations_of,
)
from petsage_builder.notebook.workspace_views import drift_view, relations_view

BONDS = (ALWAYS, MAYBE, PAIRED, MAYBE_PAIRED, TIED)


def entities(*names: str) -> tuple[tuple[str, str], ...]:
    return tuple((name, "feature") for name in names)


HOSTILE = "<script>\"&'</script>"


def test_texts_are_escaped_in_html_and_in_the_picture() -> None:
    lines = (Relation(HOSTILE, "b", HOSTILE, ALWAYS), Relation("b", "b", HOSTILE, TIED))
    view = relations_view(Relations(((HOSTILE, HOSTILE), ("b", "c")), lines))
    drawn = document(view.html)
    assert texts(drawn, "text").count(HOSTILE) == 4
    for shown in (drawn, view.html, drift_view([Problem(HOSTILE, HOSTILE, HOSTILE)], []).html):
        assert "<script" not in shown
        assert html.escape(HOSTILE) in shown


def test_colours_are_read_on_light_and_on_dark() -> None:
    drawn = svg(layout_of(Relations(entities("a", "b"), (Relation("a", "b", "r", ALWAYS),))))
    colours = set(re.findall(r'(?:fill|stroke)="([^"]*)"', drawn)) - {"none"}
    assert len(colours) == 3
    for colour in colours:
        assert contrast(colour.removeprefix("#"), WHITE) > 4, colour
        assert contrast(colour.removeprefix("#"), DARK) > 4, colour


def test_each_kind_of_relation_is_drawn_by_its_ends() -> None:
    names = ("a", *(f"b{number}" for number in range(len(BONDS))))
    lines = tuple(
        Relation("a", name, "r", bond) for name, bond in zip(names[1:], BONDS, strict=True)
    )
    paths = elements(svg(layout_of(Relations(entities(*names), lines))), "path")
    ends = [(p.get("marker-start"), p.get("marker-end")) for p in paths if p.get("marker-start")]
    assert ends == [(f"url(#{bond.one})", f"url(#{bond.other})") for bond in BONDS]


def test_circle_of_relations_is_drawn_with_the_ends_where_they_belong() -> None:
    lines = (Relation("a", "b", "up", ALWAYS), Relation("b", "a", "back", MAYBE))
    drawn = layout_of(Relations(entities("a", "b"), lines)).lines
    assert [(line.start, line.end) for line in drawn] == [
        (ALWAYS.one, ALWAYS.other),
        (MAYBE.other, MAYBE.one),
    ]


def test_nothing_is_a_picture_of_nothing() -> None:
    assert relations_of(()) == Relations((), ())
    assert list(elements(svg(layout_of(Relations((), ()))), "rect")) == []


@st.composite
def drawn_relations(draw: st.DrawFn) -> Relations:
    """Any graph, with circles, several lines between two entities, and lines to themselves."""
    names = draw(st.lists(st.from_regex(r"[a-z_]{1,30}", fullmatch=True), max_size=14, unique=True))
    if not names:
        return Relations((), ())
    name, label = st.sampled_from(names), st.sampled_from(("r", "a_relation_with_a_long_name"))
    line = st.builds(Relation, name, name, label, st.sampled_from(BONDS))
    return Relations(entities(*names), tuple(draw(st.lists(line, max_size=25))))


@settings(max_examples=60, deadline=None)
@given(drawn_relations())
def test_no_two_boxes_overlap_and_no_line_runs_through_one(relations: Relations) -> None:
    layout = layout_of(relations)
    assert {box.name for box in layout.boxes} == dict(relations.entities).keys()
    for one, other in combinations(layout.boxes, 2):
        assert apart(one, other), (one, other)
    for box in layout.boxes:
        assert box.x >= 0
        assert box.right <= layout.width
        assert box.bottom <= layout.height
    for box, point in points(layout):
        assert not within(box, point), (box, point)
    loops = [line for line in relations.lines if line.one == line.other]
    assert len(layout.lines) + len(loops) == len(relations.lines)
    assert svg(layout) == svg(layout_of(relations))
    assert len(texts(svg(layout), "title")) == len(relations.lines)


def apart(one: Box, other: Box) -> bool:
    beside = one.right < other.x or other.right < one.x
    return beside or one.bottom < other.y or other.bottom < one.y


def points(layout: Layout) -> Iterator[tuple[Box, Point]]:
    """Where lines pass rows, each with every box."""
    for line in layout.lines:
        for before, after in zip(line.points[1:-1:2], line.points[2:-1:2], strict=True):
            middle = (before[0], (before[1] + after[1]) // 2)
            yield from ((box, middle) for box in layout.boxes)


def within(box: Box, point: Point) -> bool:
    return box.x <= point[0] <= box.right and box.y <= point[1] <= box.bottom
