"""Provokes every error that a README promises for an entity's operations, on a real server."""

from __future__ import annotations

import contextlib
import re
import sqlite3
from collections.abc import Callable, Iterator
from typing import Any

import httpx
from readme import Call, Section, id_of

NO_ID = "00000000-0000-0000-0000-000000000000"
JSON = {"Content-Type": "application/json"}
ANY = {"If-Match": "*"}
REFERENCE = re.compile(r"^\| `(\w+)` \| [^|]+ \| the ids? of ", re.MULTILINE)
Hold = Callable[[httpx.Client, str], None]


class Provoker:
    """Makes each operation answer each error that is documented for it.

    `other`: what makes a row that goes with the one in the README; `hold`: makes what keeps a row
    from being deleted.
    """

    def __init__(
        self, client: httpx.Client, section: Section, other: dict[str, Any], hold: Hold | None
    ) -> None:
        self.client, self.section, self.hold = client, section, hold
        self.sent: dict[tuple[str, str], dict[str, Any]] = {
            (call.method, call.path): call.file[1] for call in section.operations if call.file
        }
        self.maker = next(key for key in self.sent if key[0] == "POST")
        self.row = _one_of(self.sent[self.maker])
        puts = (body for (method, _), body in self.sent.items() if method == "PUT")
        self.put: dict[str, Any] = next(puts, {})
        self.other = self.row | self.put | other

    def answers(self, call: Call, status: int) -> Iterator[httpx.Response]:
        """What is answered to everything that must be refused like this."""
        body = self.sent.get((call.method, call.path))
        match status:
            case 400 if body is None:
                yield self.client.get(call.path, params={"cursor": "surprise"})
            case 400:
                yield self.ask(call, content=b'{"surprise": "\xff"}', headers=JSON | ANY)
            case 404:
                yield self.ask(call, json=body)
            case 409:
                yield from self.conflicts(call)
            case 412:
                yield self.ask(call, self.make(self.row), json=body, headers={"If-Match": '"7"'})
            case 422 if body is None:
                yield self.client.request(call.method, call.path, params={"surprise": "1"})
            case 422:
                yield self.ask(call, json={**(body or {}), "surprise": 1})
            case 428:
                yield self.ask(call, self.make(self.row), json=body, headers={})

    def ask(self, call: Call, one: str = NO_ID, **sent: Any) -> httpx.Response:  # noqa: ANN401 (as httpx takes it)
        path = re.sub(r"\{\w+\}", one, call.path)
        params = {"id": one} if call.method == "DELETE" and path == call.path else {}
        return self.client.request(call.method, path, **{"headers": ANY, "params": params, **sent})

    def make(self, row: dict[str, Any]) -> str:
        """The id of a new one."""
        method, path = self.maker
        created = self.client.request(method, path, json=self.like(self.sent[self.maker], row))
        assert created.status_code == 201, created.text
        return id_of(created.json())

    def like(self, body: dict[str, Any], row: dict[str, Any]) -> dict[str, Any]:
        """The row, in a body of the same form."""
        return {"items": [row]} if "items" in body else row

    def conflicts(self, call: Call) -> Iterator[httpx.Response]:
        """The answer to every reason that is given for a 409."""
        reasons = self.section.errors[409]
        if call.method == "DELETE":
            assert "Others refer" in reasons
            assert self.hold
            one = self.make(self.row)
            self.hold(self.client, one)
            yield self.ask(call, one)
            return
        one = self.make(self.row)
        if "has the same" in reasons:
            yield self.taken(call, one)
        references = REFERENCE.findall(self.section.text) if call.file else ()
        for name in references:
            yield self.unknown(call, one, name)

    def taken(self, call: Call, one: str) -> httpx.Response:
        """The answer where another one has the same."""
        if call.path.endswith("/restore"):
            self.delete(one)
            self.make(self.row)
            return self.ask(call, one)
        body = self.sent[call.method, call.path]
        if call.method == "POST":
            return self.ask(call, json=self.like(body, self.row))
        same = {name: self.row[name] for name in self.put or self.row}
        return self.ask(call, self.make(self.other), json=same)

    def unknown(self, call: Call, one: str, name: str) -> httpx.Response:
        """The answer where the field refers to nothing."""
        body = self.sent[call.method, call.path]
        nobody = {name: [NO_ID] if name.endswith("_ids") else NO_ID}
        if call.method == "POST":
            return self.ask(call, json=self.like(body, _one_of(body) | nobody))
        return self.ask(call, one, json=body | nobody)

    def delete(self, one: str) -> None:
        deletes = next(call for call in self.section.operations if call.method == "DELETE")
        assert self.ask(deletes, one).status_code == 204


def _one_of(body: dict[str, Any]) -> dict[str, Any]:
    row: dict[str, Any] = body["items"][0] if "items" in body else body
    return row


@contextlib.contextmanager
def undone(database: str) -> Iterator[None]:
    """What is added to the tables of the SQLite database is taken away again."""
    with contextlib.closing(sqlite3.connect(database.removeprefix("sqlite:///"))) as connection:
        found = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        tables = [name for (name,) in found if name != "alembic_version"]
        last = {name: _last(connection, name) for name in tables}
        yield
        for name in tables:
            connection.execute(f'DELETE FROM "{name}" WHERE rowid > ?', (last[name],))  # noqa: S608
        connection.commit()


def _last(connection: sqlite3.Connection, table: str) -> int:
    found = connection.execute(f'SELECT coalesce(max(rowid), 0) FROM "{table}"')  # noqa: S608
    return int(found.fetchone()[0])
