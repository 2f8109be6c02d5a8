"""Where kennels, dogs, permits, toys and stocks are kept."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from petsage_api.core.columns import UTCDateTime, utcnow
from petsage_api.core.db import Entity


class Kennel(Entity):
    """A row for each kennel."""

    __tablename__ = "kennel"
    __table_args__ = (sa.PrimaryKeyConstraint("id", name="pk_kennel"),)

    name: Mapped[str] = mapped_column(sa.String(80))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utcnow)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utcnow, onupdate=utcnow)


class Dog(Entity):
    """A row for each dog."""

    __tablename__ = "dog"
    __table_args__ = (
        sa.PrimaryKeyConstraint("id", name="pk_dog"),
        sa.ForeignKeyConstraint(
            ["kennel_id"], ["kennel.id"], name="fk_dog_kennel_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["mother_id"], ["dog.id"], name="fk_dog_mother_id", ondelete="SET NULL"
        ),
        sa.Index("ix_dog_kennel_id", "kennel_id"),
        sa.Index("ix_dog_mother_id", "mother_id"),
    )

    name: Mapped[str] = mapped_column(sa.String(80))
    kennel_id: Mapped[UUID | None] = mapped_column(sa.Uuid)
    mother_id: Mapped[UUID | None] = mapped_column(sa.Uuid)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utcnow)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utcnow, onupdate=utcnow)
    deleted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(sa.Integer, default=1)


class Permit(Entity):
    """A row for each permit."""

    __tablename__ = "permit"
    __table_args__ = (
        sa.PrimaryKeyConstraint("id", name="pk_permit"),
        sa.UniqueConstraint("number", name="uq_permit_number"),
        sa.UniqueConstraint("kennel_id", name="uq_permit_kennel_id"),
        sa.ForeignKeyConstraint(
            ["kennel_id"], ["kennel.id"], name="fk_permit_kennel_id", ondelete="CASCADE"
        ),
    )

    number: Mapped[str] = mapped_column(sa.String(20))
    kennel_id: Mapped[UUID] = mapped_column(sa.Uuid)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utcnow)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utcnow, onupdate=utcnow)


class Toy(Entity):
    """A row for each toy."""

    __tablename__ = "toy"
    __table_args__ = (sa.PrimaryKeyConstraint("id", name="pk_toy"),)

    name: Mapped[str] = mapped_column(sa.String(80))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utcnow)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utcnow, onupdate=utcnow)


class Stock(Entity):
    """A row for each stock."""

    __tablename__ = "stock"
    __table_args__ = (
        sa.PrimaryKeyConstraint("id", name="pk_stock"),
        sa.UniqueConstraint("kennel_id", "toy_id", name="uq_stock_kennel_id_toy_id"),
        sa.ForeignKeyConstraint(
            ["kennel_id"], ["kennel.id"], name="fk_stock_kennel_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["toy_id"], ["toy.id"], name="fk_stock_toy_id", ondelete="CASCADE"),
        sa.Index("ix_stock_toy_id", "toy_id"),
    )

    amount: Mapped[int] = mapped_column(sa.Integer)
    kennel_id: Mapped[UUID] = mapped_column(sa.Uuid)
    toy_id: Mapped[UUID] = mapped_column(sa.Uuid)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utcnow)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utcnow, onupdate=utcnow)
