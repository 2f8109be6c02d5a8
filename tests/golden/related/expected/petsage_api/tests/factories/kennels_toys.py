"""Some toys, for the tests of what refers to them."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from petsage_api.features.kennels.tables import Toy
from petsage_api.tests.factories import store

TOYS: list[dict[str, Any]] = [
    {"id": UUID("00000000-0000-7000-8000-0f53133c0001"), "name": "amber"},
    {"id": UUID("00000000-0000-7000-8000-0f53133c0002"), "name": "birch"},
    {"id": UUID("00000000-0000-7000-8000-0f53133c0003"), "name": "birch"},
]


def store_toys(session: Session) -> None:
    """They are there, and so is what they refer to themselves."""
    store(session, Toy, TOYS)
