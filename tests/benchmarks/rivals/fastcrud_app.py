"""Owners and pets by FastCRUD: its router where it answers the same, else its methods."""

import os
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from typing import Annotated, Any, Generic

import sqlalchemy as sa
from fastapi import Depends, FastAPI, HTTPException, Request, Response
from fastcrud import FastCRUD, JoinConfig, crud_router
from pydantic import BaseModel
from schemas import Item, OwnerCreate, OwnerRead, OwnerUpdate, PetRead, PetWithOwner
from sqlalchemy import event
from sqlalchemy.exc import NoResultFound
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

OWNERS, PETS = "/api/v1/owners", "/api/v1/pets"
DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}


class Base(DeclarativeBase):
    pass


def now() -> datetime:
    return datetime.now(UTC)


class Owner(Base):
    __tablename__ = "owner"

    id: Mapped[uuid.UUID] = mapped_column(sa.Uuid, primary_key=True, default=uuid.uuid4)
    full_name: Mapped[str] = mapped_column(sa.String(120))
    email: Mapped[str] = mapped_column(sa.String(254), unique=True)
    phone: Mapped[str | None] = mapped_column(sa.String(255))
    born_on: Mapped[date | None] = mapped_column(sa.Date)
    newsletter: Mapped[bool] = mapped_column(sa.Boolean)
    created_at: Mapped[datetime] = mapped_column(sa.DateTime(timezone=True), default=now)
    updated_at: Mapped[datetime] = mapped_column(sa.DateTime(timezone=True), default=now)


class Pet(Base):
    __tablename__ = "pet"

    id: Mapped[uuid.UUID] = mapped_column(sa.Uuid, primary_key=True, default=uuid.uuid4)
    name: Mapped[str] = mapped_column(sa.String(80))
    species: Mapped[str] = mapped_column(sa.String(5))
    born_on: Mapped[date | None] = mapped_column(sa.Date)
    notes: Mapped[str | None] = mapped_column(sa.Text)
    owner_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("owner.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(sa.DateTime(timezone=True), default=now)
    updated_at: Mapped[datetime] = mapped_column(sa.DateTime(timezone=True), default=now)


class CursorPage(BaseModel, Generic[Item]):
    data: list[Item]
    next_cursor: uuid.UUID | None


class CountedPage(BaseModel, Generic[Item]):
    data: list[Item]
    total_count: int


url = sa.make_url(os.environ["DATABASE_URL"])
engine = create_async_engine(
    url.set(drivername=DRIVERS[url.get_backend_name()]), pool_size=10, max_overflow=0
)
sessions = async_sessionmaker(engine, expire_on_commit=False)
owners: Any = FastCRUD(Owner)
pets: Any = FastCRUD(Pet)
with_owner = JoinConfig(
    model=Owner,
    join_on=Pet.owner_id == Owner.id,
    join_prefix="owner_",
    schema_to_select=OwnerRead,
)


@event.listens_for(engine.sync_engine, "connect")
def set_pragmas(connection: Any, _record: object) -> None:  # noqa: ANN401
    if engine.dialect.name == "sqlite":
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute("PRAGMA busy_timeout=60000")  # its writers wait for each other here


async def get_session() -> AsyncIterator[AsyncSession]:
    async with sessions() as session:
        yield session


Db = Annotated[AsyncSession, Depends(get_session)]


@asynccontextmanager
async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
    yield
    await engine.dispose()


app = FastAPI(lifespan=lifespan)


@app.exception_handler(NoResultFound)
async def tell_missing(_request: Request, _error: Exception) -> Response:
    """It raises this where there is nothing to update."""
    return Response(status_code=404)


@app.get(f"{OWNERS}/by-cursor")
async def list_owners_by_cursor(db: Db, limit: int = 20) -> CursorPage[OwnerRead]:
    """Its router knows no cursors."""
    page: CursorPage[OwnerRead] = await owners.get_multi_by_cursor(
        db, limit=limit, schema_to_select=OwnerRead
    )
    return page


@app.patch(f"{OWNERS}/{{owner_id}}")
async def update_owner(owner_id: uuid.UUID, change: OwnerUpdate, db: Db) -> OwnerRead:
    """Its router answers a PATCH with null."""
    owner: OwnerRead = await owners.update(
        db, change, schema_to_select=OwnerRead, return_as_model=True, id=owner_id
    )
    return owner


@app.get(f"{OWNERS}/{{owner_id}}/pets")
async def list_pets_of_owner(owner_id: uuid.UUID, db: Db, limit: int = 20) -> CountedPage[PetRead]:
    """Its router knows no lists below a row."""
    if not await owners.exists(db, id=owner_id):
        raise HTTPException(404)
    page: CountedPage[PetRead] = await pets.get_multi(
        db, limit=limit, sort_columns="id", schema_to_select=PetRead, owner_id=owner_id
    )
    return page


@app.get(f"{PETS}/by-cursor", response_model=CursorPage[PetWithOwner])
async def list_pets_by_cursor(db: Db, limit: int = 20) -> dict[str, Any]:
    """Its cursors know no joins, but its joins need not count."""
    page = await pets.get_multi_joined(
        db,
        schema_to_select=PetWithOwner,
        joins_config=[with_owner],
        nest_joins=True,
        limit=limit,
        sort_columns="id",
        return_total_count=False,
    )
    full = len(page["data"]) == limit
    return {**page, "next_cursor": page["data"][-1]["id"] if full else None}


app.include_router(
    crud_router(
        session=get_session,
        model=Owner,
        create_schema=OwnerCreate,
        update_schema=OwnerUpdate,
        select_schema=OwnerRead,
        crud=owners,
        path=OWNERS,
        tags=["Owners"],
        included_methods=["create", "read", "read_multi"],
    )
)
app.include_router(
    crud_router(
        session=get_session,
        model=Pet,
        create_schema=BaseModel,  # pets are only read here
        update_schema=BaseModel,
        select_schema=PetWithOwner,
        crud=pets,
        path=PETS,
        tags=["Pets"],
        included_methods=["read", "read_multi"],
        joins_config=[with_owner],
    )
)
