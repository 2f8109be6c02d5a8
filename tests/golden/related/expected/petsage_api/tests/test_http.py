"""Headers, cross-origin requests and the limit on bodies."""

from collections.abc import AsyncIterator

import pytest
from fastapi import Request, Response
from httpx import ASGITransport, AsyncClient

from petsage_api.core.settings import Settings
from petsage_api.main import create_app

pytestmark = pytest.mark.anyio

ORIGIN = "https://app.example"
PREFLIGHT = {
    "Origin": ORIGIN,
    "Access-Control-Request-Method": "DELETE",
    "Access-Control-Request-Headers": "Authorization",
}


def connect(settings: Settings) -> AsyncClient:
    """A client of an application with these settings and routes that read, crash and set headers."""
    app = create_app(settings)

    @app.get("/crash")
    async def crash() -> float:
        return 1 / 0

    @app.get("/cached")
    async def cached(response: Response) -> None:
        response.headers["Cache-Control"] = "max-age=60"

    @app.post("/size")
    async def measure(request: Request) -> int:
        return len(await request.body())

    return AsyncClient(transport=ASGITransport(app), base_url="http://test")


async def chunks(*sizes: int) -> AsyncIterator[bytes]:
    """A body that does not say how long it is."""
    for size in sizes:
        yield b"x" * size


async def test_every_response_has_the_security_headers(client: AsyncClient) -> None:
    for path in ("/", "/docs", "/unknown"):
        headers = (await client.get(path)).headers
        assert headers["cache-control"] == "no-store"
        assert headers["content-security-policy"] == "frame-ancestors 'none'"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["strict-transport-security"] == "max-age=31536000"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"


async def test_response_may_set_its_own_cache_control() -> None:
    async with connect(Settings()) as client:
        response = await client.get("/cached")
    assert response.headers.get_list("cache-control") == ["max-age=60"]


async def test_no_other_origin_is_allowed_by_default(client: AsyncClient) -> None:
    preflight = await client.options("/", headers=PREFLIGHT)
    response = await client.get("/", headers={"Origin": ORIGIN})
    assert preflight.status_code == 405
    assert "access-control-allow-origin" not in response.headers


async def test_configured_origin_is_allowed() -> None:
    async with connect(Settings(cors_origins=(ORIGIN,))) as client:
        preflight = await client.options("/", headers=PREFLIGHT)
        response = await client.get("/", headers={"Origin": ORIGIN})
    assert preflight.status_code == 200
    assert "DELETE" in preflight.headers["access-control-allow-methods"]
    assert preflight.headers["access-control-allow-headers"] == "Authorization"
    assert response.headers["access-control-allow-origin"] == ORIGIN
    assert response.headers["access-control-expose-headers"] == "X-Request-ID"


async def test_preflight_of_another_origin_is_refused_with_a_problem() -> None:
    async with connect(Settings(cors_origins=("https://other.example",))) as client:
        response = await client.options("/", headers=PREFLIGHT)
    assert response.status_code == 400
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["vary"] == "Origin"
    assert "access-control-allow-origin" not in response.headers


async def test_any_origin_is_allowed_without_credentials_only() -> None:
    async with connect(Settings(cors_origins=("*",))) as client:
        headers = {"Origin": ORIGIN, "Cookie": "session=1"}
        response = await client.get("/", headers=headers)
    assert response.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in response.headers


async def test_allowed_origin_may_read_errors_too() -> None:
    async with connect(Settings(cors_origins=(ORIGIN,), max_body_bytes=10)) as client:
        headers = {"Origin": ORIGIN}
        crash = await client.get("/crash", headers=headers)
        large = await client.post("/size", content=b"x" * 11, headers=headers)
    assert [crash.status_code, large.status_code] == [500, 413]
    assert crash.headers["access-control-allow-origin"] == ORIGIN
    assert large.headers["access-control-allow-origin"] == ORIGIN


async def test_body_at_the_limit_is_read() -> None:
    async with connect(Settings(max_body_bytes=10)) as client:
        response = await client.post("/size", content=b"x" * 10)
    assert response.json() == 10


async def test_body_declared_larger_is_refused_unread() -> None:
    async with connect(Settings(max_body_bytes=10)) as client:
        response = await client.post("/", content=b"x" * 11)
    assert response.status_code == 413
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["detail"] == "The request body is too large."
    assert response.headers["x-content-type-options"] == "nosniff"


async def test_body_that_grows_larger_is_refused() -> None:
    async with connect(Settings(max_body_bytes=10)) as client:
        small = await client.post("/size", content=chunks(5, 5))
        large = await client.post("/size", content=chunks(5, 6))
    assert small.json() == 10
    assert large.status_code == 413
    assert large.headers["content-type"] == "application/problem+json"


async def test_body_that_understates_its_size_is_counted() -> None:
    async with connect(Settings(max_body_bytes=10)) as client:
        for declared in ("1", "-1", "none", "9" * 5000):
            headers = {"Content-Length": declared}
            response = await client.post("/size", content=chunks(11), headers=headers)
            assert response.status_code == 413
