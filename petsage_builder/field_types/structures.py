"""The types that hold other values: json, array."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from petsage_builder.field_types import lengths
from petsage_builder.field_types.annotations import constrained
from petsage_builder.field_types.bounds import SAMPLES
from petsage_builder.field_types.cases import NUMBER, WORD
from petsage_builder.field_types.field import NULLNESS, Case, Column, Field, FieldType, Value
from petsage_builder.field_types.text import as_text
from petsage_builder.python_code import Code, Items, Name, Pairs, Plus, Repeat, Subscript, call
from petsage_builder.text import Text

MAX_JSON = 65_536
MAX_LEVELS = 32


def hardened(value: object) -> Code:
    """Any JSON, its texts cleaned and made `Text`."""
    if isinstance(value, str):
        return Text(as_text(value))
    if isinstance(value, list):
        return Items(tuple(map(hardened, value)))
    if isinstance(value, dict):
        pairs = tuple((Text(as_text(key)), hardened(item)) for key, item in value.items())
        if len({key for key, _ in pairs}) < len(pairs):
            raise ValueError("holds two keys that are the same after normalisation.")
        return Pairs(pairs)
    if value is None or isinstance(value, bool | int | float):
        return value
    raise ValueError("is no JSON.")


def plain(code: Code) -> object:
    """What `hardened` was made of: the JSON that a value on the wire stands for."""
    match code:
        case Text(value):
            return value
        case Items(items):
            return [plain(item) for item in items]
        case Pairs(pairs):
            return {plain(key): plain(value) for key, value in pairs}
        case _:
            return code


def _parse_json(value: object, _field: Field) -> Code:
    if value is None:
        raise ValueError("must not be null at its top.")
    if not _within(MAX_LEVELS, value):
        raise ValueError(f"has more than {MAX_LEVELS} levels.")
    found = hardened(value)
    try:
        written = json.dumps(
            plain(found), allow_nan=False, ensure_ascii=False, separators=(",", ":")
        )
    except ValueError as error:
        raise ValueError("holds a number that JSON can't write.") from error
    if len(written.encode()) > MAX_JSON:
        raise ValueError(f"is larger than {MAX_JSON} bytes.")
    return found


def _within(levels: int, value: object) -> bool:
    if not isinstance(value, dict | list):
        return True
    children = value.values() if isinstance(value, dict) else value
    return levels > 0 and all(_within(levels - 1, child) for child in children)


def _same(value: Value) -> Code:
    code: Code = value
    return code


def _json_column(_field: Field) -> Column:
    return Column(call("sa.JSON", none_as_null=True), call("sa.JSON"))


def _levels(count: int) -> Code:
    nested: Code = Text("bottom")
    for _ in range(count):
        nested = Items((nested,))
    return nested


SAMPLE_JSON: tuple[tuple[str, Code], ...] = (
    ("an_object", Pairs(((Text("a"), 1), (Text("b"), Items((True, None, Text("c"))))))),
    ("a_list", Items((1, 2.5, Text("three")))),
    ("a_text", Text("plain")),
    ("a_number", 4),
    ("false", False),
)


def _inside_json(_field: Field) -> Iterator[Case]:
    yield from (Case(name, value) for name, value in SAMPLE_JSON)
    yield Case("64_kib", Repeat(Text("x"), MAX_JSON - 2))  # and two quotes
    yield Case("32_levels", _levels(MAX_LEVELS))


def _outside_json(_field: Field) -> Iterator[Case]:
    yield Case("more_than_64_kib", Repeat(Text("x"), MAX_JSON - 1))
    yield Case("more_than_32_levels", _levels(MAX_LEVELS + 1))


JSON = FieldType(
    name="json",
    means="any JSON value, of at most 64 KiB and 32 levels",
    wire_type="any",
    parse=_parse_json,
    show=_same,
    literal=_same,
    wire=lambda field: constrained(Name("types.Json", ".core"), field),
    plain=lambda _: Name("types.Json", ".core"),
    python=lambda _: Name("Any", "typing"),
    column=_json_column,
    valid=lambda _: (value for _, value in SAMPLE_JSON),
    inside=_inside_json,
    outside=_outside_json,
    width=lambda _: MAX_JSON,
    operators=NULLNESS,
    sortable=False,
    unique=False,
    in_lists=False,
)


def item(field: Field) -> Field:
    """What an array's items are."""
    if field.items is None:
        raise AssertionError("an array has items")
    return field.items


