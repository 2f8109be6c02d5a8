"""The type of exact numbers: decimal, a string on the wire."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from petsage_builder.field_types import bounds
from petsage_builder.field_types.annotations import described
from petsage_builder.field_types.bounds import Range
from petsage_builder.field_types.cases import BOOLEAN, NUMBER, WORD
from petsage_builder.field_types.field import BOUNDS, ORDER, Case, Column, Field, FieldType, Value
from petsage_builder.python_code import ON_SQLITE, Code, IfElse, Method, Name, annotated, call
from petsage_builder.text import Text

MAX_DIGITS = 18  # what SQLite keeps as an integer of 64 bits
FORM = re.compile(r"(-?)(0|[1-9][0-9]*)(?:\.([0-9]+))?")


def _parse(value: object, field: Field) -> Value:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise ValueError('must be a decimal written as a string, such as "12.50".')
    if isinstance(value, int):
        value = str(value) if abs(value) < 10**MAX_DIGITS else "9" * (MAX_DIGITS + 1)
    found = FORM.fullmatch(value)
    if found is None:
        raise ValueError('is no decimal, such as "12.50".')
    sign, whole, fraction = found.groups(default="")
    if len(fraction) > field.scale:
        raise ValueError(f"has more than {field.scale} digits after the point.")
    before = field.precision - field.scale
    if whole != "0" and len(whole) > before:
        raise ValueError(f"has more than {before} digits before the point.")
    units = int(whole + fraction.ljust(field.scale, "0"))
    return DECIMALS.within(DECIMALS.value(-units if sign else units, field), field)


def _show(value: Value) -> Code:
    return Text(f"{value:f}")


def _literal(value: Value) -> Code:
    written = f"{value:f}"
    return call(Name("Decimal", "decimal"), Text(written) if "." in written else int(written))


def _kept(value: Value, field: Field) -> Code:
    """SQLite keeps the decimal as a scaled integer."""
    return IfElse(ON_SQLITE, DECIMALS.number(value, field), _literal(value))


def _one(field: Field) -> int:
    """How many units 1 is."""
    return int(10**field.scale)


def _ends(field: Field) -> tuple[int, int]:
    most = 10**field.precision - 1
    return -most, most


DECIMALS = Range(
    number=lambda value, field: int(value.scaleb(field.scale)),
    value=lambda units, field: Decimal(units).scaleb(-field.scale),
    ends=_ends,
    start=lambda field: min(_one(field), 10**field.precision // 10) + bool(field.scale),
    steps=lambda field: (_one(field), 1),
)


def _signed(field: Field) -> bool:
    return DECIMALS.numbers(field)[0] < 0


def _wire(field: Field) -> Code:
    digits: dict[str, Code] = {"precision": field.precision, "scale": field.scale}
    signed: dict[str, Code] = {"signed": True} if _signed(field) else {}
    form = call(Name("types.DecimalString", ".core"), **digits, **signed)
    said = bounds.bounds(field, _literal)
    if not _signed(field) and field.min == 0:
        del said["ge"]  # without a sign there is nothing below zero
    before = (call(Name("Field", "pydantic"), **said),) if said else ()
    return annotated(Name("Decimal", "decimal"), *before, form, *described(field))


def _schema_says_all(field: Field) -> bool:
    """Whether digits and sign say all: JSON Schema has no bounds for strings."""
    only_from_zero = field.min is None or field.min == 0
    others = (field.max, field.exclusive_min, field.exclusive_max)
    return only_from_zero and all(bound is None for bound in others)


def _outside(field: Field) -> Iterator[Case]:
    yield from DECIMALS.outside(field)
    most = 10 ** (field.precision - field.scale)
    yield Case("too_many_digits_before_the_point", Text(f"{most}"))
    least = f"{DECIMALS.least(field):f}"
    longer = f"{least}1" if field.scale else f"{least}.1"
    yield Case("too_many_digits_after_the_point", Text(longer))


def _plain(field: Field) -> Code:
    digits: dict[str, Code] = {"precision": field.precision, "scale": field.scale}
    form = call(Name("types.DecimalString", ".core"), **digits, signed=True)
    return annotated(Name("Decimal", "decimal"), form)


def _column(field: Field) -> Column:
    numeric = call("sa.Numeric", precision=field.precision, scale=field.scale)
    scaled = call("sa.BigInteger")
    either = Method(numeric, Name("with_variant"), (scaled, Text("sqlite")))
    return Column(call(Name("ExactNumeric", ".core.columns"), field.precision, field.scale), either)


DECIMAL = FieldType(
    name="decimal",
    means="an exact decimal number, a string on the wire",
    wire_type="string",
    keys=BOUNDS | {"precision", "scale"},
    limits={"precision": 12, "scale": 2},
    caps={"precision": (1, MAX_DIGITS), "scale": (0, MAX_DIGITS)},
    parse=_parse,
    show=_show,
    literal=_literal,
    kept=_kept,
    wire=_wire,
    plain=_plain,
    python=lambda _: Name("Decimal", "decimal"),
    column=_column,
    valid=DECIMALS.valid,
    inside=DECIMALS.inside,
    outside=_outside,
    wrong=(NUMBER, WORD, BOOLEAN, Case("an_exponent", Text("1e3")), Case("nan", Text("NaN"))),
    operators=ORDER,
    comparable=True,
    schema_says_all=_schema_says_all,
)
