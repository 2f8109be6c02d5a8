"""What can be done with pets: functions that know no HTTP and never commit."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from petsage_api.core import links, pagination, references, rows, rules, versions
from petsage_api.core.columns import utcnow
from petsage_api.core.domain_errors import NotFound
from petsage_api.features.owners.tables import Owner
from petsage_api.features.pets import models
from petsage_api.features.pets.tables import Pet, pet_tags
from petsage_api.features.tags.tables import Tag

PET_MISSING = "There is no pet with this id."
PET_FILTERS: pagination.Filters = {
    "species": lambda value: Pet.species == value,
    "species_in": Pet.species.in_,
    "weight_kg_gte": lambda value: Pet.weight_kg >= value,
    "weight_kg_lte": lambda value: Pet.weight_kg <= value,
    "weight_kg_is_null": lambda value: pagination.is_null(Pet.weight_kg, value),
    "owner_id": lambda value: Pet.owner_id == value,
    "born_on_gte": lambda value: Pet.born_on >= value,
    "born_on_lt": lambda value: Pet.born_on < value,
    "search": lambda value: sa.or_(
        Pet.name.icontains(value, autoescape=True), Pet.notes.icontains(value, autoescape=True)
    ),
}
PET_SORTS: pagination.Sorts = {
    "name": Pet.name,
    "created_at": Pet.created_at,
    "weight_kg": Pet.weight_kg,
}
PET_RULES = (
    rules.Rule(
        "adopted_after_birth",
        "adopted_on",
        "adopted_on must be at least born_on.",
        lambda pet: pet.adopted_on is None or pet.born_on is None or pet.adopted_on >= pet.born_on,
    ),
)
PET_IMMUTABLE = {"chip": "chip"}
PET_REFERENCES: references.References = {"owner_id": Owner}
PET_LINKS: links.Links = {"tag_ids": links.Link(pet_tags.c.pet_id, pet_tags.c.tag_id, Tag)}


def list_pets(session: Session, query: models.PetQuery) -> models.PetPage:
    """A page of pets."""
    page = pagination.by_cursor(session, Pet, query, PET_FILTERS, PET_SORTS)
    links.load(session, page.items, PET_LINKS)
    return models.PetPage.model_validate(page)


def count_pets(session: Session, query: models.PetFilter) -> models.PetCount:
    """How many pets there are."""
    return models.PetCount(count=pagination.count(session, Pet, query, PET_FILTERS))


def create_pet(session: Session, body: models.PetCreate) -> models.PetRead:
    """A new pet."""
    return _save_pet(session, Pet(), body.model_dump())


def get_pet(session: Session, pet_id: UUID) -> models.PetRead:
    """The pet with this id."""
    row = rows.get(session, Pet, pet_id)
    if row is None:
        raise NotFound(PET_MISSING)
    links.load(session, [row], PET_LINKS)
    return models.PetRead.model_validate(row)


def update_pet(
    session: Session, pet_id: UUID, change: models.PetUpdate, expected: versions.Expected = None
) -> models.PetRead:
    """The pet after the change."""
    values = change.model_dump(exclude_unset=True)
    pet = _lock_pet(session, pet_id, expected)
    rules.keep(pet, values, PET_IMMUTABLE)
    return _save_pet(session, pet, values)


def replace_pet(
    session: Session, pet_id: UUID, body: models.PetReplace, expected: versions.Expected = None
) -> models.PetRead:
    """The pet in its new state."""
    values = body.model_dump(exclude=PET_IMMUTABLE.keys() - body.model_fields_set)
    pet = _lock_pet(session, pet_id, expected)
    rules.keep(pet, values, PET_IMMUTABLE)
    return _save_pet(session, pet, values)


def delete_pet(session: Session, pet_id: UUID, expected: versions.Expected = None) -> None:
    """No pet with this id is left."""
    pet = _lock_pet(session, pet_id, expected)
    pet.deleted_at = utcnow()
    versions.advance(session, pet)
    session.flush()


def restore_pet(session: Session, pet_id: UUID) -> models.PetRead:
    """The pet as it was before it was deleted."""
    pet = session.get(Pet, pet_id, with_for_update=True)
    if pet is None:
        raise NotFound(PET_MISSING)
    pet.deleted_at = None
    return _save_pet(session, pet, {})


def _save_pet(session: Session, pet: Pet, values: dict[str, Any]) -> models.PetRead:
    references.check(session, pet, values, PET_REFERENCES)
    changes = links.changes(session, pet, values, PET_LINKS)
    for name, value in values.items():
        setattr(pet, name, value)
    rules.check(pet, PET_RULES)
    links.stamp(pet, changes)
    versions.advance(session, pet, changed=bool(changes))
    session.add(pet)
    session.flush()
    links.make(session, pet, changes)
    row = rows.of(pet)
    links.load(session, [row], PET_LINKS)
    return models.PetRead.model_validate(row)


def _lock_pet(session: Session, pet_id: UUID, expected: versions.Expected = None) -> Pet:
    """The pet to change, which nobody else changes till then."""
    pet = session.get(Pet, pet_id, with_for_update=True)
    if pet is None or pet.deleted_at:
        raise NotFound(PET_MISSING)
    versions.check(pet, expected)
    return pet
