"""Owners and pets by hand-written SQL: the least FastAPI and a driver need, in one thread hop."""

import os
import queue
import sqlite3
import uuid
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

import psycopg
import sqlalchemy as sa
from anyio import CapacityLimiter, to_thread
from fastapi import FastAPI, HTTPException, Query
from psycopg.rows import dict_row
from schemas import (
    CountedPage,
    CursorPage,
    OwnerCreate,
    OwnerRead,
    OwnerUpdate,
    PetRead,
    PetWithOwner,
)

POOL_SIZE = 10
Row = dict[str, Any]
Limit = Annotated[int, Query(ge=1, le=100)]
Offset = Annotated[int, Query(ge=0)]

url = sa.make_url(os.environ["DATABASE_URL"])
IS_SQLITE = url.get_backend_name() == "sqlite"
MARK = "?" if IS_SQLITE else "%s"
OWNER = ("id", "full_name", "email", "phone", "born_on", "newsletter", "created_at", "updated_at")
PET = ("id", "name", "species", "born_on", "notes", "owner_id", "created_at", "updated_at")


def columns(table: str, names: Sequence[str], prefix: str = "") -> str:
    """SQL for them, as they are named on the wire; SQLite keeps moments without their zone, UTC."""
    zones = {name: " || 'Z'" for name in names if IS_SQLITE and name.endswith("_at")}
    return ", ".join(f'{table}.{name}{zones.get(name, "")} AS "{prefix}{name}"' for name in names)


OWNER_COLUMNS = columns("owner", OWNER)
OWNERS = f"SELECT {OWNER_COLUMNS} FROM owner"  # noqa: S608 (our own words)
PETS = f"SELECT {columns('pet', PET)} FROM pet"  # noqa: S608
PETS_WITH_OWNERS = (
    f"SELECT {columns('pet', PET)}, {columns('owner', OWNER, 'owner.')} "  # noqa: S608
    "FROM pet JOIN owner ON owner.id = pet.owner_id"
)

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


def key(row_id: uuid.UUID) -> object:
    return row_id.hex if IS_SQLITE else row_id


def moment() -> object:
    now = datetime.now(UTC)
    return now.strftime("%Y-%m-%d %H:%M:%S.%f") if IS_SQLITE else now


def found(row: Row | None) -> Row:
    if row is None:
        raise HTTPException(404)
    return row


def read_one(db: Any, select: str, table: str, row_id: uuid.UUID) -> Row:  # noqa: ANN401
    return found(db.execute(f"{select} WHERE {table}.id = {MARK}", (key(row_id),)).fetchone())


def read_by_cursor(db: Any, select: str, limit: int) -> Row:  # noqa: ANN401
    rows = db.execute(f"{select} ORDER BY id LIMIT {MARK}", (limit + 1,)).fetchall()
    next_cursor = str(rows[limit - 1]["id"]) if len(rows) > limit else None
    return {"items": rows[:limit], "next_cursor": next_cursor}


def read_counted(
    db: Any,  # noqa: ANN401
    select: str,
    among: str,
    page: tuple[int, int],
    words: tuple[object, ...] = (),
) -> Row:
    sql = f"{select} ORDER BY id LIMIT {MARK} OFFSET {MARK}"
    rows = db.execute(sql, (*words, *page)).fetchall()
    count = db.execute(f"SELECT count(*) AS n FROM {among}", words).fetchone()  # noqa: S608
    return {"items": rows, "total": count["n"]}


def with_owner(pet: Row) -> Row:
    return {**pet, "owner": {name: pet[f"owner.{name}"] for name in OWNER}}


def with_owners(page: Row) -> Row:
    return {**page, "items": [with_owner(pet) for pet in page["items"]]}


@app.get("/api/v1/owners", response_model=CursorPage[OwnerRead])
async def list_owners(limit: Limit = 20) -> Any:  # noqa: ANN401
    return await run(lambda db: read_by_cursor(db, OWNERS, limit), readers)


@app.get("/api/v1/owners/counted", response_model=CountedPage[OwnerRead])
async def list_owners_counted(limit: Limit = 20, offset: Offset = 0) -> Any:  # noqa: ANN401
    return await run(lambda db: read_counted(db, OWNERS, "owner", (limit, offset)), readers)


@app.post("/api/v1/owners", response_model=OwnerRead, status_code=201)
async def create_owner(body: OwnerCreate) -> Any:  # noqa: ANN401
    values = {"id": key(uuid.uuid4()), **body.model_dump(mode="json")}
    values["created_at"] = values["updated_at"] = moment()
    marks = ", ".join([MARK] * len(values))
    sql = f"INSERT INTO owner ({', '.join(values)}) VALUES ({marks}) RETURNING {OWNER_COLUMNS}"  # noqa: S608
    return await run(lambda db: db.execute(sql, tuple(values.values())).fetchone(), writers)


@app.get("/api/v1/owners/{owner_id}", response_model=OwnerRead)
async def get_owner(owner_id: uuid.UUID) -> Any:  # noqa: ANN401
    return await run(lambda db: read_one(db, OWNERS, "owner", owner_id), readers)


@app.patch("/api/v1/owners/{owner_id}", response_model=OwnerRead)
async def update_owner(owner_id: uuid.UUID, change: OwnerUpdate) -> Any:  # noqa: ANN401
    values = {**change.model_dump(mode="json", exclude_unset=True), "updated_at": moment()}
    changes = ", ".join(f"{name} = {MARK}" for name in values)
    sql = f"UPDATE owner SET {changes} WHERE id = {MARK} RETURNING {OWNER_COLUMNS}"  # noqa: S608
    words = (*values.values(), key(owner_id))
    return found(await run(lambda db: db.execute(sql, words).fetchone(), writers))


@app.get("/api/v1/owners/{owner_id}/pets", response_model=CountedPage[PetRead])
async def list_pets_of_owner(owner_id: uuid.UUID, limit: Limit = 20, offset: Offset = 0) -> Any:  # noqa: ANN401
    own = f"WHERE owner_id = {MARK}"

    def read(db: Any) -> Row:  # noqa: ANN401
        read_one(db, "SELECT 1 FROM owner", "owner", owner_id)
        return read_counted(db, f"{PETS} {own}", f"pet {own}", (limit, offset), (key(owner_id),))

    return await run(read, readers)


@app.get("/api/v1/pets", response_model=CursorPage[PetWithOwner])
async def list_pets(limit: Limit = 20) -> Any:  # noqa: ANN401
    return with_owners(await run(lambda db: read_by_cursor(db, PETS_WITH_OWNERS, limit), readers))


@app.get("/api/v1/pets/counted", response_model=CountedPage[PetWithOwner])
async def list_pets_counted(limit: Limit = 20, offset: Offset = 0) -> Any:  # noqa: ANN401
    return with_owners(
        await run(lambda db: read_counted(db, PETS_WITH_OWNERS, "pet", (limit, offset)), readers)
    )


@app.get("/api/v1/pets/{pet_id}", response_model=PetWithOwner)
async def get_pet(pet_id: uuid.UUID) -> Any:  # noqa: ANN401
    return with_owner(await run(lambda db: read_one(db, PETS_WITH_OWNERS, "pet", pet_id), readers))
