"""Where appointments are kept."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from petsage_api.core.columns import ExactNumeric, UTCDateTime, utcnow
from petsage_api.core.db import Entity


class Appointment(Entity):
    """A row for each appointment."""

    __tablename__ = "appointment"
    __table_args__ = (
        sa.PrimaryKeyConstraint("id", name="pk_appointment"),
        sa.UniqueConstraint("vet_id", "starts_at", name="uq_appointment_vet_id_starts_at"),
        sa.ForeignKeyConstraint(
            ["pet_id"], ["pet.id"], name="fk_appointment_pet_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["vet_id"], ["vet.id"], name="fk_appointment_vet_id"),
        sa.Index("ix_appointment_starts_at_id", "starts_at", "id"),
        sa.Index("ix_appointment_status", "status"),
        sa.Index("ix_appointment_pet_id", "pet_id"),
    )

    starts_at: Mapped[datetime] = mapped_column(UTCDateTime)
    minutes: Mapped[int] = mapped_column(sa.Integer)
    reason: Mapped[str] = mapped_column(sa.Text)
    status: Mapped[str] = mapped_column(sa.String(9))
    fee: Mapped[Decimal | None] = mapped_column(ExactNumeric(8, 2))
    pet_id: Mapped[UUID] = mapped_column(sa.Uuid)
    vet_id: Mapped[UUID] = mapped_column(sa.Uuid)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utcnow)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utcnow, onupdate=utcnow)
    version: Mapped[int] = mapped_column(sa.Integer, default=1)
