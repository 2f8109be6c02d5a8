"""The behaviour of the smoke_test feature."""

import pytest
from fastapi import FastAPI
from httpx import AsyncClient

from petsage_api import __version__
from petsage_api.features.smoke_test import models, services

pytestmark = pytest.mark.anyio

URL = "/api/v1/status"
STATUS = {
    "status": "ok",
    "message": "PetSage services are running smoothly!",
    "version": __version__,
}


async def test_status_is_answered_without_credentials(client: AsyncClient) -> None:
    response = await client.get(URL)
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    assert response.json() == STATUS


async def test_response_is_a_status_response(client: AsyncClient) -> None:
    response = await client.get(URL)
    assert models.StatusResponse.model_validate(response.json()) == services.get_api_status()


async def test_operation_is_documented(app: FastAPI) -> None:
    operation = app.openapi()["paths"][URL]["get"]
    assert operation["operationId"] == "get_smoke_test_status"
    assert operation["summary"] == "Get API Health Status"
    assert operation["tags"] == ["System Status"]
    assert set(operation["responses"]) == {"200", "default"}


async def test_status_can_only_be_read(client: AsyncClient) -> None:
    response = await client.post(URL)
    assert response.status_code == 405
    assert response.headers["allow"] == "GET"
