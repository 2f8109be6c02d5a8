"""Who changes a row says which version of it."""

import pytest
import sqlalchemy as sa
from fastapi import FastAPI, Response
from httpx import ASGITransport, AsyncClient
from sqlalchemy.orm import Mapped, Session, mapped_column

from petsage_api.core import domain_errors, versions
from petsage_api.core.db import Entity

pytestmark = pytest.mark.anyio


class VersionedBase(Entity):
    """Keeps this table out of those of the application."""

    __abstract__ = True
    metadata = sa.MetaData()


class Draft(VersionedBase):
    """A row that counts its versions."""

    __tablename__ = "test_draft"
    __table_args__ = (sa.PrimaryKeyConstraint("id"),)

    title: Mapped[str] = mapped_column(sa.String(20))
    version: Mapped[int] = mapped_column(sa.Integer, default=1)


app = FastAPI(exception_handlers={**domain_errors.HANDLERS, **versions.HANDLERS})


@app.get("/draft")
async def read(known: versions.IfNoneMatch, response: Response) -> str:
    """A draft, in its third version."""
    versions.tag(response, 3, known)
    return "draft"


@app.put("/draft")
async def write(expected: versions.IfMatch) -> str:
    """A draft, changed."""
    versions.check(Draft(version=3), expected)
    return "draft"


async def status(method: str, name: str, value: str | None) -> int:
    """The status of a request with, or without, the header."""
    headers = {} if value is None else {name.encode(): value.encode("latin-1")}
    async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as client:
        response = await client.request(method, "/draft", headers=headers)
    assert method == "PUT" or response.headers["etag"] == '"3"'
    return response.status_code


@pytest.mark.parametrize("value", ['"3"', 'W/"3"', '"1", "3"', "*", " * "])
async def test_what_is_known_is_not_read_again(value: str) -> None:
    assert await status("GET", "If-None-Match", value) == 304


@pytest.mark.parametrize("value", [None, "", "3", '"4"', '"33"', '"x"', '"\u00b3"', '"' + "3" * 99])
async def test_what_is_not_known_is_read(value: str | None) -> None:
    assert await status("GET", "If-None-Match", value) == 200


@pytest.mark.parametrize("value", [None, '"3"', '"1", "3"', "*"])
async def test_expected_version_is_changed(value: str | None) -> None:
    assert await status("PUT", "If-Match", value) == 200


@pytest.mark.parametrize("value", ["", "3", '"4"', 'W/"3"', '"x"', '"' + "3" * 99 + '"'])
async def test_other_version_is_not_changed(value: str) -> None:
    assert await status("PUT", "If-Match", value) == 412


def test_version_advances_with_every_change(session: Session) -> None:
    VersionedBase.metadata.create_all(session.connection())
    draft = Draft(title="a")
    versions.advance(session, draft)
    session.add(draft)
    session.flush()
    assert draft.version == 1
    draft.title = "a"
    versions.advance(session, draft)
    assert draft.version == 1
    draft.title = "b"
    versions.advance(session, draft)
    assert draft.version == 2
    session.flush()
    versions.advance(session, draft, changed=True)
    assert draft.version == 3
