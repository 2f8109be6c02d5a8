"""Where appointments are asked for."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response, status

from petsage_api.core import versions
from petsage_api.core.db import Db
from petsage_api.core.domain_errors import problems
from petsage_api.features.appointments import models, services

appointments = APIRouter(prefix="/appointments", tags=["Appointments"])


@appointments.get(
    "", operation_id="list_appointments", summary="List appointments", responses=problems(400)
)
async def list_appointments(
    query: Annotated[models.AppointmentQuery, Query()], db: Db
) -> models.AppointmentPage:
    """A page of appointments."""
    return await db.read(services.list_appointments, query)


@appointments.post(
    "",
    operation_id="create_appointment",
    summary="Create an appointment",
    status_code=status.HTTP_201_CREATED,
    responses=problems(400, 409),
)
async def create_appointment(
    body: models.AppointmentCreate, request: Request, response: Response, db: Db
) -> models.AppointmentRead:
    """A new appointment; `Location` tells where it is."""
    appointment = await db.write(services.create_appointment, body)
    response.headers["Location"] = request.app.url_path_for(
        "get_appointment", appointment_id=appointment.id
    )
    versions.tag(response, appointment.version)
    return appointment


@appointments.get(
    "/{appointment_id:uuid}",
    operation_id="get_appointment",
    summary="Get an appointment",
    responses=versions.NOT_MODIFIED | problems(404),
)
async def get_appointment(
    appointment_id: UUID, known: versions.IfNoneMatch, response: Response, db: Db
) -> models.AppointmentRead:
    """The appointment with this id; `ETag` tells its version."""
    appointment = await db.read(services.get_appointment, appointment_id)
    versions.tag(response, appointment.version, known)
    return appointment


@appointments.patch(
    "/{appointment_id:uuid}",
    operation_id="update_appointment",
    summary="Update an appointment",
    responses=problems(400, 404, 409, 412),
)
async def update_appointment(
    appointment_id: UUID,
    change: models.AppointmentUpdate,
    expected: versions.IfMatch,
    response: Response,
    db: Db,
) -> models.AppointmentRead:
    """A change of what is sent; the rest stays as it is."""
    appointment = await db.write(services.update_appointment, appointment_id, change, expected)
    versions.tag(response, appointment.version)
    return appointment


@appointments.put(
    "/{appointment_id:uuid}",
    operation_id="replace_appointment",
    summary="Replace an appointment",
    responses=problems(400, 404, 409, 412),
)
async def replace_appointment(
    appointment_id: UUID,
    body: models.AppointmentReplace,
    expected: versions.IfMatch,
    response: Response,
    db: Db,
) -> models.AppointmentRead:
    """A whole new state; what is not sent goes back to its default."""
    appointment = await db.write(services.replace_appointment, appointment_id, body, expected)
    versions.tag(response, appointment.version)
    return appointment


@appointments.delete(
    "/{appointment_id:uuid}",
    operation_id="delete_appointment",
    summary="Delete an appointment",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problems(404, 412),
)
async def delete_appointment(appointment_id: UUID, expected: versions.IfMatch, db: Db) -> None:
    """The end of the appointment with this id."""
    await db.write(services.delete_appointment, appointment_id, expected)
