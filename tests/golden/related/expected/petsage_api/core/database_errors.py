"""What the database refuses or fails at, as problems."""

import sqlite3
from collections.abc import Callable, Iterator
from typing import Any

import sqlalchemy as sa
from fastapi import Request, status
from fastapi.responses import JSONResponse
from sqlalchemy.exc import IntegrityError, OperationalError, StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from petsage_api.core.db import Base
from petsage_api.core.domain_errors import Conflict, on_domain_error
from petsage_api.core.errors import FieldProblem, problem_response

_BUSY_SQLITE = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_CANTOPEN}
_BUSY_POSTGRES = ("08", "40001", "40P01", "53300", "55P03", "57P")
_REFERENCES = {"23503", "SQLITE_CONSTRAINT_FOREIGNKEY"}


class DatabaseFailure(Exception):
    """A bug that the database has found, told without the values that were sent."""


async def _on_statement_error(request: Request, error: StatementError) -> JSONResponse:
    if isinstance(error, IntegrityError) and (conflict := conflict_of(error)):
        return await on_domain_error(request, conflict)
    if isinstance(error, OperationalError) and _is_passing(error.orig):
        return await _on_unavailable(request, error)
    raise _without_values(error).with_traceback(error.__traceback__) from None


async def _on_unavailable(_request: Request, _error: Exception) -> JSONResponse:
    return problem_response(
        status.HTTP_503_SERVICE_UNAVAILABLE,
        detail="The database is busy or out of reach.",
        headers={"Retry-After": "1"},
    )


def conflict_of(error: IntegrityError) -> Conflict | None:
    """What a client is told of the constraint that is violated, if clients can violate it."""
    if columns := _taken_columns(error):
        return _taken(columns)
    if not _is_about_references(error):
        return None
    if (error.statement or "").startswith("DELETE"):
        return Conflict("Others refer to this, so it can't be deleted.")
    return Conflict("What this refers to does not exist.")


def _taken(columns: list[str]) -> Conflict:
    detail = "Another one has this value." if len(columns) == 1 else "Another one has these values."
    problems = (FieldProblem(location=f"/body/{c}", code="taken", detail=detail) for c in columns)
    return Conflict("What has to be unique is taken.", *problems)


def _taken_columns(error: IntegrityError) -> list[str]:
    """The columns of the unique constraint that is violated, if it is one."""
    diagnosis = getattr(error.orig, "diag", None)
    found = diagnosis.constraint_name if diagnosis else str(error.orig)
    for table in Base.metadata.tables.values():
        for one in _unique(table):
            if found in _names(one):
                return one.columns.keys()
    return []


def _unique(table: sa.Table) -> Iterator[sa.UniqueConstraint | sa.Index]:
    """What must not stand in the table twice: at all, or among rows that are not deleted."""
    yield from (one for one in table.constraints if isinstance(one, sa.UniqueConstraint))
    yield from (one for one in table.indexes if one.unique)


def _is_about_references(error: IntegrityError) -> bool:
    code = getattr(error.orig, "sqlstate", None) or getattr(error.orig, "sqlite_errorname", None)
    return code in _REFERENCES


def _names(constraint: sa.UniqueConstraint | sa.Index) -> tuple[object, str]:
    """What PostgreSQL and SQLite call the constraint."""
    return constraint.name, f"UNIQUE constraint failed: {', '.join(map(str, constraint.columns))}"


def _is_passing(error: BaseException | None) -> bool:
    """Whether it is about a lock or the connection, so that a retry may succeed."""
    if isinstance(error, sqlite3.Error):
        return error.sqlite_errorcode & 0xFF in _BUSY_SQLITE
    state = getattr(error, "sqlstate", None)
    return state is None or state.startswith(_BUSY_POSTGRES)


def _without_values(error: StatementError) -> DatabaseFailure:
    """PostgreSQL's messages quote whole rows, so only their kind may be logged."""
    code = getattr(error.orig, "sqlstate", None) or getattr(error.orig, "sqlite_errorname", None)
    return DatabaseFailure(f"{type(error.orig).__name__} ({code}) in: {error.statement}")


HANDLERS: dict[int | type[Exception], Callable[[Request, Any], Any]] = {
    StatementError: _on_statement_error,
    PoolTimeout: _on_unavailable,
}
