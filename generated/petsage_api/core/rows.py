"""Rows as plain values, for what is only read: entities, which can change, take twice the time."""

from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from petsage_api.core.db import Entity

Row = dict[str, Any]


@cache
def select(entity: type[Entity]) -> sa.Select[Any]:
    """All columns of the entity, by the names of its attributes; deleted rows are left out."""
    columns = sa.inspect(entity).column_attrs
    return sa.select(*(one.columns[0].label(one.key) for one in columns)).where(*live(entity))


def live(entity: type[Entity]) -> list[sa.ColumnElement[bool]]:
    """The condition that a row is not deleted, where deleted rows are kept."""
    column = entity.__table__.columns.get("deleted_at")
    return [] if column is None else [column.is_(None)]


@cache
def _by_id(entity: type[Entity]) -> sa.Select[Any]:
    return select(entity).where(entity.id == sa.bindparam("id"))


def fetch(session: Session, statement: sa.Select[Any], **parameters: object) -> list[Row]:
    """The rows that the statement finds."""
    result = session.connection().execute(statement, parameters)
    names = tuple(result.keys())
    return [dict(zip(names, values, strict=True)) for values in result.all()]


def of(entity: Entity) -> Row:
    """The row that the entity stands for."""
    return {one.key: getattr(entity, one.key) for one in sa.inspect(type(entity)).column_attrs}


def get(session: Session, entity: type[Entity], key: UUID) -> Row | None:
    """The row with this id, if there is one."""
    found = fetch(session, _by_id(entity), id=key)
    return found[0] if found else None
