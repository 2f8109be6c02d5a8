"""Where vaccinations, medications and weight entries are kept."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from petsage_api.core.columns import Duration, UTCDateTime, utcnow
from petsage_api.core.db import Entity


class Vaccination(Entity):
    """A row for each vaccination."""

    __tablename__ = "vaccination"
    __table_args__ = (
        sa.PrimaryKeyConstraint("id", name="pk_vaccination"),
        sa.UniqueConstraint(
            "pet_id", "vaccine", "given_on", name="uq_vaccination_pet_id_vaccine_given_on"
        ),
        sa.CheckConstraint('"booster_on" > "given_on"', name="ck_vaccination_booster_after_shot"),
        sa.ForeignKeyConstraint(
            ["pet_id"], ["pet.id"], name="fk_vaccination_pet_id", ondelete="CASCADE"
        ),
        sa.Index("ix_vaccination_given_on_id", "given_on", "id"),
        sa.Index("ix_vaccination_booster_on", "booster_on"),
    )

    vaccine: Mapped[str] = mapped_column(sa.String(80))
    given_on: Mapped[date] = mapped_column(sa.Date)
    booster_on: Mapped[date | None] = mapped_column(sa.Date)
    batch: Mapped[str | None] = mapped_column(sa.String(40))
    pet_id: Mapped[UUID] = mapped_column(sa.Uuid)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utcnow)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utcnow, onupdate=utcnow)


class Medication(Entity):
    """A row for each medication."""

    __tablename__ = "medication"
    __table_args__ = (
        sa.PrimaryKeyConstraint("id", name="pk_medication"),
        sa.ForeignKeyConstraint(
            ["pet_id"], ["pet.id"], name="fk_medication_pet_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["prescribed_by_id"],
            ["vet.id"],
            name="fk_medication_prescribed_by_id",
            ondelete="SET NULL",
        ),
        sa.Index("ix_medication_drug_id", "drug", "id"),
        sa.Index("ix_medication_created_at_id", "created_at", "id"),
        sa.Index("ix_medication_pet_id", "pet_id"),
        sa.Index("ix_medication_prescribed_by_id", "prescribed_by_id"),
    )

    drug: Mapped[str] = mapped_column(sa.String(120))
    dose_mg: Mapped[float] = mapped_column(sa.Double)
    every: Mapped[timedelta] = mapped_column(Duration)
    until: Mapped[date | None] = mapped_column(sa.Date)
    schedule: Mapped[Any | None] = mapped_column(sa.JSON(none_as_null=True))
    pet_id: Mapped[UUID] = mapped_column(sa.Uuid)
    prescribed_by_id: Mapped[UUID | None] = mapped_column(sa.Uuid)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utcnow)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime, default=utcnow, onupdate=utcnow)


class WeightEntry(Entity):
    """A row for each weight entry."""

    __tablename__ = "weight_entry"
    __table_args__ = (
        sa.PrimaryKeyConstraint("id", name="pk_weight_entry"),
        sa.ForeignKeyConstraint(
            ["pet_id"], ["pet.id"], name="fk_weight_entry_pet_id", ondelete="CASCADE"
        ),
        sa.Index("ix_weight_entry_measured_at_id", "measured_at", "id"),
        sa.Index("ix_weight_entry_pet_id", "pet_id"),
    )

    measured_at: Mapped[datetime] = mapped_column(UTCDateTime)
    grams: Mapped[int] = mapped_column(sa.Integer)
    pet_id: Mapped[UUID] = mapped_column(sa.Uuid)
