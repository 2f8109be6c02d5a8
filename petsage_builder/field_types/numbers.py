"""The types that are JSON's numbers: integer, bigint, float; and boolean."""

from __future__ import annotations

import math
import struct
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction

from petsage_builder.field_types import bounds
from petsage_builder.field_types.annotations import constrained
from petsage_builder.field_types.bounds import ENOUGH, SAMPLES, Range
from petsage_builder.field_types.cases import BOOLEAN, DIGITS, HUGE, NUMBER, WORD
from petsage_builder.field_types.field import BOUNDS, ORDER, Case, Column, Field, FieldType, Value
from petsage_builder.python_code import Code, Name, call
from petsage_builder.text import Text


def _as_is(value: Value) -> Code:
    number: Code = value
    return number


def whole_number(name: str, means: str, ends: tuple[int, int], column: str) -> FieldType:
    """A type of whole numbers from one end to the other; both are always said."""
    whole = Range(
        number=lambda value, _: int(value),
        value=lambda number, _: number,
        ends=lambda _: ends,
        start=lambda _: max(1, ends[0]),
    )

    def parse(value: object, field: Field) -> Value:
        if isinstance(value, bool) or not isinstance(value, int):
            raise ValueError("must be a whole number.")
        return whole.within(value, field)

    def said(field: Field) -> dict[str, Code]:
        given = bounds.bounds(field, _as_is)
        low: dict[str, Code] = {} if {"ge", "gt"} & given.keys() else {"ge": ends[0]}
        high: dict[str, Code] = {} if {"le", "lt"} & given.keys() else {"le": ends[1]}
        return {**low, **given, **high}

    def inside(field: Field) -> Iterable[Case]:
        least, most = whole.numbers(field)
        return Case("the_least", least), Case("the_most", most)

    def outside(field: Field) -> Iterable[Case]:
        least, most = whole.numbers(field)
        return Case("below_the_least", least - 1), Case("above_the_most", most + 1)

    integral = Name("types.Integral", ".core")
    return FieldType(
        name=name,
        means=means,
        wire_type="integer",
        keys=BOUNDS,
        parse=parse,
        show=_as_is,
        literal=_as_is,
        wire=lambda field: constrained(Name("int"), field, integral, **said(field)),
        query=lambda field: constrained(Name("int"), field, **said(field)),
        plain=lambda _: Name("int"),
        python=lambda _: Name("int"),
        column=lambda _: Column(Name(column), call(column)),
        valid=whole.valid,
        inside=inside,
        outside=outside,
        wrong=(DIGITS, WORD, BOOLEAN, Case("a_fraction", 1.5), HUGE),
        operators=ORDER,
        comparable=True,
    )


# FastAPI writes bounds as floats: the last 64-bit integers would not be what is documented.
BIG = 9_223_372_036_854_775_000
BIGINT = replace(
    whole_number("bigint", "a whole number of 64 bits", (-BIG, BIG), "sa.BigInteger"),
    family="whole number",
)
INTEGER = replace(
    whole_number("integer", "a whole number of 32 bits", (-(2**31), 2**31 - 1), "sa.Integer"),
    family="whole number",
    widens_to=frozenset({"bigint"}),
)

_SIGN = 1 << 63


def _rank(value: float) -> int:
    """How many floats lie between zero and this one."""
    (bits,) = struct.unpack("<Q", struct.pack("<d", value))
    return _SIGN - bits if bits & _SIGN else int(bits)


def _float(rank: int) -> float:
    bits = _SIGN - rank if rank < 0 else rank
    (value,) = struct.unpack("<d", struct.pack("<Q", bits))
    return float(value)


_LAST = _rank(sys.float_info.max)
FLOATS = Range(
    number=lambda value, _: _rank(value),
    value=lambda rank, _: _float(rank),
    ends=lambda _: (-_LAST, _LAST),
    start=lambda _: _rank(0.5),
)


def _read_float(value: object, field: Field) -> Value:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("must be a number.")
    try:
        found = float(value)
    except OverflowError as error:
        raise ValueError("is too large for a float.") from error
    if not math.isfinite(found):
        raise ValueError("must be a finite number.")
    return FLOATS.within(found + 0.0, field)  # + 0.0: there is no -0.0


def _valid_floats(field: Field) -> Iterable[float]:
    """Halves, or parts of the range as even as floats allow, or neighbours."""
    least, most = FLOATS.numbers(field)
    if least > most:
        return ()
    low, high = Fraction(_float(least)), Fraction(_float(most))
    half = Fraction(1, 2)
    spaced = ((half, half), (math.ceil(low * 2) * half, half), (low, (high - low) / SAMPLES))
    for first, step in spaced:
        numbers = [first + step * n for n in range(SAMPLES)]
        found = dict.fromkeys(float(number) for number in numbers if low <= number <= high)
        if len(found) >= ENOUGH:
            return found
    return FLOATS.valid(field)


FLOAT = FieldType(
    name="float",
    means="a number of double precision",
    wire_type="number",
    keys=BOUNDS,
    parse=_read_float,
    show=_as_is,
    literal=_as_is,
    wire=lambda field: constrained(
        Name("float"), field, Name("types.Number", ".core"), **bounds.bounds(field, _as_is)
    ),
    query=lambda field: constrained(
        Name("float"), field, allow_inf_nan=False, **bounds.bounds(field, _as_is)
    ),
    plain=lambda _: Name("float"),
    python=lambda _: Name("float"),
    column=lambda _: Column(Name("sa.Double"), call("sa.Double")),
    valid=_valid_floats,
    inside=FLOATS.inside,
    outside=FLOATS.outside,
    wrong=(DIGITS, WORD, BOOLEAN, HUGE),
    operators=ORDER,
    comparable=True,
)


def _read_boolean(value: object, _field: Field) -> bool:
    if not isinstance(value, bool):
        raise ValueError("must be true or false.")
    return value


def _either(_field: Field) -> Iterator[Case]:
    yield Case("true", wire=True)
    yield Case("false", wire=False)


YES_OR_NO = FieldType(
    name="boolean",
    means="true or false",
    wire_type="boolean",
    parse=_read_boolean,
    show=_as_is,
    literal=_as_is,
    wire=lambda field: constrained(Name("types.Bool", ".core"), field),
    query=lambda field: constrained(Name("bool"), field),
    plain=lambda _: Name("bool"),
    python=lambda _: Name("bool"),
    column=lambda _: Column(Name("sa.Boolean"), call("sa.Boolean")),
    valid=lambda _: (False, True),
    inside=_either,
    wrong=(
        NUMBER,
        Case("a_word", Text("yes"), in_query=False),
        Case("true_as_text", Text("true"), in_query=False),
    ),
)
