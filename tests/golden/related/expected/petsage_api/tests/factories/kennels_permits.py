"""Some permits, for the tests of what refers to them."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from petsage_api.features.kennels.tables import Permit
from petsage_api.tests.factories import store
from petsage_api.tests.factories.kennels import store_kennels

PERMITS: list[dict[str, Any]] = [
    {
        "id": UUID("00000000-0000-7000-8000-85441a430001"),
        "number": "amber",
        "kennel_id": UUID("00000000-0000-7000-8000-36cd85a00001"),
    },
    {
        "id": UUID("00000000-0000-7000-8000-85441a430002"),
        "number": "daisy",
        "kennel_id": UUID("00000000-0000-7000-8000-36cd85a00002"),
    },
]


def store_permits(session: Session) -> None:
    """They are there, and so is what they refer to themselves."""
    store_kennels(session)
    store(session, Permit, PERMITS)
