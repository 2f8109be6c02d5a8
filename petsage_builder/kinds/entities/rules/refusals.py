"""What entities can't have: not yet, or not in this version."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from petsage_builder.kinds.entities.rules.flaw import Flaw

PARENTS = "inheritance is not in version 1."
KEYS = "composite and own primary keys are not in version 1."
SURROGATE = "Every entity has an `id`; other fields can be `unique`, or in `unique_together`."
LATER: Mapping[str, tuple[str, str]] = {
    "access": ("access can't be built yet.", "Leave it out for now: everyone may do everything."),
    "actions": ("actions can't be built yet.", "Leave them out for now."),
}
NEVER: Mapping[str, tuple[str, str]] = {
    **dict.fromkeys(
        ("extends", "inherits", "inheritance", "parent", "base"),
        (PARENTS, "Give each entity its own fields."),
    ),
    **dict.fromkeys(("primary_key", "primary_keys"), (KEYS, SURROGATE)),
}
OF_FIELDS = ("access", "primary_key")
POLYMORPHIC = ("polymorphic", "targets", "types", "target_types")


def refused(entity: Mapping[str, Any]) -> Iterator[Flaw]:
    """Everything asked for, of an entity and of its fields, that can't be had."""
    for key in entity:
        if key in LATER or key in NEVER:
            yield _refusal(key)
    yield from _polymorphic(entity.get("relations"))
    fields = entity.get("fields")
    for index, field in enumerate(fields if isinstance(fields, list) else ()):
        if isinstance(field, dict):
            yield from (_refusal(key).below("fields", index) for key in OF_FIELDS if key in field)


def _refusal(key: str) -> Flaw:
    message, hint = {**LATER, **NEVER}[key]
    return Flaw((key,), message, hint, at_key=True)


def _polymorphic(relations: object) -> Iterator[Flaw]:
    for index, relation in enumerate(relations if isinstance(relations, list) else ()):
        if isinstance(relation, dict) and _has_several_targets(relation):
            message = "polymorphic relations are not in version 1."
            yield Flaw(("relations", index), message, "Take one relation for each target.")


def _has_several_targets(relation: Mapping[str, Any]) -> bool:
    named = any(key in relation for key in POLYMORPHIC)
    return named or isinstance(relation.get("target"), list) or relation.get("target") == "*"
