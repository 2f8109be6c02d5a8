"""The features of this application: an import and an entry each."""

from collections.abc import Sequence

from fastapi import APIRouter

from petsage_api.features.owners.router import router as owners_router
from petsage_api.features.smoke_test.router import router as smoke_test_router
from petsage_api.features.tags.router import router as tags_router

ROUTERS: Sequence[APIRouter] = [
    owners_router,
    smoke_test_router,
    tags_router,
]
