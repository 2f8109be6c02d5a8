"""Where walks are kept."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from petsage_api.core.columns import UTCDateTime, utcnow
from petsage_api.core.db import Base, Entity


class Walk(Entity):
    """A row for each walk."""

    __tablename__ = "walk"
    __table_args__ = (
        sa.PrimaryKeyConstraint("id", name="pk_walk"),
        sa.ForeignKeyConstraint(["start_id"], ["kennel.id"], name="fk_walk_start_id"),
        sa.Index("ix_walk_start_id", "start_id"),
    )

    at: Mapped[datetime] = mapped_column(UTCDateTime)
    start_id: Mapped[UUID] = mapped_column(sa.Uuid)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utcnow)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utcnow, onupdate=utcnow)


walk_dogs = sa.Table(
    "walk_dogs",
    Base.metadata,
    sa.Column("walk_id", sa.Uuid, nullable=False),
    sa.Column("dog_id", sa.Uuid, nullable=False),
    sa.PrimaryKeyConstraint("walk_id", "dog_id", name="pk_walk_dogs"),
    sa.ForeignKeyConstraint(
        ["walk_id"], ["walk.id"], name="fk_walk_dogs_walk_id", ondelete="CASCADE"
    ),
    sa.ForeignKeyConstraint(["dog_id"], ["dog.id"], name="fk_walk_dogs_dog_id", ondelete="CASCADE"),
    sa.Index("ix_walk_dogs_dog_id", "dog_id"),
)
