"""Where walks are asked for."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response, status

from petsage_api.core.db import Db
from petsage_api.core.domain_errors import problems
from petsage_api.features.walks import models, services

walks = APIRouter(prefix="/walks", tags=["Walks"])


@walks.get(
    "",
    operation_id="list_walks",
    summary="List walks",
    responses=problems(400),
    response_model_exclude_unset=True,
)
async def list_walks(query: Annotated[models.WalkQuery, Query()], db: Db) -> models.WalkPage:
    """A page of walks."""
    return await db.read(services.list_walks, query)


@walks.post(
    "",
    operation_id="create_walk",
    summary="Create a walk",
    status_code=status.HTTP_201_CREATED,
    responses=problems(400, 409),
)
async def create_walk(
    body: models.WalkCreate, request: Request, response: Response, db: Db
) -> models.WalkRead:
    """A new walk; `Location` tells where it is."""
    walk = await db.write(services.create_walk, body)
    response.headers["Location"] = request.app.url_path_for("get_walk", walk_id=walk.id)
    return walk


@walks.get(
    "/{walk_id:uuid}",
    operation_id="get_walk",
    summary="Get a walk",
    responses=problems(404),
    response_model_exclude_unset=True,
)
async def get_walk(
    walk_id: UUID, query: Annotated[models.WalkInclude, Query()], db: Db
) -> models.WalkIncluded:
    """The walk with this id."""
    return await db.read(services.get_walk, walk_id, query.include)


@walks.patch(
    "/{walk_id:uuid}",
    operation_id="update_walk",
    summary="Update a walk",
    responses=problems(400, 404, 409),
)
async def update_walk(walk_id: UUID, change: models.WalkUpdate, db: Db) -> models.WalkRead:
    """A change of what is sent; the rest stays as it is."""
    return await db.write(services.update_walk, walk_id, change)


@walks.put(
    "/{walk_id:uuid}",
    operation_id="replace_walk",
    summary="Replace a walk",
    responses=problems(400, 404, 409),
)
async def replace_walk(walk_id: UUID, body: models.WalkReplace, db: Db) -> models.WalkRead:
    """A whole new state; what is not sent goes back to its default."""
    return await db.write(services.replace_walk, walk_id, body)


@walks.delete(
    "/{walk_id:uuid}",
    operation_id="delete_walk",
    summary="Delete a walk",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(404),
)
async def delete_walk(walk_id: UUID, db: Db) -> None:
    """The end of the walk with this id."""
    await db.write(services.delete_walk, walk_id)
