"""The features of this application: an import and an entry each."""

from collections.abc import Sequence

from fastapi import APIRouter

from petsage_api.features.a2 import router as a2_router
from petsage_api.features.a10 import router as a10_router

ROUTERS: Sequence[APIRouter] = [
    a2_router.router,
    a10_router.router,
]
