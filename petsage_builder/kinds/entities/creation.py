"""The migration that makes the tables of a feature, each after those that it refers to."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter

from petsage_builder.kinds.entities.asked import BelongsTo, Entity, ManyToMany
from petsage_builder.kinds.entities.links import (
    link_constraints,
    link_index,
    link_name,
    migrated_link_columns,
    tables_of,
)
from petsage_builder.kinds.entities.naming import EntityNames, listed
from petsage_builder.kinds.entities.parents import needed
from petsage_builder.kinds.entities.storage import (
    constraints_of,
    create_index,
    foreign_key,
    indexes_of,
    key_name,
    migrated_columns,
    on_delete,
)
from petsage_builder.names import Ident
from petsage_builder.python_code import Call, Code, Items, With, call
from petsage_builder.spec import Steps
from petsage_builder.text import Text


def in_order(entities: Sequence[Entity]) -> tuple[Entity, ...]:
    """The entities of a feature, each after those that it belongs to, as far as there is a way."""
    named = {entity.name: entity for entity in entities}
    every = {name: _targets(entity, entity.belongs_to) for name, entity in named.items()}
    must = {name: _targets(entity, needed(entity)) for name, entity in named.items()}
    for graph in (every, must):
        inside = {name: sorted(targets & named.keys()) for name, targets in graph.items()}
        with contextlib.suppress(CycleError):
            return tuple(named[name] for name in TopologicalSorter(inside).static_order())
    raise AssertionError("circles of needed relations were refused")


def _targets(entity: Entity, relations: Iterable[BelongsTo]) -> set[Ident]:
    return {relation.target.entity for relation in relations} - {entity.name}


def late_relations(entities: Sequence[Entity]) -> dict[Ident, frozenset[Ident]]:
    """The relations of each entity of a feature to tables of it that are made after its own."""
    names = [entity.name for entity in in_order(entities)]
    later = {name: frozenset(names[place + 1 :]) for place, name in enumerate(names)}
    return {
        entity.name: frozenset(
            r.name for r in entity.belongs_to if r.target.entity in later[entity.name]
        )
        for entity in entities
    }


def creation_of(entities: Sequence[Entity], names: Mapping[Ident, EntityNames]) -> Steps:
    """What makes the tables, in an order that references allow, and drops them again."""
    late = late_relations(entities)
    ordered = in_order(entities)
    made = (step for entity in ordered for step in made_table(entity, late[entity.name]))
    linked = (step for e in ordered for link in e.links for step in made_link(e, link))
    added = (late_keys(entity, late[entity.name]) for entity in ordered if late[entity.name])
    tables = [entity.name for entity in ordered]
    tables += [name for entity in ordered for name in tables_of(entity) if name != entity.name]
    taken = (without_keys(entity, late[entity.name]) for entity in ordered if late[entity.name])
    many = "the tables" if len(entities) > 1 else "the table"
    words = listed([names[entity.name].many for entity in entities])
    return Steps(
        summary=Text(f"Make {many} of {words}."),
        upgrade=(*made, *linked, *added),
        downgrade=(*taken, *(call("op.drop_table", Text(name)) for name in reversed(tables))),
    )


def made_table(entity: Entity, late: Collection[Ident]) -> Iterator[Call]:
    """What makes the table of the entity, and its indexes."""
    inline = [foreign_key(entity, r, ()) for r in entity.belongs_to if r.name not in late]
    made: list[Code] = [Text(entity.name), *migrated_columns(entity), *constraints_of(entity)]
    yield call("op.create_table", *made, *inline)
    for index in indexes_of(entity):
        yield create_index(entity.name, index)


def made_link(entity: Entity, link: ManyToMany) -> Iterator[Call]:
    """What makes the table of a relation to many, and its index."""
    name = link_name(entity, link)
    columns = migrated_link_columns(entity, link)
    yield call("op.create_table", Text(name), *columns, *link_constraints(entity, link))
    yield create_index(name, link_index(entity, link))


def late_keys(entity: Entity, late: Collection[Ident]) -> With:
    """The foreign keys to tables that were made after this one."""
    added = tuple(
        call(
            "batch.create_foreign_key",
            Text(key_name(entity, relation)),
            Text(relation.target.entity),
            Items((Text(relation.field.name),)),
            Items((Text("id"),)),
            **on_delete(relation),
        )
        for relation in entity.belongs_to
        if relation.name in late
    )
    return With(call("op.batch_alter_table", Text(entity.name)), Ident("batch"), added)


def without_keys(entity: Entity, late: Collection[Ident]) -> With:
    """What takes the same foreign keys away."""
    dropped = tuple(
        call("batch.drop_constraint", Text(key_name(entity, relation)), type_=Text("foreignkey"))
        for relation in entity.belongs_to
        if relation.name in late
    )
    return With(call("op.batch_alter_table", Text(entity.name)), Ident("batch"), dropped)
