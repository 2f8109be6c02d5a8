"""What can be done with vaccinations, medications and weight entries: functions that know no HTTP and never commit."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from petsage_api.core import bulk, pagination, references, rows, rules
from petsage_api.core.domain_errors import NotFound
from petsage_api.features.clinics.tables import Vet
from petsage_api.features.health_records import models
from petsage_api.features.health_records.tables import Medication, Vaccination, WeightEntry
from petsage_api.features.pets.tables import Pet

VACCINATION_MISSING = "There is no vaccination with this id."
VACCINATION_FILTERS: pagination.Filters = {
    "pet_id": lambda value: Vaccination.pet_id == value,
    "booster_on_lte": lambda value: Vaccination.booster_on <= value,
    "booster_on_is_null": lambda value: pagination.is_null(Vaccination.booster_on, value),
}
VACCINATION_SORTS: pagination.Sorts = {"given_on": Vaccination.given_on}
VACCINATION_RULES = (
    rules.Rule(
        "booster_after_shot",
        "booster_on",
        "booster_on must be more than given_on.",
        lambda vaccination: (
            vaccination.booster_on is None or vaccination.booster_on > vaccination.given_on
        ),
    ),
)
VACCINATION_REFERENCES: references.References = {"pet_id": Pet}
MEDICATION_MISSING = "There is no medication with this id."
MEDICATION_FILTERS: pagination.Filters = {"pet_id": lambda value: Medication.pet_id == value}
MEDICATION_SORTS: pagination.Sorts = {"drug": Medication.drug, "created_at": Medication.created_at}
MEDICATION_REFERENCES: references.References = {"pet_id": Pet, "prescribed_by_id": Vet}
WEIGHT_ENTRY_MISSING = "There is no weight entry with this id."
WEIGHT_ENTRY_FILTERS: pagination.Filters = {
    "pet_id": lambda value: WeightEntry.pet_id == value,
    "measured_at_gte": lambda value: WeightEntry.measured_at >= value,
    "measured_at_lt": lambda value: WeightEntry.measured_at < value,
}
WEIGHT_ENTRY_SORTS: pagination.Sorts = {"measured_at": WeightEntry.measured_at}
WEIGHT_ENTRY_REFERENCES: references.References = {"pet_id": Pet}


def list_vaccinations(session: Session, query: models.VaccinationQuery) -> models.VaccinationPage:
    """A page of vaccinations."""
    page = pagination.by_cursor(session, Vaccination, query, VACCINATION_FILTERS, VACCINATION_SORTS)
    return models.VaccinationPage.model_validate(page)


def create_vaccination(session: Session, body: models.VaccinationCreate) -> models.VaccinationRead:
    """A new vaccination."""
    return _save_vaccination(session, Vaccination(), body.model_dump())


def get_vaccination(session: Session, vaccination_id: UUID) -> models.VaccinationRead:
    """The vaccination with this id."""
    row = rows.get(session, Vaccination, vaccination_id)
    if row is None:
        raise NotFound(VACCINATION_MISSING)
    return models.VaccinationRead.model_validate(row)


def update_vaccination(
    session: Session, vaccination_id: UUID, change: models.VaccinationUpdate
) -> models.VaccinationRead:
    """The vaccination after the change."""
    values = change.model_dump(exclude_unset=True)
    vaccination = _lock_vaccination(session, vaccination_id)
    return _save_vaccination(session, vaccination, values)


def replace_vaccination(
    session: Session, vaccination_id: UUID, body: models.VaccinationReplace
) -> models.VaccinationRead:
    """The vaccination in its new state."""
    values = body.model_dump()
    vaccination = _lock_vaccination(session, vaccination_id)
    return _save_vaccination(session, vaccination, values)


def delete_vaccination(session: Session, vaccination_id: UUID) -> None:
    """No vaccination with this id is left."""
    session.delete(_lock_vaccination(session, vaccination_id))
    session.flush()


def _save_vaccination(
    session: Session, vaccination: Vaccination, values: dict[str, Any]
) -> models.VaccinationRead:
    references.check(session, vaccination, values, VACCINATION_REFERENCES)
    for name, value in values.items():
        setattr(vaccination, name, value)
    rules.check(vaccination, VACCINATION_RULES)
    session.add(vaccination)
    session.flush()
    return models.VaccinationRead.model_validate(vaccination)


def _lock_vaccination(session: Session, vaccination_id: UUID) -> Vaccination:
    """The vaccination to change, which nobody else changes till then."""
    vaccination = session.get(Vaccination, vaccination_id, with_for_update=True)
    if vaccination is None:
        raise NotFound(VACCINATION_MISSING)
    return vaccination


def list_medications(session: Session, query: models.MedicationQuery) -> models.MedicationPage:
    """A page of medications."""
    page = pagination.by_cursor(session, Medication, query, MEDICATION_FILTERS, MEDICATION_SORTS)
    return models.MedicationPage.model_validate(page)


def create_medication(session: Session, body: models.MedicationCreate) -> models.MedicationRead:
    """A new medication."""
    return _save_medication(session, Medication(), body.model_dump())


def get_medication(session: Session, medication_id: UUID) -> models.MedicationRead:
    """The medication with this id."""
    row = rows.get(session, Medication, medication_id)
    if row is None:
        raise NotFound(MEDICATION_MISSING)
    return models.MedicationRead.model_validate(row)


def update_medication(
    session: Session, medication_id: UUID, change: models.MedicationUpdate
) -> models.MedicationRead:
    """The medication after the change."""
    values = change.model_dump(exclude_unset=True)
    medication = _lock_medication(session, medication_id)
    return _save_medication(session, medication, values)


def replace_medication(
    session: Session, medication_id: UUID, body: models.MedicationReplace
) -> models.MedicationRead:
    """The medication in its new state."""
    values = body.model_dump()
    medication = _lock_medication(session, medication_id)
    return _save_medication(session, medication, values)


def delete_medication(session: Session, medication_id: UUID) -> None:
    """No medication with this id is left."""
    session.delete(_lock_medication(session, medication_id))
    session.flush()


def _save_medication(
    session: Session, medication: Medication, values: dict[str, Any]
) -> models.MedicationRead:
    references.check(session, medication, values, MEDICATION_REFERENCES)
    for name, value in values.items():
        setattr(medication, name, value)
    session.add(medication)
    session.flush()
    return models.MedicationRead.model_validate(medication)


def _lock_medication(session: Session, medication_id: UUID) -> Medication:
    """The medication to change, which nobody else changes till then."""
    medication = session.get(Medication, medication_id, with_for_update=True)
    if medication is None:
        raise NotFound(MEDICATION_MISSING)
    return medication


def list_weight_entries(session: Session, query: models.WeightEntryQuery) -> models.WeightEntryPage:
    """A page of weight entries."""
    page = pagination.by_cursor(
        session, WeightEntry, query, WEIGHT_ENTRY_FILTERS, WEIGHT_ENTRY_SORTS
    )
    return models.WeightEntryPage.model_validate(page)


def count_weight_entries(
    session: Session, query: models.WeightEntryFilter
) -> models.WeightEntryCount:
    """How many weight entries there are."""
    return models.WeightEntryCount(
        count=pagination.count(session, WeightEntry, query, WEIGHT_ENTRY_FILTERS)
    )


def create_weight_entry(session: Session, body: models.WeightEntryCreate) -> models.WeightEntryRead:
    """A new weight entry."""
    return _save_weight_entry(session, WeightEntry(), body.model_dump())


def get_weight_entry(session: Session, weight_entry_id: UUID) -> models.WeightEntryRead:
    """The weight entry with this id."""
    row = rows.get(session, WeightEntry, weight_entry_id)
    if row is None:
        raise NotFound(WEIGHT_ENTRY_MISSING)
    return models.WeightEntryRead.model_validate(row)


def delete_weight_entry(session: Session, weight_entry_id: UUID) -> None:
    """No weight entry with this id is left."""
    session.delete(_lock_weight_entry(session, weight_entry_id))
    session.flush()


def bulk_create_weight_entries(
    session: Session, body: models.WeightEntryBulkCreate
) -> models.WeightEntryBulk:
    """New weight entries: all of them, or none."""
    created = []
    for index, item in enumerate(body.items):
        with bulk.at("/body", f"/body/items/{index}"):
            created.append(create_weight_entry(session, item))
    return models.WeightEntryBulk(items=created)


def _save_weight_entry(
    session: Session, weight_entry: WeightEntry, values: dict[str, Any]
) -> models.WeightEntryRead:
    references.check(session, weight_entry, values, WEIGHT_ENTRY_REFERENCES)
    for name, value in values.items():
        setattr(weight_entry, name, value)
    session.add(weight_entry)
    session.flush()
    return models.WeightEntryRead.model_validate(weight_entry)


def _lock_weight_entry(session: Session, weight_entry_id: UUID) -> WeightEntry:
    """The weight entry to change, which nobody else changes till then."""
    weight_entry = session.get(WeightEntry, weight_entry_id, with_for_update=True)
    if weight_entry is None:
        raise NotFound(WEIGHT_ENTRY_MISSING)
    return weight_entry
