"""The features of this application: an import and an entry each."""

from collections.abc import Sequence

from fastapi import APIRouter

from petsage_api.features.owners import router as owners_router
from petsage_api.features.tags import router as tags_router

ROUTERS: Sequence[APIRouter] = [
    owners_router.owners,
    tags_router.tags,
]
