"""What can be done with tags: functions that know no HTTP and never commit."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from petsage_api.core import pagination, rows
from petsage_api.core.domain_errors import NotFound
from petsage_api.features.tags import models
from petsage_api.features.tags.tables import Tag

TAG_MISSING = "There is no tag with this id."
TAG_FILTERS: pagination.Filters = {}
TAG_SORTS: pagination.Sorts = {"label": Tag.label}


def list_tags(session: Session, query: models.TagQuery) -> models.TagPage:
    """A page of tags."""
    page = pagination.in_one_page(session, Tag, query, TAG_FILTERS, TAG_SORTS)
    return models.TagPage.model_validate(page)


def create_tag(session: Session, body: models.TagCreate) -> models.TagRead:
    """A new tag."""
    return _save_tag(session, Tag(), body.model_dump())


def get_tag(session: Session, tag_id: UUID) -> models.TagRead:
    """The tag with this id."""
    row = rows.get(session, Tag, tag_id)
    if row is None:
        raise NotFound(TAG_MISSING)
    return models.TagRead.model_validate(row)


def delete_tag(session: Session, tag_id: UUID) -> None:
    """No tag with this id is left."""
    session.delete(_lock_tag(session, tag_id))
    session.flush()


def _save_tag(session: Session, tag: Tag, values: dict[str, Any]) -> models.TagRead:
    for name, value in values.items():
        setattr(tag, name, value)
    session.add(tag)
    session.flush()
    return models.TagRead.model_validate(tag)


def _lock_tag(session: Session, tag_id: UUID) -> Tag:
    """The tag to change, which nobody else changes till then."""
    tag = session.get(Tag, tag_id, with_for_update=True)
    if tag is None:
        raise NotFound(TAG_MISSING)
    return tag
