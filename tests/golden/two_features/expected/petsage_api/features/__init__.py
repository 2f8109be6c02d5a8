"""The features of this application: an import and an entry each."""

from collections.abc import Sequence

from fastapi import APIRouter

from petsage_api.features.a2 import router as a2
from petsage_api.features.a10 import router as a10

ROUTERS: Sequence[APIRouter] = [
    a2.router,
    a10.router,
]
