"""Where tags are asked for."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response, status

from petsage_api.core.db import Db
from petsage_api.core.domain_errors import problems
from petsage_api.features.tags import models, services

tags = APIRouter(prefix="/tags", tags=["Tags"])


@tags.get("", operation_id="list_tags", summary="List tags")
async def list_tags(query: Annotated[models.TagQuery, Query()], db: Db) -> models.TagPage:
    """A page of tags."""
    return await db.read(services.list_tags, query)


@tags.post(
    "",
    operation_id="create_tag",
    summary="Create a tag",
    status_code=status.HTTP_201_CREATED,
    responses=problems(400, 409),
)
async def create_tag(
    body: models.TagCreate, request: Request, response: Response, db: Db
) -> models.TagRead:
    """A new tag; `Location` tells where it is."""
    tag = await db.write(services.create_tag, body)
    response.headers["Location"] = request.app.url_path_for("get_tag", tag_id=tag.id)
    return tag


@tags.get("/{tag_id:uuid}", operation_id="get_tag", summary="Get a tag", responses=problems(404))
async def get_tag(tag_id: UUID, db: Db) -> models.TagRead:
    """The tag with this id."""
    return await db.read(services.get_tag, tag_id)


@tags.delete(
    "/{tag_id:uuid}",
    operation_id="delete_tag",
    summary="Delete a tag",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(404),
)
async def delete_tag(tag_id: UUID, db: Db) -> None:
    """The end of the tag with this id."""
    await db.write(services.delete_tag, tag_id)
