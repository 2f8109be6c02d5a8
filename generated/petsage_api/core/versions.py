"""Versions of rows: who changes one says which, and nobody's change is lost."""

import re
from collections.abc import Callable
from typing import Annotated, Any, Protocol

import sqlalchemy as sa
from fastapi import Depends, Header, Request, Response, status
from pydantic.json_schema import SkipJsonSchema
from sqlalchemy.orm import Session

from petsage_api.core.domain_errors import DomainError

_TAG = re.compile(r'(W/)?"([^"]*)"')
_NONE: frozenset[int] = frozenset()
Expected = frozenset[int] | None  # None: any
NOT_MODIFIED: dict[int | str, dict[str, Any]] = {304: {"description": "The client has it already"}}


class Versioned(Protocol):
    """A row that counts its versions."""

    version: Any


class Stale(DomainError):
    """What is to be changed has another version than the client has named."""

    status_code = status.HTTP_412_PRECONDITION_FAILED


class NotModified(Exception):
    """The client has this version already: there is nothing else to answer."""

    def __init__(self, tag: str) -> None:
        super().__init__(tag)
        self.tag = tag


def check(row: Versioned, expected: Expected) -> None:
    """Refuse to change a row that has another version than the client expects."""
    if expected is not None and row.version not in expected:
        raise Stale("This has been changed since: read it again.")


def advance(session: Session, row: Versioned, *, changed: bool = False) -> None:
    """Count a version more, if the row is stored, and is to be changed."""
    state = sa.inspect(row, raiseerr=True)
    if state.persistent and (changed or session.is_modified(row)):
        row.version += 1


def tag(response: Response, version: int, known: Expected = _NONE) -> None:
    """Tell the version; a client that knows it gets nothing else."""
    etag = f'"{version}"'
    if known is None or version in known:
        raise NotModified(etag)
    response.headers["ETag"] = etag


_Change = Annotated[
    str | SkipJsonSchema[None],
    Header(alias="If-Match", description="The ETag of the version to change; `*` is any."),
]
_Read = Annotated[
    str | SkipJsonSchema[None],
    Header(alias="If-None-Match", description="The ETags of what the client has; `*` is any."),
]


async def _if_match(header: _Change = None) -> Expected:
    return None if header is None else _versions(header, weak=False)


async def _if_none_match(header: _Read = None) -> Expected:
    return _NONE if header is None else _versions(header, weak=True)


def _versions(header: str, *, weak: bool) -> Expected:
    """The versions that a header names; a weak tag is none to change by."""
    if header.strip() == "*":
        return None
    found = _TAG.findall(header)
    return frozenset(int(name) for mark, name in found if _is_version(name) and (weak or not mark))


def _is_version(name: str) -> bool:
    return len(name) < 10 and name.isascii() and name.isdecimal()


IfMatch = Annotated[Expected, Depends(_if_match)]
IfNoneMatch = Annotated[Expected, Depends(_if_none_match)]


async def _on_not_modified(_request: Request, error: NotModified) -> Response:
    return Response(status_code=status.HTTP_304_NOT_MODIFIED, headers={"ETag": error.tag})


HANDLERS: dict[int | type[Exception], Callable[[Request, Any], Any]] = {
    NotModified: _on_not_modified,
}
