"""What tags look like on the wire."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from petsage_api.core import types

TagLabel = Annotated[types.Filled, Field(max_length=30)]
TagColour = Literal["red", "amber", "green", "blue"]


class TagCreate(types.ApiModel):
    """A new tag."""

    label: TagLabel
    colour: TagColour = "blue"


class TagRead(types.ReadModel):
    """A tag."""

    id: UUID
    label: str
    colour: Literal["red", "amber", "green", "blue"]


class TagFilter(types.ApiModel):
    """Which tags are meant."""


class TagQuery(TagFilter):
    """Filters, order and page of the list."""

    sort: Literal["label", "-label"] | None = types.optional(
        "What to order by; `-` in front reverses it."
    )


class TagPage(types.ReadModel):
    """A page of tags."""

    items: list[TagRead]
