"""The types that are one word of a kind: enum, uuid."""

from __future__ import annotations

import re
from collections.abc import Iterator
from uuid import UUID

from petsage_builder import text
from petsage_builder.field_types.annotations import constrained
from petsage_builder.field_types.bounds import SAMPLES
from petsage_builder.field_types.cases import BOOLEAN, NUMBER
from petsage_builder.field_types.field import EQUALITY, Case, Column, Field, FieldType
from petsage_builder.field_types.text import as_text, plain_string
from petsage_builder.python_code import Code, Name, Subscript, call
from petsage_builder.text import Text


def _read_word(value: object, field: Field) -> str:
    found = as_text(value)
    if Text(found) not in field.values:
        listed = ", ".join(text.show(one) for one in field.values)
        raise ValueError(f"must be one of {listed}.")
    return found


def _literal(field: Field) -> Code:
    return Subscript(Name("Literal", "typing"), field.values)


def _column(field: Field) -> Column:
    size = max(len(value.value) for value in field.values)
    return Column(call("sa.String", size), call("sa.String", length=size))


def _each(field: Field) -> Iterator[Case]:
    for number, value in enumerate(field.values, start=1):
        yield Case(f"value_{number}", value)


def _other(field: Field) -> Iterator[Case]:
    """A word that is none of the values."""
    word = "other"
    while Text(word) in field.values:
        word += "_"
    yield Case("no_value", Text(word))


ENUM = FieldType(
    name="enum",
    means="one of a few words",
    wire_type="string",
    keys=frozenset({"values"}),
    parse=_read_word,
    show=Text,
    literal=Text,
    family="text",
    widens_to=frozenset({"string", "text"}),
    wire=lambda field: constrained(_literal(field), field),
    plain=_literal,
    python=plain_string,
    column=_column,
    valid=lambda field: sorted(value.value for value in field.values),
    inside=_each,
    outside=_other,
    wrong=(NUMBER, BOOLEAN),
    width=lambda field: max(len(value.value.encode()) for value in field.values),
    operators=EQUALITY,
)

UUID_FORM = re.compile("^[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$")


def _read_uuid(value: object, _field: Field) -> UUID:
    found = as_text(value)
    if UUID_FORM.fullmatch(found) is None:
        raise ValueError("is no UUID, such as 0190d6f8-5b1c-7e4e-9d0b-2f4d8f0c1a2b.")
    return UUID(found)


def _uuid(_field: Field) -> Code:
    return Name("UUID", "uuid")


ID = FieldType(
    name="uuid",
    means="a UUID",
    wire_type="string",
    parse=_read_uuid,
    show=lambda value: Text(str(value)),
    literal=lambda value: call(Name("UUID", "uuid"), Text(str(value))),
    wire=lambda field: constrained(Name("types.Uuid", ".core"), field),
    plain=_uuid,
    python=_uuid,
    column=lambda _: Column(Name("sa.Uuid"), call("sa.Uuid")),
    valid=lambda _: (
        UUID(int=n << 96 | 0x4000 << 64 | 0x8 << 60 | n) for n in range(1, SAMPLES + 1)
    ),
    wrong=(
        NUMBER,
        Case("no_uuid", Text("not-a-uuid")),
        Case("a_uuid_without_hyphens", Text("0190d6f85b1c7e4e9d0b2f4d8f0c1a2b")),
    ),
    operators=EQUALITY,
)
