"""Filters and pages of a list."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import sqlalchemy as sa
from pydantic import Field
from sqlalchemy.orm import Session

from petsage_api.core import ordering, rows, types
from petsage_api.core.db import Entity

Filters = Mapping[str, Callable[[Any], sa.ColumnElement[bool]]]
Sorts = ordering.Sorts
Within = Sequence[sa.ColumnElement[bool]]  # what else the rows have to be
ANYWHERE: Within = ()

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
class CursorPage:
    """Rows, and the cursor of the page after them."""

    items: list[rows.Row]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class OffsetPage:
    """Rows, and how many there are on all pages."""

    items: list[rows.Row]
    total: int


@dataclass(frozen=True, slots=True)
class OnePage:
    """Rows that are not cut into pages."""

    items: list[rows.Row]


def by_cursor(
    session: Session,
    entity: type[Entity],
    query: CursorQuery,
    filters: Filters,
    sorts: Sorts,
    within: Within = ANYWHERE,
) -> CursorPage:
    """The rows that come after those of the page before."""
    order = ordering.Order.of(entity, query, sorts)
    statement = rows.select(entity).where(*_conditions(query, filters), *within)
    if query.cursor is not None:
        statement = statement.where(order.after(query.cursor))
    found = rows.fetch(session, statement.order_by(*order.columns).limit(query.limit + 1))
    items = found[: query.limit]
    return CursorPage(items, order.cursor(items[-1]) if len(found) > query.limit else None)


def by_offset(
    session: Session,
    entity: type[Entity],
    query: OffsetQuery,
    filters: Filters,
    sorts: Sorts,
    within: Within = ANYWHERE,
) -> OffsetPage:
    """The rows that come after so many others."""
    order = ordering.Order.of(entity, query, sorts)
    statement = (
        rows.select(entity).where(*_conditions(query, filters), *within).order_by(*order.columns)
    )
    items = rows.fetch(session, statement.limit(query.limit).offset(query.offset))
    return OffsetPage(items, count(session, entity, query, filters, within))


def in_one_page(
    session: Session,
    entity: type[Entity],
    query: types.ApiModel,
    filters: Filters,
    sorts: Sorts,
    within: Within = ANYWHERE,
) -> OnePage:
    """The first rows, as many as one answer may hold."""
    order = ordering.Order.of(entity, query, sorts)
    statement = (
        rows.select(entity).where(*_conditions(query, filters), *within).order_by(*order.columns)
    )
    return OnePage(rows.fetch(session, statement.limit(LARGEST_PAGE)))


def count(
    session: Session,
    entity: type[Entity],
    query: types.ApiModel,
    filters: Filters,
    within: Within = ANYWHERE,
) -> int:
    """How many rows pass the filters."""
    statement = sa.select(sa.func.count()).select_from(entity.__table__)
    conditions = (*rows.live(entity), *_conditions(query, filters), *within)
    counted = session.connection().execute(statement.where(*conditions))
    return counted.scalar_one()


def is_null(column: ordering.Column, value: bool) -> sa.ColumnElement[bool]:
    """The condition that the column has no value, or that it has one."""
    return column.is_(None) if value else column.is_not(None)


def _conditions(query: types.ApiModel, filters: Filters) -> list[sa.ColumnElement[bool]]:
    values = ((condition, getattr(query, name)) for name, condition in filters.items())
    return [condition(value) for condition, value in values if value is not None]
