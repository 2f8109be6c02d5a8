"""The type of bytes, which are base64 on the wire."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator

from petsage_builder.field_types import lengths
from petsage_builder.field_types.annotations import described
from petsage_builder.field_types.bounds import SAMPLES
from petsage_builder.field_types.cases import BOOLEAN, NUMBER
from petsage_builder.field_types.field import NULLNESS, Case, Column, Field, FieldType, Value
from petsage_builder.field_types.lengths import LENGTHS
from petsage_builder.python_code import Code, Name, Plus, Repeat, annotated, call
from petsage_builder.text import Text

MAX_BYTES = 65_535  # the most whole groups of base64 in 64 KiB
# The pattern of the generated app's `core/types.py`: the one way to write the bytes.
FORM = re.compile(
    "^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=|[A-Za-z0-9+/][AQgw]==)?$"
)


def _parse(value: object, field: Field) -> bytes:
    if not isinstance(value, str):
        raise ValueError("must be a string.")
    if FORM.fullmatch(value) is None:
        raise ValueError("is no canonical base64, such as aGVsbG8=.")
    found = base64.b64decode(value)
    if not field.min_length <= len(found) <= field.max_length:
        allowed = f"{field.min_length} to {field.max_length}"
        raise ValueError(f"holds {len(found)} bytes; {allowed} are allowed.")
    return found


def _show(value: Value) -> Code:
    return Text(base64.b64encode(value).decode())


def _literal(value: Value) -> Code:
    code: Code = value
    return code


def _wire(field: Field) -> Code:
    said: dict[str, Code] = {}
    if field.min_length:
        said["min_length"] = field.min_length
    if field.max_length != MAX_BYTES:
        said["max_length"] = field.max_length
    form = call(Name("types.Base64", ".core"), **said)
    return annotated(Name("bytes"), form, *described(field))


def _of_length(count: int) -> Code:
    """Base64 of so many zero bytes."""
    whole, rest = divmod(count, 3)
    end = ("", "AA==", "AAA=")[rest]
    if whole <= 10:
        return Text("AAAA" * whole + end)
    groups = Repeat(Text("AAAA"), whole)
    return Plus(groups, Text(end)) if end else groups


def _valid(field: Field) -> Iterator[bytes]:
    size = min(max(field.min_length, 5), field.max_length)
    yield from (bytes([97 + n]) * size for n in range(SAMPLES if size else 1))


BYTES = FieldType(
    name="bytes",
    means="bytes, as base64 on the wire",
    wire_type="string",
    keys=LENGTHS,
    limits={"max_length": MAX_BYTES},
    unit="bytes",
    # As base64, the most stay below 1 MiB, and so do a thousand and one of the least.
    caps={"min_length": (0, 750), "max_length": (1, 700_000)},
    parse=_parse,
    show=_show,
    literal=_literal,
    wire=_wire,
    plain=lambda _: annotated(Name("bytes"), call(Name("types.Base64", ".core"))),
    python=lambda _: Name("bytes"),
    column=lambda _: Column(Name("sa.LargeBinary"), call("sa.LargeBinary")),
    valid=_valid,
    inside=lambda field: lengths.inside(field, _of_length, "byte"),
    outside=lambda field: lengths.outside(field, _of_length, "byte"),
    wrong=(
        NUMBER,
        BOOLEAN,
        Case("no_base64", Text("not base64!")),
        Case("base64_without_its_padding", Text("aGVsbG8")),
        Case("base64_for_urls", Text("-_-_")),
    ),
    width=lambda field: field.max_length,
    operators=NULLNESS,
    sortable=False,
    unique=False,
    default_in_schema=False,
)
