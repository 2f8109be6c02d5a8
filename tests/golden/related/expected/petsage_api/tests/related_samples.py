"""Tables of its own for the tests of references and links: shelves, samples on them, labels."""

from datetime import datetime
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from petsage_api.core.columns import UTCDateTime, utcnow
from petsage_api.core.db import Entity


class RelatedBase(Entity):
    """Keeps these tables out of those of the application."""

    __abstract__ = True
    metadata = sa.MetaData()


class Shelf(RelatedBase):
    """What things are on; deleted ones are kept."""

    __tablename__ = "test_shelf"
    __table_args__ = (sa.PrimaryKeyConstraint("id"),)

    deleted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Label(RelatedBase):
    """What is on things."""

    __tablename__ = "test_label"
    __table_args__ = (sa.PrimaryKeyConstraint("id"),)


class Thing(RelatedBase):
    """What is on a shelf, and has labels."""

    __tablename__ = "test_thing"
    __table_args__ = (
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["shelf_id"], ["test_shelf.id"]),
    )

    shelf_id: Mapped[UUID | None] = mapped_column(sa.Uuid)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utcnow)


thing_labels = sa.Table(
    "test_thing_labels",
    RelatedBase.metadata,
    sa.Column("thing_id", sa.Uuid, sa.ForeignKey("test_thing.id"), primary_key=True),
    sa.Column("label_id", sa.Uuid, sa.ForeignKey("test_label.id"), primary_key=True),
)


@pytest.fixture
def related(session: Session) -> Session:
    """A session that knows these tables."""
    RelatedBase.metadata.create_all(session.connection())
    return session


def stored(session: Session, *rows: Entity) -> None:
    """The rows are there."""
    for row in rows:
        session.add(row)
        session.flush()
