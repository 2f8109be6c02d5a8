"""The features of this application: an import and an entry each."""

from collections.abc import Sequence

from fastapi import APIRouter

from petsage_api.features.h1.router import router as h1_router
from petsage_api.features.h2.router import router as h2_router
from petsage_api.features.h3.router import router as h3_router
from petsage_api.features.h4.router import router as h4_router
from petsage_api.features.h5.router import router as h5_router
from petsage_api.features.h6.router import router as h6_router

ROUTERS: Sequence[APIRouter] = [
    h1_router,
    h2_router,
    h3_router,
    h4_router,
    h5_router,
    h6_router,
]
