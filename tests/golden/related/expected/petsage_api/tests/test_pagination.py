"""Pages follow each other without gaps, and no cursor can do harm."""

import base64
from collections.abc import Sequence
from typing import Any

import pytest
import sqlalchemy as sa
from pydantic import ValidationError
from sqlalchemy.orm import Session

from petsage_api.core import pagination
from petsage_api.core.domain_errors import BadRequest
from petsage_api.core.rows import Row
from petsage_api.tests.samples import VALUES, Sample, SampleBase

SORTS: pagination.Sorts = {name: getattr(Sample, name) for name in (*VALUES, "name")}
FILTERS: pagination.Filters = {
    "name": lambda value: Sample.name == value,
    "text_in": Sample.text.in_,
    "text_contains": lambda value: Sample.text.icontains(value, autoescape=True),
    "text_is_null": lambda value: pagination.is_null(Sample.text, value),
}


class CursorQuery(pagination.CursorQuery):
    """A list with everything."""

    sort: str | None = None
    name: str | None = None
    text_in: list[str] | None = None
    text_contains: str | None = None
    text_is_null: bool | None = None


class OffsetQuery(pagination.OffsetQuery):
    """A list with pages by number."""

    sort: str | None = None
    name: str | None = None
    text_in: list[str] | None = None
    text_contains: str | None = None
    text_is_null: bool | None = None


@pytest.fixture(autouse=True)
def table(connection: sa.Connection) -> None:
    """The table of the samples, gone after the test."""
    SampleBase.metadata.create_all(connection)


def add(session: Session, **values: Sequence[Any]) -> None:
    """A row for each of the values of one column."""
    [(column, found)] = values.items()
    session.add_all(Sample(**{"name": str(i), column: value}) for i, value in enumerate(found))
    session.flush()


def walk(session: Session, sort: str | None, limit: int = 2) -> list[Row]:
    """The rows of all pages."""
    rows: list[Row] = []
    cursor: str | None = None
    while True:
        query = CursorQuery(sort=sort, limit=limit, cursor=cursor)
        page = pagination.by_cursor(session, Sample, query, FILTERS, SORTS)
        assert 0 < len(page.items) <= limit
        assert len(rows) < 100
        rows += page.items
        cursor = page.next_cursor
        if cursor is None:
            return rows


def encode(text: str) -> str:
    """A cursor that holds this."""
    return base64.urlsafe_b64encode(text.encode("utf-8", "surrogatepass")).rstrip(b"=").decode()


@pytest.mark.parametrize("column", VALUES)
@pytest.mark.parametrize("descending", [False, True], ids=["ascending", "descending"])
def test_pages_are_the_whole_list_with_nulls_last(
    session: Session, column: str, descending: bool
) -> None:
    values = VALUES[column]
    add(session, **{column: [*reversed(values), None, *values, None, values[0]]})
    session.expire_all()
    rows = walk(session, f"-{column}" if descending else column)
    found = [row[column] for row in rows]
    ordered = sorted([*values, *values, values[0]], reverse=descending)
    assert found == [*ordered, None, None] or column == "text"
    assert len({row["id"] for row in rows}) == len(found) == len(ordered) + 2
    keys = [row["id"] for row in rows if row[column] == values[0]]
    assert keys == sorted(keys, reverse=descending)


def test_pages_without_an_order_are_in_the_order_of_creation(session: Session) -> None:
    add(session, text=["c", "b", None, "a"])
    assert [row["name"] for row in walk(session, None)] == ["0", "1", "2", "3"]


def test_list_that_ends_with_a_page_has_no_next_page(session: Session) -> None:
    add(session, text=["a", "b", "c", "d"])
    assert len(walk(session, "text")) == 4


def test_page_stays_where_it_was_when_rows_are_added_and_removed(session: Session) -> None:
    add(session, text=["b", "d", "f"])
    query = CursorQuery(sort="text", limit=2)
    first = pagination.by_cursor(session, Sample, query, FILTERS, SORTS)
    session.delete(session.get_one(Sample, first.items[-1]["id"]))
    session.add_all([Sample(name="x", text="a"), Sample(name="y", text="e")])
    session.flush()
    query = query.model_copy(update={"cursor": first.next_cursor})
    second = pagination.by_cursor(session, Sample, query, FILTERS, SORTS)
    assert [row["text"] for row in second.items] == ["e", "f"]


