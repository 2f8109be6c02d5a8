"""The features of this application: an import and an entry each."""

from collections.abc import Sequence

from fastapi import APIRouter

from petsage_api.features.owners import router as owners
from petsage_api.features.tags import router as tags

ROUTERS: Sequence[APIRouter] = [
    owners.owners,
    tags.tags,
]
