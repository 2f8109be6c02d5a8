"""Some walks, for the tests of what refers to them."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from petsage_api.features.walks.tables import Walk
from petsage_api.tests.factories import store
from petsage_api.tests.factories.kennels import store_kennels

WALKS: list[dict[str, Any]] = [
    {
        "id": UUID("00000000-0000-7000-8000-7a6c4fac0001"),
        "at": datetime(2020, 1, 1, 12, tzinfo=UTC),
        "start_id": UUID("00000000-0000-7000-8000-36cd85a00001"),
    },
    {
        "id": UUID("00000000-0000-7000-8000-7a6c4fac0002"),
        "at": datetime(2020, 1, 2, 12, tzinfo=UTC),
        "start_id": UUID("00000000-0000-7000-8000-36cd85a00001"),
    },
    {
        "id": UUID("00000000-0000-7000-8000-7a6c4fac0003"),
        "at": datetime(2020, 1, 2, 12, tzinfo=UTC),
        "start_id": UUID("00000000-0000-7000-8000-36cd85a00001"),
    },
]


def store_walks(session: Session) -> None:
    """They are there, and so is what they refer to themselves."""
    store_kennels(session)
    store(session, Walk, WALKS)
