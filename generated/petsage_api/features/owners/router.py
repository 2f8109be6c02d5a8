"""Where owners are asked for."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response, status

from petsage_api.core.db import Db
from petsage_api.core.domain_errors import problems
from petsage_api.features.owners import models, services

owners = APIRouter(prefix="/owners", tags=["Owners"])


@owners.get("", operation_id="list_owners", summary="List owners", responses=problems(400))
async def list_owners(query: Annotated[models.OwnerQuery, Query()], db: Db) -> models.OwnerPage:
    """A page of owners."""
    return await db.read(services.list_owners, query)


@owners.post(
    "",
    operation_id="create_owner",
    summary="Create an owner",
    status_code=status.HTTP_201_CREATED,
    responses=problems(400, 409),
)
async def create_owner(
    body: models.OwnerCreate, request: Request, response: Response, db: Db
) -> models.OwnerRead:
    """A new owner; `Location` tells where it is."""
    owner = await db.write(services.create_owner, body)
    response.headers["Location"] = request.app.url_path_for("get_owner", owner_id=owner.id)
    return owner


@owners.get(
    "/{owner_id:uuid}", operation_id="get_owner", summary="Get an owner", responses=problems(404)
)
async def get_owner(owner_id: UUID, db: Db) -> models.OwnerRead:
    """The owner with this id."""
    return await db.read(services.get_owner, owner_id)


@owners.patch(
    "/{owner_id:uuid}",
    operation_id="update_owner",
    summary="Update an owner",
    responses=problems(400, 404, 409),
)
async def update_owner(owner_id: UUID, change: models.OwnerUpdate, db: Db) -> models.OwnerRead:
    """A change of what is sent; the rest stays as it is."""
    return await db.write(services.update_owner, owner_id, change)


@owners.put(
    "/{owner_id:uuid}",
    operation_id="replace_owner",
    summary="Replace an owner",
    responses=problems(400, 404, 409),
)
async def replace_owner(owner_id: UUID, body: models.OwnerReplace, db: Db) -> models.OwnerRead:
    """A whole new state; what is not sent goes back to its default."""
    return await db.write(services.replace_owner, owner_id, body)


@owners.delete(
    "/{owner_id:uuid}",
    operation_id="delete_owner",
    summary="Delete an owner",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(404),
)
async def delete_owner(owner_id: UUID, db: Db) -> None:
    """The end of the owner with this id."""
    await db.write(services.delete_owner, owner_id)
