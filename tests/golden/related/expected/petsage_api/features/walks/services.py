"""What can be done with walks: functions that know no HTTP and never commit."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from petsage_api.core import includes, links, pagination, references, rows
from petsage_api.core.domain_errors import NotFound
from petsage_api.features.kennels.tables import Dog, Kennel
from petsage_api.features.walks import models
from petsage_api.features.walks.tables import Walk, walk_dogs

WALK_MISSING = "There is no walk with this id."
WALK_FILTERS: pagination.Filters = {}
WALK_SORTS: pagination.Sorts = {}
WALK_REFERENCES: references.References = {"start_id": Kennel}
WALK_LINKS: links.Links = {"dog_ids": links.Link(walk_dogs.c.walk_id, walk_dogs.c.dog_id, Dog)}
WALK_INCLUDES: includes.Includes = {
    "start": includes.One("start_id", Kennel, {}),
    "dogs": includes.Many("dog_ids", WALK_LINKS["dog_ids"], {}),
}


def list_walks(
    session: Session, query: models.WalkQuery, within: pagination.Within = pagination.ANYWHERE
) -> models.WalkPage:
    """A page of walks."""
    page = pagination.by_cursor(session, Walk, query, WALK_FILTERS, WALK_SORTS, within)
    links.load(session, page.items, WALK_LINKS)
    includes.load(session, page.items, query.include, WALK_INCLUDES)
    return models.WalkPage.model_validate(page)


def create_walk(session: Session, body: models.WalkCreate) -> models.WalkRead:
    """A new walk."""
    return _save_walk(session, Walk(), body.model_dump())


def get_walk(
    session: Session, walk_id: UUID, include: Collection[str] = includes.NOTHING
) -> models.WalkIncluded:
    """The walk with this id."""
    row = rows.get(session, Walk, walk_id)
    if row is None:
        raise NotFound(WALK_MISSING)
    links.load(session, [row], WALK_LINKS)
    includes.load(session, [row], include, WALK_INCLUDES)
    return models.WalkIncluded.model_validate(row)


def update_walk(session: Session, walk_id: UUID, change: models.WalkUpdate) -> models.WalkRead:
    """The walk after the change."""
    values = change.model_dump(exclude_unset=True)
    walk = _lock_walk(session, walk_id)
    return _save_walk(session, walk, values)


def replace_walk(session: Session, walk_id: UUID, body: models.WalkReplace) -> models.WalkRead:
    """The walk in its new state."""
    values = body.model_dump()
    walk = _lock_walk(session, walk_id)
    return _save_walk(session, walk, values)


def delete_walk(session: Session, walk_id: UUID) -> None:
    """No walk with this id is left."""
    session.delete(_lock_walk(session, walk_id))
    session.flush()


def list_walks_of_kennel_as_outings(
    session: Session, kennel_id: UUID, query: models.WalkQuery
) -> models.WalkPage:
    """A page of the walks of this kennel."""
    if rows.get(session, Kennel, kennel_id) is None:
        raise NotFound("There is no kennel with this id.")
    return list_walks(session, query, [Walk.start_id == kennel_id])


def _save_walk(session: Session, walk: Walk, values: dict[str, Any]) -> models.WalkRead:
    references.check(session, walk, values, WALK_REFERENCES)
    changes = links.changes(session, walk, values, WALK_LINKS)
    for name, value in values.items():
        setattr(walk, name, value)
    links.stamp(walk, changes)
    session.add(walk)
    session.flush()
    links.make(session, walk, changes)
    row = rows.of(walk)
    links.load(session, [row], WALK_LINKS)
    return models.WalkRead.model_validate(row)


def _lock_walk(session: Session, walk_id: UUID) -> Walk:
    """The walk to change, which nobody else changes till then."""
    walk = session.get(Walk, walk_id, with_for_update=True)
    if walk is None:
        raise NotFound(WALK_MISSING)
    return walk
