"""Makes calls to the staged app, in a child of the runner, with whichever interpreter.

Where the project stores something, each group of calls finds a database of its own folder that
holds what its bodies refer to: the rows of the tests' factories.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import json
import os
import pkgutil
import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from typing import Any, Never

LIMIT = 60  # seconds for all calls
MOST = 20_000  # characters of a body that are kept
Call = dict[str, Any]


def ask(job: dict[str, Any], send: Callable[..., None]) -> int:
    """Sends what the app answers to each call of the job's groups, or why not; an exit code."""
    signal.signal(signal.SIGALRM, _end)
    signal.alarm(LIMIT)
    sys.path.insert(0, job["stage"])
    os.environ["DATABASE_URL"] = f"sqlite:///{job['scratch']}/demo.db"
    try:
        app = importlib.import_module(f"{job['package']}.main").app
        told = asyncio.run(_answers(app, job))
    except BaseException as error:  # noqa: BLE001 (whatever it was, the builder reports it)
        send("unanswered", detail="".join(traceback.format_exception_only(error))[-MOST:])
        return 1
    send("answered", answers=told)
    return 0


def _end(*_: object) -> Never:
    raise TimeoutError(f"the app did not answer within {LIMIT} s")


async def _answers(app: Any, job: dict[str, Any]) -> list[list[Call]]:  # noqa: ANN401 (any FastAPI application)
    from httpx import ASGITransport, AsyncClient

    transport = ASGITransport(app, raise_app_exceptions=False)
    told = []
    for calls in job["calls"]:
        with _stored(job, calls) if job["stores"] else contextlib.nullcontext("") as known:
            async with (
                app.router.lifespan_context(app),
                AsyncClient(transport=transport, base_url="http://test") as client,
            ):
                told.append(await _group(client, calls, known))
    return told


async def _group(client: Any, calls: list[Call], known: str) -> list[Call]:  # noqa: ANN401 (an httpx.AsyncClient)
    """The answers to calls that follow each other: the id that one makes is that of the next.

    `known`: the id of a row that is there, where none makes one.
    """
    told = []
    for call in calls:
        now = known or call["id"]
        response = await client.request(
            call["method"],
            call["target"].replace(call["id"], now) if call["id"] else call["target"],
            headers=call["headers"],
            content=call["body"] or None,
        )
        told.append(_answer(response))
        if call["makes"] and response.is_success:
            body = response.json()
            known = str(body.get("items", [body])[0]["id"])
    return told


def _answer(response: Any) -> Call:  # noqa: ANN401 (an httpx.Response)
    return {
        "status": response.status_code,
        "reason": response.reason_phrase,
        "media_type": response.headers.get("content-type", ""),
        "body": response.text[:MOST],
    }


@contextlib.contextmanager
def _stored(job: dict[str, Any], calls: list[Call]) -> Iterator[str]:
    """A database with empty tables, but for the rows that are told of; then without tables.

    Gives the id of the row that the calls are about, where none of them makes it.
    """
    from sqlalchemy import create_engine
    from sqlalchemy.orm import Session

    url, package = os.environ["DATABASE_URL"], job["package"]
    db = importlib.import_module(f"{package}.core.db")
    engine = db.make_engine(url, pool_size=1)
    db.Base.metadata.create_all(engine)
    about = {call["rows"] for call in calls}
    known = ""
    with Session(engine.execution_options(writes=True)) as session:
        for factory, store, rows in _factories(f"{package}.tests.factories"):
            if factory in about and rows:
                known = str(rows[0]["id"])
            if factory in about or any(str(row["id"]) in json.dumps(calls) for row in rows):
                store(session)
        session.commit()
    engine.dispose()
    yield known
    plain = create_engine(url)  # without foreign keys: any order of dropping will do
    db.Base.metadata.drop_all(plain)
    plain.dispose()


def _factories(package: str) -> Iterator[tuple[str, Any, Any]]:
    """Each factory: its name, the function that stores its rows, and the rows."""
    with contextlib.suppress(ModuleNotFoundError):  # where nothing is related there are none
        for found in pkgutil.iter_modules(importlib.import_module(package).__path__):
            module = importlib.import_module(f"{package}.{found.name}")
            for name in [name for name in vars(module) if name.startswith("store_")]:
                rows = getattr(module, name.removeprefix("store_").upper(), None)
                if rows is not None:  # another one's was imported with its function only
                    yield found.name, getattr(module, name), rows
