"""Some vets, for the tests of what refers to them."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from petsage_api.features.clinics.tables import Vet
from petsage_api.tests.factories import store
from petsage_api.tests.factories.clinics import store_clinics

VETS: list[dict[str, Any]] = [
    {
        "id": UUID("00000000-0000-7000-8000-5f9276120001"),
        "full_name": "amber",
        "licence": "GB-12345",
        "specialities": ["general"],
        "clinic_id": UUID("00000000-0000-7000-8000-bbfeb74a0001"),
    },
    {
        "id": UUID("00000000-0000-7000-8000-5f9276120002"),
        "full_name": "birch",
        "licence": "AA-00002",
        "specialities": ["dental"],
        "clinic_id": UUID("00000000-0000-7000-8000-bbfeb74a0001"),
    },
    {
        "id": UUID("00000000-0000-7000-8000-5f9276120003"),
        "full_name": "birch",
        "licence": "AA-00000",
        "specialities": ["dental"],
        "clinic_id": UUID("00000000-0000-7000-8000-bbfeb74a0001"),
    },
]


def store_vets(session: Session) -> None:
    """They are there, and so is what they refer to themselves."""
    store_clinics(session)
    store(session, Vet, VETS)
