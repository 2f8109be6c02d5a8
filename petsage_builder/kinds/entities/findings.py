"""What lists must find: each filter with what it matches and what not, searches, orders."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from petsage_builder.field_types.field import Case, Field, Operator, Value
from petsage_builder.kinds.entities.asked import Entity, Operation, Paginate
from petsage_builder.kinds.entities.queries import Filter, field_named, filters_of
from petsage_builder.kinds.entities.samples import Row
from petsage_builder.names import Ident
from petsage_builder.python_code import Code, Items, Pairs
from petsage_builder.text import Text

LONGEST_SEARCH = 100
LIKE = (Operator.CONTAINS, Operator.STARTS_WITH)


@dataclass(frozen=True, slots=True)
class Finding:
    """A query, and the numbers of the rows that it must give, in order."""

    id: Text
    query: Pairs
    rows: Items


def findings_of(entity: Entity, rows: tuple[Row, ...]) -> Iterator[Finding]:
    """Each filter with a value that some rows match and, where there are any, others do not."""
    for one in filters_of(entity):
        if one.field is not None and one.field.name in rows[0] and one.operator is not None:
            yield from _filtered(one, one.field, one.operator, rows)


def _filtered(
    one: Filter, field: Field, operator: Operator, rows: tuple[Row, ...]
) -> Iterator[Finding]:
    column = [row[field.name] for row in rows]
    if operator is Operator.IS_NULL:
        for asked in (True, False):
            matched = [n for n, value in enumerate(column) if (value is None) is asked]
            yield _finding(one.key, asked, matched, "true" if asked else "false")
        return
    given = [value for value in column if value is not None]
    tells = [value for value in given if _tells(operator, value, column)]
    for value in (tells or given)[:1]:
        matched = [n for n, kept in enumerate(column) if MATCHES[operator](kept, value)]
        yield _finding(one.key, _asked(operator, field, value), matched, "given")
    if operator in LIKE:
        matched = [n for n, kept in enumerate(column) if MATCHES[operator](kept, "%")]
        yield _finding(one.key, Text("%"), matched, "percent")
    elif (none := _never(operator, field, column)) is not None:
        yield _finding(one.key, none, [], "matching_none")


def _tells(operator: Operator, value: Value, column: list[Value]) -> bool:
    """Whether the value splits the rows into those that match and those that do not."""
    return len({MATCHES[operator](kept, value) for kept in column}) == 2


def _asked(operator: Operator, field: Field, value: Value) -> Code:
    if operator in LIKE:
        return Text(_part(value).upper())
    shown = field.type.show(value)
    return Items((shown,)) if operator is Operator.IN else shown


def _part(value: str) -> str:
    return value[:3].strip() or value[:1]


def _never(operator: Operator, field: Field, column: list[Value]) -> Code:
    """A value that no row matches, where the type has one to spare."""
    spare = (value for value in field.type.valid(field) if _unmatched(operator, value, column))
    found = next(spare, None)
    return None if found is None else _asked(operator, field, found)


def _unmatched(operator: Operator, value: Value, column: list[Value]) -> bool:
    return not any(MATCHES[operator](kept, value) for kept in column)


MATCHES: dict[Operator, Callable[[Value, Value], bool]] = {
    Operator.EQ: lambda kept, value: kept == value,
    Operator.NE: lambda kept, value: kept != value,
    Operator.IN: lambda kept, value: kept == value,
    Operator.LT: lambda kept, value: kept is not None and kept < value,
    Operator.LTE: lambda kept, value: kept is not None and kept <= value,
    Operator.GT: lambda kept, value: kept is not None and kept > value,
    Operator.GTE: lambda kept, value: kept is not None and kept >= value,
    Operator.CONTAINS: lambda kept, value: (
        kept is not None and _part(value).upper() in kept.upper()
    ),
    Operator.STARTS_WITH: lambda kept, value: (
        kept is not None and kept.upper().startswith(_part(value).upper())
    ),
}


def _finding(key: Ident, value: Code, matched: list[int], how: str) -> Finding:
    return Finding(Text(f"{key}_{how}"), Pairs(((Text(key), value),)), Items(tuple(matched)))


def searches_of(entity: Entity, rows: tuple[Row, ...]) -> Iterator[Finding]:
    """Part of each searched field, in the other case; and characters that mean something in SQL."""
    searched = [name for name in entity.listing.search if name in rows[0]]
    for name in searched:
        parts = list(_parts(rows, name))
        others = [other for other in searched if other != name]
        tells = (
            one for one in parts if _matching(rows, searched, one) != _matching(rows, others, one)
        )
        for part in (*tells, *parts)[:1]:
            yield _search(f"part_of_{name}", part, rows, searched)
    for word, part in SPECIAL.items() if searched else ():
        yield _search(word, part, rows, searched)


SPECIAL = {
    "percent": "%",
    "underscore": "_x_",
    "quote": "' OR 1=1 --",
    "double_quote": '"',
    "backslash": "\\",
    "slash": "/%",
}


def _parts(rows: tuple[Row, ...], name: Ident) -> Iterator[str]:
    """Parts of the field's values in the other case, best such as no value starts with."""
    given = [row[name] for row in rows if row[name] is not None]
    for value in given:
        for part in (value[1:4], value[1:LONGEST_SEARCH], value[:3], value[:LONGEST_SEARCH]):
            if part.isascii() and part.strip():
                yield part.swapcase()


