"""What can be done with kennels, dogs, permits, toys and stocks: functions that know no HTTP and never commit."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from petsage_api.core import bulk, includes, pagination, references, rows, versions
from petsage_api.core.columns import utcnow
from petsage_api.core.domain_errors import NotFound
from petsage_api.features.kennels import models
from petsage_api.features.kennels.tables import Dog, Kennel, Permit, Stock, Toy

KENNEL_MISSING = "There is no kennel with this id."
KENNEL_FILTERS: pagination.Filters = {}
KENNEL_SORTS: pagination.Sorts = {}
DOG_MISSING = "There is no dog with this id."
DOG_FILTERS: pagination.Filters = {}
DOG_SORTS: pagination.Sorts = {}
DOG_REFERENCES: references.References = {"kennel_id": Kennel, "mother_id": Dog}
PERMIT_MISSING = "There is no permit with this id."
PERMIT_FILTERS: pagination.Filters = {}
PERMIT_SORTS: pagination.Sorts = {}
PERMIT_REFERENCES: references.References = {"kennel_id": Kennel}
TOY_MISSING = "There is no toy with this id."
TOY_FILTERS: pagination.Filters = {}
TOY_SORTS: pagination.Sorts = {}
STOCK_MISSING = "There is no stock with this id."
STOCK_REFERENCES: references.References = {"kennel_id": Kennel, "toy_id": Toy}
KENNEL_INCLUDES: includes.Includes = {"permit": includes.Back(Permit.kennel_id, Permit, {})}
DOG_INCLUDES: includes.Includes = {
    "kennel": includes.One("kennel_id", Kennel, {}),
    "mother": includes.One("mother_id", Dog, {}),
}
PERMIT_INCLUDES: includes.Includes = {"kennel": includes.One("kennel_id", Kennel, {})}


def list_kennels(session: Session, query: models.KennelQuery) -> models.KennelPage:
    """A page of kennels."""
    page = pagination.by_cursor(session, Kennel, query, KENNEL_FILTERS, KENNEL_SORTS)
    includes.load(session, page.items, query.include, KENNEL_INCLUDES)
    return models.KennelPage.model_validate(page)


def create_kennel(session: Session, body: models.KennelCreate) -> models.KennelRead:
    """A new kennel."""
    return _save_kennel(session, Kennel(), body.model_dump())


def get_kennel(
    session: Session, kennel_id: UUID, include: Collection[str] = includes.NOTHING
) -> models.KennelIncluded:
    """The kennel with this id."""
    row = rows.get(session, Kennel, kennel_id)
    if row is None:
        raise NotFound(KENNEL_MISSING)
    includes.load(session, [row], include, KENNEL_INCLUDES)
    return models.KennelIncluded.model_validate(row)


def update_kennel(
    session: Session, kennel_id: UUID, change: models.KennelUpdate
) -> models.KennelRead:
    """The kennel after the change."""
    values = change.model_dump(exclude_unset=True)
    kennel = _lock_kennel(session, kennel_id)
    return _save_kennel(session, kennel, values)


def replace_kennel(
    session: Session, kennel_id: UUID, body: models.KennelReplace
) -> models.KennelRead:
    """The kennel in its new state."""
    values = body.model_dump()
    kennel = _lock_kennel(session, kennel_id)
    return _save_kennel(session, kennel, values)


def delete_kennel(session: Session, kennel_id: UUID) -> None:
    """No kennel with this id is left."""
    session.delete(_lock_kennel(session, kennel_id))
    session.flush()


def _save_kennel(session: Session, kennel: Kennel, values: dict[str, Any]) -> models.KennelRead:
    for name, value in values.items():
        setattr(kennel, name, value)
    session.add(kennel)
    session.flush()
    return models.KennelRead.model_validate(kennel)


def _lock_kennel(session: Session, kennel_id: UUID) -> Kennel:
    """The kennel to change, which nobody else changes till then."""
    kennel = session.get(Kennel, kennel_id, with_for_update=True)
    if kennel is None:
        raise NotFound(KENNEL_MISSING)
    return kennel


def list_dogs(
    session: Session, query: models.DogQuery, within: pagination.Within = pagination.ANYWHERE
) -> models.DogPage:
    """A page of dogs."""
    page = pagination.by_offset(session, Dog, query, DOG_FILTERS, DOG_SORTS, within)
    includes.load(session, page.items, query.include, DOG_INCLUDES)
    return models.DogPage.model_validate(page)


def count_dogs(session: Session, query: models.DogFilter) -> models.DogCount:
    """How many dogs there are."""
    return models.DogCount(count=pagination.count(session, Dog, query, DOG_FILTERS))


def create_dog(session: Session, body: models.DogCreate) -> models.DogRead:
    """A new dog."""
    return _save_dog(session, Dog(), body.model_dump())


def get_dog(
    session: Session, dog_id: UUID, include: Collection[str] = includes.NOTHING
) -> models.DogIncluded:
    """The dog with this id."""
    row = rows.get(session, Dog, dog_id)
    if row is None:
        raise NotFound(DOG_MISSING)
    includes.load(session, [row], include, DOG_INCLUDES)
    return models.DogIncluded.model_validate(row)


def update_dog(
    session: Session, dog_id: UUID, change: models.DogUpdate, expected: versions.Expected = None
) -> models.DogRead:
    """The dog after the change."""
    values = change.model_dump(exclude_unset=True)
    dog = _lock_dog(session, dog_id, expected)
    return _save_dog(session, dog, values)


def replace_dog(
    session: Session, dog_id: UUID, body: models.DogReplace, expected: versions.Expected = None
) -> models.DogRead:
    """The dog in its new state."""
    values = body.model_dump()
    dog = _lock_dog(session, dog_id, expected)
    return _save_dog(session, dog, values)


def delete_dog(session: Session, dog_id: UUID, expected: versions.Expected = None) -> None:
    """No dog with this id is left."""
    dog = _lock_dog(session, dog_id, expected)
    dog.deleted_at = utcnow()
    versions.advance(session, dog)
    session.flush()


def restore_dog(session: Session, dog_id: UUID) -> models.DogRead:
    """The dog as it was before it was deleted."""
    dog = session.get(Dog, dog_id, with_for_update=True)
    if dog is None:
        raise NotFound(DOG_MISSING)
    dog.deleted_at = None
    return _save_dog(session, dog, {})


def list_dogs_of_kennel_as_dogs(
    session: Session, kennel_id: UUID, query: models.DogQuery
) -> models.DogPage:
    """A page of the dogs of this kennel."""
    if rows.get(session, Kennel, kennel_id) is None:
        raise NotFound("There is no kennel with this id.")
    return list_dogs(session, query, [Dog.kennel_id == kennel_id])


def list_dogs_of_dog_as_puppies(
    session: Session, dog_id: UUID, query: models.DogQuery
) -> models.DogPage:
    """A page of the dogs of this dog."""
    if rows.get(session, Dog, dog_id) is None:
        raise NotFound("There is no dog with this id.")
    return list_dogs(session, query, [Dog.mother_id == dog_id])


def _save_dog(session: Session, dog: Dog, values: dict[str, Any]) -> models.DogRead:
    references.check(session, dog, values, DOG_REFERENCES)
    for name, value in values.items():
        setattr(dog, name, value)
    versions.advance(session, dog)
    session.add(dog)
    session.flush()
    return models.DogRead.model_validate(dog)


def _lock_dog(session: Session, dog_id: UUID, expected: versions.Expected = None) -> Dog:
    """The dog to change, which nobody else changes till then."""
    dog = session.get(Dog, dog_id, with_for_update=True)
    if dog is None or dog.deleted_at:
        raise NotFound(DOG_MISSING)
    versions.check(dog, expected)
    return dog


def list_permits(session: Session, query: models.PermitQuery) -> models.PermitPage:
    """A page of permits."""
    page = pagination.by_cursor(session, Permit, query, PERMIT_FILTERS, PERMIT_SORTS)
    includes.load(session, page.items, query.include, PERMIT_INCLUDES)
    return models.PermitPage.model_validate(page)


def create_permit(session: Session, body: models.PermitCreate) -> models.PermitRead:
    """A new permit."""
    return _save_permit(session, Permit(), body.model_dump())


def get_permit(
    session: Session, permit_id: UUID, include: Collection[str] = includes.NOTHING
) -> models.PermitIncluded:
    """The permit with this id."""
    row = rows.get(session, Permit, permit_id)
    if row is None:
        raise NotFound(PERMIT_MISSING)
    includes.load(session, [row], include, PERMIT_INCLUDES)
    return models.PermitIncluded.model_validate(row)


def update_permit(
    session: Session, permit_id: UUID, change: models.PermitUpdate
) -> models.PermitRead:
    """The permit after the change."""
    values = change.model_dump(exclude_unset=True)
    permit = _lock_permit(session, permit_id)
    return _save_permit(session, permit, values)


def replace_permit(
    session: Session, permit_id: UUID, body: models.PermitReplace
) -> models.PermitRead:
    """The permit in its new state."""
    values = body.model_dump()
    permit = _lock_permit(session, permit_id)
    return _save_permit(session, permit, values)


def delete_permit(session: Session, permit_id: UUID) -> None:
    """No permit with this id is left."""
    session.delete(_lock_permit(session, permit_id))
    session.flush()


def get_permit_of_kennel_as_permit(session: Session, kennel_id: UUID) -> models.PermitRead:
    """The permit of this kennel."""
    if rows.get(session, Kennel, kennel_id) is None:
        raise NotFound("There is no kennel with this id.")
    own = (Permit.kennel_id == kennel_id, *rows.live(Permit))
    found = session.scalar(sa.select(Permit.id).where(*own))
    if found is None:
        raise NotFound("This kennel has no permit.")
    return get_permit(session, found)


def _save_permit(session: Session, permit: Permit, values: dict[str, Any]) -> models.PermitRead:
    references.check(session, permit, values, PERMIT_REFERENCES)
    for name, value in values.items():
        setattr(permit, name, value)
    session.add(permit)
    session.flush()
    return models.PermitRead.model_validate(permit)


def _lock_permit(session: Session, permit_id: UUID) -> Permit:
    """The permit to change, which nobody else changes till then."""
    permit = session.get(Permit, permit_id, with_for_update=True)
    if permit is None:
        raise NotFound(PERMIT_MISSING)
    return permit


def list_toys(
    session: Session, query: models.ToyQuery, within: pagination.Within = pagination.ANYWHERE
) -> models.ToyPage:
    """A page of toys."""
    page = pagination.in_one_page(session, Toy, query, TOY_FILTERS, TOY_SORTS, within)
    return models.ToyPage.model_validate(page)


def create_toy(session: Session, body: models.ToyCreate) -> models.ToyRead:
    """A new toy."""
    return _save_toy(session, Toy(), body.model_dump())


def get_toy(session: Session, toy_id: UUID) -> models.ToyRead:
    """The toy with this id."""
    row = rows.get(session, Toy, toy_id)
    if row is None:
        raise NotFound(TOY_MISSING)
    return models.ToyRead.model_validate(row)


def update_toy(session: Session, toy_id: UUID, change: models.ToyUpdate) -> models.ToyRead:
    """The toy after the change."""
    values = change.model_dump(exclude_unset=True)
    toy = _lock_toy(session, toy_id)
    return _save_toy(session, toy, values)


def replace_toy(session: Session, toy_id: UUID, body: models.ToyReplace) -> models.ToyRead:
    """The toy in its new state."""
    values = body.model_dump()
    toy = _lock_toy(session, toy_id)
    return _save_toy(session, toy, values)


def delete_toy(session: Session, toy_id: UUID) -> None:
    """No toy with this id is left."""
    session.delete(_lock_toy(session, toy_id))
    session.flush()


def list_toys_of_kennel_as_toys(
    session: Session, kennel_id: UUID, query: models.ToyQuery
) -> models.ToyPage:
    """A page of the toys of this kennel."""
    if rows.get(session, Kennel, kennel_id) is None:
        raise NotFound("There is no kennel with this id.")
    return list_toys(
        session, query, [Toy.id.in_(sa.select(Stock.toy_id).where(Stock.kennel_id == kennel_id))]
    )


def _save_toy(session: Session, toy: Toy, values: dict[str, Any]) -> models.ToyRead:
    for name, value in values.items():
        setattr(toy, name, value)
    session.add(toy)
    session.flush()
    return models.ToyRead.model_validate(toy)


def _lock_toy(session: Session, toy_id: UUID) -> Toy:
    """The toy to change, which nobody else changes till then."""
    toy = session.get(Toy, toy_id, with_for_update=True)
    if toy is None:
        raise NotFound(TOY_MISSING)
    return toy


def create_stock(session: Session, body: models.StockCreate) -> models.StockRead:
    """A new stock."""
    return _save_stock(session, Stock(), body.model_dump())


def get_stock(session: Session, stock_id: UUID) -> models.StockRead:
    """The stock with this id."""
    row = rows.get(session, Stock, stock_id)
    if row is None:
        raise NotFound(STOCK_MISSING)
    return models.StockRead.model_validate(row)


def delete_stock(session: Session, stock_id: UUID) -> None:
    """No stock with this id is left."""
    session.delete(_lock_stock(session, stock_id))
    session.flush()


def bulk_create_stocks(session: Session, body: models.StockBulkCreate) -> models.StockBulk:
    """New stocks: all of them, or none."""
    created = []
    for index, item in enumerate(body.items):
        with bulk.at("/body", f"/body/items/{index}"):
            created.append(create_stock(session, item))
    return models.StockBulk(items=created)


def bulk_delete_stocks(session: Session, query: bulk.Ids) -> None:
    """No stock with one of these ids is left; or all of them are, as they were."""
    for key in sorted(set(query.id)):
        with bulk.at("", f"/query/id/{query.id.index(key)}"):
            delete_stock(session, key)


def _save_stock(session: Session, stock: Stock, values: dict[str, Any]) -> models.StockRead:
    references.check(session, stock, values, STOCK_REFERENCES)
    for name, value in values.items():
        setattr(stock, name, value)
    session.add(stock)
    session.flush()
    return models.StockRead.model_validate(stock)


def _lock_stock(session: Session, stock_id: UUID) -> Stock:
    """The stock to change, which nobody else changes till then."""
    stock = session.get(Stock, stock_id, with_for_update=True)
    if stock is None:
        raise NotFound(STOCK_MISSING)
    return stock
