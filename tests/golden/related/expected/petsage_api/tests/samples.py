"""A table of its own for the tests of the core, whatever the features keep."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
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


# Ascending values of each type.
VALUES: dict[str, Sequence[Any]] = {
    "text": ["", "a", 'a\x01"\\', "b" * 255, "é", "\U0001f600"],
    "integer": [-(2**31), -1, 0, 2**31 - 1],
    "bigint": [-(2**63), -1, 0, 2**53 + 1, 2**63 - 1],
    "double": [-1e308, -5e-324, 0.1, 1.0, 1e308],
    "decimal": [Decimal("-99999999999999.9999"), Decimal("0.0001"), Decimal("2.5000")],
    "boolean": [False, True],
    "day": [date.min, date(2024, 2, 29), date.max],
    "clock": [time.min, time(9, 30), time(9, 30, 0, 1), time.max],
    "moment": [
        datetime.min.replace(tzinfo=UTC),
        datetime(2024, 2, 29, 9, 30, 0, 1, tzinfo=UTC),
        datetime.max.replace(tzinfo=UTC),
    ],
    "span": [timedelta(0), timedelta(microseconds=1), timedelta(days=400, seconds=5)],
    "token": [UUID(int=0), UUID(int=2**127), UUID(int=2**128 - 1)],
}