def _search(word: str, part: str, rows: tuple[Row, ...], searched: list[Ident]) -> Finding:
    query = Pairs(((Text("search"), Text(part)),))
    return Finding(Text(word), query, Items(tuple(_matching(rows, searched, part))))


def _matching(rows: tuple[Row, ...], searched: list[Ident], part: str) -> list[int]:
    return [number for number, row in enumerate(rows) if _found(row, searched, part)]


def _found(row: Row, searched: list[Ident], part: str) -> bool:
    return any(row[name] is not None and part.upper() in row[name].upper() for name in searched)


def orders_of(entity: Entity, rows: tuple[Row, ...]) -> Iterator[Finding]:
    """Each order, both ways: rows without a value last, ties by id, which is by creation."""
    if Operation.LIST not in entity.operations:
        return
    yield Finding(Text("creation"), Pairs(()), Items(tuple(range(len(rows)))))
    for name in entity.listing.sort:
        for sign, reverse in (("", False), ("-", True)):
            order = _ordered(entity, rows, name, reverse=reverse)
            query = Pairs(((Text("sort"), Text(f"{sign}{name}")),))
            words = f"{name}_{'descending' if reverse else 'ascending'}"
            yield Finding(Text(words), query, Items(tuple(order)))


def _ordered(entity: Entity, rows: tuple[Row, ...], name: Ident, *, reverse: bool) -> list[int]:
    numbers = range(len(rows))
    field = field_named(entity, name)
    if name not in rows[0]:  # the moment of creation, or what the server sets to one value
        return sorted(numbers, reverse=reverse)
    given = [n for n in numbers if rows[n][field.name] is not None]
    missing = [n for n in numbers if rows[n][field.name] is None]
    ordered = sorted(given, key=lambda n: (rows[n][field.name], n), reverse=reverse)
    return [*ordered, *sorted(missing, reverse=reverse)]


@dataclass(frozen=True, slots=True)
class Query:
    """A query that is refused."""

    id: Text
    query: Pairs


def bad_queries_of(entity: Entity) -> Iterator[Query]:
    """Unknown names, and values that a filter, the order or the page can't be."""
    yield _bad("surprise", "an_unknown_name", Text("1"))
    if entity.listing.sort:
        yield _bad("sort", "an_order_by_what_is_not_there", Text("surprise"))
    if entity.listing.paginate is not Paginate.NONE:
        yield _bad("limit", "no_items_a_page", 0)
        yield _bad("limit", "too_many_items_a_page", entity.listing.max_size + 1)
    if entity.listing.paginate is Paginate.OFFSET:
        yield _bad("offset", "an_offset_below_zero", -1)
    for one in filters_of(entity):
        if one.operator is None:
            yield _bad(one.key, "a_blank_search", Text(" "))
        elif one.operator is Operator.IS_NULL:
            yield _bad(one.key, f"{one.key}_of_a_word", Text("perhaps"))
        elif one.operator is Operator.EQ and one.field and (wrong := _wrong_word(one.field)):
            yield _bad(one.key, f"{one.key}_of_{wrong.name}", wrong.wire)


def _bad(key: str, name: str, value: Code) -> Query:
    return Query(Text(name), Pairs(((Text(key), value),)))


def _wrong_word(field: Field) -> Case | None:
    """A text that is no value of the field, if its type knows one."""
    words = (case for case in field.type.wrong if isinstance(case.wire, Text))
    return next((case for case in words if case.in_query), None)
