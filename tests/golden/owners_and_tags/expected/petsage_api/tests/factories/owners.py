"""Some owners, for the tests of what refers to them."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from petsage_api.features.owners.tables import Owner
from petsage_api.tests.factories import store

OWNERS: list[dict[str, Any]] = [
    {
        "id": UUID("00000000-0000-7000-8000-4c1029690001"),
        "full_name": "Ada Byron",
        "email": "ada@example.com",
        "phone": "+442071234567",
        "born_on": date(2020, 1, 1),
        "newsletter": False,
    },
    {
        "id": UUID("00000000-0000-7000-8000-4c1029690002"),
        "full_name": "amber",
        "email": "cedar@example.com",
        "phone": "+0000000",
        "born_on": date(2020, 1, 2),
        "newsletter": True,
    },
    {
        "id": UUID("00000000-0000-7000-8000-4c1029690003"),
        "full_name": "amber",
        "email": "amber@example.com",
        "phone": "+0000000",
        "born_on": date(2020, 1, 2),
        "newsletter": True,
    },
]


def store_owners(session: Session) -> None:
    """They are there, and so is what they refer to themselves."""
    store(session, Owner, OWNERS)
