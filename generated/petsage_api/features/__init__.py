"""The features of this application: an import and an entry each."""

from collections.abc import Sequence

from fastapi import APIRouter

from petsage_api.features.appointments import router as appointments
from petsage_api.features.clinics import router as clinics
from petsage_api.features.health_records import router as health_records
from petsage_api.features.owners import router as owners
from petsage_api.features.pets import router as pets
from petsage_api.features.photos import router as photos
from petsage_api.features.smoke_test import router as smoke_test
from petsage_api.features.tags import router as tags

ROUTERS: Sequence[APIRouter] = [
    appointments.appointments,
    clinics.clinics,
    clinics.vets,
    health_records.vaccinations,
    health_records.medications,
    health_records.weight_entries,
    owners.owners,
    pets.pets,
    photos.photos,
    smoke_test.router,
    tags.tags,
]
