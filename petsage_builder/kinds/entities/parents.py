"""The rows that tests refer to: some of each entity, with ids that never change."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Final
from uuid import UUID

from petsage_builder.field_types.field import Field
from petsage_builder.field_types.references import reference, references
from petsage_builder.kinds.entities.asked import BelongsTo, Entity, Mirror, Operation
from petsage_builder.kinds.entities.rules.samples import ENOUGH
from petsage_builder.kinds.entities.samples import Row, entangled, rows_of
from petsage_builder.names import Ident

MOST: Final = 3

Ids = Mapping[Ident, tuple[UUID, ...]]


def ids_of(name: Ident, count: int) -> tuple[UUID, ...]:
    """The ids of an entity's parent rows, in their order."""
    digest = hashlib.sha256(name.encode()).hexdigest()[:8]
    return tuple(UUID(f"00000000-0000-7000-8000-{digest}{n:04x}") for n in range(1, count + 1))


def needed(entity: Entity) -> tuple[BelongsTo, ...]:
    """The relations without which there can be no row: required, or tied to others by a check."""
    tied = entangled(entity)
    return tuple(r for r in entity.belongs_to if r.field.required or r.field.name in tied)


def parent_rows(entity: Entity, ids: Ids) -> tuple[Row, ...]:
    """Rows that refer to as little as they can: only where they must, and to the first there is.

    Where each needs one of its own, too, the last stays free: tests can delete it.
    """
    musts = {relation.field.name: relation for relation in needed(entity)}

    def least(field: Field) -> Field:
        if field.name in musts:
            known = ids.get(musts[field.name].target.entity, ())  # of its own kind there is none
            several = known[: max(ENOUGH, len(known) - 1)]
            return replace(field, type=reference(several if field.unique else known[:1]))
        if any(relation.field.name == field.name for relation in entity.belongs_to):
            return replace(field, type=reference(()))
        return field if field.type.stored else replace(field, type=references(()))

    return rows_of(replace(entity, fields=tuple(map(least, entity.fields))))[:MOST]


def with_ids(entity: Entity, ids: Ids, circular: Collection[Ident]) -> Entity:
    """The entity whose samples refer to parent rows, but for entities that need this one first."""

    def known(target: Ident) -> tuple[UUID, ...]:
        return () if target in circular else ids[target]

    makes = Operation.CREATE in entity.operations  # else tests store rows, which have no links
    fields = {
        **{r.field.name: reference(known(r.target.entity)) for r in entity.belongs_to},
        **{r.field.name: references(known(r.target.entity) if makes else ()) for r in entity.links},
    }

    def typed(field: Field) -> Field:
        return replace(field, type=fields.get(field.name, field.type))

    relations = tuple(
        relation if isinstance(relation, Mirror) else replace(relation, field=typed(relation.field))
        for relation in entity.relations
    )
    return replace(entity, fields=tuple(map(typed, entity.fields)), relations=relations)
