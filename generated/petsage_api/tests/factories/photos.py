"""Some photos, for the tests of what refers to them."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from petsage_api.features.photos.tables import Photo
from petsage_api.tests.factories import store
from petsage_api.tests.factories.pets import store_pets

PHOTOS: list[dict[str, Any]] = [
    {
        "id": UUID("00000000-0000-7000-8000-55c64d0f0001"),
        "storage_url": "https://example.com/amber",
        "thumbnail": b"aaaaa",
        "taken_at": datetime(2020, 1, 1, 12, tzinfo=UTC),
        "caption": "amber",
        "checksum": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "upload_token": UUID("0000000c-0000-4000-8000-00000000000c"),
        "pet_id": UUID("00000000-0000-7000-8000-bbba57310001"),
    },
    {
        "id": UUID("00000000-0000-7000-8000-55c64d0f0002"),
        "storage_url": "https://example.com/birch",
        "thumbnail": b"bbbbb",
        "taken_at": datetime(2020, 1, 2, 12, tzinfo=UTC),
        "caption": "birch",
        "checksum": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa0",
        "upload_token": UUID("0000000b-0000-4000-8000-00000000000b"),
        "pet_id": UUID("00000000-0000-7000-8000-bbba57310001"),
    },
    {
        "id": UUID("00000000-0000-7000-8000-55c64d0f0003"),
        "storage_url": "https://example.com/birch",
        "thumbnail": b"bbbbb",
        "taken_at": datetime(2020, 1, 2, 12, tzinfo=UTC),
        "caption": "birch",
        "checksum": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa0",
        "upload_token": UUID("0000000b-0000-4000-8000-00000000000b"),
        "pet_id": UUID("00000000-0000-7000-8000-bbba57310001"),
    },
]


def store_photos(session: Session) -> None:
    """They are there, and so is what they refer to themselves."""
    store_pets(session)
    store(session, Photo, PHOTOS)
