"""What owners look like on the wire, as the rivals' authors would write it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

FullName = Annotated[str, Field(min_length=1, max_length=120)]
Email = Annotated[
    str,
    Field(max_length=254, pattern=r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+\.[A-Za-z]+$"),
]
Phone = Annotated[str, Field(pattern=r"^\+[0-9]{7,15}$")]


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


class CursorPage(BaseModel):
    items: list[OwnerRead]
    next_cursor: str | None


class CountedPage(BaseModel):
    items: list[OwnerRead]
    total: int
