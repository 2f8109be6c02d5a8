"""What can be done with appointments: functions that know no HTTP and never commit."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from petsage_api.core import pagination, references, rows, versions
from petsage_api.core.domain_errors import NotFound
from petsage_api.features.appointments import models
from petsage_api.features.appointments.tables import Appointment
from petsage_api.features.clinics.tables import Vet
from petsage_api.features.pets.tables import Pet

APPOINTMENT_MISSING = "There is no appointment with this id."
APPOINTMENT_FILTERS: pagination.Filters = {
    "status": lambda value: Appointment.status == value,
    "status_in": Appointment.status.in_,
    "starts_at_gte": lambda value: Appointment.starts_at >= value,
    "starts_at_lt": lambda value: Appointment.starts_at < value,
    "pet_id": lambda value: Appointment.pet_id == value,
    "vet_id": lambda value: Appointment.vet_id == value,
}
APPOINTMENT_SORTS: pagination.Sorts = {"starts_at": Appointment.starts_at}
APPOINTMENT_REFERENCES: references.References = {"pet_id": Pet, "vet_id": Vet}


def list_appointments(session: Session, query: models.AppointmentQuery) -> models.AppointmentPage:
    """A page of appointments."""
    page = pagination.by_cursor(session, Appointment, query, APPOINTMENT_FILTERS, APPOINTMENT_SORTS)
    return models.AppointmentPage.model_validate(page)


def create_appointment(session: Session, body: models.AppointmentCreate) -> models.AppointmentRead:
    """A new appointment."""
    return _save_appointment(session, Appointment(), body.model_dump())


def get_appointment(session: Session, appointment_id: UUID) -> models.AppointmentRead:
    """The appointment with this id."""
    row = rows.get(session, Appointment, appointment_id)
    if row is None:
        raise NotFound(APPOINTMENT_MISSING)
    return models.AppointmentRead.model_validate(row)


def update_appointment(
    session: Session,
    appointment_id: UUID,
    change: models.AppointmentUpdate,
    expected: versions.Expected = None,
) -> models.AppointmentRead:
    """The appointment after the change."""
    values = change.model_dump(exclude_unset=True)
    appointment = _lock_appointment(session, appointment_id, expected)
    return _save_appointment(session, appointment, values)


def replace_appointment(
    session: Session,
    appointment_id: UUID,
    body: models.AppointmentReplace,
    expected: versions.Expected = None,
) -> models.AppointmentRead:
    """The appointment in its new state."""
    values = body.model_dump()
    appointment = _lock_appointment(session, appointment_id, expected)
    return _save_appointment(session, appointment, values)


def delete_appointment(
    session: Session, appointment_id: UUID, expected: versions.Expected = None
) -> None:
    """No appointment with this id is left."""
    session.delete(_lock_appointment(session, appointment_id, expected))
    session.flush()


def _save_appointment(
    session: Session, appointment: Appointment, values: dict[str, Any]
) -> models.AppointmentRead:
    references.check(session, appointment, values, APPOINTMENT_REFERENCES)
    for name, value in values.items():
        setattr(appointment, name, value)
    versions.advance(session, appointment)
    session.add(appointment)
    session.flush()
    return models.AppointmentRead.model_validate(appointment)


def _lock_appointment(
    session: Session, appointment_id: UUID, expected: versions.Expected = None
) -> Appointment:
    """The appointment to change, which nobody else changes till then."""
    appointment = session.get(Appointment, appointment_id, with_for_update=True)
    if appointment is None:
        raise NotFound(APPOINTMENT_MISSING)
    versions.check(appointment, expected)
    return appointment
