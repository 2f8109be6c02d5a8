"""What services raise, and what clients are told of it."""

from collections.abc import Callable
from typing import Any

from fastapi import Request, status
from fastapi.responses import JSONResponse

from petsage_api.core.errors import MEDIA_TYPE, FieldProblem, problem_response

_MEANINGS = {
    400: "The request cannot be read, or its cursor is not valid",
    404: "There is none with this id",
    409: "It does not go with what is stored",
    412: "It has another version by now",
    428: "The header If-Match is missing",
}

_PROBLEM = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}


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


def problems(*status_codes: int) -> dict[int | str, dict[str, Any]]:
    """The errors of an operation, for its documentation."""
    return {code: {"description": _MEANINGS[code], "content": _PROBLEM} for code in status_codes}


async def on_domain_error(_request: Request, error: DomainError) -> JSONResponse:
    """The problem that the client is told of."""
    return problem_response(error.status_code, detail=error.detail, errors=error.errors or None)


HANDLERS: dict[int | type[Exception], Callable[[Request, Any], Any]] = {
    DomainError: on_domain_error,
}
