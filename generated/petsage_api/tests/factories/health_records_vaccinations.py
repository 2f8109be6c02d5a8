"""Some vaccinations, for the tests of what refers to them."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from petsage_api.features.health_records.tables import Vaccination
from petsage_api.tests.factories import store
from petsage_api.tests.factories.pets import store_pets

VACCINATIONS: list[dict[str, Any]] = [
    {
        "id": UUID("00000000-0000-7000-8000-61b43ea10001"),
        "vaccine": "amber",
        "given_on": date(2020, 1, 1),
        "booster_on": date(2020, 1, 2),
        "batch": "amber",
        "pet_id": UUID("00000000-0000-7000-8000-bbba57310001"),
    },
    {
        "id": UUID("00000000-0000-7000-8000-61b43ea10002"),
        "vaccine": "daisy",
        "given_on": date(2020, 1, 4),
        "booster_on": date(2020, 1, 5),
        "batch": "birch",
        "pet_id": UUID("00000000-0000-7000-8000-bbba57310001"),
    },
    {
        "id": UUID("00000000-0000-7000-8000-61b43ea10003"),
        "vaccine": "birch",
        "given_on": date(2020, 1, 2),
        "booster_on": date(2020, 1, 3),
        "batch": "birch",
        "pet_id": UUID("00000000-0000-7000-8000-bbba57310001"),
    },
]


def store_vaccinations(session: Session) -> None:
    """They are there, and so is what they refer to themselves."""
    store_pets(session)
    store(session, Vaccination, VACCINATIONS)
