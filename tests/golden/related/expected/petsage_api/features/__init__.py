"""The features of this application: an import and an entry each."""

from collections.abc import Sequence

from fastapi import APIRouter

from petsage_api.features.kennels import router as kennels_router
from petsage_api.features.walks import router as walks_router

ROUTERS: Sequence[APIRouter] = [
    kennels_router.kennels,
    kennels_router.dogs,
    kennels_router.permits,
    kennels_router.toys,
    kennels_router.stocks,
    walks_router.walks,
]
