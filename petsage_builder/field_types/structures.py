"""The types that hold more than one value: json, bytes, array."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator
from dataclasses import dataclass

from petsage_builder.field_types.bounds import constrained, inside_lengths, outside_lengths
from petsage_builder.field_types.field import (
    LENGTHS,
    NULLNESS,
    Case,
    Column,
    Field,
    FieldType,
    Value,
)
from petsage_builder.field_types.text import BOOLEAN, NUMBER, as_text
from petsage_builder.python_code import Code, Items, Name, Pairs, Plus, Repeat, Subscript, call
from petsage_builder.text import Text

MAX_JSON = 65_536
MAX_BYTES = 65_535  # the most whole groups of base64 in 64 KiB
ARRAY_KEYS = frozenset({"items", "min_items", "max_items"})


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


def _parse_json(value: object, _field: Field) -> Code:
    if value is None:
        raise ValueError("must not be null at its top.")
    if len(json.dumps(value, ensure_ascii=False).encode()) > MAX_JSON:
        raise ValueError(f"is larger than {MAX_JSON} bytes.")
    return hardened(value)


def _same(value: Value) -> Code:
    code: Code = value
    return code


def _json_column(_field: Field) -> Column:
    column = call("sa.JSON", none_as_null=True)
    return Column(column, call("sa.JSON"))


def _valid_json(_field: Field) -> Iterator[Code]:
    yield Pairs(((Text("a"), 1), (Text("b"), Items((True, None, Text("c"))))))
    yield Items((1, 2.5, Text("three")))
    yield from (Text("plain"), 4, False)


def _too_deep() -> Code:
    deep: Code = 1
    for _ in range(33):
        deep = Items((deep,))
    return deep


JSON = FieldType(
    name="json",
    means="any JSON value",
    wire_type="any",
    parse=_parse_json,
    show=_same,
    literal=_same,
    wire=lambda field: constrained(Name("types.Json", ".core"), field),
    plain=lambda _: Name("types.Json", ".core"),
    python=lambda _: Name("Any", "typing"),
    column=_json_column,
    width=lambda _: MAX_JSON,
    valid=_valid_json,
    inside=lambda field: (
        Case(name, value)
        for name, value in zip(
            ("an_object", "a_list", "a_text", "a_number", "false"), _valid_json(field), strict=True
        )
    ),
    outside=lambda _: iter(
        (
            Case("more_than_64_kib", Repeat(Text("x"), MAX_JSON)),
            Case("more_than_32_levels", _too_deep()),
        )
    ),
    operators=NULLNESS,
    sortable=False,
    unique=False,
)


def _parse_bytes(value: object, field: Field) -> bytes:
    try:
        found = base64.b64decode(as_text(value), validate=True)
    except binascii.Error as error:
        raise ValueError("is no base64, such as aGVsbG8=.") from error
    if base64.b64encode(found).decode() != value:
        raise ValueError("is no canonical base64, such as aGVsbG8=.")
    if not field.min_length <= len(found) <= field.max_length:
        allowed = f"{field.min_length} to {field.max_length}"
        raise ValueError(f"holds {len(found)} bytes; {allowed} are allowed.")
    return found


def _show_bytes(value: Value) -> Code:
    return Text(base64.b64encode(value).decode())


def _wire_bytes(field: Field) -> Code:
    said: dict[str, Code] = {}
    if field.min_length:
        said["min_length"] = field.min_length
    if field.max_length != MAX_BYTES:
        said["max_length"] = field.max_length
    return constrained(Name("bytes"), field, call(Name("types.Base64", ".core"), **said))


def _bytes_of(count: int) -> Code:
    """Base64 of so many zero bytes."""
    whole, rest = divmod(count, 3)
    end = ("", "AA==", "AAA=")[rest]
    if whole <= 10:
        return Text("AAAA" * whole + end)
    groups = Repeat(Text("AAAA"), whole)
    return Plus(groups, Text(end)) if end else groups


def _valid_bytes(field: Field) -> Iterator[bytes]:
    size = min(max(field.min_length, 5), field.max_length)
    if size == 0:
        yield b""
    yield from (bytes([97 + n]) * size for n in range(12 if size else 0))


BYTES = FieldType(
    name="bytes",
    means="bytes, as base64 on the wire",
    wire_type="string",
    keys=LENGTHS,
    limits={"max_length": MAX_BYTES},
    parse=_parse_bytes,
    show=_show_bytes,
    literal=_same,
    wire=_wire_bytes,
    plain=lambda _: Subscript(
        Name("Annotated", "typing"), (Name("bytes"), call(Name("types.Base64", ".core")))
    ),
    python=lambda _: Name("bytes"),
    column=lambda _: Column(Name("sa.LargeBinary"), call("sa.LargeBinary")),
    width=lambda field: field.max_length,
    valid=_valid_bytes,
    default_in_schema=False,
    inside=lambda field: inside_lengths(field, _bytes_of, "byte"),
    outside=lambda field: outside_lengths(field, _bytes_of, "byte"),
    wrong=(
        NUMBER,
        BOOLEAN,
        Case("no_base64", Text("not base64!")),
        Case("base64_without_its_padding", Text("aGVsbG8")),
        Case("base64_for_urls", Text("-_-_")),
    ),
    operators=NULLNESS,
    sortable=False,
    unique=False,
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
    said: dict[str, Code] = {"max_length": field.max_length}
    if field.min_length:
        said["min_length"] = field.min_length
    return constrained(_list_of(inner.type.wire(inner)), field, **said)


def _valid_arrays(field: Field) -> Iterator[Listed]:
    inner = item(field)
    values = list(inner.type.valid(inner))
    size = min(max(1, field.min_length), field.max_length)
    for first in range(len(values) if size else 1):
        taken = tuple(values[(first + n) % len(values)] for n in range(size))
        yield Listed(taken, inner.type)


def _many(field: Field, count: int) -> Code:
    """A list of so many valid items."""
    inner = item(field)
    first = next(inner.type.valid(inner))
    shown = inner.type.show(first)
    return Items((shown,) * count) if count < 3 else Repeat(Items((shown,)), count)


def _bad_items(field: Field) -> Iterator[Case]:
    yield from outside_lengths(field, lambda count: _many(field, count), "item")
    inner = item(field)
    for case in (*inner.type.outside(inner), *inner.type.wrong, Case("null", None)):
        yield Case(f"an_item_that_is_{case.name}", Items((case.wire,)))


ARRAY = FieldType(
    name="array",
    means="a list of values of one type",
    wire_type="array",
    keys=ARRAY_KEYS,
    limits={"max_items": 100},
    parse=_parse_array,
    show=_show_array,
    literal=_array_literal,
    wire=_wire_array,
    plain=lambda field: _list_of(item(field).type.plain(item(field))),
    python=lambda _: _list_of(Name("Any", "typing")),
    column=_json_column,
    width=lambda _: MAX_JSON,
    valid=_valid_arrays,
    inside=lambda field: inside_lengths(field, lambda count: _many(field, count), "item"),
    outside=_bad_items,
    wrong=(NUMBER, Case("a_word", Text("one")), Case("an_object", Pairs(()))),
    operators=NULLNESS,
    sortable=False,
    unique=False,
)

TYPES = (JSON, BYTES, ARRAY)
