"""What owners look like on the wire."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from petsage_api.core import pagination, types

OwnerFullName = Annotated[types.Filled, Field(max_length=120, examples=["Ada Byron"])]
OwnerEmail = Annotated[types.Email, Field(examples=["ada@example.com"])]
OwnerPhone = Annotated[
    types.Str, Field(pattern=r"^\+[0-9]{7,15}$", max_length=255, examples=["+442071234567"])
]


class OwnerCreate(types.ApiModel):
    """A new owner."""

    full_name: OwnerFullName
    email: OwnerEmail
    phone: OwnerPhone | None = None
    born_on: types.Date | None = None
    newsletter: types.Bool = False


class OwnerUpdate(types.ApiModel):
    """A change: what is left out stays as it is."""

    full_name: OwnerFullName = types.unset()
    email: OwnerEmail = types.unset()
    phone: OwnerPhone | None = types.unset()
    born_on: types.Date | None = types.unset()
    newsletter: types.Bool = types.unset()


class OwnerReplace(OwnerCreate):
    """The new state of an owner."""


class OwnerRead(types.ReadModel):
    """A person who cares for one or more pets."""

    id: UUID
    full_name: Annotated[str, Field(examples=["Ada Byron"])]
    email: Annotated[str, Field(examples=["ada@example.com"])]
    phone: Annotated[str | None, Field(examples=["+442071234567"])]
    born_on: date | None
    newsletter: bool
    created_at: types.DateTime
    updated_at: types.DateTime


class OwnerFilter(types.ApiModel):
    """Which owners are meant."""

    newsletter: bool | None = types.optional("newsletter is this.")
    born_on_gte: types.Date | None = types.optional("born_on is at least this.")
    born_on_lte: types.Date | None = types.optional("born_on is at most this.")
    born_on_is_null: bool | None = types.optional("born_on has no value, or has one.")
    search: types.Search | None = types.optional(
        "Part of full_name, email; upper and lower case are the same."
    )


class OwnerQuery(OwnerFilter, pagination.CursorQuery):
    """Filters, order and page of the list."""

    limit: int = Field(default=20, ge=1, le=100, description="The most items on a page.")
    sort: Literal["full_name", "-full_name", "created_at", "-created_at"] | None = types.optional(
        "What to order by; `-` in front reverses it."
    )


class OwnerPage(types.ReadModel):
    """A page of owners."""

    items: list[OwnerRead]
    next_cursor: str | None
