"""Transactions, threads, and whether the database is ready."""

from collections.abc import AsyncIterator

import anyio
import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient
from sqlalchemy.exc import DBAPIError

from petsage_api.core.db import Base, make_engine
from petsage_api.core.settings import Settings
from petsage_api.main import create_app
from petsage_api.tests.sample_app import SECRET, add_routes, keep, started
from petsage_api.tests.samples import Sample

pytestmark = pytest.mark.anyio


@pytest.fixture
async def app(engine: sa.Engine) -> AsyncIterator[FastAPI]:
    """An application that keeps samples, started."""
    async with started(engine) as app:
        yield app


async def test_concurrent_changes_of_one_row_are_all_kept(live_client: AsyncClient) -> None:
    sample_id = (await live_client.post("/samples", json={"name": "a"})).json()
    statuses: list[int] = []

    async def change() -> None:
        statuses.append((await live_client.patch(f"/samples/{sample_id}")).status_code)

    async with anyio.create_task_group() as group:
        for _ in range(20):
            group.start_soon(change)
    assert statuses == [200] * 20
    assert (await live_client.get("/samples")).json() == 120


async def test_write_is_committed_before_the_response(
    live_client: AsyncClient, engine: sa.Engine
) -> None:
    await live_client.post("/samples", json={"name": "a"})
    with engine.connect() as connection:
        assert connection.execute(sa.select(Sample.name)).scalars().all() == ["a"]


async def test_failed_write_leaves_nothing(live_client: AsyncClient) -> None:
    assert (await live_client.post("/halves")).status_code == 500
    assert (await live_client.get("/samples")).json() == 0
    assert (await live_client.post("/samples", json={"name": "half"})).status_code == 200


async def test_read_keeps_nothing(app: FastAPI, live_client: AsyncClient) -> None:
    await app.state.database.read(keep, name="a")
    assert (await live_client.get("/samples")).json() == 0


async def test_requests_wait_for_a_connection(app: FastAPI, live_client: AsyncClient) -> None:
    statuses: list[int] = []

    async def read() -> None:
        statuses.append((await live_client.get("/samples")).status_code)

    async with anyio.create_task_group() as group:
        for _ in range(64):
            group.start_soon(read)
    assert statuses == [200] * 64
    assert app.state.database.engine.pool.checkedout() == 0


async def test_not_ready_while_the_schema_is_behind(
    live_client: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = sa.MetaData()
    sa.Table("sample", wanted, sa.Column("id"), sa.Column("colour"))
    with monkeypatch.context() as patch:
        patch.setattr(Base, "metadata", wanted)
        response = await live_client.get("/readyz")
        assert response.status_code == 503
        assert response.headers["retry-after"] == "1"
    assert (await live_client.get("/readyz")).status_code == 200


async def test_schema_is_looked_at_until_it_is_current(
    live_client: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (await live_client.get("/readyz")).status_code == 200
    wanted = sa.MetaData()
    sa.Table("missing", wanted, sa.Column("id"))
    monkeypatch.setattr(Base, "metadata", wanted)
    assert (await live_client.get("/readyz")).status_code == 200


async def test_database_out_of_reach_is_a_problem(engine: sa.Engine) -> None:
    nowhere = engine.url.set(database="/nowhere/to/be/found.db")
    url = nowhere.render_as_string(hide_password=False)
    app = create_app(Settings.model_validate({"DATABASE_URL": url}))
    add_routes(app)
    async with (
        app.router.lifespan_context(app),
        AsyncClient(transport=ASGITransport(app), base_url="http://test") as client,
    ):
        assert (await client.get("/healthz")).status_code == 200
        assert (await client.get("/readyz")).status_code == 503
        assert (await client.get("/samples")).status_code == 503


def test_engine_hides_parameters(settings: Settings) -> None:
    engine = make_engine(settings.database_url.get_secret_value(), pool_size=2)
    with engine.connect() as connection, pytest.raises(DBAPIError) as caught:
        connection.execute(sa.text("SELECT :value FROM missing"), {"value": SECRET})
    engine.dispose()
    assert SECRET not in str(caught.value)
