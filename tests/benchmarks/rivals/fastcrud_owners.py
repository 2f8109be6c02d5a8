"""Owners by FastCRUD: its router where it answers the same, its methods where it does not."""

import os
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from typing import Annotated, Any

import sqlalchemy as sa
from fastapi import Depends, FastAPI
from fastcrud import FastCRUD, crud_router
from owner_schemas import OwnerCreate, OwnerRead, OwnerUpdate
from pydantic import BaseModel
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

PATH = "/api/v1/owners"
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


class OwnerPage(BaseModel):
    data: list[OwnerRead]
    next_cursor: uuid.UUID | None


url = sa.make_url(os.environ["DATABASE_URL"])
engine = create_async_engine(
    url.set(drivername=DRIVERS[url.get_backend_name()]), pool_size=10, max_overflow=0
)
sessions = async_sessionmaker(engine, expire_on_commit=False)
owners: Any = FastCRUD(Owner)


@event.listens_for(engine.sync_engine, "connect")
def set_pragmas(connection: Any, _record: object) -> None:  # noqa: ANN401
    if engine.dialect.name == "sqlite":
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")


async def get_session() -> AsyncIterator[AsyncSession]:
    async with sessions() as session:
        yield session


Db = Annotated[AsyncSession, Depends(get_session)]


@asynccontextmanager
async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
    yield
    await engine.dispose()


app = FastAPI(lifespan=lifespan)


@app.get(f"{PATH}/by-cursor")
async def list_by_cursor(db: Db, limit: int = 20) -> OwnerPage:
    """Its router knows no cursors."""
    page: OwnerPage = await owners.get_multi_by_cursor(db, limit=limit, schema_to_select=OwnerRead)
    return page


@app.patch(f"{PATH}/{{owner_id}}")
async def update_owner(owner_id: uuid.UUID, change: OwnerUpdate, db: Db) -> OwnerRead:
    """Its router answers a PATCH with null."""
    owner: OwnerRead = await owners.update(
        db, change, schema_to_select=OwnerRead, return_as_model=True, id=owner_id
    )
    return owner


app.include_router(
    crud_router(
        session=get_session,
        model=Owner,
        create_schema=OwnerCreate,
        update_schema=OwnerUpdate,
        select_schema=OwnerRead,
        crud=owners,
        path=PATH,
        tags=["Owners"],
        included_methods=["create", "read", "read_multi"],
    )
)
