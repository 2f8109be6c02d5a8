"""What the application promises, whatever its features are."""

from collections import Counter
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from httpx import ASGITransport, AsyncClient

from petsage_api import __version__
from petsage_api.core.settings import Settings
from petsage_api.features import ROUTERS
from petsage_api.main import API_PREFIX, create_app

pytestmark = pytest.mark.anyio


async def test_root_points_to_the_documentation(client: AsyncClient) -> None:
    response = await client.get("/")
    assert response.status_code == 200
    assert response.json() == {
        "message": "Welcome to the PetSage API. Visit /docs for documentation."
    }


async def test_documentation_is_served(client: AsyncClient) -> None:
    response = await client.get("/docs")
    assert response.status_code == 200
    assert "/openapi.json" in response.text
    assert "default-src" not in response.headers["content-security-policy"]


async def test_documentation_has_one_address(client: AsyncClient) -> None:
    assert (await client.get("/redoc")).status_code == 404
    assert (await client.get("/docs/oauth2-redirect")).status_code == 404


async def test_documentation_can_be_turned_off() -> None:
    app = create_app(Settings(docs_enabled=False))
    async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as client:
        assert (await client.get("/docs")).status_code == 404
        assert (await client.get("/openapi.json")).status_code == 404


async def test_openapi_document_names_the_application(client: AsyncClient) -> None:
    document = (await client.get("/openapi.json")).json()
    assert document["info"] == {
        "title": "PetSage API",
        "description": "Your AI-powered companion for pet care.",
        "version": __version__,
    }


async def test_openapi_document_describes_problems(app: FastAPI) -> None:
    schemas = app.openapi()["components"]["schemas"]
    assert set(schemas["Problem"]["required"]) == {"title", "status"}
    assert "FieldProblem" in schemas


async def test_every_operation_is_described_and_documents_its_errors(app: FastAPI) -> None:
    for operation in operations(app):
        assert operation["summary"]
        assert operation["description"]
        assert operation["tags"]
        assert "application/problem+json" in operation["responses"]["default"]["content"]


async def test_operation_ids_are_unique(app: FastAPI) -> None:
    ids = Counter(operation["operationId"] for operation in operations(app))
    assert ids.total() == len(ids)


async def test_every_route_of_the_registry_is_served(app: FastAPI) -> None:
    served = {route.path for route in iter_route_contexts(app.routes)}
    registered = {
        f"{API_PREFIX}{route.path}"
        for router in ROUTERS
        for route in iter_route_contexts(router.routes)
    }
    assert registered <= served


async def test_a_trailing_slash_is_not_redirected(client: AsyncClient) -> None:
    response = await client.get("/healthz/")
    assert response.status_code == 404


async def test_healthz_answers_before_startup() -> None:
    transport = ASGITransport(create_app())
    async with AsyncClient(transport=transport, base_url="http://test") as client:
        response = await client.get("/healthz")
    assert response.status_code == 200
    assert response.json() == {"status": "alive"}


async def test_readyz_is_ok_between_startup_and_shutdown(client: AsyncClient) -> None:
    response = await client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {"status": "ready"}


async def test_readyz_refuses_before_startup_and_after_shutdown() -> None:
    app = create_app()
    async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as client:
        before = await client.get("/readyz")
        async with app.router.lifespan_context(app):
            during = await client.get("/readyz")
        after = await client.get("/readyz")
    assert [before.status_code, during.status_code, after.status_code] == [503, 200, 503]
    assert before.headers["content-type"] == "application/problem+json"
    assert before.headers["retry-after"] == "1"


def operations(app: FastAPI) -> list[dict[str, Any]]:
    """The operations of the OpenAPI document."""
    return [operation for path in app.openapi()["paths"].values() for operation in path.values()]
