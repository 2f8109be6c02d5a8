"""Some medications, for the tests of what refers to them."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from petsage_api.features.health_records.tables import Medication
from petsage_api.tests.factories import store
from petsage_api.tests.factories.pets import store_pets

MEDICATIONS: list[dict[str, Any]] = [
    {
        "id": UUID("00000000-0000-7000-8000-876636910001"),
        "drug": "amber",
        "dose_mg": 0.5,
        "every": timedelta(seconds=3600),
        "until": date(2020, 1, 1),
        "schedule": {"a": 1, "b": [True, None, "c"]},
        "pet_id": UUID("00000000-0000-7000-8000-bbba57310001"),
    },
    {
        "id": UUID("00000000-0000-7000-8000-876636910002"),
        "drug": "birch",
        "dose_mg": 1.0,
        "every": timedelta(seconds=7200),
        "until": date(2020, 1, 2),
        "schedule": [1, 2.5, "three"],
        "pet_id": UUID("00000000-0000-7000-8000-bbba57310001"),
    },
    {
        "id": UUID("00000000-0000-7000-8000-876636910003"),
        "drug": "birch",
        "dose_mg": 1.0,
        "every": timedelta(seconds=7200),
        "until": date(2020, 1, 2),
        "schedule": [1, 2.5, "three"],
        "pet_id": UUID("00000000-0000-7000-8000-bbba57310001"),
    },
]


def store_medications(session: Session) -> None:
    """They are there, and so is what they refer to themselves."""
    store_pets(session)
    store(session, Medication, MEDICATIONS)
