"""What can be done with photos: functions that know no HTTP and never commit."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from petsage_api.core import pagination, references, rows, rules
from petsage_api.core.domain_errors import NotFound
from petsage_api.features.pets.tables import Pet
from petsage_api.features.photos import models
from petsage_api.features.photos.tables import Photo

PHOTO_MISSING = "There is no photo with this id."
PHOTO_FILTERS: pagination.Filters = {
    "pet_id": lambda value: Photo.pet_id == value,
    "caption_contains": lambda value: Photo.caption.icontains(value, autoescape=True),
    "caption_starts_with": lambda value: Photo.caption.istartswith(value, autoescape=True),
}
PHOTO_SORTS: pagination.Sorts = {"taken_at": Photo.taken_at, "created_at": Photo.created_at}
PHOTO_IMMUTABLE = {"storage_url": "storage_url", "checksum": "checksum"}
PHOTO_REFERENCES: references.References = {"pet_id": Pet}


def list_photos(session: Session, query: models.PhotoQuery) -> models.PhotoPage:
    """A page of photos."""
    page = pagination.by_cursor(session, Photo, query, PHOTO_FILTERS, PHOTO_SORTS)
    return models.PhotoPage.model_validate(page)


def create_photo(session: Session, body: models.PhotoCreate) -> models.PhotoRead:
    """A new photo."""
    return _save_photo(session, Photo(), body.model_dump())


def get_photo(session: Session, photo_id: UUID) -> models.PhotoRead:
    """The photo with this id."""
    row = rows.get(session, Photo, photo_id)
    if row is None:
        raise NotFound(PHOTO_MISSING)
    return models.PhotoRead.model_validate(row)


def update_photo(session: Session, photo_id: UUID, change: models.PhotoUpdate) -> models.PhotoRead:
    """The photo after the change."""
    values = change.model_dump(exclude_unset=True)
    photo = _lock_photo(session, photo_id)
    rules.keep(photo, values, PHOTO_IMMUTABLE)
    return _save_photo(session, photo, values)


def replace_photo(session: Session, photo_id: UUID, body: models.PhotoReplace) -> models.PhotoRead:
    """The photo in its new state."""
    values = body.model_dump(exclude=PHOTO_IMMUTABLE.keys() - body.model_fields_set)
    photo = _lock_photo(session, photo_id)
    rules.keep(photo, values, PHOTO_IMMUTABLE)
    return _save_photo(session, photo, values)


def delete_photo(session: Session, photo_id: UUID) -> None:
    """No photo with this id is left."""
    session.delete(_lock_photo(session, photo_id))
    session.flush()


def _save_photo(session: Session, photo: Photo, values: dict[str, Any]) -> models.PhotoRead:
    references.check(session, photo, values, PHOTO_REFERENCES)
    for name, value in values.items():
        setattr(photo, name, value)
    session.add(photo)
    session.flush()
    return models.PhotoRead.model_validate(photo)


def _lock_photo(session: Session, photo_id: UUID) -> Photo:
    """The photo to change, which nobody else changes till then."""
    photo = session.get(Photo, photo_id, with_for_update=True)
    if photo is None:
        raise NotFound(PHOTO_MISSING)
    return photo
