"""What the generated tests try with references: unknown ids, and what becomes of orphans."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from petsage_builder.kinds.entities.asked import BelongsTo, OnDelete, Operation
from petsage_builder.kinds.entities.bodies import json_object
from petsage_builder.kinds.entities.factory import store
from petsage_builder.kinds.entities.homes import Home, Known
from petsage_builder.kinds.entities.naming import attribute
from petsage_builder.kinds.entities.parents import ids_of
from petsage_builder.kinds.entities.routes import paths_of
from petsage_builder.names import Ident, PyName, Words
from petsage_builder.python_code import Call, Code, Items, Name, Pairs
from petsage_builder.spec import ProjectSpec
from petsage_builder.text import Text


@dataclass(frozen=True, slots=True)
class Deletion:
    """A row that others belong to is deleted: by what relation, and what becomes of them.

    `table` is its class; `row` its id, None where the entity refers to its own kind; `stores`
    makes it, where the rows of the tests do not refer to one.
    """

    name: Ident
    field: Text
    one: Words
    table: Name
    row: Text | None
    stores: Call | None
    route: Text | None
    attribute: Ident | PyName
    cascades: bool
    restricts: bool
    clears: bool


@dataclass(frozen=True, slots=True)
class Tie:
    """A field that holds ids of others; `ids` are those that there are.

    `table` is their class; `loses`: whether they can be deleted, and clients read what is left.
    """

    name: Ident
    field: Text
    ids: Items
    table: Name
    loses: bool


@dataclass(frozen=True, slots=True)
class Unknown:
    """A field, and a value that refers to nothing."""

    field: Text
    value: Code


@dataclass(frozen=True, slots=True)
class References:
    """Fields that refer to others, each with an id that none has; and what tests need for them.

    `stores` make the rows that those of the tests refer to; `later`: fields that can change;
    `unlinked`: what is answered of links where there are none.
    """

    stores: tuple[Call, ...]
    unknown: tuple[Unknown, ...]
    later: tuple[Unknown, ...]
    ties: tuple[Tie, ...]
    deletions: tuple[Deletion, ...]
    unlinked: Pairs | None
    uses: tuple[object, ...]


def references_of(home: Home, known: Known, project: ProjectSpec) -> References:
    """What is tried with the references of an entity."""
    entity = home.entity
    stores = tuple(_stores(home, known))
    ties = tuple(_ties(home, known))
    untied = tuple(tie for tie in ties if tie.loses)
    unlinked = json_object(**{link.field.name: Items(()) for link in entity.links})
    deletions = tuple(_deletions(home, known, project))
    nobody = Text("00000000-0000-7000-8000-000000000000")
    one = [(Text(r.field.name), nobody, r.field.immutable) for r in entity.belongs_to]
    many = [(Text(link.field.name), Items((nobody,)), False) for link in entity.links]
    everyone: list[tuple[Text, Code, bool]] = [*one, *many]
    return References(
        stores=stores,
        unknown=tuple(Unknown(name, value) for name, value, _ in everyone),
        later=tuple(Unknown(name, value) for name, value, fixed in everyone if not fixed),
        ties=ties,
        deletions=deletions,
        unlinked=unlinked if entity.links else None,
        uses=(stores, untied, deletions, tuple(_used(home, stores, untied, deletions))),
    )


def _used(
    home: Home,
    stores: tuple[Call, ...],
    untied: tuple[Tie, ...],
    deletions: tuple[Deletion, ...],
) -> Iterator[Name]:
    if deletions or stores:
        yield Name("Session", "sqlalchemy.orm")
    if deletions or untied:
        yield Name("delete", "sqlalchemy")
    if deletions:
        yield Name(home.names.table, f".features.{home.feature}.tables")
    if any(one.restricts for one in deletions):
        yield Name("IntegrityError", "sqlalchemy.exc")


def _stores(home: Home, known: Known) -> Iterator[Call]:
    """A call for each entity that sample rows refer to."""
    targets = (r.target.entity for r in home.entity.kept if any(r.field.type.valid(r.field)))
    for target in dict.fromkeys(targets):
        if target != home.entity.name and _sampled(home, target):
            yield store(known[target])


def _sampled(home: Home, target: Ident) -> bool:
    """Whether samples refer to rows of the target, which may be none in a circle."""
    fields = [r.field for r in home.entity.kept if r.target.entity == target]
    return any(field.type.stored and any(field.type.valid(field)) for field in fields) or any(
        value.values for f in fields if not f.type.stored for value in f.type.valid(f)
    )


def _ties(home: Home, known: Known) -> Iterator[Tie]:
    """One for each link whose samples tie rows."""
    for link in home.entity.links:
        target = known[link.target.entity]
        ids = ids_of(target.entity.name, len(target.parents))
        if any(value.values for value in link.field.type.valid(link.field)):
            yield Tie(
                name=link.name,
                field=Text(link.field.name),
                ids=Items(tuple(Text(str(one)) for one in ids)),
                table=Name(target.names.table, f".features.{target.feature}.tables"),
                loses=Operation.READ in home.entity.operations and not target.entity.held,
            )


def _deletions(home: Home, known: Known, project: ProjectSpec) -> Iterator[Deletion]:
    """One for each relation; they begin with a row that a client or the test has created."""
    if Operation.CREATE not in home.entity.operations:
        return
    for relation in home.entity.belongs_to:
        target = known[relation.target.entity]
        own = relation.target.entity == home.entity.name
        circular = not any(relation.field.type.valid(relation.field))
        ids = ids_of(target.entity.name, len(target.parents))
        yield Deletion(
            name=relation.name,
            field=Text(relation.field.name),
            one=target.names.one,
            table=Name(target.names.table, f".features.{target.feature}.tables"),
            row=None if own else Text(str(ids[-1])),
            stores=store(target) if circular and not own else None,
            route=_route(relation, target, project),
            attribute=attribute(relation.field.name),
            **_becomes(relation),
        )


def _route(relation: BelongsTo, target: Home, project: ProjectSpec) -> Text | None:
    """Where a client would delete what can't be deleted, if clients can."""
    deletes = Operation.DELETE in target.entity.operations and not target.entity.soft_delete
    if relation.on_delete is not OnDelete.RESTRICT or not deletes:
        return None
    return paths_of(target.entity, target.names, project).url


def _becomes(relation: BelongsTo) -> dict[str, bool]:
    return {
        "cascades": relation.on_delete is OnDelete.CASCADE,
        "restricts": relation.on_delete is OnDelete.RESTRICT,
        "clears": relation.on_delete is OnDelete.SET_NULL,
    }
