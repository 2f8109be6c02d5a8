"""Rows of others, embedded where a client asks for them: as many statements for a page as for one."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from petsage_api.core import links, rows
from petsage_api.core.db import Entity


@dataclass(frozen=True, slots=True)
class One:
    """The row that a field refers to."""

    field: str
    entity: type[Entity]
    links: links.Links

    def load(self, session: Session, found: Sequence[rows.Row], name: str) -> None:
        """Put it into each row, or None where there is none."""
        keys = {row[self.field] for row in found}
        others = _fetch(session, self.entity, self.entity.id.in_(keys - {None}), self.links)
        embedded = {row["id"]: row for row in others}
        for row in found:
            row[name] = embedded.get(row[self.field])


@dataclass(frozen=True, slots=True)
class Many:
    """The rows that a row is tied to."""

    field: str
    link: links.Link
    links: links.Links

    def load(self, session: Session, found: Sequence[rows.Row], name: str) -> None:
        """Put them into each row, in the order of their ids."""
        keys = [row["id"] for row in found]
        tied = sa.select(self.link.other).where(self.link.own.in_(keys))
        entity = self.link.entity
        embedded = {
            row["id"]: row for row in _fetch(session, entity, entity.id.in_(tied), self.links)
        }
        for row in found:
            row[name] = [embedded[key] for key in row[self.field] if key in embedded]


@dataclass(frozen=True, slots=True)
class Back:
    """The row that refers to a row by a column that is unique."""

    column: InstrumentedAttribute[Any]
    entity: type[Entity]
    links: links.Links

    def load(self, session: Session, found: Sequence[rows.Row], name: str) -> None:
        """Put it into each row, or None where there is none."""
        keys = [row["id"] for row in found]
        others = _fetch(session, self.entity, self.column.in_(keys), self.links)
        embedded = {row[self.column.key]: row for row in others}
        for row in found:
            row[name] = embedded.get(row["id"])


Includes = Mapping[str, One | Many | Back]
NOTHING: Collection[str] = ()


def load(
    session: Session, found: Sequence[rows.Row], asked: Collection[str], includes: Includes
) -> None:
    """Embed what is asked for."""
    for name in dict.fromkeys(asked):
        includes[name].load(session, found, name)


def _fetch(
    session: Session,
    entity: type[Entity],
    condition: sa.ColumnElement[bool],
    own_links: links.Links,
) -> list[rows.Row]:
    found = rows.fetch(session, rows.select(entity).where(condition))
    links.load(session, found, own_links)
    return found
