"""Where clinics and vets are asked for."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response, status

from petsage_api.core.db import Db
from petsage_api.core.domain_errors import problems
from petsage_api.features.clinics import models, services

clinics = APIRouter(prefix="/clinics", tags=["Clinics"])
vets = APIRouter(prefix="/vets", tags=["Vets"])


@clinics.get("", operation_id="list_clinics", summary="List clinics")
async def list_clinics(query: Annotated[models.ClinicQuery, Query()], db: Db) -> models.ClinicPage:
    """A page of clinics."""
    return await db.read(services.list_clinics, query)


@clinics.post(
    "",
    operation_id="create_clinic",
    summary="Create a clinic",
    status_code=status.HTTP_201_CREATED,
    responses=problems(400, 409),
)
async def create_clinic(
    body: models.ClinicCreate, request: Request, response: Response, db: Db
) -> models.ClinicRead:
    """A new clinic; `Location` tells where it is."""
    clinic = await db.write(services.create_clinic, body)
    response.headers["Location"] = request.app.url_path_for("get_clinic", clinic_id=clinic.id)
    return clinic


@clinics.get(
    "/{clinic_id:uuid}", operation_id="get_clinic", summary="Get a clinic", responses=problems(404)
)
async def get_clinic(clinic_id: UUID, db: Db) -> models.ClinicRead:
    """The clinic with this id."""
    return await db.read(services.get_clinic, clinic_id)


@clinics.patch(
    "/{clinic_id:uuid}",
    operation_id="update_clinic",
    summary="Update a clinic",
    responses=problems(400, 404, 409),
)
async def update_clinic(clinic_id: UUID, change: models.ClinicUpdate, db: Db) -> models.ClinicRead:
    """A change of what is sent; the rest stays as it is."""
    return await db.write(services.update_clinic, clinic_id, change)


@clinics.put(
    "/{clinic_id:uuid}",
    operation_id="replace_clinic",
    summary="Replace a clinic",
    responses=problems(400, 404, 409),
)
async def replace_clinic(clinic_id: UUID, body: models.ClinicReplace, db: Db) -> models.ClinicRead:
    """A whole new state; what is not sent goes back to its default."""
    return await db.write(services.replace_clinic, clinic_id, body)


@clinics.delete(
    "/{clinic_id:uuid}",
    operation_id="delete_clinic",
    summary="Delete a clinic",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(404, 409),
)
async def delete_clinic(clinic_id: UUID, db: Db) -> None:
    """The end of the clinic with this id."""
    await db.write(services.delete_clinic, clinic_id)


@vets.get("", operation_id="list_vets", summary="List vets")
async def list_vets(query: Annotated[models.VetQuery, Query()], db: Db) -> models.VetPage:
    """A page of vets."""
    return await db.read(services.list_vets, query)


@vets.post(
    "",
    operation_id="create_vet",
    summary="Create a vet",
    status_code=status.HTTP_201_CREATED,
    responses=problems(400, 409),
)
async def create_vet(
    body: models.VetCreate, request: Request, response: Response, db: Db
) -> models.VetRead:
    """A new vet; `Location` tells where it is."""
    vet = await db.write(services.create_vet, body)
    response.headers["Location"] = request.app.url_path_for("get_vet", vet_id=vet.id)
    return vet


@vets.get("/{vet_id:uuid}", operation_id="get_vet", summary="Get a vet", responses=problems(404))
async def get_vet(vet_id: UUID, db: Db) -> models.VetRead:
    """The vet with this id."""
    return await db.read(services.get_vet, vet_id)


@vets.patch(
    "/{vet_id:uuid}",
    operation_id="update_vet",
    summary="Update a vet",
    responses=problems(400, 404, 409),
)
async def update_vet(vet_id: UUID, change: models.VetUpdate, db: Db) -> models.VetRead:
    """A change of what is sent; the rest stays as it is."""
    return await db.write(services.update_vet, vet_id, change)


@vets.put(
    "/{vet_id:uuid}",
    operation_id="replace_vet",
    summary="Replace a vet",
    responses=problems(400, 404, 409),
)
async def replace_vet(vet_id: UUID, body: models.VetReplace, db: Db) -> models.VetRead:
    """A whole new state; what is not sent goes back to its default."""
    return await db.write(services.replace_vet, vet_id, body)


@vets.delete(
    "/{vet_id:uuid}",
    operation_id="delete_vet",
    summary="Delete a vet",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(404, 409),
)
async def delete_vet(vet_id: UUID, db: Db) -> None:
    """The end of the vet with this id."""
    await db.write(services.delete_vet, vet_id)
