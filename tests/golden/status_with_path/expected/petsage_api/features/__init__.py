"""The features of this application: an import and an entry each."""

from collections.abc import Sequence

from fastapi import APIRouter

from petsage_api.features.ready import router as ready_router

ROUTERS: Sequence[APIRouter] = [
    ready_router.router,
]
