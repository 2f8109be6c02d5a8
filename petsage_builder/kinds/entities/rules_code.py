"""The checks across fields, as the services hold them and as people read them."""

from __future__ import annotations

from petsage_builder.field_types.field import Field
from petsage_builder.kinds.entities.asked import Check, Compares, Comparison, OneOf, Requires
from petsage_builder.kinds.entities.naming import EntityNames, attribute
from petsage_builder.python_code import (
    AnyOf,
    Call,
    Code,
    Compare,
    Function,
    Items,
    Method,
    Name,
    call,
)
from petsage_builder.text import Text

PYTHON = {
    Comparison.EQ: "==",
    Comparison.NE: "!=",
    Comparison.LT: "<",
    Comparison.LTE: "<=",
    Comparison.GT: ">",
    Comparison.GTE: ">=",
}
WORDS = {
    Comparison.EQ: "must be the same as",
    Comparison.NE: "must not be the same as",
    Comparison.LT: "must be less than",
    Comparison.LTE: "must be at most",
    Comparison.GT: "must be more than",
    Comparison.GTE: "must be at least",
}


def rule_of(check: Check, names: EntityNames) -> Call:
    """`Rule(code, where, what to say, what must hold)`."""
    where, said = place_and_words(check)
    holds = Function(names.variable, _holds(check, names))
    return call(Name("rules.Rule", ".core"), Text(check.code), Text(where), Text(said), holds)


def place_and_words(check: Check) -> tuple[str, str]:
    """The field that a broken check is reported at, and what is said of it."""
    match check:
        case Compares(_, left, op, right):
            return left.name, f"{left.name} {WORDS[op]} {right.name}."
        case Requires(_, field, other):
            return field.name, f"{field.name} needs {other.name} beside it."
        case OneOf(_, fields):
            *others, last = (field.name for field in fields)
            return fields[0].name, f"Exactly one of {', '.join(others)} and {last} must be given."


def _holds(check: Check, names: EntityNames) -> Code:
    match check:
        case Compares(_, left, op, right):
            missing = tuple(_missing(side, names) for side in (left, right) if side.nullable)
            holds = Compare(_of(left, names), PYTHON[op], _of(right, names))
            return AnyOf((*missing, holds)) if missing else holds
        case Requires(_, field, other):
            return AnyOf((_missing(field, names), Compare(_of(other, names), "is not", None)))
        case OneOf(_, fields):
            given = Items(tuple(_of(field, names) for field in fields))
            return Compare(Method(given, Name("count"), (None,)), "==", len(fields) - 1)


def _of(field: Field, names: EntityNames) -> Name:
    return Name(f"{names.variable}.{attribute(field.name)}")


def _missing(field: Field, names: EntityNames) -> Code:
    return Compare(_of(field, names), "is", None)
