"""What vaccinations, medications and weight entries look like on the wire."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from petsage_api.core import bulk, pagination, types

VaccinationVaccine = Annotated[types.Filled, Field(max_length=80)]
VaccinationBatch = Annotated[types.Filled, Field(max_length=40)]
MedicationDrug = Annotated[types.Filled, Field(max_length=120)]
MedicationDoseMg = Annotated[float, Field(gt=0.0, le=10000.0), types.Number]
WeightEntryGrams = Annotated[int, Field(ge=1, le=2000000), types.Integral]


class VaccinationCreate(types.ApiModel):
    """A new vaccination."""

    vaccine: VaccinationVaccine
    given_on: types.Date
    booster_on: types.Date | None = None
    batch: VaccinationBatch | None = None
    pet_id: types.Uuid


class VaccinationUpdate(types.ApiModel):
    """A change: what is left out stays as it is."""

    vaccine: VaccinationVaccine = types.unset()
    given_on: types.Date = types.unset()
    booster_on: types.Date | None = types.unset()
    batch: VaccinationBatch | None = types.unset()
    pet_id: types.Uuid = types.unset()


class VaccinationReplace(VaccinationCreate):
    """The new state of a vaccination."""


class VaccinationRead(types.ReadModel):
    """A vaccination."""

    id: UUID
    vaccine: str
    given_on: date
    booster_on: date | None
    batch: str | None
    pet_id: UUID
    created_at: types.DateTime
    updated_at: types.DateTime


class VaccinationFilter(types.ApiModel):
    """Which vaccinations are meant."""

    pet_id: types.Uuid | None = types.optional("pet_id is this.")
    booster_on_lte: types.Date | None = types.optional("booster_on is at most this.")
    booster_on_is_null: bool | None = types.optional("booster_on has no value, or has one.")


class VaccinationQuery(VaccinationFilter, pagination.CursorQuery):
    """Filters, order and page of the list."""

    limit: int = Field(default=20, ge=1, le=100, description="The most items on a page.")
    sort: Literal["given_on", "-given_on"] | None = types.optional(
        "What to order by; `-` in front reverses it."
    )


class VaccinationPage(types.ReadModel):
    """A page of vaccinations."""

    items: list[VaccinationRead]
    next_cursor: str | None


class MedicationCreate(types.ApiModel):
    """A new medication."""

    drug: MedicationDrug
    dose_mg: MedicationDoseMg
    every: types.Duration
    until: types.Date | None = None
    schedule: types.Json | None = None
    pet_id: types.Uuid
    prescribed_by_id: types.Uuid | None = None


class MedicationUpdate(types.ApiModel):
    """A change: what is left out stays as it is."""

    drug: MedicationDrug = types.unset()
    dose_mg: MedicationDoseMg = types.unset()
    every: types.Duration = types.unset()
    until: types.Date | None = types.unset()
    schedule: types.Json | None = types.unset()
    pet_id: types.Uuid = types.unset()
    prescribed_by_id: types.Uuid | None = types.unset()


class MedicationReplace(MedicationCreate):
    """The new state of a medication."""


class MedicationRead(types.ReadModel):
    """A medication."""

    id: UUID
    drug: str
    dose_mg: float
    every: types.Duration
    until: date | None
    schedule: types.Json | None
    pet_id: UUID
    prescribed_by_id: UUID | None
    created_at: types.DateTime
    updated_at: types.DateTime


class MedicationFilter(types.ApiModel):
    """Which medications are meant."""

    pet_id: types.Uuid | None = types.optional("pet_id is this.")


class MedicationQuery(MedicationFilter, pagination.CursorQuery):
    """Filters, order and page of the list."""

    limit: int = Field(default=20, ge=1, le=100, description="The most items on a page.")
    sort: Literal["drug", "-drug", "created_at", "-created_at"] | None = types.optional(
        "What to order by; `-` in front reverses it."
    )


class MedicationPage(types.ReadModel):
    """A page of medications."""

    items: list[MedicationRead]
    next_cursor: str | None


class WeightEntryCreate(types.ApiModel):
    """A new weight entry."""

    measured_at: types.DateTime
    grams: WeightEntryGrams
    pet_id: types.Uuid


class WeightEntryRead(types.ReadModel):
    """A weight entry."""

    id: UUID
    measured_at: datetime
    grams: int
    pet_id: UUID


class WeightEntryBulkCreate(types.ApiModel):
    """New weight entries: all of them are made, or none."""

    items: Annotated[list[WeightEntryCreate], Field(min_length=1, max_length=bulk.MOST)]


class WeightEntryBulk(types.ReadModel):
    """The new weight entries, in the same order."""

    items: list[WeightEntryRead]


class WeightEntryFilter(types.ApiModel):
    """Which weight entries are meant."""

    pet_id: types.Uuid | None = types.optional("pet_id is this.")
    measured_at_gte: types.DateTime | None = types.optional("measured_at is at least this.")
    measured_at_lt: types.DateTime | None = types.optional("measured_at is less than this.")


class WeightEntryQuery(WeightEntryFilter, pagination.CursorQuery):
    """Filters, order and page of the list."""

    limit: int = Field(default=50, ge=1, le=500, description="The most items on a page.")
    sort: Literal["measured_at", "-measured_at"] | None = types.optional(
        "What to order by; `-` in front reverses it."
    )


class WeightEntryPage(types.ReadModel):
    """A page of weight entries."""

    items: list[WeightEntryRead]
    next_cursor: str | None


class WeightEntryCount(types.ReadModel):
    """How many weight entries there are."""

    count: int
