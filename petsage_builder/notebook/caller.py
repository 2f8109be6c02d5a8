"""Runs inside the demo's subprocess, with whichever interpreter; makes calls to the staged app.

Reads a job from standard input, isolates itself as the verification does, and writes the answers
as JSON to what was standard output; what the app itself prints goes nowhere. Where the project
stores something, each group of calls finds a database of its own folder that holds what its bodies
refer to: the rows of the tests' factories.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import json
import os
import pkgutil
import runpy
import sys
from collections.abc import Iterator
from typing import Any

MOST = 20_000  # characters of a body that are kept
Call = dict[str, Any]


def main() -> None:
    """Does the job."""
    job: dict[str, Any] = json.load(sys.stdin)
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    if not job["wrapped"]:
        runpy.run_path(job["runner"])["_isolate"](job["stage"], job["scratch"])
    sys.path.insert(0, job["stage"])
    os.environ["DATABASE_URL"] = f"sqlite:///{job['scratch']}/demo.db"
    app = importlib.import_module(f"{job['package']}.main").app
    json.dump(asyncio.run(_answers(app, job)), answers)
    answers.close()


async def _answers(app: Any, job: dict[str, Any]) -> list[list[Call]]:  # noqa: ANN401 (any FastAPI application)
    from httpx import ASGITransport, AsyncClient

    transport = ASGITransport(app, raise_app_exceptions=False)
    answers = []
    for calls in job["groups"]:
        with _stored(job, json.dumps(calls)) if job["stores"] else contextlib.nullcontext():
            async with (
                app.router.lifespan_context(app),
                AsyncClient(transport=transport, base_url="http://test") as client,
            ):
                answers.append(await _group(client, calls))
    return answers


async def _group(client: Any, calls: list[Call]) -> list[Call]:  # noqa: ANN401 (an httpx.AsyncClient)
    """The answers to calls that follow each other: the id that one makes is that of the next."""
    answers, made = [], ""
    for call in calls:
        known = made or call["id"]
        response = await client.request(
            call["method"],
            call["target"].replace(call["id"], known) if call["id"] else call["target"],
            headers=call["headers"],
            content=call["body"] or None,
        )
        answers.append(_answer(response))
        if call["makes"] and response.is_success:
            body = response.json()
            made = str(body.get("items", [body])[0]["id"])
    return answers


def _answer(response: Any) -> Call:  # noqa: ANN401 (an httpx.Response)
    return {
        "status": response.status_code,
        "reason": response.reason_phrase,
        "type": response.headers.get("content-type", ""),
        "body": response.text[:MOST],
    }


@contextlib.contextmanager
def _stored(job: dict[str, Any], told: str) -> Iterator[None]:
    """A database with empty tables, but for the rows whose ids are told; then without tables."""
    from sqlalchemy import create_engine
    from sqlalchemy.orm import Session

    url, package = os.environ["DATABASE_URL"], job["package"]
    db = importlib.import_module(f"{package}.core.db")
    engine = db.make_engine(url, pool_size=1)
    db.Base.metadata.create_all(engine)
    with Session(engine.execution_options(writes=True)) as session:
        for store in _needed(f"{package}.tests.factories", told):
            store(session)
        session.commit()
    engine.dispose()
    yield
    plain = create_engine(url)  # without foreign keys: any order of dropping will do
    db.Base.metadata.drop_all(plain)
    plain.dispose()


def _needed(factories: str, told: str) -> Iterator[Any]:
    """The functions that store rows of which an id is told."""
    with contextlib.suppress(ModuleNotFoundError):  # where nothing is related there are none
        for found in pkgutil.iter_modules(importlib.import_module(factories).__path__):
            module = importlib.import_module(f"{factories}.{found.name}")
            for name in [name for name in vars(module) if name.startswith("store_")]:
                rows = getattr(module, name.removeprefix("store_").upper(), ())
                if any(str(row["id"]) in told for row in rows):
                    yield getattr(module, name)


if __name__ == "__main__":
    main()
