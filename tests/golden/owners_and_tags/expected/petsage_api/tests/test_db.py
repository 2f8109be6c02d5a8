"""Transactions, threads, exact values, and what becomes of a database's errors."""

import sqlite3
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import anyio
import pytest
import sqlalchemy as sa
from fastapi import FastAPI, Response
from httpx import ASGITransport, AsyncClient
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from petsage_api.core.db import Base, Database, Db, make_engine
from petsage_api.core.settings import Settings
from petsage_api.main import create_app
from petsage_api.tests.samples import Sample, SampleBase

pytestmark = pytest.mark.anyio

SECRET = "hunter2"  # noqa: S105 - stands for what must not be repeated


def keep(session: Session, /, **values: Any) -> UUID:  # noqa: ANN401
    """A new sample's id."""
    sample = Sample(**values)
    session.add(sample)
    session.flush()
    return sample.id


def increase(session: Session, sample_id: UUID) -> int:
    """The count of the sample, one higher."""
    sample = session.get_one(Sample, sample_id, with_for_update=True)
    sample.count += 1
    session.flush()
    return sample.count


def total(session: Session) -> int:
    """The sum of all counts, and 100 for each sample."""
    statement = sa.select(sa.func.coalesce(sa.func.sum(Sample.count + 100), 0))
    return session.execute(statement).scalar_one()


def add_routes(app: FastAPI) -> None:
    """Routes that keep samples and fail in every way."""

    @app.post("/samples")
    async def create(body: dict[str, Any], db: Db) -> UUID:
        return await db.write(keep, **body)

    @app.patch("/samples/{sample_id}")
    async def change(sample_id: UUID, db: Db) -> int:
        return await db.write(increase, sample_id)

    @app.get("/samples")
    async def count(db: Db) -> int:
        return await db.read(total)

    @app.post("/halves")
    async def fail_halfway(db: Db) -> None:
        def fail(session: Session) -> None:
            keep(session, name="half")
            raise RuntimeError

        await db.write(fail)

    @app.get("/errors/{name}")
    async def fail(name: str) -> Response:
        raise ERRORS[name]


def operational(code: int) -> OperationalError:
    """What SQLite raises with this code."""
    error = sqlite3.OperationalError("secret " + SECRET)
    error.sqlite_errorcode = code
    return OperationalError("SELECT 1", {}, error)


ERRORS: dict[str, Exception] = {
    "busy": operational(sqlite3.SQLITE_BUSY_SNAPSHOT),
    "locked": operational(sqlite3.SQLITE_LOCKED),
    "pool": PoolTimeout(),
    "full": operational(sqlite3.SQLITE_FULL),
    "no-table": operational(sqlite3.SQLITE_ERROR),
}


@pytest.fixture
async def app(engine: sa.Engine) -> AsyncIterator[FastAPI]:
    """An application that keeps samples, started."""
    app = create_app()
    add_routes(app)
    SampleBase.metadata.create_all(engine)
    async with app.router.lifespan_context(app):
        yield app
    SampleBase.metadata.drop_all(engine)


@pytest.fixture
def unique_samples(monkeypatch: pytest.MonkeyPatch) -> None:
    """Samples are the tables of the application."""
    monkeypatch.setattr(Base, "metadata", SampleBase.metadata)


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


@pytest.fixture
def table(connection: sa.Connection) -> None:
    """The table of the samples, gone after the test."""
    SampleBase.metadata.create_all(connection)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("decimal", Decimal("-99999999999999.9999")),
        ("decimal", Decimal("0.1000")),
        ("span", timedelta(days=99_999_999, microseconds=1)),
        ("moment", datetime(2024, 2, 29, 23, 59, 59, 999_999, tzinfo=UTC)),
        ("document", {"a": [1, 2.5, True, None, "\u0000é\U0001f600"]}),
        ("document", []),
    ],
)
@pytest.mark.usefixtures("table")
def test_value_is_kept_exactly(session: Session, column: str, value: object) -> None:
    sample_id = keep(session, name="a", **{column: value})
    session.expire_all()
    found = getattr(session.get_one(Sample, sample_id), column)
    assert (found, type(found), str(found)) == (value, type(value), str(value))


@pytest.mark.usefixtures("table")
def test_moment_is_kept_in_utc(session: Session) -> None:
    east = timezone(timedelta(hours=5, minutes=30))
    sample_id = keep(session, name="a", moment=datetime(2024, 1, 1, 5, tzinfo=east))
    session.expire_all()
    found = session.get_one(Sample, sample_id).moment
    assert str(found) == "2023-12-31 23:30:00+00:00"


@pytest.mark.usefixtures("table")
def test_document_takes_what_json_has_no_type_for(session: Session) -> None:
    token = uuid4()
    values = [date(2024, 2, 29), Decimal("1.50"), token, b"Rex"]
    sample_id = keep(session, name="a", document=values)
    session.expire_all()
    found = session.get_one(Sample, sample_id).document
    assert found == ["2024-02-29", "1.50", str(token), "UmV4"]


@pytest.mark.usefixtures("table")
def test_no_document_is_null(session: Session) -> None:
    keep(session, name="a", document=None)
    assert session.scalars(sa.select(Sample.name).where(Sample.document.is_(None))).all() == ["a"]


def test_engine_hides_parameters(settings: Settings) -> None:
    engine = make_engine(settings.database_url.get_secret_value(), pool_size=2)
    with engine.connect() as connection, pytest.raises(DBAPIError) as caught:
        connection.execute(sa.text("SELECT :value FROM missing"), {"value": SECRET})
    engine.dispose()
    assert SECRET not in str(caught.value)
