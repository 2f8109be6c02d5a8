"""Where photos are asked for."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response, status

from petsage_api.core.db import Db
from petsage_api.core.domain_errors import problems
from petsage_api.features.photos import models, services

photos = APIRouter(prefix="/photos", tags=["Photos"])


@photos.get("", operation_id="list_photos", summary="List photos", responses=problems(400))
async def list_photos(query: Annotated[models.PhotoQuery, Query()], db: Db) -> models.PhotoPage:
    """A page of photos."""
    return await db.read(services.list_photos, query)


@photos.post(
    "",
    operation_id="create_photo",
    summary="Create a photo",
    status_code=status.HTTP_201_CREATED,
    responses=problems(400, 409),
)
async def create_photo(
    body: models.PhotoCreate, request: Request, response: Response, db: Db
) -> models.PhotoRead:
    """A new photo; `Location` tells where it is."""
    photo = await db.write(services.create_photo, body)
    response.headers["Location"] = request.app.url_path_for("get_photo", photo_id=photo.id)
    return photo


@photos.get(
    "/{photo_id:uuid}", operation_id="get_photo", summary="Get a photo", responses=problems(404)
)
async def get_photo(photo_id: UUID, db: Db) -> models.PhotoRead:
    """The photo with this id."""
    return await db.read(services.get_photo, photo_id)


@photos.patch(
    "/{photo_id:uuid}",
    operation_id="update_photo",
    summary="Update a photo",
    responses=problems(400, 404, 409),
)
async def update_photo(photo_id: UUID, change: models.PhotoUpdate, db: Db) -> models.PhotoRead:
    """A change of what is sent; the rest stays as it is."""
    return await db.write(services.update_photo, photo_id, change)


@photos.put(
    "/{photo_id:uuid}",
    operation_id="replace_photo",
    summary="Replace a photo",
    responses=problems(400, 404, 409),
)
async def replace_photo(photo_id: UUID, body: models.PhotoReplace, db: Db) -> models.PhotoRead:
    """A whole new state; what is not sent goes back to its default."""
    return await db.write(services.replace_photo, photo_id, body)


@photos.delete(
    "/{photo_id:uuid}",
    operation_id="delete_photo",
    summary="Delete a photo",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(404),
)
async def delete_photo(photo_id: UUID, db: Db) -> None:
    """The end of the photo with this id."""
    await db.write(services.delete_photo, photo_id)
