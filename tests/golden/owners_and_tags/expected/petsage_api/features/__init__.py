"""The features of this application: an import and an entry each."""

from collections.abc import Sequence

from fastapi import APIRouter

from petsage_api.features.owners.router import router as owners_router
from petsage_api.features.tags.router import router as tags_router

ROUTERS: Sequence[APIRouter] = [
    owners_router,
    tags_router,
]
