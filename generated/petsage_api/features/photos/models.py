"""What photos look like on the wire."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from petsage_api.core import pagination, types

PhotoThumbnail = Annotated[bytes, types.Base64(max_length=16384)]
PhotoCaption = Annotated[types.Text, Field(max_length=200)]
PhotoChecksum = Annotated[
    types.Str,
    Field(
        pattern="^[0-9a-f]{64}$",
        max_length=255,
        examples=["e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
    ),
]


class PhotoCreate(types.ApiModel):
    """A new photo."""

    storage_url: types.Url
    thumbnail: PhotoThumbnail | None = None
    taken_at: types.DateTime | None = None
    caption: PhotoCaption | None = None
    checksum: PhotoChecksum
    upload_token: Annotated[types.Uuid, Field(repr=False, json_schema_extra={"writeOnly": True})]
    pet_id: types.Uuid


class PhotoUpdate(types.ApiModel):
    """A change: what is left out stays as it is."""

    storage_url: types.Url = types.unset()
    thumbnail: PhotoThumbnail | None = types.unset()
    taken_at: types.DateTime | None = types.unset()
    caption: PhotoCaption | None = types.unset()
    checksum: PhotoChecksum = types.unset()
    upload_token: Annotated[
        types.Uuid, Field(repr=False, json_schema_extra={"writeOnly": True})
    ] = types.unset()
    pet_id: types.Uuid = types.unset()


class PhotoReplace(PhotoCreate):
    """The new state of a photo."""

    storage_url: types.Url = types.unset()
    checksum: PhotoChecksum = types.unset()


class PhotoRead(types.ReadModel):
    """A photo."""

    id: UUID
    storage_url: str
    thumbnail: Annotated[bytes, types.Base64()] | None
    taken_at: datetime | None
    caption: str | None
    checksum: Annotated[
        str, Field(examples=["e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"])
    ]
    views: int
    pet_id: UUID
    created_at: types.DateTime
    updated_at: types.DateTime


class PhotoFilter(types.ApiModel):
    """Which photos are meant."""

    pet_id: types.Uuid | None = types.optional("pet_id is this.")
    caption_contains: types.Search | None = types.optional(
        "caption holds this text; upper and lower case are the same."
    )
    caption_starts_with: types.Search | None = types.optional(
        "caption starts with this text; upper and lower case are the same."
    )


class PhotoQuery(PhotoFilter, pagination.CursorQuery):
    """Filters, order and page of the list."""

    limit: int = Field(default=20, ge=1, le=100, description="The most items on a page.")
    sort: Literal["taken_at", "-taken_at", "created_at", "-created_at"] | None = types.optional(
        "What to order by; `-` in front reverses it."
    )


class PhotoPage(types.ReadModel):
    """A page of photos."""

    items: list[PhotoRead]
    next_cursor: str | None
