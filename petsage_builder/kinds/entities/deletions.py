"""What the generated tests try with orphans: rows that go, stay or are in the way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from petsage_builder.field_types.field import Value
from petsage_builder.kinds.entities import sent_rows
from petsage_builder.kinds.entities.asked import (
    BelongsTo,
    Entity,
    Locking,
    OnDelete,
    Operation,
)
from petsage_builder.kinds.entities.factory import store, stored_targets, targets_of
from petsage_builder.kinds.entities.homes import Home, Known
from petsage_builder.kinds.entities.naming import attribute
from petsage_builder.kinds.entities.reaching import reached
from petsage_builder.kinds.entities.routes import paths_of
from petsage_builder.kinds.entities.samples import Row, row_with, rows_of
from petsage_builder.names import Ident, PyName, Words
from petsage_builder.python_code import Call, Code, Either, Name, Pairs, Subscript, call
from petsage_builder.spec import ProjectSpec
from petsage_builder.text import Text


@dataclass(frozen=True, slots=True)
class Deletion:
    """A row that others belong to is deleted: by what relation, and what becomes of them.

    `table` is its class; `row` its id, None where the entity refers to its own kind; `sent` makes
    the one that belongs to it; `stores` makes the row, where those of the tests refer to none.
    """

    name: Ident
    one: Words
    table: Name
    row: Text | None
    sent: Code
    stores: Call | None
    route: Text | None
    attribute: Ident | PyName
    cascades: bool
    restricts: bool
    clears: bool


def deletions_of(home: Home, known: Known, project: ProjectSpec) -> Iterator[Deletion]:
    """One for each relation; they begin with a row that a client or the test has created."""
    if Operation.CREATE not in home.entity.operations:
        return
    rows = rows_of(home.entity)
    for relation in home.entity.belongs_to:
        target = known[relation.target.entity]
        own = relation.target.entity == home.entity.name
        circular = not any(relation.field.type.valid(relation.field))
        key = _spare(home, target, known)
        there = rows[:1] if own else home.parents if circular else ()
        row = key and row_with(home.entity, relation.field, key, there)
        if not row or list(row.values()).count(key) > 1:
            continue
        yield Deletion(
            name=relation.name,
            one=target.names.one,
            table=target.table,
            row=None if own else Text(str(key)),
            sent=_sent(home.entity, relation, row, rows),
            stores=store(target) if circular and not own else None,
            route=_route(home.entity, relation, target, project),
            attribute=attribute(relation.field.name),
            **_becomes(relation),
        )


def _spare(home: Home, target: Home, known: Known) -> UUID | None:
    """The last row of the target that no row refers to which tests of this entity store."""
    start = (target.entity.name, *stored_targets(home))
    stored = reached(start, lambda name: targets_of(known[name]))
    used = {
        row.get(relation.field.name)
        for name in stored
        for relation in known[name].entity.belongs_to
        if relation.target.entity == target.entity.name
        for row in known[name].parents
    }
    return next((key for key in reversed(target.ids) if key not in used), None)


def _sent(entity: Entity, relation: BelongsTo, row: Row, rows: Sequence[Row]) -> Code:
    """The row as the sample that is most like it, with what is different."""

    def others(sample: Row) -> dict[Ident, Value]:
        return {k: v for k, v in row.items() if v != sample[k] and k != relation.field.name}

    number, sample = min(enumerate(rows), key=lambda one: len(others(one[1])))
    different = sent_rows.wire(entity, others(sample)).pairs
    key = (Text(relation.field.name), call("str", Name("key")))
    return Either(Subscript(Name("ROWS"), (number,)), Pairs((*different, key)))


def _route(entity: Entity, relation: BelongsTo, target: Home, project: ProjectSpec) -> Text | None:
    """Where a client would delete what can't be deleted, if clients can."""
    other = target.entity
    deletes = Operation.DELETE in other.operations and not other.soft_delete
    unnamed = other.locking is Locking.REQUIRED and entity.locking is not Locking.REQUIRED
    if relation.on_delete is not OnDelete.RESTRICT or not deletes or unnamed:
        return None
    return paths_of(other, target.names, project).url


def _becomes(relation: BelongsTo) -> dict[str, bool]:
    return {
        "cascades": relation.on_delete is OnDelete.CASCADE,
        "restricts": relation.on_delete is OnDelete.RESTRICT,
        "clears": relation.on_delete is OnDelete.SET_NULL,
    }
