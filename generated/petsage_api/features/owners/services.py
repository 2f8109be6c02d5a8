"""What can be done with owners: functions that know no HTTP and never commit."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from petsage_api.core import pagination, rows
from petsage_api.core.domain_errors import NotFound
from petsage_api.features.owners import models
from petsage_api.features.owners.tables import Owner

OWNER_MISSING = "There is no owner with this id."
OWNER_FILTERS: pagination.Filters = {
    "newsletter": lambda value: Owner.newsletter == value,
    "born_on_gte": lambda value: Owner.born_on >= value,
    "born_on_lte": lambda value: Owner.born_on <= value,
    "born_on_is_null": lambda value: pagination.is_null(Owner.born_on, value),
    "search": lambda value: sa.or_(
        Owner.full_name.icontains(value, autoescape=True),
        Owner.email.icontains(value, autoescape=True),
    ),
}
OWNER_SORTS: pagination.Sorts = {"full_name": Owner.full_name, "created_at": Owner.created_at}


def list_owners(session: Session, query: models.OwnerQuery) -> models.OwnerPage:
    """A page of owners."""
    page = pagination.by_cursor(session, Owner, query, OWNER_FILTERS, OWNER_SORTS)
    return models.OwnerPage.model_validate(page)


def create_owner(session: Session, body: models.OwnerCreate) -> models.OwnerRead:
    """A new owner."""
    return _save_owner(session, Owner(), body.model_dump())


def get_owner(session: Session, owner_id: UUID) -> models.OwnerRead:
    """The owner with this id."""
    row = rows.get(session, Owner, owner_id)
    if row is None:
        raise NotFound(OWNER_MISSING)
    return models.OwnerRead.model_validate(row)


def update_owner(session: Session, owner_id: UUID, change: models.OwnerUpdate) -> models.OwnerRead:
    """The owner after the change."""
    values = change.model_dump(exclude_unset=True)
    owner = _lock_owner(session, owner_id)
    return _save_owner(session, owner, values)


def replace_owner(session: Session, owner_id: UUID, body: models.OwnerReplace) -> models.OwnerRead:
    """The owner in its new state."""
    values = body.model_dump()
    owner = _lock_owner(session, owner_id)
    return _save_owner(session, owner, values)


def delete_owner(session: Session, owner_id: UUID) -> None:
    """No owner with this id is left."""
    session.delete(_lock_owner(session, owner_id))
    session.flush()


def _save_owner(session: Session, owner: Owner, values: dict[str, Any]) -> models.OwnerRead:
    for name, value in values.items():
        setattr(owner, name, value)
    session.add(owner)
    session.flush()
    return models.OwnerRead.model_validate(owner)


def _lock_owner(session: Session, owner_id: UUID) -> Owner:
    """The owner to change, which nobody else changes till then."""
    owner = session.get(Owner, owner_id, with_for_update=True)
    if owner is None:
        raise NotFound(OWNER_MISSING)
    return owner
