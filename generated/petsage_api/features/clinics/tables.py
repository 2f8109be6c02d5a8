"""Where clinics and vets are kept."""

from datetime import datetime, time
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from petsage_api.core.columns import UTCDateTime, utcnow
from petsage_api.core.db import Entity


class Clinic(Entity):
    """A row for each clinic."""

    __tablename__ = "clinic"
    __table_args__ = (
        sa.PrimaryKeyConstraint("id", name="pk_clinic"),
        sa.UniqueConstraint("name", name="uq_clinic_name"),
        sa.CheckConstraint('"closes_at" > "opens_at"', name="ck_clinic_closes_after_opening"),
        sa.Index("ix_clinic_name_id", "name", "id"),
    )

    name: Mapped[str] = mapped_column(sa.String(120))
    website: Mapped[str | None] = mapped_column(sa.String(2048))
    opens_at: Mapped[time] = mapped_column(sa.Time)
    closes_at: Mapped[time] = mapped_column(sa.Time)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utcnow)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utcnow, onupdate=utcnow)


class Vet(Entity):
    """A row for each vet."""

    __tablename__ = "vet"
    __table_args__ = (
        sa.PrimaryKeyConstraint("id", name="pk_vet"),
        sa.UniqueConstraint("licence", name="uq_vet_licence"),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.id"], name="fk_vet_clinic_id"),
        sa.ForeignKeyConstraint(
            ["mentor_id"], ["vet.id"], name="fk_vet_mentor_id", ondelete="SET NULL"
        ),
        sa.Index("ix_vet_full_name_id", "full_name", "id"),
        sa.Index("ix_vet_clinic_id", "clinic_id"),
        sa.Index("ix_vet_mentor_id", "mentor_id"),
    )

    full_name: Mapped[str] = mapped_column(sa.String(120))
    licence: Mapped[str] = mapped_column(sa.String(255))
    specialities: Mapped[list[Any]] = mapped_column(sa.JSON(none_as_null=True))
    clinic_id: Mapped[UUID] = mapped_column(sa.Uuid)
    mentor_id: Mapped[UUID | None] = mapped_column(sa.Uuid)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utcnow)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utcnow, onupdate=utcnow)
