"""The features of this application: an import and an entry each."""

from collections.abc import Sequence

from fastapi import APIRouter

from petsage_api.features.smoke_test import router as smoke_test_router

ROUTERS: Sequence[APIRouter] = [
    smoke_test_router.router,
]
