"""Rows that break one rule between fields, and rows that just keep it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from petsage_builder.field_types.field import Field, Value
from petsage_builder.kinds.entities.asked import Check, Compares, Entity, rule_sides
from petsage_builder.kinds.entities.rules_code import place_and_words
from petsage_builder.kinds.entities.samples import Row, domain, holds, server_sets
from petsage_builder.names import Ident
from petsage_builder.python_code import Pairs
from petsage_builder.text import Text

MOST_TRIES = 2_000
MOST_VALUES = 12


@dataclass(frozen=True, slots=True)
class Violation:
    """Values for the sides of a check, and where an error of it is reported."""

    code: Text
    location: Text
    values: Pairs
    names: frozenset[Ident]


def violations_of(entity: Entity, rows: tuple[Row, ...]) -> Iterator[Violation]:
    """For each check, values that break it and no other one: none given, too few, too many."""
    for check in entity.checks:
        given: set[int] = set()
        for found in _tried(entity, rows[0], check, keeps=False):
            number = sum(value is not None for value in found.values())
            if number not in given:
                given.add(number)
                yield _violation(check, found)


def kept_rules(entity: Entity, rows: tuple[Row, ...]) -> Iterator[Violation]:
    """For each check, values other than the sample's that keep them all."""
    for check in entity.checks:
        for found in _tried(entity, rows[0], check, keeps=True):
            yield _violation(check, found)
            break


def _tried(entity: Entity, row: Row, check: Check, *, keeps: bool) -> Iterator[dict[Ident, Value]]:
    sides = tuple(side.name for side in rule_sides(check) if not side.read_only)
    fields = {field.name: field for field in entity.fields}
    domains = [_domain(entity, fields[name], check) for name in sides]
    others = [other for other in entity.checks if other is not check]
    for number, values in enumerate(product(*reversed(domains))):
        if number > MOST_TRIES:
            return
        tried = dict(zip(sides, reversed(values), strict=True))
        whole = {**server_sets(entity), **row, **tried}
        changed = any(whole[name] != row[name] for name in sides)
        fits = holds(check, whole) is keeps and all(holds(other, whole) for other in others)
        if changed and fits:
            yield tried


def _domain(entity: Entity, field: Field, check: Check) -> list[Value]:
    """Values to try; where it only matters whether one is given, none comes first."""
    missing: list[Value] = [None] if field.nullable else []
    if isinstance(check, Compares):
        return [*domain(entity, field)[:MOST_VALUES], *missing]
    return [*missing, *domain(entity, field)[:2]]


def _violation(check: Check, values: dict[Ident, Value]) -> Violation:
    shown = {
        side.name: None if values[side.name] is None else side.type.show(values[side.name])
        for side in rule_sides(check)
        if not side.read_only
    }
    where, _ = place_and_words(check)
    pairs = tuple((Text(name), value) for name, value in shown.items())
    return Violation(Text(check.code), Text(f"/body/{where}"), Pairs(pairs), frozenset(shown))
