"""What services raise, and what the database does, as problems."""

import sqlite3
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from fastapi import Request, status
from fastapi.responses import JSONResponse
from sqlalchemy.exc import IntegrityError, OperationalError, StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from petsage_api.core.db import Base
from petsage_api.core.errors import MEDIA_TYPE, FieldProblem, problem_response

_BUSY_SQLITE = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_CANTOPEN}
_REFERENCES = {"23503", "SQLITE_CONSTRAINT_FOREIGNKEY"}
_BUSY_POSTGRES = ("08", "40001", "40P01", "53300", "55P03", "57P")

_PROBLEM = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
_MEANINGS = {
    400: "The request cannot be read, or its cursor is not valid",
    404: "There is none with this id",
    409: "It does not go with what is stored",
}


class DomainError(Exception):
    """A failure that the client is told about."""

    status_code: int

    def __init__(self, detail: str, *errors: FieldProblem) -> None:
        super().__init__(detail)
        self.detail = detail
        self.errors = errors


class BadRequest(DomainError):
    """The request makes no sense."""

    status_code = status.HTTP_400_BAD_REQUEST


class NotFound(DomainError):
    """What the request is about does not exist."""

    status_code = status.HTTP_404_NOT_FOUND


class Conflict(DomainError):
    """The request does not go with what is stored."""

    status_code = status.HTTP_409_CONFLICT


class Invalid(DomainError):
    """Fields that are valid one by one are not valid together."""

    status_code = status.HTTP_422_UNPROCESSABLE_CONTENT

    def __init__(self, *errors: FieldProblem) -> None:
        super().__init__("The request is not valid.", *errors)


class DatabaseFailure(Exception):
    """A bug that the database has found, told without the values that were sent."""


def problems(*status_codes: int) -> dict[int | str, dict[str, Any]]:
    """The errors of an operation, for its documentation."""
    return {code: {"description": _MEANINGS[code], "content": _PROBLEM} for code in status_codes}


async def _on_domain_error(_request: Request, error: DomainError) -> JSONResponse:
    return problem_response(error.status_code, detail=error.detail, errors=error.errors or None)


async def _on_statement_error(request: Request, error: StatementError) -> JSONResponse:
    if isinstance(error, IntegrityError) and (conflict := _conflict(error)):
        return await _on_domain_error(request, conflict)
    if isinstance(error, OperationalError) and _is_passing(error.orig):
        return await _on_unavailable(request, error)
    raise _without_values(error).with_traceback(error.__traceback__) from None


async def _on_unavailable(_request: Request, _error: Exception) -> JSONResponse:
    return problem_response(
        status.HTTP_503_SERVICE_UNAVAILABLE,
        detail="The database is busy or out of reach.",
        headers={"Retry-After": "1"},
    )


def _conflict(error: IntegrityError) -> Conflict | None:
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
        for constraint in table.constraints:
            if isinstance(constraint, sa.UniqueConstraint) and found in _names(constraint):
                return constraint.columns.keys()
    return []


def _is_about_references(error: IntegrityError) -> bool:
    code = getattr(error.orig, "sqlstate", None) or getattr(error.orig, "sqlite_errorname", None)
    return code in _REFERENCES


def _names(constraint: sa.UniqueConstraint) -> tuple[object, str]:
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
    DomainError: _on_domain_error,
    StatementError: _on_statement_error,
    PoolTimeout: _on_unavailable,
}
