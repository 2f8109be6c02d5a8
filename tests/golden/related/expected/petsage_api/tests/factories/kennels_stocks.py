"""Some stocks, for the tests of what refers to them."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from petsage_api.features.kennels.tables import Stock
from petsage_api.tests.factories import store
from petsage_api.tests.factories.kennels import store_kennels
from petsage_api.tests.factories.kennels_toys import store_toys

STOCKS: list[dict[str, Any]] = [
    {
        "id": UUID("00000000-0000-7000-8000-08c4242b0001"),
        "amount": 1,
        "kennel_id": UUID("00000000-0000-7000-8000-36cd85a00001"),
        "toy_id": UUID("00000000-0000-7000-8000-0f53133c0001"),
    },
]


def store_stocks(session: Session) -> None:
    """They are there, and so is what they refer to themselves."""
    store_kennels(session)
    store_toys(session)
    store(session, Stock, STOCKS)
