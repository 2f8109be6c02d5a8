"""What can be done with clinics and vets: functions that know no HTTP and never commit."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from petsage_api.core import pagination, references, rows, rules
from petsage_api.core.domain_errors import NotFound
from petsage_api.features.clinics import models
from petsage_api.features.clinics.tables import Clinic, Vet

CLINIC_MISSING = "There is no clinic with this id."
CLINIC_FILTERS: pagination.Filters = {
    "search": lambda value: Clinic.name.icontains(value, autoescape=True)
}
CLINIC_SORTS: pagination.Sorts = {"name": Clinic.name}
CLINIC_RULES = (
    rules.Rule(
        "closes_after_opening",
        "closes_at",
        "closes_at must be more than opens_at.",
        lambda clinic: clinic.closes_at > clinic.opens_at,
    ),
)
VET_MISSING = "There is no vet with this id."
VET_FILTERS: pagination.Filters = {
    "clinic_id": lambda value: Vet.clinic_id == value,
    "mentor_id": lambda value: Vet.mentor_id == value,
    "mentor_id_is_null": lambda value: pagination.is_null(Vet.mentor_id, value),
}
VET_SORTS: pagination.Sorts = {"full_name": Vet.full_name}
VET_IMMUTABLE = {"licence": "licence"}
VET_REFERENCES: references.References = {"clinic_id": Clinic, "mentor_id": Vet}


def list_clinics(session: Session, query: models.ClinicQuery) -> models.ClinicPage:
    """A page of clinics."""
    page = pagination.by_offset(session, Clinic, query, CLINIC_FILTERS, CLINIC_SORTS)
    return models.ClinicPage.model_validate(page)


def create_clinic(session: Session, body: models.ClinicCreate) -> models.ClinicRead:
    """A new clinic."""
    return _save_clinic(session, Clinic(), body.model_dump())


def get_clinic(session: Session, clinic_id: UUID) -> models.ClinicRead:
    """The clinic with this id."""
    row = rows.get(session, Clinic, clinic_id)
    if row is None:
        raise NotFound(CLINIC_MISSING)
    return models.ClinicRead.model_validate(row)


def update_clinic(
    session: Session, clinic_id: UUID, change: models.ClinicUpdate
) -> models.ClinicRead:
    """The clinic after the change."""
    values = change.model_dump(exclude_unset=True)
    clinic = _lock_clinic(session, clinic_id)
    return _save_clinic(session, clinic, values)


def replace_clinic(
    session: Session, clinic_id: UUID, body: models.ClinicReplace
) -> models.ClinicRead:
    """The clinic in its new state."""
    values = body.model_dump()
    clinic = _lock_clinic(session, clinic_id)
    return _save_clinic(session, clinic, values)


def delete_clinic(session: Session, clinic_id: UUID) -> None:
    """No clinic with this id is left."""
    session.delete(_lock_clinic(session, clinic_id))
    session.flush()


def _save_clinic(session: Session, clinic: Clinic, values: dict[str, Any]) -> models.ClinicRead:
    for name, value in values.items():
        setattr(clinic, name, value)
    rules.check(clinic, CLINIC_RULES)
    session.add(clinic)
    session.flush()
    return models.ClinicRead.model_validate(clinic)


def _lock_clinic(session: Session, clinic_id: UUID) -> Clinic:
    """The clinic to change, which nobody else changes till then."""
    clinic = session.get(Clinic, clinic_id, with_for_update=True)
    if clinic is None:
        raise NotFound(CLINIC_MISSING)
    return clinic


def list_vets(session: Session, query: models.VetQuery) -> models.VetPage:
    """A page of vets."""
    page = pagination.by_offset(session, Vet, query, VET_FILTERS, VET_SORTS)
    return models.VetPage.model_validate(page)


def create_vet(session: Session, body: models.VetCreate) -> models.VetRead:
    """A new vet."""
    return _save_vet(session, Vet(), body.model_dump())


def get_vet(session: Session, vet_id: UUID) -> models.VetRead:
    """The vet with this id."""
    row = rows.get(session, Vet, vet_id)
    if row is None:
        raise NotFound(VET_MISSING)
    return models.VetRead.model_validate(row)


def update_vet(session: Session, vet_id: UUID, change: models.VetUpdate) -> models.VetRead:
    """The vet after the change."""
    values = change.model_dump(exclude_unset=True)
    vet = _lock_vet(session, vet_id)
    rules.keep(vet, values, VET_IMMUTABLE)
    return _save_vet(session, vet, values)


def replace_vet(session: Session, vet_id: UUID, body: models.VetReplace) -> models.VetRead:
    """The vet in its new state."""
    values = body.model_dump(exclude=VET_IMMUTABLE.keys() - body.model_fields_set)
    vet = _lock_vet(session, vet_id)
    rules.keep(vet, values, VET_IMMUTABLE)
    return _save_vet(session, vet, values)


def delete_vet(session: Session, vet_id: UUID) -> None:
    """No vet with this id is left."""
    session.delete(_lock_vet(session, vet_id))
    session.flush()


def _save_vet(session: Session, vet: Vet, values: dict[str, Any]) -> models.VetRead:
    references.check(session, vet, values, VET_REFERENCES)
    for name, value in values.items():
        setattr(vet, name, value)
    session.add(vet)
    session.flush()
    return models.VetRead.model_validate(vet)


def _lock_vet(session: Session, vet_id: UUID) -> Vet:
    """The vet to change, which nobody else changes till then."""
    vet = session.get(Vet, vet_id, with_for_update=True)
    if vet is None:
        raise NotFound(VET_MISSING)
    return vet
