"""References: ids of other rows, which must be there."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from petsage_api.core import rows
from petsage_api.core.db import Entity
from petsage_api.core.domain_errors import Conflict
from petsage_api.core.errors import FieldProblem

References = Mapping[str, type[Entity]]


def check(session: Session, row: Entity, values: Mapping[str, Any], references: References) -> None:
    """Refuse new ids that no row has; all of them are told."""
    given = {name: values[name] for name in references if values.get(name) is not None}
    changed = {name: key for name, key in given.items() if key != getattr(row, name)}
    unknown = [name for name, key in changed.items() if missing(session, references[name], {key})]
    if unknown:
        raise refusal(unknown)


def missing(session: Session, entity: type[Entity], keys: set[UUID]) -> set[UUID]:
    """The ids that no row has; those that one has stay until the transaction is over."""
    statement = sa.select(entity.id).where(entity.id.in_(keys), *rows.live(entity))
    return keys - set(session.scalars(statement.with_for_update(read=True)))


def refusal(fields: list[str]) -> Conflict:
    """What is said of fields that refer to nothing."""
    detail = "There is none with this id."
    problems = (FieldProblem(location=f"/body/{f}", code="missing", detail=detail) for f in fields)
    return Conflict("What this refers to does not exist.", *problems)
