"""References lead to rows that are there."""

from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from petsage_api.core import references
from petsage_api.core.columns import utcnow
from petsage_api.core.domain_errors import Conflict
from petsage_api.tests.related_samples import Shelf, Thing, related, stored

__all__ = ["related"]
NOBODY = UUID(int=0)
REFERENCES: references.References = {"shelf_id": Shelf}


def refused(session: Session, thing: Thing, key: UUID) -> list[tuple[str, str]]:
    """Where the id is refused, and why."""
    with pytest.raises(Conflict) as caught:
        references.check(session, thing, {"shelf_id": key}, REFERENCES)
    return [(error.location, error.code) for error in caught.value.errors]


def test_id_of_a_row_is_accepted(related: Session) -> None:
    shelf = Shelf()
    stored(related, shelf)
    references.check(related, Thing(), {"shelf_id": shelf.id}, REFERENCES)


def test_unknown_id_is_refused(related: Session) -> None:
    assert refused(related, Thing(), NOBODY) == [("/body/shelf_id", "missing")]


def test_id_of_a_deleted_row_is_refused_unless_it_was_there_before(related: Session) -> None:
    shelf = Shelf(deleted_at=utcnow())
    stored(related, shelf)
    assert refused(related, Thing(), shelf.id)
    references.check(related, Thing(shelf_id=shelf.id), {"shelf_id": shelf.id}, REFERENCES)


@pytest.mark.parametrize("values", [{}, {"shelf_id": None}, {"other": NOBODY}])
def test_what_refers_to_nothing_is_accepted(related: Session, values: dict[str, UUID]) -> None:
    references.check(related, Thing(), values, REFERENCES)


def test_ids_that_are_missing_are_told(related: Session) -> None:
    shelf = Shelf()
    stored(related, shelf)
    assert references.missing(related, Shelf, {shelf.id, NOBODY}) == {NOBODY}