KEY = '"018f4e7a-3b5c-7d2e-9f10-2a4b6c8d0e1f"'
MADE_UP = [
    *("", "null", "[]", "{}", "1", '"x"', "[" * 5000, "9" * 5000, "\xff", "\ud800"),
    *(f'["{{sort}}", {{value}}, {key}]' for key in ("null", "1", '"x"', '"\\u0000"')),
    f'["other", {{value}}, {KEY}]',
    f"[null, {{value}}, {KEY}]",
    f'["{{sort}}", {KEY}]',
    f'["{{sort}}", {{value}}, {KEY}, 1]',
]
HARMFUL = [
    *("{}", "[]", "[" * 500 + "]" * 500, "NaN", "Infinity", "-Infinity", "1e999", "9" * 5000),
    *(str(2**63), str(-(2**63) - 1), '"a\\u0000b"', '"\\ud800"', '"\\udc00x"', '"x"', '"1e999"'),
    *('"NaN"', '"-1"', '"10000-01-01"', '"2023-02-29"', '"0001-01-01T00:00:00+23:59"', '"24:00"'),
    *('"9999-12-31T23:59:59-23:59"', '"P999999999999D"', '"99999999999999999999"', "2147483648"),
    *("true", "1.5", "1", '"2024-01-01T00:00:00"', '"09:30:00Z"'),
]


@pytest.mark.parametrize("sort", [None, "name", *VALUES])
def test_made_up_cursor_is_refused(session: Session, sort: str | None) -> None:
    for content in MADE_UP:
        text = content.replace("{sort}", sort or "").replace("{value}", "null")
        query = CursorQuery.model_construct(sort=sort, cursor=encode(text) or "A", limit=1)
        with pytest.raises(BadRequest):
            pagination.by_cursor(session, Sample, query, FILTERS, SORTS)


@pytest.mark.parametrize("sort", ["name", *VALUES])
def test_cursor_with_a_harmful_value_is_refused_or_harmless(session: Session, sort: str) -> None:
    refused = 0
    for value in HARMFUL:
        text = f'["{sort}", {value}, {KEY}]'
        query = CursorQuery.model_construct(sort=sort, cursor=encode(text), limit=1)
        try:
            pagination.by_cursor(session, Sample, query, FILTERS, SORTS)
        except BadRequest:
            refused += 1
    assert refused > len(HARMFUL) / 2


def test_cursor_is_bounded_text() -> None:
    for cursor in ("", "a b", "a=", "é", "a\n", "a" * 8193):
        with pytest.raises(ValidationError):
            CursorQuery(cursor=cursor)


def test_cursor_of_the_longest_text_is_accepted(session: Session) -> None:
    add(session, text=["\x01" * 255, "\x01" * 255, "\U0001f600" * 255, "\U0001f600" * 255])
    assert len(walk(session, "text", limit=1)) == 4


def test_pages_by_offset_know_the_total(session: Session) -> None:
    add(session, text=["c", "b", None, "a"])
    query = OffsetQuery(sort="-text", limit=2, offset=1)
    page = pagination.by_offset(session, Sample, query, FILTERS, SORTS)
    assert [row["text"] for row in page.items] == ["b", "a"]
    assert page.total == 4
    beyond = OffsetQuery(offset=1_000_000)
    assert pagination.by_offset(session, Sample, beyond, FILTERS, SORTS).items == []


def test_filters_are_all_applied(session: Session) -> None:
    add(session, text=["Apple", "a%b", "banana", None])
    counted = {
        "2": CursorQuery(text_in=["banana", "Apple", "cherry"]),
        "1": CursorQuery(text_in=["banana", "Apple"], text_contains="APP"),
        "3": CursorQuery(text_is_null=False),
        "0": CursorQuery(text_is_null=True, name="0"),
        "4": CursorQuery(),
    }
    for number, query in counted.items():
        assert pagination.count(session, Sample, query, FILTERS) == int(number)


def test_search_takes_signs_literally(session: Session) -> None:
    add(session, text=["a%b", "a_b", "a/b", "axb"])
    for sign in "%_/":
        query = CursorQuery(text_contains=f"A{sign}B")
        [row] = pagination.by_cursor(session, Sample, query, FILTERS, SORTS).items
        assert row["text"] == f"a{sign}b"
