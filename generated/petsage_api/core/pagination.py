"""Filters and pages of a list."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar

import sqlalchemy as sa
from pydantic import Field
from sqlalchemy.orm import Session

from petsage_api.core import ordering, types
from petsage_api.core.db import Entity

E = TypeVar("E", bound=Entity)
Filters = Mapping[str, Callable[[Any], sa.ColumnElement[bool]]]
Sorts = ordering.Sorts

LARGEST_PAGE = 1000


class CursorQuery(types.ApiModel):
    """Which page of a list, told by the page before it."""

    limit: int = Field(default=20, ge=1, le=100, description="The most items on a page.")
    cursor: Annotated[str, Field(max_length=8192, pattern="^[A-Za-z0-9_-]+$")] | None = (
        types.optional("`next_cursor` of the page before; left out for the first.")
    )


class OffsetQuery(types.ApiModel):
    """Which page of a list, told by what comes before it."""

    limit: int = Field(default=20, ge=1, le=100, description="The most items on a page.")
    offset: int = Field(default=0, ge=0, le=1_000_000, description="How many items to skip.")


@dataclass(frozen=True, slots=True)
class CursorPage(Generic[E]):
    """Rows, and the cursor of the page after them."""

    items: Sequence[E]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class OffsetPage(Generic[E]):
    """Rows, and how many there are on all pages."""

    items: Sequence[E]
    total: int


@dataclass(frozen=True, slots=True)
class OnePage(Generic[E]):
    """Rows that are not cut into pages."""

    items: Sequence[E]


def by_cursor(
    session: Session, entity: type[E], query: CursorQuery, filters: Filters, sorts: Sorts
) -> CursorPage[E]:
    """The rows that come after those of the page before."""
    order = ordering.Order.of(entity, query, sorts)
    statement = sa.select(entity).where(*_conditions(query, filters))
    if query.cursor is not None:
        statement = statement.where(order.after(query.cursor))
    rows = session.scalars(statement.order_by(*order.columns).limit(query.limit + 1)).all()
    items = rows[: query.limit]
    return CursorPage(items, order.cursor(items[-1]) if len(rows) > query.limit else None)


def by_offset(
    session: Session, entity: type[E], query: OffsetQuery, filters: Filters, sorts: Sorts
) -> OffsetPage[E]:
    """The rows that come after so many others."""
    order = ordering.Order.of(entity, query, sorts)
    statement = sa.select(entity).where(*_conditions(query, filters)).order_by(*order.columns)
    rows = session.scalars(statement.limit(query.limit).offset(query.offset)).all()
    return OffsetPage(rows, count(session, entity, query, filters))


def in_one_page(
    session: Session, entity: type[E], query: types.ApiModel, filters: Filters, sorts: Sorts
) -> OnePage[E]:
    """The first rows, as many as one answer may hold."""
    order = ordering.Order.of(entity, query, sorts)
    statement = sa.select(entity).where(*_conditions(query, filters)).order_by(*order.columns)
    return OnePage(session.scalars(statement.limit(LARGEST_PAGE)).all())


def count(session: Session, entity: type[E], query: types.ApiModel, filters: Filters) -> int:
    """How many rows pass the filters."""
    statement = sa.select(sa.func.count()).select_from(entity).where(*_conditions(query, filters))
    return session.execute(statement).scalar_one()


def is_null(column: ordering.Column, value: bool) -> sa.ColumnElement[bool]:
    """The condition that the column has no value, or that it has one."""
    return column.is_(None) if value else column.is_not(None)


def _conditions(query: types.ApiModel, filters: Filters) -> list[sa.ColumnElement[bool]]:
    values = ((condition, getattr(query, name)) for name, condition in filters.items())
    return [condition(value) for condition, value in values if value is not None]
