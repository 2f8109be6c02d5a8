"""Errors of one among many say which one."""

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from petsage_api.core import bulk
from petsage_api.core.domain_errors import Conflict, NotFound
from petsage_api.core.errors import FieldProblem
from petsage_api.tests.samples import Sample, SampleBase


def test_error_of_a_field_is_told_in_its_place() -> None:
    problem = FieldProblem(location="/body/name", code="taken", detail="It is.")
    with pytest.raises(Conflict) as caught, bulk.at("/body", "/body/items/3"):
        raise Conflict("It is taken.", problem)
    assert caught.value.errors == (problem.model_copy(update={"location": "/body/items/3/name"}),)


def test_error_of_the_whole_has_its_place_too() -> None:
    with pytest.raises(NotFound) as caught, bulk.at("", "/query/id/2"):
        raise NotFound("There is none.")
    [problem] = caught.value.errors
    assert (problem.location, problem.detail) == ("/query/id/2", "There is none.")


def test_what_clients_can_not_violate_stays_a_failure(session: Session) -> None:
    SampleBase.metadata.create_all(session.connection())
    session.add(Sample(name="a", count=-1))
    with pytest.raises(IntegrityError), bulk.at("/body", "/body/items/0"):
        session.flush()


def test_no_error_is_no_error() -> None:
    with bulk.at("/body", "/body/items/0"):
        pass
