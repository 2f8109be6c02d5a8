"""Some clinics, for the tests of what refers to them."""

from datetime import time
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from petsage_api.features.clinics.tables import Clinic
from petsage_api.tests.factories import store

CLINICS: list[dict[str, Any]] = [
    {
        "id": UUID("00000000-0000-7000-8000-bbfeb74a0001"),
        "name": "amber",
        "website": "https://example.com/amber",
        "opens_at": time(9),
        "closes_at": time(10),
    },
    {
        "id": UUID("00000000-0000-7000-8000-bbfeb74a0002"),
        "name": "daisy",
        "website": "https://example.com/birch",
        "opens_at": time(12),
        "closes_at": time(13),
    },
    {
        "id": UUID("00000000-0000-7000-8000-bbfeb74a0003"),
        "name": "birch",
        "website": "https://example.com/birch",
        "opens_at": time(10),
        "closes_at": time(11),
    },
]


def store_clinics(session: Session) -> None:
    """They are there, and so is what they refer to themselves."""
    store(session, Clinic, CLINICS)
