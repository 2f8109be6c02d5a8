"""Values that a field takes: what was given as its default and examples, and what tests make."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from petsage_builder.field_types.field import Field, Given, Value
from petsage_builder.field_types.structures import plain
from petsage_builder.kinds.entities.request import FieldRequest
from petsage_builder.kinds.entities.rules.flaw import Flaw
from petsage_builder.strict_json import JsonPath

MAX_EXAMPLES = 20
ENOUGH = 2  # one row to create, and another to change or to collide with


def with_values(field: Field, asked: FieldRequest, found: list[Flaw]) -> Field:
    """The field with its default and its examples, which fit its constraints."""
    default = _default(field, asked, found)
    backfill = _backfill(field, asked, found)
    examples = _examples(field, asked, found)
    return replace(field, default=default, examples=examples, backfill=backfill)


def count(field: Field, wanted: int = ENOUGH) -> int:
    """How many distinct values are known that fit, up to those wanted: making them takes time."""
    known = list(field.examples[:wanted])
    values = made(field)
    while len(known) < wanted and (value := next(values, None)) is not None:
        if value not in known:
            known.append(value)
    return len(known)


def made(field: Field) -> Iterator[Value]:
    """Those of the type's own samples that fit, for types make them without looking twice."""
    return (value for value in field.type.valid(field) if fits(field, value))


def _default(field: Field, asked: FieldRequest, found: list[Flaw]) -> Given | None:
    if "default" not in asked.model_fields_set:
        return None
    if asked.default is None:
        if asked.required:
            message = "null is no value of a required field."
            found.append(Flaw(("default",), message, 'Say "required": false instead.'))
        return None
    values = _parsed(field, [asked.default], [("default",)], found)
    return Given(values[0]) if values else None


def _backfill(field: Field, asked: FieldRequest, found: list[Flaw]) -> Given | None:
    if "backfill" not in asked.model_fields_set:
        return None
    if asked.backfill is None:
        found.append(Flaw(("backfill",), "null is no value of a required field."))
        return None
    values = _parsed(field, [asked.backfill], [("backfill",)], found)
    return Given(values[0]) if values else None


def _examples(field: Field, asked: FieldRequest, found: list[Flaw]) -> tuple[Value, ...]:
    given: Sequence[object] = asked.examples or ()
    if len(given) > MAX_EXAMPLES:
        message = f"holds {len(given)}; at most {MAX_EXAMPLES} are allowed."
        found.append(Flaw(("examples",), message))
        return ()
    places: list[JsonPath] = [("examples", index) for index in range(len(given))]
    if "example" in asked.model_fields_set:
        if asked.examples is not None:
            found.append(Flaw(("examples",), "is given beside `example`.", "Keep one of them."))
        given, places = (asked.example, *given), [("example",), *places]
    return _distinct(_parsed(field, given, places, found))


def _parsed(
    field: Field, given: Sequence[object], places: Sequence[JsonPath], found: list[Flaw]
) -> list[Value]:
    """The values that fit; a flaw for each of the others."""
    fitting = []
    for value, path in zip(given, places, strict=True):
        try:
            fitting.append(field.type.parse(value, field))
        except ValueError as error:
            found.append(Flaw(path, str(error)))
    return fitting


def _distinct(values: Iterable[Value]) -> tuple[Value, ...]:
    """The values without those that are there already; not all of them can be hashed."""
    kept: list[Value] = []
    for value in values:
        if value not in kept:
            kept.append(value)
    return tuple(kept)


def fits(field: Field, value: Value) -> bool:
    """Whether the field takes the value."""
    try:
        field.type.parse(plain(field.type.show(value)), field)
    except ValueError:
        return False
    return True
