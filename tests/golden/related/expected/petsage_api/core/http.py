"""What holds for every request and response, as plain ASGI middleware."""

from contextlib import suppress

from fastapi import HTTPException, status
from fastapi.middleware.cors import CORSMiddleware
from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from petsage_api.core.errors import CrashBoundary, problem_response
from petsage_api.core.observability import REQUEST_ID_HEADER, RequestLog
from petsage_api.core.settings import Settings

SECURITY_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=31536000",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_ENCODED = [(name.lower().encode(), value.encode()) for name, value in SECURITY_HEADERS.items()]
_TOO_LARGE = "The request body is too large."


def middleware(settings: Settings) -> list[Middleware]:
    """The middleware of the application, the outermost first."""
    cors = Middleware(
        Cors,
        allow_origins=settings.cors_origins,
        allow_methods=["*"],
        allow_headers=["*"],
        expose_headers=[REQUEST_ID_HEADER],
    )
    return [
        Middleware(RequestLog),
        Middleware(SecurityHeaders),
        *([cors] if settings.cors_origins else []),
        Middleware(CrashBoundary),
        Middleware(BodyLimit, max_bytes=settings.max_body_bytes),
    ]


class SecurityHeaders:
    """Add the headers that a response has not set itself."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = message["headers"]
                present = {name for name, _ in headers}
                message["headers"] = [*headers, *(one for one in _ENCODED if one[0] not in present)]
            await send(message)

        await self.app(scope, receive, send_with_headers)


class Cors(CORSMiddleware):
    """CORS without credentials, so that `*` is a harmless origin."""

    def preflight_response(self, request_headers: Headers) -> Response:
        """The answer to a browser's question; a refusal is a problem like any other."""
        response = super().preflight_response(request_headers)
        if response.status_code < status.HTTP_400_BAD_REQUEST:
            return response
        return problem_response(
            response.status_code,
            detail="This cross-origin request is not allowed.",
            headers={"Vary": "Origin"},
        )


class BodyLimit:
    """Refuse a body by its declared size, and stop reading one that grows beyond the limit."""

    def __init__(self, app: ASGIApp, max_bytes: int) -> None:
        self.app = app
        self.max_bytes = max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if _declared_size(scope) > self.max_bytes:
            refusal = problem_response(status.HTTP_413_CONTENT_TOO_LARGE, detail=_TOO_LARGE)
            await refusal(scope, receive, send)
            return
        size = 0

        async def receive_counted() -> Message:
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            if size > self.max_bytes:
                raise HTTPException(status.HTTP_413_CONTENT_TOO_LARGE, _TOO_LARGE)
            return message

        await self.app(scope, receive_counted, send)


def _declared_size(scope: Scope) -> int:
    """The `Content-Length`, or 0 where it says nothing and counting has to do."""
    with suppress(ValueError):
        return int(Headers(scope=scope).get("content-length", ""))
    return 0
