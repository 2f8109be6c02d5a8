"""The features of this application: an import and an entry each."""

from collections.abc import Sequence

from fastapi import APIRouter

from petsage_api.features.h1 import router as h1
from petsage_api.features.h2 import router as h2
from petsage_api.features.h3 import router as h3
from petsage_api.features.h4 import router as h4
from petsage_api.features.h5 import router as h5
from petsage_api.features.h6 import router as h6

ROUTERS: Sequence[APIRouter] = [
    h1.router,
    h2.router,
    h3.router,
    h4.router,
    h5.router,
    h6.router,
]
