"""Every error is answered as problem details (RFC 9457), and none repeats a value that was sent."""

import http.client
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from fastapi import Request, status
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import iter_route_contexts
from pydantic import BaseModel, Field
from pydantic.json_schema import models_json_schema
from starlette.exceptions import HTTPException
from starlette.routing import Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from petsage_api.core.observability import request_id

MEDIA_TYPE = "application/problem+json"
RESPONSES: dict[int | str, dict[str, Any]] = {
    "default": {
        "description": "An error",
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
}
_MOST_ERRORS = 50
_LONGEST_LOCATION = 200

log = logging.getLogger(__name__)


class FieldProblem(BaseModel):
    """What is wrong with one part of the request."""

    location: str = Field(description="Where it is, as a JSON pointer.", examples=["/body/name"])
    code: str = Field(description="A stable code of the error.", examples=["string_too_long"])
    detail: str = Field(
        description="The error in words.", examples=["String should have at most 80 characters"]
    )


class Problem(BaseModel):
    """Problem details (RFC 9457)."""

    type: str = Field(
        default="about:blank", description="The kind of problem.", examples=["about:blank"]
    )
    title: str = Field(description="The meaning of the status.", examples=["Not Found"])
    status: int = Field(description="The HTTP status.", ge=400, le=599, examples=[404])
    detail: str | None = Field(default=None, description="What happened this time.")
    request_id: str | None = Field(default=None, description="The id to quote in a report.")
    errors: list[FieldProblem] | None = Field(default=None, description="What is not valid.")


def problem_response(
    status_code: int,
    *,
    detail: str | None = None,
    errors: Sequence[FieldProblem] | None = None,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """The response that tells a client about a problem."""
    problem = Problem(
        title=_title(status_code),
        status=status_code,
        detail=detail,
        request_id=request_id.get(),
        errors=None if errors is None else list(errors),
    )
    return JSONResponse(
        problem.model_dump(exclude_none=True), status_code, headers=headers, media_type=MEDIA_TYPE
    )


def _title(status_code: int) -> str:
    return http.client.responses.get(status_code, "Error")


def add_problem_schemas(document: dict[str, Any]) -> dict[str, Any]:
    """The OpenAPI document, with the schemas that `RESPONSES` refers to."""
    _, schemas = models_json_schema(
        [(Problem, "serialization")], ref_template="#/components/schemas/{model}"
    )
    document.setdefault("components", {}).setdefault("schemas", {}).update(schemas["$defs"])
    return document


async def _on_http_error(request: Request, error: HTTPException) -> JSONResponse:
    headers = dict(error.headers or {})
    if error.status_code == status.HTTP_405_METHOD_NOT_ALLOWED:
        headers["Allow"] = ", ".join(sorted(_allowed_methods(request)))
    detail = None if error.detail == _title(error.status_code) else str(error.detail)
    return problem_response(error.status_code, detail=detail, headers=headers)


def _allowed_methods(request: Request) -> set[str]:
    """The methods of all routes at this path: Starlette names those of the first one only."""
    return {
        method
        for route in iter_route_contexts(request.app.routes)
        for method in route.methods or ()
        if route.matches({**request.scope, "method": method})[0] is Match.FULL
    }


async def _on_invalid_request(_request: Request, error: RequestValidationError) -> JSONResponse:
    return problem_response(
        status.HTTP_422_UNPROCESSABLE_CONTENT,
        detail="The request is not valid.",
        errors=[
            FieldProblem(
                location=_pointer(found["loc"])[:_LONGEST_LOCATION],
                code=found["type"],
                detail=found["msg"],
            )
            for found in error.errors()[:_MOST_ERRORS]
        ],
    )


def _pointer(location: Sequence[int | str]) -> str:
    parts = (str(part).replace("~", "~0").replace("/", "~1") for part in location)
    return "".join(f"/{part}" for part in parts)


HANDLERS: dict[int | type[Exception], Callable[[Request, Any], Any]] = {
    HTTPException: _on_http_error,
    RequestValidationError: _on_invalid_request,
}


class CrashBoundary:
    """Answer 500 for what nobody handled; the log gets the traceback, the client does not.

    An exception handler could not do it: Starlette runs that of `Exception` outside all
    middleware, where the response would get neither its request id nor its headers.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def watch(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, receive, watch)
        except Exception:
            log.exception("unhandled error")
            if started:
                raise
            await problem_response(status.HTTP_500_INTERNAL_SERVER_ERROR)(scope, receive, send)
