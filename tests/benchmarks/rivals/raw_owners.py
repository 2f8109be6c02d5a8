"""Owners by hand-written SQL: the least that FastAPI and a driver need, in one thread hop."""

import os
import queue
import sqlite3
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any

import psycopg
import sqlalchemy as sa
from anyio import CapacityLimiter, to_thread
from fastapi import FastAPI, HTTPException, Query
from owner_schemas import CountedPage, CursorPage, OwnerCreate, OwnerRead, OwnerUpdate
from psycopg.rows import dict_row

POOL_SIZE = 10
Row = dict[str, Any]
Limit = Annotated[int, Query(ge=1, le=100)]
Offset = Annotated[int, Query(ge=0)]

url = sa.make_url(os.environ["DATABASE_URL"])
IS_SQLITE = url.get_backend_name() == "sqlite"
MARK = "?" if IS_SQLITE else "%s"
# SQLite keeps moments without their zone, which is UTC.
MOMENT = "{0} || 'Z' AS {0}" if IS_SQLITE else "{0}"
MOMENTS = ", ".join(MOMENT.format(name) for name in ("created_at", "updated_at"))
COLUMNS = f"id, full_name, email, phone, born_on, newsletter, {MOMENTS}"

app = FastAPI()
connections: queue.LifoQueue[Any] = queue.LifoQueue()
readers = CapacityLimiter(POOL_SIZE)
writers = CapacityLimiter(1) if IS_SQLITE else readers  # SQLite has one writer


def connect() -> Any:  # noqa: ANN401 (of either driver)
    if not IS_SQLITE:
        dsn = url.set(drivername="postgresql").render_as_string(hide_password=False)
        return psycopg.connect(
            dsn, autocommit=True, row_factory=dict_row, options="-c timezone=UTC"
        )
    connection = sqlite3.connect(str(url.database), isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.row_factory = lambda cursor, row: {
        column[0]: value for column, value in zip(cursor.description, row, strict=True)
    }
    return connection


for _ in range(POOL_SIZE + 1):
    connections.put(connect())


async def run(work: Callable[[Any], Any], limiter: CapacityLimiter) -> Any:  # noqa: ANN401
    def with_connection() -> Any:  # noqa: ANN401
        connection = connections.get()
        try:
            return work(connection)
        finally:
            connections.put(connection)

    return await to_thread.run_sync(with_connection, limiter=limiter)


def key(owner_id: uuid.UUID) -> object:
    return owner_id.hex if IS_SQLITE else owner_id


def moment() -> object:
    now = datetime.now(UTC)
    return now.strftime("%Y-%m-%d %H:%M:%S.%f") if IS_SQLITE else now


def found(row: Row | None) -> Row:
    if row is None:
        raise HTTPException(404)
    return row


@app.get("/api/v1/owners", response_model=CursorPage)
async def list_owners(limit: Limit = 20) -> Any:  # noqa: ANN401
    sql = f"SELECT {COLUMNS} FROM owner ORDER BY id LIMIT {MARK}"  # noqa: S608 (our own words)
    rows = await run(lambda db: db.execute(sql, (limit + 1,)).fetchall(), readers)
    next_cursor = str(rows[limit - 1]["id"]) if len(rows) > limit else None
    return {"items": rows[:limit], "next_cursor": next_cursor}


@app.get("/api/v1/owners/counted", response_model=CountedPage)
async def list_counted(limit: Limit = 20, offset: Offset = 0) -> Any:  # noqa: ANN401
    sql = f"SELECT {COLUMNS} FROM owner ORDER BY id LIMIT {MARK} OFFSET {MARK}"  # noqa: S608

    def read(db: Any) -> Row:  # noqa: ANN401
        rows = db.execute(sql, (limit, offset)).fetchall()
        count = db.execute("SELECT count(*) AS n FROM owner").fetchone()
        return {"items": rows, "total": count["n"]}

    return await run(read, readers)


@app.post("/api/v1/owners", response_model=OwnerRead, status_code=201)
async def create_owner(body: OwnerCreate) -> Any:  # noqa: ANN401
    values = {"id": key(uuid.uuid4()), **body.model_dump(mode="json")}
    values["created_at"] = values["updated_at"] = moment()
    marks = ", ".join([MARK] * len(values))
    sql = f"INSERT INTO owner ({', '.join(values)}) VALUES ({marks}) RETURNING {COLUMNS}"  # noqa: S608
    return await run(lambda db: db.execute(sql, tuple(values.values())).fetchone(), writers)


@app.get("/api/v1/owners/{owner_id}", response_model=OwnerRead)
async def get_owner(owner_id: uuid.UUID) -> Any:  # noqa: ANN401
    sql = f"SELECT {COLUMNS} FROM owner WHERE id = {MARK}"  # noqa: S608
    return found(await run(lambda db: db.execute(sql, (key(owner_id),)).fetchone(), readers))


@app.patch("/api/v1/owners/{owner_id}", response_model=OwnerRead)
async def update_owner(owner_id: uuid.UUID, change: OwnerUpdate) -> Any:  # noqa: ANN401
    values = {**change.model_dump(mode="json", exclude_unset=True), "updated_at": moment()}
    columns = ", ".join(f"{name} = {MARK}" for name in values)
    sql = f"UPDATE owner SET {columns} WHERE id = {MARK} RETURNING {COLUMNS}"  # noqa: S608
    words = (*values.values(), key(owner_id))
    return found(await run(lambda db: db.execute(sql, words).fetchone(), writers))
