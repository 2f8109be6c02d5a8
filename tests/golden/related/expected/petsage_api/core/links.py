"""Links: pairs of ids, by which a row is tied to any number of others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from petsage_api.core import references, rows
from petsage_api.core.columns import utcnow
from petsage_api.core.db import Entity


@dataclass(frozen=True, slots=True)
class Link:
    """The two columns of a table of pairs, and whose ids the other one holds."""

    own: sa.Column[UUID]
    other: sa.Column[UUID]
    entity: type[Entity]


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be untied, and what is to be tied."""

    link: Link
    old: set[UUID]
    new: set[UUID]


class Stamped(Protocol):
    """A row that tells when it was changed."""

    id: Any
    updated_at: Any


Links = Mapping[str, Link]


def load(session: Session, found: Sequence[rows.Row], links: Links) -> None:
    """Put into each row the ids that it is tied to, by one statement for each link."""
    keys = [row["id"] for row in found]
    for name, link in links.items():
        tied: dict[UUID, list[UUID]] = {key: [] for key in keys}
        statement = sa.select(link.own, link.other).where(link.own.in_(keys)).order_by(link.other)
        for own, other in session.execute(statement) if keys else ():
            tied[own].append(other)
        for row in found:
            row[name] = tied[row["id"]]


def changes(session: Session, row: Entity, values: dict[str, Any], links: Links) -> list[Change]:
    """Take the ids out of the values, and tell what they change; refuse those that no row has."""
    found = []
    for name, link in links.items():
        if name in values:
            old = _tied(session, row, link)
            change = Change(link, old, set(values.pop(name)))
            if references.missing(session, link.entity, change.new - old):
                raise references.refusal([name])
            if change.old != change.new:
                found.append(change)
    return found


def stamp(row: Stamped, changes: Sequence[Change]) -> None:
    """A change of links is one of the row, too, if it is stored already."""
    if changes and row.id:
        row.updated_at = utcnow()


def make(session: Session, row: Entity, changes: Sequence[Change]) -> None:
    """Untie and tie."""
    for change in changes:
        link, gone, added = change.link, change.old - change.new, change.new - change.old
        if gone:
            of_row = (link.own == row.id, link.other.in_(gone))
            session.execute(sa.delete(link.own.table).where(*of_row))
        if added:
            pairs = [{link.own.name: row.id, link.other.name: key} for key in sorted(added)]
            session.execute(sa.insert(link.own.table), pairs)


def _tied(session: Session, row: Entity, link: Link) -> set[UUID]:
    """The ids that a stored row is tied to."""
    if row.id is None:
        return set()
    return set(session.scalars(sa.select(link.other).where(link.own == row.id)))
