"""Where kennels, dogs, permits, toys and stocks are asked for."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response, status

from petsage_api.core import bulk, versions
from petsage_api.core.db import Db
from petsage_api.core.domain_errors import problems
from petsage_api.features.kennels import models, services
from petsage_api.features.walks.models import WalkPage, WalkQuery
from petsage_api.features.walks.services import list_walks_of_kennel_as_outings

kennels = APIRouter(prefix="/kennels", tags=["Kennels"])
dogs = APIRouter(prefix="/dogs", tags=["Dogs"])
permits = APIRouter(prefix="/permits", tags=["Permits"])
toys = APIRouter(prefix="/toys", tags=["Toys"])
stocks = APIRouter(prefix="/stocks", tags=["Stocks"])


@kennels.get(
    "",
    operation_id="list_kennels",
    summary="List kennels",
    responses=problems(400),
    response_model_exclude_unset=True,
)
async def list_kennels(query: Annotated[models.KennelQuery, Query()], db: Db) -> models.KennelPage:
    """A page of kennels."""
    return await db.read(services.list_kennels, query)


@kennels.post(
    "",
    operation_id="create_kennel",
    summary="Create a kennel",
    status_code=status.HTTP_201_CREATED,
    responses=problems(400),
)
async def create_kennel(
    body: models.KennelCreate, request: Request, response: Response, db: Db
) -> models.KennelRead:
    """A new kennel; `Location` tells where it is."""
    kennel = await db.write(services.create_kennel, body)
    response.headers["Location"] = request.app.url_path_for("get_kennel", kennel_id=kennel.id)
    return kennel


@kennels.get(
    "/{kennel_id:uuid}",
    operation_id="get_kennel",
    summary="Get a kennel",
    responses=problems(404),
    response_model_exclude_unset=True,
)
async def get_kennel(
    kennel_id: UUID, query: Annotated[models.KennelInclude, Query()], db: Db
) -> models.KennelIncluded:
    """The kennel with this id."""
    return await db.read(services.get_kennel, kennel_id, query.include)


@kennels.patch(
    "/{kennel_id:uuid}",
    operation_id="update_kennel",
    summary="Update a kennel",
    responses=problems(400, 404),
)
async def update_kennel(kennel_id: UUID, change: models.KennelUpdate, db: Db) -> models.KennelRead:
    """A change of what is sent; the rest stays as it is."""
    return await db.write(services.update_kennel, kennel_id, change)


@kennels.put(
    "/{kennel_id:uuid}",
    operation_id="replace_kennel",
    summary="Replace a kennel",
    responses=problems(400, 404),
)
async def replace_kennel(kennel_id: UUID, body: models.KennelReplace, db: Db) -> models.KennelRead:
    """A whole new state; what is not sent goes back to its default."""
    return await db.write(services.replace_kennel, kennel_id, body)


@kennels.delete(
    "/{kennel_id:uuid}",
    operation_id="delete_kennel",
    summary="Delete a kennel",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(404, 409),
)
async def delete_kennel(kennel_id: UUID, db: Db) -> None:
    """The end of the kennel with this id."""
    await db.write(services.delete_kennel, kennel_id)


@kennels.get(
    "/{kennel_id:uuid}/dogs",
    operation_id="list_kennel_dogs",
    summary="List the dogs of a kennel",
    responses=problems(404),
    response_model_exclude_unset=True,
)
async def list_kennel_dogs(
    kennel_id: UUID, query: Annotated[models.DogQuery, Query()], db: Db
) -> models.DogPage:
    """A page of the dogs of this kennel."""
    return await db.read(services.list_dogs_of_kennel_as_dogs, kennel_id, query)


@kennels.get(
    "/{kennel_id:uuid}/permit",
    operation_id="get_kennel_permit",
    summary="Get the permit of a kennel",
    responses=problems(404),
)
async def get_kennel_permit(kennel_id: UUID, db: Db) -> models.PermitRead:
    """The permit of this kennel."""
    return await db.read(services.get_permit_of_kennel_as_permit, kennel_id)


@kennels.get(
    "/{kennel_id:uuid}/toys",
    operation_id="list_kennel_toys",
    summary="List the toys of a kennel",
    responses=problems(404),
)
async def list_kennel_toys(
    kennel_id: UUID, query: Annotated[models.ToyQuery, Query()], db: Db
) -> models.ToyPage:
    """A page of the toys of this kennel."""
    return await db.read(services.list_toys_of_kennel_as_toys, kennel_id, query)


@kennels.get(
    "/{kennel_id:uuid}/outings",
    operation_id="list_kennel_outings",
    summary="List the walks of a kennel",
    responses=problems(400, 404),
    response_model_exclude_unset=True,
)
async def list_kennel_outings(
    kennel_id: UUID, query: Annotated[WalkQuery, Query()], db: Db
) -> WalkPage:
    """A page of the walks of this kennel."""
    return await db.read(list_walks_of_kennel_as_outings, kennel_id, query)


@dogs.get("", operation_id="list_dogs", summary="List dogs", response_model_exclude_unset=True)
async def list_dogs(query: Annotated[models.DogQuery, Query()], db: Db) -> models.DogPage:
    """A page of dogs."""
    return await db.read(services.list_dogs, query)


@dogs.post(
    "",
    operation_id="create_dog",
    summary="Create a dog",
    status_code=status.HTTP_201_CREATED,
    responses=problems(400, 409),
)
async def create_dog(
    body: models.DogCreate, request: Request, response: Response, db: Db
) -> models.DogRead:
    """A new dog; `Location` tells where it is."""
    dog = await db.write(services.create_dog, body)
    response.headers["Location"] = request.app.url_path_for("get_dog", dog_id=dog.id)
    versions.tag(response, dog.version)
    return dog


@dogs.get("/count", operation_id="count_dogs", summary="Count dogs")
async def count_dogs(query: Annotated[models.DogFilter, Query()], db: Db) -> models.DogCount:
    """How many dogs there are."""
    return await db.read(services.count_dogs, query)


@dogs.get(
    "/{dog_id:uuid}",
    operation_id="get_dog",
    summary="Get a dog",
    responses=versions.NOT_MODIFIED | problems(404),
    response_model_exclude_unset=True,
)
async def get_dog(
    dog_id: UUID,
    query: Annotated[models.DogInclude, Query()],
    known: versions.IfNoneMatch,
    response: Response,
    db: Db,
) -> models.DogIncluded:
    """The dog with this id; `ETag` tells its version."""
    dog = await db.read(services.get_dog, dog_id, query.include)
    if not query.include:
        versions.tag(response, dog.version, known)
    return dog


@dogs.patch(
    "/{dog_id:uuid}",
    operation_id="update_dog",
    summary="Update a dog",
    responses=problems(400, 404, 409, 412, 428),
)
async def update_dog(
    dog_id: UUID,
    change: models.DogUpdate,
    expected: versions.NeededIfMatch,
    response: Response,
    db: Db,
) -> models.DogRead:
    """A change of what is sent; the rest stays as it is."""
    dog = await db.write(services.update_dog, dog_id, change, expected)
    versions.tag(response, dog.version)
    return dog


@dogs.put(
    "/{dog_id:uuid}",
    operation_id="replace_dog",
    summary="Replace a dog",
    responses=problems(400, 404, 409, 412, 428),
)
async def replace_dog(
    dog_id: UUID,
    body: models.DogReplace,
    expected: versions.NeededIfMatch,
    response: Response,
    db: Db,
) -> models.DogRead:
    """A whole new state; what is not sent goes back to its default."""
    dog = await db.write(services.replace_dog, dog_id, body, expected)
    versions.tag(response, dog.version)
    return dog


@dogs.delete(
    "/{dog_id:uuid}",
    operation_id="delete_dog",
    summary="Delete a dog",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(404, 412, 428),
)
async def delete_dog(dog_id: UUID, expected: versions.NeededIfMatch, db: Db) -> None:
    """The end of the dog with this id."""
    await db.write(services.delete_dog, dog_id, expected)


@dogs.post(
    "/{dog_id:uuid}/restore",
    operation_id="restore_dog",
    summary="Restore a dog",
    responses=problems(404),
)
async def restore_dog(dog_id: UUID, response: Response, db: Db) -> models.DogRead:
    """The dog as it was before it was deleted."""
    dog = await db.write(services.restore_dog, dog_id)
    versions.tag(response, dog.version)
    return dog


@dogs.get(
    "/{dog_id:uuid}/puppies",
    operation_id="list_dog_puppies",
    summary="List the dogs of a dog",
    responses=problems(404),
    response_model_exclude_unset=True,
)
async def list_dog_puppies(
    dog_id: UUID, query: Annotated[models.DogQuery, Query()], db: Db
) -> models.DogPage:
    """A page of the dogs of this dog."""
    return await db.read(services.list_dogs_of_dog_as_puppies, dog_id, query)


@permits.get(
    "",
    operation_id="list_permits",
    summary="List permits",
    responses=problems(400),
    response_model_exclude_unset=True,
)
async def list_permits(query: Annotated[models.PermitQuery, Query()], db: Db) -> models.PermitPage:
    """A page of permits."""
    return await db.read(services.list_permits, query)


@permits.post(
    "",
    operation_id="create_permit",
    summary="Create a permit",
    status_code=status.HTTP_201_CREATED,
    responses=problems(400, 409),
)
async def create_permit(
    body: models.PermitCreate, request: Request, response: Response, db: Db
) -> models.PermitRead:
    """A new permit; `Location` tells where it is."""
    permit = await db.write(services.create_permit, body)
    response.headers["Location"] = request.app.url_path_for("get_permit", permit_id=permit.id)
    return permit


@permits.get(
    "/{permit_id:uuid}",
    operation_id="get_permit",
    summary="Get a permit",
    responses=problems(404),
    response_model_exclude_unset=True,
)
async def get_permit(
    permit_id: UUID, query: Annotated[models.PermitInclude, Query()], db: Db
) -> models.PermitIncluded:
    """The permit with this id."""
    return await db.read(services.get_permit, permit_id, query.include)


@permits.patch(
    "/{permit_id:uuid}",
    operation_id="update_permit",
    summary="Update a permit",
    responses=problems(400, 404, 409),
)
async def update_permit(permit_id: UUID, change: models.PermitUpdate, db: Db) -> models.PermitRead:
    """A change of what is sent; the rest stays as it is."""
    return await db.write(services.update_permit, permit_id, change)


@permits.put(
    "/{permit_id:uuid}",
    operation_id="replace_permit",
    summary="Replace a permit",
    responses=problems(400, 404, 409),
)
async def replace_permit(permit_id: UUID, body: models.PermitReplace, db: Db) -> models.PermitRead:
    """A whole new state; what is not sent goes back to its default."""
    return await db.write(services.replace_permit, permit_id, body)


@permits.delete(
    "/{permit_id:uuid}",
    operation_id="delete_permit",
    summary="Delete a permit",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(404),
)
async def delete_permit(permit_id: UUID, db: Db) -> None:
    """The end of the permit with this id."""
    await db.write(services.delete_permit, permit_id)


@toys.get("", operation_id="list_toys", summary="List toys")
async def list_toys(query: Annotated[models.ToyQuery, Query()], db: Db) -> models.ToyPage:
    """A page of toys."""
    return await db.read(services.list_toys, query)


@toys.post(
    "",
    operation_id="create_toy",
    summary="Create a toy",
    status_code=status.HTTP_201_CREATED,
    responses=problems(400),
)
async def create_toy(
    body: models.ToyCreate, request: Request, response: Response, db: Db
) -> models.ToyRead:
    """A new toy; `Location` tells where it is."""
    toy = await db.write(services.create_toy, body)
    response.headers["Location"] = request.app.url_path_for("get_toy", toy_id=toy.id)
    return toy


@toys.get("/{toy_id:uuid}", operation_id="get_toy", summary="Get a toy", responses=problems(404))
async def get_toy(toy_id: UUID, db: Db) -> models.ToyRead:
    """The toy with this id."""
    return await db.read(services.get_toy, toy_id)


@toys.patch(
    "/{toy_id:uuid}",
    operation_id="update_toy",
    summary="Update a toy",
    responses=problems(400, 404),
)
async def update_toy(toy_id: UUID, change: models.ToyUpdate, db: Db) -> models.ToyRead:
    """A change of what is sent; the rest stays as it is."""
    return await db.write(services.update_toy, toy_id, change)


@toys.put(
    "/{toy_id:uuid}",
    operation_id="replace_toy",
    summary="Replace a toy",
    responses=problems(400, 404),
)
async def replace_toy(toy_id: UUID, body: models.ToyReplace, db: Db) -> models.ToyRead:
    """A whole new state; what is not sent goes back to its default."""
    return await db.write(services.replace_toy, toy_id, body)


@toys.delete(
    "/{toy_id:uuid}",
    operation_id="delete_toy",
    summary="Delete a toy",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(404),
)
async def delete_toy(toy_id: UUID, db: Db) -> None:
    """The end of the toy with this id."""
    await db.write(services.delete_toy, toy_id)


@stocks.post(
    "",
    operation_id="create_stock",
    summary="Create a stock",
    status_code=status.HTTP_201_CREATED,
    responses=problems(400, 409),
)
async def create_stock(
    body: models.StockCreate, request: Request, response: Response, db: Db
) -> models.StockRead:
    """A new stock; `Location` tells where it is."""
    stock = await db.write(services.create_stock, body)
    response.headers["Location"] = request.app.url_path_for("get_stock", stock_id=stock.id)
    return stock


@stocks.post(
    "/bulk",
    operation_id="bulk_create_stocks",
    summary="Create many stocks",
    status_code=status.HTTP_201_CREATED,
    responses=problems(400, 409),
)
async def bulk_create_stocks(body: models.StockBulkCreate, db: Db) -> models.StockBulk:
    """New stocks: all of them, or none."""
    return await db.write(services.bulk_create_stocks, body)


@stocks.delete(
    "/bulk",
    operation_id="bulk_delete_stocks",
    summary="Delete many stocks",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(404),
)
async def bulk_delete_stocks(query: Annotated[bulk.Ids, Query()], db: Db) -> None:
    """The end of the stocks with these ids: all of them, or none."""
    await db.write(services.bulk_delete_stocks, query)


@stocks.get(
    "/{stock_id:uuid}", operation_id="get_stock", summary="Get a stock", responses=problems(404)
)
async def get_stock(stock_id: UUID, db: Db) -> models.StockRead:
    """The stock with this id."""
    return await db.read(services.get_stock, stock_id)


@stocks.delete(
    "/{stock_id:uuid}",
    operation_id="delete_stock",
    summary="Delete a stock",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(404),
)
async def delete_stock(stock_id: UUID, db: Db) -> None:
    """The end of the stock with this id."""
    await db.write(services.delete_stock, stock_id)
