"""An application that keeps samples, and fails in every way."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from fastapi import FastAPI, Response
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from petsage_api.core.db import Db
from petsage_api.main import create_app
from petsage_api.tests.samples import Sample, SampleBase

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


@asynccontextmanager
async def started(engine: sa.Engine) -> AsyncIterator[FastAPI]:
    """The application, started, and its table."""
    app = create_app()
    add_routes(app)
    SampleBase.metadata.create_all(engine)
    async with app.router.lifespan_context(app):
        yield app
    SampleBase.metadata.drop_all(engine)
