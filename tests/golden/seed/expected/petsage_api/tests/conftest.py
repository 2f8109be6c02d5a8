"""Fixtures: the application, started, and a client that talks to it."""

import os
from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient

from petsage_api.core.settings import Settings


def pytest_configure() -> None:
    """Keep the settings of the caller's environment out of the tests."""
    prefix = Settings.model_config["env_prefix"].upper()
    for name in [name for name in os.environ if name.upper().startswith(prefix)]:
        del os.environ[name]


@pytest.fixture
def anyio_backend() -> str:
    """The event loop that the async tests run on."""
    return "asyncio"


@pytest.fixture
async def app() -> AsyncIterator[FastAPI]:
    """The application, started."""
    # Not at the top: importing it reads the environment, which is not clean until configured.
    from petsage_api.main import create_app

    app = create_app()
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[AsyncClient]:
    """A client of the application."""
    transport = ASGITransport(app)
    async with AsyncClient(transport=transport, base_url="http://test") as client:
        yield client
