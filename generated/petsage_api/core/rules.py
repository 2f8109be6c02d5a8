"""Rules that a row keeps, beyond those of each field alone."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from petsage_api.core.domain_errors import Invalid
from petsage_api.core.errors import FieldProblem


@dataclass(frozen=True, slots=True)
class Rule:
    """What holds between the fields of a row, and what is said, at which field, if it does not."""

    code: str
    field: str
    detail: str
    holds: Callable[[Any], bool]


def check(row: object, rules: Sequence[Rule]) -> None:
    """Refuse a row that breaks rules; all of them are told."""
    broken = [rule for rule in rules if not rule.holds(row)]
    if broken:
        raise Invalid(*(_problem(rule.field, rule.code, rule.detail) for rule in broken))


def keep(row: object, values: Mapping[str, Any], immutable: Mapping[str, str]) -> None:
    """Refuse values that would change what never changes: attributes, by their names on the wire."""
    changed = [
        name
        for attribute, name in immutable.items()
        if attribute in values and values[attribute] != getattr(row, attribute)
    ]
    if changed:
        raise Invalid(*(_problem(name, "immutable", "This never changes.") for name in changed))


def _problem(field: str, code: str, detail: str) -> FieldProblem:
    return FieldProblem(location=f"/body/{field}", code=code, detail=detail)
