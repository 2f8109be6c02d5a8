"""Where pets are kept."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from petsage_api.core.columns import ExactNumeric, UTCDateTime, utcnow
from petsage_api.core.db import Base, Entity


class Pet(Entity):
    """A row for each pet."""

    __tablename__ = "pet"
    __table_args__ = (
        sa.PrimaryKeyConstraint("id", name="pk_pet"),
        sa.CheckConstraint('"adopted_on" >= "born_on"', name="ck_pet_adopted_after_birth"),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["owner.id"], name="fk_pet_owner_id", ondelete="CASCADE"
        ),
        sa.Index(
            "uq_pet_chip",
            "chip",
            unique=True,
            sqlite_where=sa.text("deleted_at IS NULL"),
            postgresql_where=sa.text("deleted_at IS NULL"),
        ),
        sa.Index(
            "uq_pet_owner_id_name",
            "owner_id",
            "name",
            unique=True,
            sqlite_where=sa.text("deleted_at IS NULL"),
            postgresql_where=sa.text("deleted_at IS NULL"),
        ),
        sa.Index("ix_pet_species_born_on", "species", "born_on"),
        sa.Index("ix_pet_name_id", "name", "id"),
        sa.Index("ix_pet_created_at_id", "created_at", "id"),
        sa.Index("ix_pet_weight_kg_id", "weight_kg", "id"),
        sa.Index("ix_pet_born_on", "born_on"),
    )

    name: Mapped[str] = mapped_column(sa.String(80))
    species: Mapped[str] = mapped_column(sa.String(5))
    weight_kg: Mapped[Decimal | None] = mapped_column(ExactNumeric(6, 2))
    chip: Mapped[str | None] = mapped_column(sa.String(255))
    born_on: Mapped[date | None] = mapped_column(sa.Date)
    adopted_on: Mapped[date | None] = mapped_column(sa.Date)
    notes: Mapped[str | None] = mapped_column(sa.Text)
    owner_id: Mapped[UUID] = mapped_column(sa.Uuid)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utcnow)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utcnow, onupdate=utcnow)
    deleted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(sa.Integer, default=1)


pet_tags = sa.Table(
    "pet_tags",
    Base.metadata,
    sa.Column("pet_id", sa.Uuid, nullable=False),
    sa.Column("tag_id", sa.Uuid, nullable=False),
    sa.PrimaryKeyConstraint("pet_id", "tag_id", name="pk_pet_tags"),
    sa.ForeignKeyConstraint(["pet_id"], ["pet.id"], name="fk_pet_tags_pet_id", ondelete="CASCADE"),
    sa.ForeignKeyConstraint(["tag_id"], ["tag.id"], name="fk_pet_tags_tag_id", ondelete="CASCADE"),
    sa.Index("ix_pet_tags_tag_id", "tag_id"),
)
