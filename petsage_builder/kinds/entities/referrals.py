"""The relations that lead to another feature, and so hold it where it is."""

from __future__ import annotations

from collections.abc import Iterator

from petsage_builder.errors import Problem
from petsage_builder.kinds.entities.asked import ManyToMany, Relation
from petsage_builder.kinds.entities.linking import AT, Unlinked
from petsage_builder.names import Ident


def referrals(one: Unlinked, to: str) -> Iterator[Problem]:
    """Every relation of a feature to another one, which is to go."""
    hint = f"Take the relation out of this request first, or remove '{one.feature}'."
    for index, entity in enumerate(one.entities):
        for number, relation in enumerate(entity.relations):
            for target in _targets(relation, to)[:1]:
                said = f"{one.feature}.{entity.name}.{relation.name} refers to {to}.{target}"
                message = f"{said}, so feature '{to}' can't be removed."
                yield Problem(one.entry.where((*AT, index, "relations", number)), message, hint)


def _targets(relation: Relation, feature: str) -> list[Ident]:
    """The entities of a feature that the relation leads to, or through."""
    through = relation.through if isinstance(relation, ManyToMany) else None
    return [one.entity for one in (relation.target, through) if one and one.feature == feature]
