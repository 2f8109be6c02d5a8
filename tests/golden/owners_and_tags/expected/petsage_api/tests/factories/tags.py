"""Some tags, for the tests of what refers to them."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from petsage_api.features.tags.tables import Tag
from petsage_api.tests.factories import store

TAGS: list[dict[str, Any]] = [
    {"id": UUID("00000000-0000-7000-8000-2a1073a60001"), "label": "amber", "colour": "amber"},
    {"id": UUID("00000000-0000-7000-8000-2a1073a60002"), "label": "daisy", "colour": "blue"},
    {"id": UUID("00000000-0000-7000-8000-2a1073a60003"), "label": "birch", "colour": "blue"},
]


def store_tags(session: Session) -> None:
    """They are there, and so is what they refer to themselves."""
    store(session, Tag, TAGS)
