"""What operations may be refused with."""

from __future__ import annotations

from collections.abc import Iterator

from petsage_builder.kinds.entities.asked import (
    CHANGING,
    ENDING,
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
    if _conflicts(entity, operation):
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


def is_held(entity: Entity) -> bool:
    """Whether rows can't be deleted as long as others belong to them."""
    return entity.held and not entity.soft_delete


def _conflicts(entity: Entity, operation: Operation) -> bool:
    """Whether the operation may not go with what is stored."""
    if operation in ENDING:
        return is_held(entity)
    if operation is Operation.RESTORE:  # by now, another may have what was unique
        return is_unique(entity)
    return operation in BODIES and may_conflict(entity)
