"""Rows as they are on the wire, and bodies that no client should send."""

import json
from collections.abc import Iterable
from typing import Any

import pytest
from httpx import AsyncClient, Response

BROKEN = [
    pytest.param(b"{", id="broken_json"),
    pytest.param(b"", id="nothing"),
    pytest.param(b"[]", id="a_list"),
    pytest.param(b'"text"', id="a_text"),
    pytest.param(b"null", id="null"),
    pytest.param(b'{"surprise": NaN}', id="nan"),
    pytest.param(b'{"surprise": 1e999}', id="infinity"),
    pytest.param(b'{"surprise": "\\ud800"}', id="a_lone_surrogate"),
    pytest.param(b'{"surprise": "\\u0000"}', id="a_nul"),
    pytest.param(b'{"surprise": ' + b"9" * 5000 + b"}", id="a_huge_integer"),
    pytest.param(b'{"\\ud800": 1}', id="a_lone_surrogate_as_a_name"),
    pytest.param(b"[" * 20_000, id="deep_nesting"),
    pytest.param(b"\xff\xfe", id="no_utf8"),
]


async def send(client: AsyncClient, method: str, url: str, body: object) -> Response:
    """Send what other clients could send, too: NUL, and numbers of any size."""
    headers = {"Content-Type": "application/json"}
    return await client.request(method, url, content=json.dumps(body), headers=headers)


def part(row: dict[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """Some of a row's values."""
    return {name: row[name] for name in names}


def unstamped(row: dict[str, Any]) -> dict[str, Any]:
    """A row without what each change changes."""
    return {name: value for name, value in row.items() if name not in {"updated_at", "version"}}


def ids_of(embedded: dict[str, str] | list[dict[str, str]] | None) -> object:
    """The id of what is embedded, or the ids."""
    if isinstance(embedded, list):
        return [one["id"] for one in embedded]
    return embedded and embedded["id"]
