"""What becomes of a database's errors."""

import sqlite3
from collections.abc import AsyncIterator
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from httpx import AsyncClient
from sqlalchemy import event

from petsage_api.core.db import Base, Database, make_engine
from petsage_api.tests.sample_app import SECRET, started
from petsage_api.tests.samples import Sample, SampleBase

pytestmark = pytest.mark.anyio


@pytest.fixture
async def app(engine: sa.Engine) -> AsyncIterator[FastAPI]:
    """An application that keeps samples, started."""
    async with started(engine) as app:
        yield app


@pytest.fixture
def unique_samples(monkeypatch: pytest.MonkeyPatch) -> None:
    """Samples are the tables of the application."""
    monkeypatch.setattr(Base, "metadata", SampleBase.metadata)


@pytest.mark.usefixtures("unique_samples")
async def test_taken_value_names_its_column(client: AsyncClient) -> None:
    await client.post("/samples", json={"name": SECRET})
    response = await client.post("/samples", json={"name": SECRET})
    assert response.status_code == 409
    assert response.headers["content-type"] == "application/problem+json"
    assert [(e["location"], e["code"]) for e in response.json()["errors"]] == [
        ("/body/name", "taken")
    ]
    assert SECRET not in response.text


@pytest.mark.usefixtures("unique_samples")
async def test_taken_values_name_each_column(client: AsyncClient) -> None:
    await client.post("/samples", json={"name": "a", "shelf": "x", "slot": 1})
    response = await client.post("/samples", json={"name": "b", "shelf": "x", "slot": 1})
    assert [e["location"] for e in response.json()["errors"]] == ["/body/shelf", "/body/slot"]
    other = await client.post("/samples", json={"name": "b", "shelf": "x", "slot": 2})
    assert other.status_code == 200


@pytest.mark.usefixtures("unique_samples")
async def test_other_integrity_error_is_a_crash_that_shows_no_values(
    client: AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    for body in ({"name": SECRET, "count": -1}, {"text": SECRET}):
        response = await client.post("/samples", json=body)
        assert response.status_code == 500
        assert SECRET not in response.text
    assert "DatabaseFailure: " in caplog.text
    assert "INSERT INTO sample" in caplog.text
    assert SECRET not in caplog.text


@pytest.mark.parametrize("name", ["busy", "locked", "pool"])
async def test_passing_error_asks_to_try_again(client: AsyncClient, name: str) -> None:
    response = await client.get(f"/errors/{name}")
    assert response.status_code == 503
    assert response.headers["retry-after"] == "1"
    assert SECRET not in response.text


@pytest.mark.parametrize("name", ["full", "no-table"])
async def test_lasting_error_is_a_crash(client: AsyncClient, name: str) -> None:
    assert (await client.get(f"/errors/{name}")).status_code == 500


async def test_missing_table_is_a_crash(client: AsyncClient, connection: sa.Connection) -> None:
    SampleBase.metadata.drop_all(connection)
    assert (await client.get("/samples")).status_code == 500


async def test_lock_that_is_held_for_too_long_asks_to_try_again(
    app: FastAPI, engine: sa.Engine, live_client: AsyncClient
) -> None:
    sample_id = (await live_client.post("/samples", json={"name": "a"})).json()
    impatient = make_engine(engine.url.render_as_string(hide_password=False), pool_size=2)
    event.listen(impatient, "connect", give_up_soon)
    app.state.database = Database(impatient, pool_size=2)
    with engine.execution_options(writes=True).begin() as connection:
        connection.execute(sa.select(Sample).with_for_update())
        response = await live_client.patch(f"/samples/{sample_id}")
    impatient.dispose()
    assert response.status_code == 503


def give_up_soon(connection: Any, _record: object) -> None:  # noqa: ANN401
    """Wait for locks for 10 milliseconds only."""
    is_sqlite = isinstance(connection, sqlite3.Connection)
    connection.execute("PRAGMA busy_timeout=10" if is_sqlite else "SET lock_timeout=10")
    connection.commit()
