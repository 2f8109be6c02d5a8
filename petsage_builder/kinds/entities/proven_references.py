"""What the generated tests try with references: rows that they need, and unknown ids."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from petsage_builder.kinds.entities.asked import OnDelete, Operation
from petsage_builder.kinds.entities.deletions import Deletion, deletions_of
from petsage_builder.kinds.entities.factory import store, stored_targets
from petsage_builder.kinds.entities.homes import Home, Known
from petsage_builder.kinds.entities.reaching import reached
from petsage_builder.names import Ident
from petsage_builder.python_code import Call, Code, Items, Name
from petsage_builder.spec import ProjectSpec
from petsage_builder.text import Text


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

    `stores` make the rows that those of the tests refer to; `later`: fields that can change.
    """

    stores: tuple[Call, ...]
    unknown: tuple[Unknown, ...]
    later: tuple[Unknown, ...]
    ties: tuple[Tie, ...]
    deletions: tuple[Deletion, ...]
    uses: tuple[object, ...]


def references_of(home: Home, known: Known, project: ProjectSpec) -> References:
    """What is tried with the references of an entity."""
    entity = home.entity
    stores = tuple(store(known[target]) for target in stored_targets(home))
    deletions = tuple(deletions_of(home, known, project))
    ties = tuple(_ties(home, known))
    untied = tuple(tie for tie in ties if tie.loses)
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
        yield home.table
    if any(one.restricts for one in deletions):
        yield Name("IntegrityError", "sqlalchemy.exc")


def _ties(home: Home, known: Known) -> Iterator[Tie]:
    """One for each link whose samples tie rows."""
    for link in home.entity.links:
        target = known[link.target.entity]
        if any(value.values for value in link.field.type.valid(link.field)):
            yield Tie(
                name=link.name,
                field=Text(link.field.name),
                ids=Items(tuple(Text(str(one)) for one in target.ids)),
                table=target.table,
                loses=_loses(home, target, known),
            )


def _loses(home: Home, target: Home, known: Known) -> bool:
    """Whether a row stays, and is read, when one is deleted that it is tied to."""

    def goes_with(name: Ident) -> Iterator[Ident]:
        relations = known[name].entity.belongs_to
        yield from (r.target.entity for r in relations if r.on_delete is OnDelete.CASCADE)

    goes = reached(goes_with(home.entity.name), goes_with)
    reads = Operation.READ in home.entity.operations
    return reads and not target.entity.held and target.entity.name not in goes
