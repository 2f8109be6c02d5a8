"""Some pets, for the tests of what refers to them."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from petsage_api.features.pets.tables import Pet
from petsage_api.tests.factories import store
from petsage_api.tests.factories.owners import store_owners

PETS: list[dict[str, Any]] = [
    {
        "id": UUID("00000000-0000-7000-8000-bbba57310001"),
        "name": "Rex",
        "species": "bird",
        "weight_kg": Decimal("12.50"),
        "chip": "985112345678903",
        "born_on": date(2020, 1, 1),
        "adopted_on": date(2020, 1, 1),
        "notes": "amber",
        "owner_id": UUID("00000000-0000-7000-8000-4c1029690001"),
    },
    {
        "id": UUID("00000000-0000-7000-8000-bbba57310002"),
        "name": "cedar",
        "species": "cat",
        "weight_kg": Decimal("1.01"),
        "chip": "000000000000002",
        "born_on": date(2020, 1, 4),
        "adopted_on": date(2020, 1, 4),
        "notes": "birch",
        "owner_id": UUID("00000000-0000-7000-8000-4c1029690001"),
    },
    {
        "id": UUID("00000000-0000-7000-8000-bbba57310003"),
        "name": "amber",
        "species": "cat",
        "weight_kg": Decimal("1.01"),
        "chip": "000000000000000",
        "born_on": date(2020, 1, 2),
        "adopted_on": date(2020, 1, 2),
        "notes": "birch",
        "owner_id": UUID("00000000-0000-7000-8000-4c1029690001"),
    },
]


def store_pets(session: Session) -> None:
    """They are there, and so is what they refer to themselves."""
    store_owners(session)
    store(session, Pet, PETS)