@dataclass(frozen=True, slots=True)
class Listed:
    """An array's value: the values of its items, and their type."""

    values: tuple[Value, ...]
    type: FieldType


def _parse_array(value: object, field: Field) -> Listed:
    if not isinstance(value, list):
        raise ValueError("must be a list.")
    if not field.min_length <= len(value) <= field.max_length:
        allowed = f"{field.min_length} to {field.max_length}"
        raise ValueError(f"holds {len(value)} items; {allowed} are allowed.")
    inner = item(field)
    return Listed(tuple(inner.type.parse(one, inner) for one in value), inner.type)


def _show_array(value: Listed) -> Code:
    return Items(tuple(map(value.type.show, value.values)))


def _array_literal(value: Listed) -> Code:
    return Items(tuple(map(value.type.literal, value.values)))


def _list_of(annotation: Code) -> Code:
    return Subscript(Name("list"), (annotation,))


def _wire_array(field: Field) -> Code:
    inner = item(field)
    stored = () if _is_json(inner) else (Name("types.Stored", ".core"),)
    return constrained(_list_of(inner.type.wire(inner)), field, *stored, **lengths.lengths(field))


def _is_json(inner: Field) -> bool:
    """Whether its values are the same in Python and on the wire."""
    first = next(iter(inner.type.valid(inner)))
    return inner.type.literal(first) == inner.type.show(first)


def _valid_arrays(field: Field) -> Iterator[Listed]:
    """Lists of one item where that is allowed, then longer ones."""
    inner = item(field)
    values = list(islice(inner.type.valid(inner), SAMPLES))
    least = min(max(1, field.min_length), field.max_length)
    sizes = range(least, field.max_length + 1)
    lists = (
        tuple(values[(first + n) % len(values)] for n in range(size))
        for size in sizes
        for first in range(len(values) if size else 1)
    )
    return (Listed(found, inner.type) for found in islice(lists, SAMPLES))


def _many(field: Field, count: int) -> Code:
    """A list of so many valid items."""
    inner = item(field)
    first = next(iter(inner.type.valid(inner)))
    shown = inner.type.show(first)
    return Items((shown,) * count) if count < 3 else Repeat(Items((shown,)), count)


def _inside_array(field: Field) -> Iterator[Case]:
    return lengths.inside(field, lambda count: _many(field, count), "item")


def _outside_array(field: Field) -> Iterator[Case]:
    yield from lengths.outside(field, lambda count: _many(field, count), "item")
    inner = item(field)
    for case in (*inner.type.outside(inner), *inner.type.wrong, Case("null", None)):
        one: Code = Items((case.wire,))
        whole = Plus(one, _many(field, field.min_length - 1)) if field.min_length > 1 else one
        yield Case(f"an_item_that_is_{case.name}", whole)


ARRAY = FieldType(
    name="array",
    means="a list of values of one type",
    wire_type="array",
    keys=frozenset({"items", "min_items", "max_items"}),
    limits={"max_items": 100},
    unit="items",
    caps={"min_items": (0, 100), "max_items": (1, 1000)},
    parse=_parse_array,
    show=_show_array,
    literal=_array_literal,
    kept=lambda value, _: _show_array(value),
    widens_to=frozenset({"json"}),
    wire=_wire_array,
    plain=lambda field: _list_of(item(field).type.plain(item(field))),
    python=lambda _: _list_of(Name("Any", "typing")),
    column=_json_column,
    valid=_valid_arrays,
    inside=_inside_array,
    outside=_outside_array,
    wrong=(NUMBER, WORD, Case("an_object", Pairs(()))),
    width=lambda _: MAX_JSON,
    operators=NULLNESS,
    sortable=False,
    unique=False,
    in_lists=False,
    schema_says_all=lambda field: item(field).type.schema_says_all(item(field)),
)
