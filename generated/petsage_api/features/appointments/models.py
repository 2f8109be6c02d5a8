"""What appointments look like on the wire."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from petsage_api.core import pagination, types

AppointmentMinutes = Annotated[int, Field(ge=5, le=240), types.Integral]
AppointmentReason = Annotated[types.Filled, Field(max_length=500)]
AppointmentStatus = Literal["booked", "seen", "cancelled"]
AppointmentFee = Annotated[Decimal, types.DecimalString(precision=8, scale=2)]


class AppointmentCreate(types.ApiModel):
    """A new appointment."""

    starts_at: types.DateTime
    minutes: AppointmentMinutes = 20
    reason: AppointmentReason
    status: AppointmentStatus = "booked"
    fee: AppointmentFee | None = None
    pet_id: types.Uuid
    vet_id: types.Uuid


class AppointmentUpdate(types.ApiModel):
    """A change: what is left out stays as it is."""

    starts_at: types.DateTime = types.unset()
    minutes: AppointmentMinutes = types.unset()
    reason: AppointmentReason = types.unset()
    status: AppointmentStatus = types.unset()
    fee: AppointmentFee | None = types.unset()
    pet_id: types.Uuid = types.unset()
    vet_id: types.Uuid = types.unset()


class AppointmentReplace(AppointmentCreate):
    """The new state of an appointment."""


class AppointmentRead(types.ReadModel):
    """An appointment."""

    id: UUID
    starts_at: datetime
    minutes: int
    reason: str
    status: Literal["booked", "seen", "cancelled"]
    fee: Annotated[Decimal, types.DecimalString(precision=8, scale=2, signed=True)] | None
    pet_id: UUID
    vet_id: UUID
    created_at: types.DateTime
    updated_at: types.DateTime
    version: int


class AppointmentFilter(types.ApiModel):
    """Which appointments are meant."""

    status: Literal["booked", "seen", "cancelled"] | None = types.optional("status is this.")
    status_in: (
        Annotated[list[Literal["booked", "seen", "cancelled"]], Field(max_length=100)] | None
    ) = types.optional("status is one of these.")
    starts_at_gte: types.DateTime | None = types.optional("starts_at is at least this.")
    starts_at_lt: types.DateTime | None = types.optional("starts_at is less than this.")
    pet_id: types.Uuid | None = types.optional("pet_id is this.")
    vet_id: types.Uuid | None = types.optional("vet_id is this.")


class AppointmentQuery(AppointmentFilter, pagination.CursorQuery):
    """Filters, order and page of the list."""

    limit: int = Field(default=20, ge=1, le=100, description="The most items on a page.")
    sort: Literal["starts_at", "-starts_at"] | None = types.optional(
        "What to order by; `-` in front reverses it."
    )


class AppointmentPage(types.ReadModel):
    """A page of appointments."""

    items: list[AppointmentRead]
    next_cursor: str | None
