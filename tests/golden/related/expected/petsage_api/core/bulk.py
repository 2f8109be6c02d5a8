"""Operations on many rows: all of them or none, and an error says which one it is about."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

from pydantic import Field
from sqlalchemy.exc import IntegrityError

from petsage_api.core import types
from petsage_api.core.database_errors import conflict_of
from petsage_api.core.domain_errors import DomainError
from petsage_api.core.errors import FieldProblem

MOST = 100


class Ids(types.ApiModel):
    """Which rows are meant."""

    id: Annotated[list[types.Uuid], Field(min_length=1, max_length=MOST, description="Their ids.")]


@contextmanager
def at(old: str, new: str) -> Iterator[None]:
    """Tell errors at a place that starts with `old` at one that starts with `new`."""
    try:
        yield
    except IntegrityError as error:
        conflict = conflict_of(error)
        if conflict is None:
            raise
        raise _moved(conflict, old, new) from None
    except DomainError as error:
        raise _moved(error, old, new) from None


def _moved(error: DomainError, old: str, new: str) -> DomainError:
    problems = [
        problem.model_copy(update={"location": new + problem.location.removeprefix(old)})
        for problem in error.errors
    ]
    whole = FieldProblem(location=new, code="refused", detail=error.detail)
    error.errors = tuple(problems) or (whole,)
    return error
