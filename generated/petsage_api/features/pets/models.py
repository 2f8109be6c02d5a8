"""What pets look like on the wire."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from petsage_api.core import pagination, types

PetName = Annotated[types.Filled, Field(max_length=80, examples=["Rex"])]
PetSpecies = Literal["dog", "cat", "bird", "other"]
PetWeightKg = Annotated[
    Decimal, types.DecimalString(precision=6, scale=2), Field(examples=["12.50"])
]
PetChip = Annotated[
    types.Str, Field(pattern="^[0-9]{15}$", max_length=255, examples=["985112345678903"])
]
PetNotes = Annotated[types.Text, Field(max_length=2000)]


class PetCreate(types.ApiModel):
    """A new pet."""

    name: PetName
    species: PetSpecies
    weight_kg: PetWeightKg | None = None
    chip: PetChip | None = None
    born_on: types.Date | None = None
    adopted_on: types.Date | None = None
    notes: PetNotes | None = None
    owner_id: types.Uuid
    tag_ids: types.Ids = Field(default=[])


class PetUpdate(types.ApiModel):
    """A change: what is left out stays as it is."""

    name: PetName = types.unset()
    species: PetSpecies = types.unset()
    weight_kg: PetWeightKg | None = types.unset()
    chip: PetChip | None = types.unset()
    born_on: types.Date | None = types.unset()
    adopted_on: types.Date | None = types.unset()
    notes: PetNotes | None = types.unset()
    owner_id: types.Uuid = types.unset()
    tag_ids: types.Ids = types.unset()


class PetReplace(PetCreate):
    """The new state of a pet."""

    chip: PetChip | None = types.unset()


class PetRead(types.ReadModel):
    """An animal in care."""

    id: UUID
    name: Annotated[str, Field(examples=["Rex"])]
    species: Literal["dog", "cat", "bird", "other"]
    weight_kg: Annotated[
        Annotated[Decimal, types.DecimalString(precision=6, scale=2, signed=True)] | None,
        Field(examples=["12.50"]),
    ]
    chip: Annotated[str | None, Field(examples=["985112345678903"])]
    born_on: date | None
    adopted_on: date | None
    notes: str | None
    owner_id: UUID
    tag_ids: list[UUID]
    created_at: types.DateTime
    updated_at: types.DateTime
    version: int


class PetFilter(types.ApiModel):
    """Which pets are meant."""

    species: Literal["dog", "cat", "bird", "other"] | None = types.optional("species is this.")
    species_in: (
        Annotated[list[Literal["dog", "cat", "bird", "other"]], Field(max_length=100)] | None
    ) = types.optional("species is one of these.")
    weight_kg_gte: (
        Annotated[Decimal, types.DecimalString(precision=6, scale=2), Field(examples=["12.50"])]
        | None
    ) = types.optional("weight_kg is at least this.")
    weight_kg_lte: (
        Annotated[Decimal, types.DecimalString(precision=6, scale=2), Field(examples=["12.50"])]
        | None
    ) = types.optional("weight_kg is at most this.")
    weight_kg_is_null: bool | None = types.optional("weight_kg has no value, or has one.")
    owner_id: types.Uuid | None = types.optional("owner_id is this.")
    born_on_gte: types.Date | None = types.optional("born_on is at least this.")
    born_on_lt: types.Date | None = types.optional("born_on is less than this.")
    search: types.Search | None = types.optional(
        "Part of name, notes; upper and lower case are the same."
    )


class PetQuery(PetFilter, pagination.CursorQuery):
    """Filters, order and page of the list."""

    limit: int = Field(default=20, ge=1, le=100, description="The most items on a page.")
    sort: (
        Literal["name", "-name", "created_at", "-created_at", "weight_kg", "-weight_kg"] | None
    ) = types.optional("What to order by; `-` in front reverses it.")


class PetPage(types.ReadModel):
    """A page of pets."""

    items: list[PetRead]
    next_cursor: str | None


class PetCount(types.ReadModel):
    """How many pets there are."""

    count: int
