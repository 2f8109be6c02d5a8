"""What owners and pets look like on the wire, as the rivals' authors would write it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Generic, Literal, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

FullName = Annotated[str, Field(min_length=1, max_length=120)]
Email = Annotated[
    str,
    Field(max_length=254, pattern=r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+\.[A-Za-z]+$"),
]
Phone = Annotated[str, Field(pattern=r"^\+[0-9]{7,15}$")]
Item = TypeVar("Item")


class OwnerCreate(BaseModel):
    model_config = ConfigDict(extra="forbid")

    full_name: FullName
    email: Email
    phone: Phone | None = None
    born_on: date | None = None
    newsletter: bool = False


class OwnerUpdate(BaseModel):
    model_config = ConfigDict(extra="forbid")

    full_name: FullName | None = None
    email: Email | None = None
    phone: Phone | None = None
    born_on: date | None = None
    newsletter: bool | None = None


class OwnerRead(BaseModel):
    id: UUID
    full_name: str
    email: str
    phone: str | None
    born_on: date | None
    newsletter: bool
    created_at: datetime
    updated_at: datetime


class PetRead(BaseModel):
    id: UUID
    name: str
    species: Literal["dog", "cat", "bird", "other"]
    born_on: date | None
    notes: str | None
    owner_id: UUID
    created_at: datetime
    updated_at: datetime


class PetWithOwner(PetRead):
    owner: OwnerRead


class CursorPage(BaseModel, Generic[Item]):
    items: list[Item]
    next_cursor: str | None


class CountedPage(BaseModel, Generic[Item]):
    items: list[Item]
    total: int
