"""Some appointments, for the tests of what refers to them."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from petsage_api.features.appointments.tables import Appointment
from petsage_api.tests.factories import store
from petsage_api.tests.factories.clinics_vets import store_vets
from petsage_api.tests.factories.pets import store_pets

APPOINTMENTS: list[dict[str, Any]] = [
    {
        "id": UUID("00000000-0000-7000-8000-fd37f8750001"),
        "starts_at": datetime(2020, 1, 1, 12, tzinfo=UTC),
        "minutes": 5,
        "reason": "amber",
        "status": "booked",
        "fee": Decimal("1.01"),
        "pet_id": UUID("00000000-0000-7000-8000-bbba57310001"),
        "vet_id": UUID("00000000-0000-7000-8000-5f9276120001"),
    },
    {
        "id": UUID("00000000-0000-7000-8000-fd37f8750002"),
        "starts_at": datetime(2020, 1, 4, 12, tzinfo=UTC),
        "minutes": 6,
        "reason": "birch",
        "status": "cancelled",
        "fee": Decimal("2.01"),
        "pet_id": UUID("00000000-0000-7000-8000-bbba57310001"),
        "vet_id": UUID("00000000-0000-7000-8000-5f9276120001"),
    },
    {
        "id": UUID("00000000-0000-7000-8000-fd37f8750003"),
        "starts_at": datetime(2020, 1, 2, 12, tzinfo=UTC),
        "minutes": 6,
        "reason": "birch",
        "status": "cancelled",
        "fee": Decimal("2.01"),
        "pet_id": UUID("00000000-0000-7000-8000-bbba57310001"),
        "vet_id": UUID("00000000-0000-7000-8000-5f9276120001"),
    },
]


def store_appointments(session: Session) -> None:
    """They are there, and so is what they refer to themselves."""
    store_pets(session)
    store_vets(session)
    store(session, Appointment, APPOINTMENTS)
