"""Where pets are asked for."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response, status

from petsage_api.core import versions
from petsage_api.core.db import Db
from petsage_api.core.domain_errors import problems
from petsage_api.features.pets import models, services

pets = APIRouter(prefix="/pets", tags=["Pets"])


@pets.get("", operation_id="list_pets", summary="List pets", responses=problems(400))
async def list_pets(query: Annotated[models.PetQuery, Query()], db: Db) -> models.PetPage:
    """A page of pets."""
    return await db.read(services.list_pets, query)


@pets.post(
    "",
    operation_id="create_pet",
    summary="Create a pet",
    status_code=status.HTTP_201_CREATED,
    responses=problems(400, 409),
)
async def create_pet(
    body: models.PetCreate, request: Request, response: Response, db: Db
) -> models.PetRead:
    """A new pet; `Location` tells where it is."""
    pet = await db.write(services.create_pet, body)
    response.headers["Location"] = request.app.url_path_for("get_pet", pet_id=pet.id)
    versions.tag(response, pet.version)
    return pet


@pets.get("/count", operation_id="count_pets", summary="Count pets")
async def count_pets(query: Annotated[models.PetFilter, Query()], db: Db) -> models.PetCount:
    """How many pets there are."""
    return await db.read(services.count_pets, query)


@pets.get(
    "/{pet_id:uuid}",
    operation_id="get_pet",
    summary="Get a pet",
    responses=versions.NOT_MODIFIED | problems(404),
)
async def get_pet(
    pet_id: UUID, known: versions.IfNoneMatch, response: Response, db: Db
) -> models.PetRead:
    """The pet with this id; `ETag` tells its version."""
    pet = await db.read(services.get_pet, pet_id)
    versions.tag(response, pet.version, known)
    return pet


@pets.patch(
    "/{pet_id:uuid}",
    operation_id="update_pet",
    summary="Update a pet",
    responses=problems(400, 404, 409, 412),
)
async def update_pet(
    pet_id: UUID, change: models.PetUpdate, expected: versions.IfMatch, response: Response, db: Db
) -> models.PetRead:
    """A change of what is sent; the rest stays as it is."""
    pet = await db.write(services.update_pet, pet_id, change, expected)
    versions.tag(response, pet.version)
    return pet


@pets.put(
    "/{pet_id:uuid}",
    operation_id="replace_pet",
    summary="Replace a pet",
    responses=problems(400, 404, 409, 412),
)
async def replace_pet(
    pet_id: UUID, body: models.PetReplace, expected: versions.IfMatch, response: Response, db: Db
) -> models.PetRead:
    """A whole new state; what is not sent goes back to its default."""
    pet = await db.write(services.replace_pet, pet_id, body, expected)
    versions.tag(response, pet.version)
    return pet


@pets.delete(
    "/{pet_id:uuid}",
    operation_id="delete_pet",
    summary="Delete a pet",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(404, 412),
)
async def delete_pet(pet_id: UUID, expected: versions.IfMatch, db: Db) -> None:
    """The end of the pet with this id."""
    await db.write(services.delete_pet, pet_id, expected)


@pets.post(
    "/{pet_id:uuid}/restore",
    operation_id="restore_pet",
    summary="Restore a pet",
    responses=problems(404, 409),
)
async def restore_pet(pet_id: UUID, response: Response, db: Db) -> models.PetRead:
    """The pet as it was before it was deleted."""
    pet = await db.write(services.restore_pet, pet_id)
    versions.tag(response, pet.version)
    return pet
