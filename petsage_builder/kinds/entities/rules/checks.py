"""The checks across fields: one compared with another, one that needs another, one of several."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import assert_never

from petsage_builder.field_types.field import Field, Operator
from petsage_builder.kinds.entities.asked import (
    BelongsTo,
    Check,
    Compares,
    Comparison,
    OnDelete,
    OneOf,
    Requires,
)
from petsage_builder.kinds.entities.request import CheckRequest
from petsage_builder.kinds.entities.rules.flaw import Flaw
from petsage_builder.kinds.entities.rules.members import Members
from petsage_builder.names import Ident
from petsage_builder.strict_json import JsonPath

ORDERED = frozenset({Comparison.LT, Comparison.LTE, Comparison.GT, Comparison.GTE})
MOST_OF = 8
FORMS = (("left", "op", "right"), ("field", "requires"), ("one_of",))
FORMS_SHOWN = "left, op and right; or field and requires; or one_of"


def read_checks(
    asked: Sequence[CheckRequest], members: Members, found: list[Flaw]
) -> tuple[Check, ...]:
    """Every check, with the fields that it is about."""
    checks = []
    codes: dict[Ident, int] = {}
    for index, one in enumerate(asked):
        inside: list[Flaw] = []
        if codes.setdefault(one.code, index) < index:
            message = f"'{one.code}' is the code of another check too."
            inside.append(Flaw(("code",), message, "Clients tell them apart by their codes."))
        if one.code in members.fields:
            message = f"'{one.code}' is a field's name; a code that says the rule reads better."
            inside.append(Flaw(("code",), message, f"Try '{_other_code(one.code)}'."))
        check = _check(one, members, inside)
        found += (flaw.below("checks", index) for flaw in inside)
        if check:
            checks.append(check)
    return tuple(checks)


def _other_code(code: Ident) -> str:
    return f"{code[:40].rstrip('_')}_rule"


def _check(asked: CheckRequest, members: Members, found: list[Flaw]) -> Check | None:
    given = {key for form in FORMS for key in form if getattr(asked, key) is not None}
    form = next((form for form in FORMS if given == set(form)), None)
    if form is None:
        message = f"must have {FORMS_SHOWN}; it has {' and '.join(sorted(given)) or 'none'}."
        hint = (
            'An example is {"code": "ends_last", "left": "ends", "op": "gte", "right": "starts"}.'
        )
        found.append(Flaw((), message, hint))
        return None
    if asked.left is not None and asked.op is not None and asked.right is not None:
        return _compares(asked, (asked.left, asked.op, asked.right), members, found)
    if asked.field is not None and asked.requires is not None:
        return _requires(asked, (asked.field, asked.requires), members, found)
    return _one_of(asked, asked.one_of or (), members, found)


def _compares(
    asked: CheckRequest,
    said: tuple[str, Comparison, str],
    members: Members,
    found: list[Flaw],
) -> Compares | None:
    left = members.find(said[0], ("left",), found)
    right = members.find(said[2], ("right",), found)
    op = said[1]
    if left is None or right is None:
        return None
    _refuse_hashed((left, right), (("left",), ("right",)), found)
    if left is right:
        found.append(Flaw(("right",), "is the same field as `left`.", "Compare two fields."))
    elif Operator.EQ not in left.type.operators:
        found.append(Flaw(("left",), f"a type {left.type.name} can't be compared."))
    elif left.type is not right.type:
        message = f"{left.name} is of type {left.type.name}, {right.name} {right.type.name}."
        found.append(Flaw(("right",), message, "Only fields of one type are compared."))
    elif left.scale != right.scale:
        message = f"{left.name} has the scale {left.scale}, {right.name} {right.scale}."
        found.append(Flaw(("right",), message, "Give both the same scale."))
    elif op in ORDERED and not left.type.comparable:
        message = f"a type {left.type.name} has no order, so {op} can't compare it."
        found.append(Flaw(("op",), message, "Use eq or ne."))
    return Compares(asked.code, left, op, right)


def _requires(
    asked: CheckRequest, said: tuple[str, str], members: Members, found: list[Flaw]
) -> Requires | None:
    field = members.find(said[0], ("field",), found)
    other = members.find(said[1], ("requires",), found)
    if field is None or other is None:
        return None
    if field is other:
        message = "is the same field as `field`."
        found.append(Flaw(("requires",), message, "Name another one."))
    _refuse_always_given((field, other), (("field",), ("requires",)), found)
    return Requires(asked.code, field, other)


def _one_of(
    asked: CheckRequest, said: Sequence[str], members: Members, found: list[Flaw]
) -> OneOf | None:
    if not 2 <= len(said) <= MOST_OF:
        message = f"must name 2 to {MOST_OF} fields, not {len(said)}."
        found.append(Flaw(("one_of",), message))
        return None
    named = members.find_all(said, ("one_of",), found)
    places = [("one_of", said.index(name)) for name in named]
    fields = tuple(named.values())
    _refuse_always_given(fields, places, found)
    return OneOf(asked.code, fields)


def _refuse_always_given(
    fields: Sequence[Field], places: Sequence[JsonPath], found: list[Flaw]
) -> None:
    """Clients must be able to give each field, and to leave it out."""
    _refuse_hashed(fields, places, found)
    for field, path in zip(fields, places, strict=True):
        if field.read_only:
            message = f"{field.name} is read_only, so no client can give it."
            found.append(Flaw(path, message, "Name fields that clients set."))
        elif not field.nullable:
            message = f"{field.name} always has a value."
            hint = f'Say "required": false of {field.name}, without a default.'
            found.append(Flaw(path, message, hint))


def orphan_flaws(checks: Sequence[Check], relations: Sequence[BelongsTo]) -> Iterator[Flaw]:
    """Relations that are set to null, though a check may need them: nothing could be deleted."""
    for relation in relations:
        for check in checks if relation.on_delete is OnDelete.SET_NULL else ():
            if relation.field.name in _needed_by(check):
                message = f"set_null would break the check '{check.code}'."
                hint = f'Say "restrict" or "cascade" of {relation.name}, or leave the check out.'
                yield Flaw(("checks",), message, hint)


def _needed_by(check: Check) -> set[Ident]:
    """The fields that a check may need to be given."""
    match check:
        case OneOf(_, fields):
            return {field.name for field in fields}
        case Requires(_, _, other):
            return {other.name}
        case Compares():
            return set()
    assert_never(check)


def _refuse_hashed(fields: Sequence[Field], places: Sequence[JsonPath], found: list[Flaw]) -> None:
    for field, path in zip(fields, places, strict=True):
        if field.hash:
            message = f"only a hash of {field.name} is kept, which no check can look into."
            found.append(Flaw(path, message))
