"""The features of this application: an import and an entry each."""

from collections.abc import Sequence

from fastapi import APIRouter

from petsage_api.features.kennels import router as kennels
from petsage_api.features.walks import router as walks

ROUTERS: Sequence[APIRouter] = [
    kennels.kennels,
    kennels.dogs,
    kennels.permits,
    kennels.toys,
    kennels.stocks,
    walks.walks,
]
