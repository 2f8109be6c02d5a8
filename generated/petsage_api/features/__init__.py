"""The features of this application: an import and an entry each."""

from collections.abc import Sequence

from fastapi import APIRouter

from petsage_api.features.owners import router as owners
from petsage_api.features.smoke_test import router as smoke_test
from petsage_api.features.tags import router as tags

ROUTERS: Sequence[APIRouter] = [
    owners.owners,
    smoke_test.router,
    tags.tags,
]
