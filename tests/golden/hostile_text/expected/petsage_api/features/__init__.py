"""The features of this application: an import and an entry each."""

from collections.abc import Sequence

from fastapi import APIRouter

from petsage_api.features.h1 import router as h1_router
from petsage_api.features.h2 import router as h2_router
from petsage_api.features.h3 import router as h3_router
from petsage_api.features.h4 import router as h4_router
from petsage_api.features.h5 import router as h5_router
from petsage_api.features.h6 import router as h6_router

ROUTERS: Sequence[APIRouter] = [
    h1_router.router,
    h2_router.router,
    h3_router.router,
    h4_router.router,
    h5_router.router,
    h6_router.router,
]
