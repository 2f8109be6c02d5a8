"""What walks look like on the wire."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from petsage_api.core import pagination, types
from petsage_api.features.kennels.models import DogRead, KennelRead


class WalkCreate(types.ApiModel):
    """A new walk."""

    at: types.DateTime
    start_id: types.Uuid
    dog_ids: types.Ids = Field(default=[])


class WalkUpdate(types.ApiModel):
    """A change: what is left out stays as it is."""

    at: types.DateTime = types.unset()
    start_id: types.Uuid = types.unset()
    dog_ids: types.Ids = types.unset()


class WalkReplace(WalkCreate):
    """The new state of a walk."""


class WalkRead(types.ReadModel):
    """A walk."""

    id: UUID
    at: datetime
    start_id: UUID
    dog_ids: list[UUID]
    created_at: types.DateTime
    updated_at: types.DateTime


class WalkInclude(types.ApiModel):
    """What to embed in the answer."""

    include: list[Literal["start", "dogs"]] = Field(
        default=[], max_length=2, description="What to embed."
    )


class WalkFilter(types.ApiModel):
    """Which walks are meant."""


class WalkQuery(WalkFilter, WalkInclude, pagination.CursorQuery):
    """Filters, order and page of the list."""

    limit: int = Field(default=20, ge=1, le=100, description="The most items on a page.")


class WalkIncluded(WalkRead):
    """A walk, and what was asked for beside it."""

    start: KennelRead | None = types.unset()
    dogs: list[DogRead] = types.unset()


class WalkPage(types.ReadModel):
    """A page of walks."""

    items: list[WalkIncluded]
    next_cursor: str | None
