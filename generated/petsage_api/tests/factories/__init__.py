"""Rows for the tests of what refers to them."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from petsage_api.core.db import Entity


def store(session: Session, table: type[Entity], rows: list[dict[str, Any]]) -> None:
    """Those of the rows that are not there yet."""
    ids = [row["id"] for row in rows]
    there = set(session.scalars(sa.select(table.id).where(table.id.in_(ids))))
    if missing := [row for row in rows if row["id"] not in there]:
        session.execute(sa.insert(table), missing)
