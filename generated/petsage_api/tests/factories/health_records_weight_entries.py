"""Some weight entries, for the tests of what refers to them."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from petsage_api.features.health_records.tables import WeightEntry
from petsage_api.tests.factories import store
from petsage_api.tests.factories.pets import store_pets

WEIGHT_ENTRIES: list[dict[str, Any]] = [
    {
        "id": UUID("00000000-0000-7000-8000-317b8d230001"),
        "measured_at": datetime(2020, 1, 1, 12, tzinfo=UTC),
        "grams": 1,
        "pet_id": UUID("00000000-0000-7000-8000-bbba57310001"),
    },
    {
        "id": UUID("00000000-0000-7000-8000-317b8d230002"),
        "measured_at": datetime(2020, 1, 2, 12, tzinfo=UTC),
        "grams": 2,
        "pet_id": UUID("00000000-0000-7000-8000-bbba57310001"),
    },
    {
        "id": UUID("00000000-0000-7000-8000-317b8d230003"),
        "measured_at": datetime(2020, 1, 2, 12, tzinfo=UTC),
        "grams": 2,
        "pet_id": UUID("00000000-0000-7000-8000-bbba57310001"),
    },
]


def store_weight_entries(session: Session) -> None:
    """They are there, and so is what they refer to themselves."""
    store_pets(session)
    store(session, WeightEntry, WEIGHT_ENTRIES)
