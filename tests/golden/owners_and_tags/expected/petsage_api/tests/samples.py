"""A table of its own for the tests of the core, whatever the features keep."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from petsage_api.core.columns import Duration, ExactNumeric, UTCDateTime
from petsage_api.core.db import Entity


class SampleBase(Entity):
    """Keeps samples out of the tables of the application."""

    __abstract__ = True
    metadata = sa.MetaData()


class Sample(SampleBase):
    """A row with a column of every type."""

    __tablename__ = "sample"
    __table_args__ = (
        sa.PrimaryKeyConstraint("id", name="pk_sample"),
        sa.UniqueConstraint("name", name="uq_sample_name"),
        sa.UniqueConstraint("shelf", "slot", name="uq_sample_shelf_slot"),
        sa.CheckConstraint('"count" >= 0', name="ck_sample_count"),
    )

    name: Mapped[str] = mapped_column(sa.String(255))
    count: Mapped[int] = mapped_column(sa.Integer, default=0)
    shelf: Mapped[str | None] = mapped_column(sa.String(255))
    slot: Mapped[int | None] = mapped_column(sa.Integer)
    text: Mapped[str | None] = mapped_column(sa.String(255))
    integer: Mapped[int | None] = mapped_column(sa.Integer)
    bigint: Mapped[int | None] = mapped_column(sa.BigInteger)
    double: Mapped[float | None] = mapped_column(sa.Double)
    decimal: Mapped[Decimal | None] = mapped_column(ExactNumeric(18, 4))
    boolean: Mapped[bool | None] = mapped_column(sa.Boolean)
    day: Mapped[date | None] = mapped_column(sa.Date)
    clock: Mapped[time | None] = mapped_column(sa.Time)
    moment: Mapped[datetime | None] = mapped_column(UTCDateTime)
    span: Mapped[timedelta | None] = mapped_column(Duration)
    token: Mapped[UUID | None] = mapped_column(sa.Uuid)
    document: Mapped[Any] = mapped_column(sa.JSON(none_as_null=True), nullable=True)
