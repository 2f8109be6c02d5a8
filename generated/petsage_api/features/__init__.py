"""The features of this application: an import and an entry each."""

from collections.abc import Sequence

from fastapi import APIRouter

from petsage_api.features.appointments import router as appointments_router
from petsage_api.features.clinics import router as clinics_router
from petsage_api.features.health_records import router as health_records_router
from petsage_api.features.owners import router as owners_router
from petsage_api.features.pets import router as pets_router
from petsage_api.features.photos import router as photos_router
from petsage_api.features.smoke_test import router as smoke_test_router
from petsage_api.features.tags import router as tags_router

ROUTERS: Sequence[APIRouter] = [
    appointments_router.appointments,
    clinics_router.clinics,
    clinics_router.vets,
    health_records_router.vaccinations,
    health_records_router.medications,
    health_records_router.weight_entries,
    owners_router.owners,
    pets_router.pets,
    photos_router.photos,
    smoke_test_router.router,
    tags_router.tags,
]
