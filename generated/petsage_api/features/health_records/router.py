"""Where vaccinations, medications and weight entries are asked for."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response, status

from petsage_api.core.db import Db
from petsage_api.core.domain_errors import problems
from petsage_api.features.health_records import models, services

vaccinations = APIRouter(prefix="/vaccinations", tags=["Vaccinations"])
medications = APIRouter(prefix="/medications", tags=["Medications"])
weight_entries = APIRouter(prefix="/weight-entries", tags=["Weight entries"])


@vaccinations.get(
    "", operation_id="list_vaccinations", summary="List vaccinations", responses=problems(400)
)
async def list_vaccinations(
    query: Annotated[models.VaccinationQuery, Query()], db: Db
) -> models.VaccinationPage:
    """A page of vaccinations."""
    return await db.read(services.list_vaccinations, query)


@vaccinations.post(
    "",
    operation_id="create_vaccination",
    summary="Create a vaccination",
    status_code=status.HTTP_201_CREATED,
    responses=problems(400, 409),
)
async def create_vaccination(
    body: models.VaccinationCreate, request: Request, response: Response, db: Db
) -> models.VaccinationRead:
    """A new vaccination; `Location` tells where it is."""
    vaccination = await db.write(services.create_vaccination, body)
    response.headers["Location"] = request.app.url_path_for(
        "get_vaccination", vaccination_id=vaccination.id
    )
    return vaccination


@vaccinations.get(
    "/{vaccination_id:uuid}",
    operation_id="get_vaccination",
    summary="Get a vaccination",
    responses=problems(404),
)
async def get_vaccination(vaccination_id: UUID, db: Db) -> models.VaccinationRead:
    """The vaccination with this id."""
    return await db.read(services.get_vaccination, vaccination_id)


@vaccinations.patch(
    "/{vaccination_id:uuid}",
    operation_id="update_vaccination",
    summary="Update a vaccination",
    responses=problems(400, 404, 409),
)
async def update_vaccination(
    vaccination_id: UUID, change: models.VaccinationUpdate, db: Db
) -> models.VaccinationRead:
    """A change of what is sent; the rest stays as it is."""
    return await db.write(services.update_vaccination, vaccination_id, change)


@vaccinations.put(
    "/{vaccination_id:uuid}",
    operation_id="replace_vaccination",
    summary="Replace a vaccination",
    responses=problems(400, 404, 409),
)
async def replace_vaccination(
    vaccination_id: UUID, body: models.VaccinationReplace, db: Db
) -> models.VaccinationRead:
    """A whole new state; what is not sent goes back to its default."""
    return await db.write(services.replace_vaccination, vaccination_id, body)


@vaccinations.delete(
    "/{vaccination_id:uuid}",
    operation_id="delete_vaccination",
    summary="Delete a vaccination",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(404),
)
async def delete_vaccination(vaccination_id: UUID, db: Db) -> None:
    """The end of the vaccination with this id."""
    await db.write(services.delete_vaccination, vaccination_id)


@medications.get(
    "", operation_id="list_medications", summary="List medications", responses=problems(400)
)
async def list_medications(
    query: Annotated[models.MedicationQuery, Query()], db: Db
) -> models.MedicationPage:
    """A page of medications."""
    return await db.read(services.list_medications, query)


@medications.post(
    "",
    operation_id="create_medication",
    summary="Create a medication",
    status_code=status.HTTP_201_CREATED,
    responses=problems(400, 409),
)
async def create_medication(
    body: models.MedicationCreate, request: Request, response: Response, db: Db
) -> models.MedicationRead:
    """A new medication; `Location` tells where it is."""
    medication = await db.write(services.create_medication, body)
    response.headers["Location"] = request.app.url_path_for(
        "get_medication", medication_id=medication.id
    )
    return medication


@medications.get(
    "/{medication_id:uuid}",
    operation_id="get_medication",
    summary="Get a medication",
    responses=problems(404),
)
async def get_medication(medication_id: UUID, db: Db) -> models.MedicationRead:
    """The medication with this id."""
    return await db.read(services.get_medication, medication_id)


@medications.patch(
    "/{medication_id:uuid}",
    operation_id="update_medication",
    summary="Update a medication",
    responses=problems(400, 404, 409),
)
async def update_medication(
    medication_id: UUID, change: models.MedicationUpdate, db: Db
) -> models.MedicationRead:
    """A change of what is sent; the rest stays as it is."""
    return await db.write(services.update_medication, medication_id, change)


@medications.put(
    "/{medication_id:uuid}",
    operation_id="replace_medication",
    summary="Replace a medication",
    responses=problems(400, 404, 409),
)
async def replace_medication(
    medication_id: UUID, body: models.MedicationReplace, db: Db
) -> models.MedicationRead:
    """A whole new state; what is not sent goes back to its default."""
    return await db.write(services.replace_medication, medication_id, body)


@medications.delete(
    "/{medication_id:uuid}",
    operation_id="delete_medication",
    summary="Delete a medication",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(404),
)
async def delete_medication(medication_id: UUID, db: Db) -> None:
    """The end of the medication with this id."""
    await db.write(services.delete_medication, medication_id)


@weight_entries.get(
    "", operation_id="list_weight_entries", summary="List weight entries", responses=problems(400)
)
async def list_weight_entries(
    query: Annotated[models.WeightEntryQuery, Query()], db: Db
) -> models.WeightEntryPage:
    """A page of weight entries."""
    return await db.read(services.list_weight_entries, query)


@weight_entries.post(
    "",
    operation_id="create_weight_entry",
    summary="Create a weight entry",
    status_code=status.HTTP_201_CREATED,
    responses=problems(400, 409),
)
async def create_weight_entry(
    body: models.WeightEntryCreate, request: Request, response: Response, db: Db
) -> models.WeightEntryRead:
    """A new weight entry; `Location` tells where it is."""
    weight_entry = await db.write(services.create_weight_entry, body)
    response.headers["Location"] = request.app.url_path_for(
        "get_weight_entry", weight_entry_id=weight_entry.id
    )
    return weight_entry


@weight_entries.get("/count", operation_id="count_weight_entries", summary="Count weight entries")
async def count_weight_entries(
    query: Annotated[models.WeightEntryFilter, Query()], db: Db
) -> models.WeightEntryCount:
    """How many weight entries there are."""
    return await db.read(services.count_weight_entries, query)


@weight_entries.post(
    "/bulk",
    operation_id="bulk_create_weight_entries",
    summary="Create many weight entries",
    status_code=status.HTTP_201_CREATED,
    responses=problems(400, 409),
)
async def bulk_create_weight_entries(
    body: models.WeightEntryBulkCreate, db: Db
) -> models.WeightEntryBulk:
    """New weight entries: all of them, or none."""
    return await db.write(services.bulk_create_weight_entries, body)


@weight_entries.get(
    "/{weight_entry_id:uuid}",
    operation_id="get_weight_entry",
    summary="Get a weight entry",
    responses=problems(404),
)
async def get_weight_entry(weight_entry_id: UUID, db: Db) -> models.WeightEntryRead:
    """The weight entry with this id."""
    return await db.read(services.get_weight_entry, weight_entry_id)


@weight_entries.delete(
    "/{weight_entry_id:uuid}",
    operation_id="delete_weight_entry",
    summary="Delete a weight entry",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(404),
)
async def delete_weight_entry(weight_entry_id: UUID, db: Db) -> None:
    """The end of the weight entry with this id."""
    await db.write(services.delete_weight_entry, weight_entry_id)
