"""What clinics and vets look like on the wire."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from petsage_api.core import pagination, types

ClinicName = Annotated[types.Filled, Field(max_length=120)]
VetFullName = Annotated[types.Filled, Field(max_length=120)]
VetLicence = Annotated[
    types.Str, Field(pattern="^[A-Z]{2}-[0-9]{5}$", max_length=255, examples=["GB-12345"])
]
VetSpecialities = Annotated[
    list[Literal["surgery", "dental", "exotic", "general"]],
    Field(min_length=1, max_length=4, examples=[["general"]]),
]


class ClinicCreate(types.ApiModel):
    """A new clinic."""

    name: ClinicName
    website: types.Url | None = None
    opens_at: types.Time
    closes_at: types.Time


class ClinicUpdate(types.ApiModel):
    """A change: what is left out stays as it is."""

    name: ClinicName = types.unset()
    website: types.Url | None = types.unset()
    opens_at: types.Time = types.unset()
    closes_at: types.Time = types.unset()


class ClinicReplace(ClinicCreate):
    """The new state of a clinic."""


class ClinicRead(types.ReadModel):
    """A clinic."""

    id: UUID
    name: str
    website: str | None
    opens_at: types.Time
    closes_at: types.Time
    created_at: types.DateTime
    updated_at: types.DateTime


class ClinicFilter(types.ApiModel):
    """Which clinics are meant."""

    search: types.Search | None = types.optional("Part of name; upper and lower case are the same.")


class ClinicQuery(ClinicFilter, pagination.OffsetQuery):
    """Filters, order and page of the list."""

    limit: int = Field(default=25, ge=1, le=200, description="The most items on a page.")
    sort: Literal["name", "-name"] | None = types.optional(
        "What to order by; `-` in front reverses it."
    )


class ClinicPage(types.ReadModel):
    """A page of clinics."""

    items: list[ClinicRead]
    total: int


class VetCreate(types.ApiModel):
    """A new vet."""

    full_name: VetFullName
    licence: VetLicence
    specialities: VetSpecialities
    clinic_id: types.Uuid
    mentor_id: types.Uuid | None = None


class VetUpdate(types.ApiModel):
    """A change: what is left out stays as it is."""

    full_name: VetFullName = types.unset()
    licence: VetLicence = types.unset()
    specialities: VetSpecialities = types.unset()
    clinic_id: types.Uuid = types.unset()
    mentor_id: types.Uuid | None = types.unset()


class VetReplace(VetCreate):
    """The new state of a vet."""

    licence: VetLicence = types.unset()


class VetRead(types.ReadModel):
    """A vet."""

    id: UUID
    full_name: str
    licence: Annotated[str, Field(examples=["GB-12345"])]
    specialities: Annotated[
        list[Literal["surgery", "dental", "exotic", "general"]], Field(examples=[["general"]])
    ]
    clinic_id: UUID
    mentor_id: UUID | None
    created_at: types.DateTime
    updated_at: types.DateTime


class VetFilter(types.ApiModel):
    """Which vets are meant."""

    clinic_id: types.Uuid | None = types.optional("clinic_id is this.")
    mentor_id: types.Uuid | None = types.optional("mentor_id is this.")
    mentor_id_is_null: bool | None = types.optional("mentor_id has no value, or has one.")


class VetQuery(VetFilter, pagination.OffsetQuery):
    """Filters, order and page of the list."""

    limit: int = Field(default=25, ge=1, le=200, description="The most items on a page.")
    sort: Literal["full_name", "-full_name"] | None = types.optional(
        "What to order by; `-` in front reverses it."
    )


class VetPage(types.ReadModel):
    """A page of vets."""

    items: list[VetRead]
    total: int
