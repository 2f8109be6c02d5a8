"""What operations may be refused with."""

from __future__ import annotations

from collections.abc import Iterator

from petsage_builder.kinds.entities.asked import (
    CHANGING,
    MAKING,
    Entity,
    Locking,
    Operation,
    Paginate,
)

BODIES = MAKING | CHANGING
ONE = frozenset({Operation.READ, Operation.DELETE, Operation.RESTORE}) | CHANGING
VERSIONED = CHANGING | {Operation.DELETE}
QUERIES = frozenset({Operation.LIST, Operation.COUNT, Operation.BULK_DELETE})


def statuses_of(entity: Entity, operation: Operation) -> Iterator[int]:
    """What the operation may be refused with, in order."""
    cursor = entity.listing.paginate is Paginate.CURSOR
    if operation in BODIES or (operation is Operation.LIST and cursor):
        yield 400
    if operation in ONE or operation is Operation.BULK_DELETE:
        yield 404
    if (operation in BODIES and may_conflict(entity)) or _restores_taken(entity, operation):
        yield 409
    if entity.versioned and operation in VERSIONED:
        yield 412
    if operation in BODIES | QUERIES:
        yield 422
    if entity.locking is Locking.REQUIRED and operation in VERSIONED:
        yield 428


def may_conflict(entity: Entity) -> bool:
    """Whether what is written may not go with what is stored."""
    return is_unique(entity) or bool(entity.kept)


def is_unique(entity: Entity) -> bool:
    """Whether something that clients write is unique."""
    alone = any(field.unique for field in entity.fields if not field.read_only)
    return alone or bool(entity.unique_together)


def _restores_taken(entity: Entity, operation: Operation) -> bool:
    """Whether what was unique among rows that are not deleted may be taken by now."""
    return operation is Operation.RESTORE and is_unique(entity)
