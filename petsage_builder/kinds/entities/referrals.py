"""The relations that lead to another feature, which they hold where it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from petsage_builder.entries import Entry
from petsage_builder.errors import Problem
from petsage_builder.kinds.entities.asked import Entity, ManyToMany, Relation, Target
from petsage_builder.names import Ident
from petsage_builder.strict_json import JsonPath

AT: JsonPath = ("requirements", "entities")


def referring(
    feature: Ident, entry: Entry, entities: Sequence[Entity], to: str
) -> Iterator[Problem]:
    """Every relation of a feature's entities that refers to a feature which is to go."""
    for index, entity in enumerate(entities):
        for number, relation in enumerate(entity.relations):
            found = [target for target in _targets(relation) if target.feature == to]
            for target in found[:1]:
                said = f"{feature}.{entity.name}.{relation.name} refers to {to}.{target.entity}"
                message = f"{said}, so feature '{to}' can't be removed."
                hint = f"Take the relation out of this request first, or remove '{feature}'."
                where = entry.where((*AT, index, "relations", number))
                yield Problem(where, message, hint)


def _targets(relation: Relation) -> Iterator[Target]:
    yield relation.target
    if isinstance(relation, ManyToMany) and relation.through is not None:
        yield relation.through
