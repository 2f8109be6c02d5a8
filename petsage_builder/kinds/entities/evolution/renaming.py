"""An entity as it was built, under the names of now: the same tables, so that they compare."""

from __future__ import annotations

from dataclasses import replace

from petsage_builder.field_types.field import Field
from petsage_builder.kinds.entities.asked import (
    Check,
    Compares,
    Entity,
    Listing,
    Mirror,
    OneOf,
    Relation,
    Requires,
)
from petsage_builder.kinds.entities.evolution.matching import Pair, Renames
from petsage_builder.names import Ident


def under_new_names(pair: Pair, tables: Renames) -> Entity:
    """The entity of before with every name of after; `tables`: all entities that were renamed."""
    entity = pair.before
    return replace(
        entity,
        name=pair.after.name,
        fields=tuple(_field(field, pair.fields) for field in entity.fields),
        relations=tuple(_relation(one, pair, tables) for one in entity.relations),
        unique_together=tuple(_all(group, pair.fields) for group in entity.unique_together),
        indexes=tuple(_all(group, pair.fields) for group in entity.indexes),
        checks=tuple(_check(check, pair.fields) for check in entity.checks),
        listing=_listing(entity.listing, pair.fields),
    )


def with_targets(entity: Entity, tables: Renames) -> Entity:
    """The entity, its relations to entities under their new names."""
    return replace(entity, relations=tuple(_aimed(one, tables) for one in entity.relations))


def _aimed(relation: Relation, tables: Renames) -> Relation:
    entity = relation.target.entity
    return replace(relation, target=replace(relation.target, entity=tables.get(entity, entity)))


def _relation(relation: Relation, pair: Pair, tables: Renames) -> Relation:
    aimed = _aimed(relation, tables)
    if isinstance(aimed, Mirror):
        return aimed
    name = pair.relations.get(aimed.name, aimed.name)
    return replace(aimed, name=name, field=_field(aimed.field, pair.fields))


def _field(field: Field, fields: Renames) -> Field:
    return replace(field, name=fields.get(field.name, field.name))


def _all(group: tuple[Ident, ...], fields: Renames) -> tuple[Ident, ...]:
    return tuple(fields.get(name, name) for name in group)


def _check(check: Check, fields: Renames) -> Check:
    match check:
        case Compares(_, left, _, right):
            return replace(check, left=_field(left, fields), right=_field(right, fields))
        case Requires(_, field, other):
            return replace(check, field=_field(field, fields), other=_field(other, fields))
        case OneOf(_, several):
            return replace(check, fields=tuple(_field(field, fields) for field in several))


def _listing(listing: Listing, fields: Renames) -> Listing:
    return replace(
        listing,
        filters={fields.get(name, name): said for name, said in listing.filters.items()},
        sort=_all(listing.sort, fields),
        search=_all(listing.search, fields),
    )
