"""The tables of a feature and their relations, as a picture shows them."""

from __future__ import annotations

from collections.abc import Sequence

from petsage_builder.kinds.entities.asked import Entity
from petsage_builder.spec import Drawing, Edge


def drawing_of(entities: Sequence[Entity]) -> Drawing:
    """Every table, and every relation that is kept in one."""
    edges = [
        (relation.field, Edge(relation.target.entity, entity.name, relation.name))
        for entity in entities
        for relation in entity.belongs_to
    ]

    def between(*, nullable: bool, unique: bool) -> tuple[Edge, ...]:
        wanted = (nullable, unique)
        return tuple(edge for field, edge in edges if (field.nullable, field.unique) == wanted)

    return Drawing(
        tables=tuple(entity.name for entity in entities),
        always=between(nullable=False, unique=False),
        maybe=between(nullable=True, unique=False),
        paired=between(nullable=False, unique=True),
        maybe_paired=between(nullable=True, unique=True),
        tied=tuple(
            Edge(entity.name, link.target.entity, link.name)
            for entity in entities
            for link in entity.links
        ),
    )
