"""The database: its engine, one transaction per call of a service, and the base of all tables."""

from collections.abc import Callable
from typing import Annotated, Any, Concatenate, ParamSpec, TypeVar
from uuid import UUID

import sqlalchemy as sa
from anyio import CapacityLimiter, to_thread
from fastapi import Depends, Request
from pydantic_core import to_json
from sqlalchemy import event
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker

from petsage_api.core.ids import uuid7

P = ParamSpec("P")
R = TypeVar("R")

_SQLITE_PRAGMAS = ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "temp_store=MEMORY")


class Base(DeclarativeBase):
    """The base of all tables."""


class Entity(Base):
    """A table whose rows have an id, by which they sort in the order they were made."""

    __abstract__ = True

    id: Mapped[UUID] = mapped_column(sa.Uuid, default=uuid7, sort_order=-1)


def make_engine(url: str, *, pool_size: int) -> sa.Engine:
    """An engine that never waits in a thread for long and never shows parameters."""
    engine = sa.create_engine(
        url,
        connect_args=_connect_args(sa.make_url(url)),
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=10,
        hide_parameters=True,
        json_serializer=_to_json,
    )
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _sqlite_connect)
        event.listen(engine, "begin", _sqlite_begin)
    return engine


def _connect_args(url: sa.URL) -> dict[str, Any]:
    if url.get_backend_name() == "sqlite":
        return {"timeout": 5}
    return {"connect_timeout": 5, "options": f"{url.query.get('options', '')} -c timezone=UTC"}


def _to_json(value: object) -> str:
    return to_json(value, bytes_mode="base64").decode()


def _sqlite_connect(connection: Any, _record: object) -> None:  # noqa: ANN401 - of any driver
    connection.isolation_level = None  # BEGIN is ours, not the driver's
    for pragma in _SQLITE_PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _sqlite_begin(connection: sa.Connection) -> None:
    # A transaction that reads and then writes fails at once if another one wrote in between;
    # IMMEDIATE waits for its turn instead.
    if connection.get_execution_options().get("writes", False):
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.connection.cursor().execute("BEGIN")  # it touches no file, and can't fail


class Database:
    """Runs services: each in one thread and one transaction, which is over before the response.

    Calls queue on the event loop, never in a thread, until a connection is free. SQLite has one
    writer, so that its writers queue for each other too.
    """

    def __init__(self, engine: sa.Engine, *, pool_size: int) -> None:
        self.engine = engine
        self.reads = sessionmaker(engine, expire_on_commit=False, autoflush=False)
        self.writes = sessionmaker(engine.execution_options(writes=True), expire_on_commit=False)
        one_writer = engine.dialect.name == "sqlite"
        self._readers = CapacityLimiter(pool_size - 1 if one_writer else pool_size)
        self._writers = CapacityLimiter(1) if one_writer else self._readers
        self._schema_is_current = False

    async def read(
        self, service: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """What the service returns; its transaction is rolled back."""

        def run() -> R:
            with self.reads() as session:
                return service(session, *args, **kwargs)

        return await self._in_thread(run, self._readers)

    async def write(
        self, service: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """What the service returns, after its transaction was committed."""

        def run() -> R:
            with self.writes.begin() as session:
                return service(session, *args, **kwargs)

        return await self._in_thread(run, self._writers)

    async def check(self) -> None:
        """Fail if the database is out of reach, or its tables are not those of this code."""
        await self.read(_select_nothing if self._schema_is_current else _select_no_rows)
        self._schema_is_current = True

    async def _in_thread(self, run: Callable[[], R], limiter: CapacityLimiter, /) -> R:
        return await to_thread.run_sync(run, limiter=limiter)


def _select_nothing(session: Session) -> None:
    session.execute(sa.select(1))


def _select_no_rows(session: Session) -> None:
    _select_nothing(session)
    for table in Base.metadata.tables.values():
        session.execute(sa.select(table).limit(0))


async def get_database(request: Request) -> Database:
    """The database of the application."""
    database: Database = request.app.state.database
    return database


Db = Annotated[Database, Depends(get_database)]
