"""Some kennels, for the tests of what refers to them."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from petsage_api.features.kennels.tables import Kennel
from petsage_api.tests.factories import store

KENNELS: list[dict[str, Any]] = [
    {"id": UUID("00000000-0000-7000-8000-36cd85a00001"), "name": "amber"},
    {"id": UUID("00000000-0000-7000-8000-36cd85a00002"), "name": "birch"},
    {"id": UUID("00000000-0000-7000-8000-36cd85a00003"), "name": "birch"},
]


def store_kennels(session: Session) -> None:
    """They are there, and so is what they refer to themselves."""
    store(session, Kennel, KENNELS)
