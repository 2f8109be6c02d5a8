"""Server CPU of generated owners and pets beside raw SQL and FastCRUD: `make bench`.

Microseconds per request that the server itself uses, on both databases, PostgreSQL's own not
counted: 16 connections, rounds in which all take turns, the median of them. `--small` does
everything once, to know that it works.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib.util
import json
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from bench import write_unverified
from contenders import (
    FASTCRUD,
    NAMES,
    OURS,
    Contender,
    Program,
    check,
    programs,
    refuse_failures,
    rotated,
)
from load import Request, ask, ask_all
from rich.console import Console
from rich.table import Table
from servers import leave_first_core, served
from works import NEW, OWNERS, PETS, Ids, Work, owner, pet, requests_of

from petsage_builder.verify import postgres

REQUESTS = Path(__file__).parents[1] / "golden/owners_and_tags/request.json"
PETS_OF_OWNER = {"name": "pets", "kind": "has_many", "target": "pet", "inverse": "owner"}
PET = {
    "name": "pet",
    "fields": [
        "name:string{1,80}",
        "species:enum(dog,cat,bird,other)",
        "born_on:date?",
        "notes:text{0,2000}?",
    ],
    "relations": [
        {"name": "owner", "kind": "belongs_to", "target": "owner", "on_delete": "cascade"}
    ],
    "include": ["owner"],
}
PETS_EACH = 25  # of every owner who keeps some: more than a page
LEAST, GOAL, MOST = 2, 3, 3  # FastCRUD / ours, at least and as a goal; ours / raw, at most


@dataclass(frozen=True, slots=True)
class Size:
    rows: int
    rounds: int
    requests: int


FULL, SMALL = Size(rows=1000, rounds=9, requests=400), Size(rows=100, rounds=1, requests=16)
Costs = dict[tuple[Work, str], float]  # of a work done by a program, in microseconds


def workspaces(folder: Path) -> tuple[Path, Path]:
    """One with lists by cursor, and the same with counted lists."""
    by_cursor, counted = folder / "by_cursor", folder / "counted"
    write_unverified(by_cursor, [owners_with_pets("cursor")])
    write_unverified(counted, [owners_with_pets("offset")])
    return by_cursor, counted


def owners_with_pets(paginate: str) -> dict[str, object]:
    """The shipped owners, pets that belong to them, and this kind of lists of both."""
    (owners,) = (
        entry
        for entry in json.loads(REQUESTS.read_text(encoding="utf-8"))
        if entry["feature"] == "owners"
    )
    (shipped,) = owners["requirements"]["entities"]
    shipped["list"]["paginate"] = paginate
    both = [{**shipped, "relations": [PETS_OF_OWNER]}, {**PET, "list": {"paginate": paginate}}]
    return {**owners, "requirements": {"entities": both}}


def migrate(workspace: Path, url: str) -> None:
    command = [sys.executable, "-m", "alembic", "upgrade", "head"]
    environment = {**os.environ, "DATABASE_URL": url}
    subprocess.run(command, cwd=workspace, env=environment, check=True, capture_output=True)


@contextmanager
def databases(folder: Path) -> Iterator[dict[str, str]]:
    """What each database is called, and where it is."""
    with postgres.started(postgres.find_programs()) as server:
        url = server.url()  # there is no name before it answers
        sqlite = f"SQLite {sqlite3.sqlite_version}"
        yield {sqlite: f"sqlite:///{folder}/owners.db", server.name: url}


def installed(program: Program) -> bool:
    """FastCRUD and its drivers come with the extra `bench`."""
    needed = ("fastcrud", "aiosqlite", "asyncpg") if program.name == FASTCRUD else ()
    return all(importlib.util.find_spec(name) for name in needed)


def measure(contending: Sequence[Program], url: str, folder: Path, size: Size) -> Costs:
    """What every work costs every program, on one database."""
    with ExitStack() as stack:
        contenders = []
        for number, each in enumerate(contending):
            log = folder / f"{number}.log"
            server = stack.enter_context(served(each.folder, each.module, url, log))
            contenders.append(Contender(each, server))
        return asyncio.run(_measure(contenders, sa.create_engine(url), size))


async def _measure(contenders: Sequence[Contender], engine: sa.Engine, size: Size) -> Costs:
    ids = await _fill(contenders, size.rows)
    await check(contenders, ids)
    rounds: dict[tuple[Work, str], list[float]] = defaultdict(list)
    for turn in range(size.rounds + 1):  # the first one warms up
        for work in Work:
            for contender in rotated(contenders, work, turn):
                cost = await _cost(contender, work, ids, size.requests)
                rounds[work, contender.program.name].append(cost)
                _forget_new(engine)
    engine.dispose()
    return {key: statistics.median(costs[1:]) for key, costs in rounds.items()}


async def _fill(contenders: Sequence[Contender], rows: int) -> Ids:
    """As many owners and pets, made by ourselves: the rivals have to read what we write."""
    (ours, *_) = [contender for contender in contenders if contender.program.name == OURS]
    port = ours.server.port
    owners = await _made(port, OWNERS, [owner(f"owner{number}") for number in range(rows)])
    keepers = owners[: rows // PETS_EACH]
    kept = [pet(f"pet{number}", keepers[number % len(keepers)]) for number in range(rows)]
    return {"owner": owners, "keeper": keepers, "pet": await _made(port, PETS, kept)}


async def _made(port: int, path: str, bodies: Sequence[object]) -> list[str]:
    """The ids of new rows."""
    asked = [Request("POST", path, body) for body in bodies]
    return [(await ask(port, request)).json()["id"] for request in asked]


async def _cost(contender: Contender, work: Work, ids: Ids, amount: int) -> float:
    """Microseconds of the server per request."""
    asked = requests_of(work, contender.program.paths[work], ids, amount)
    server = contender.server
    used, answers = await ask_all(server.port, asked, clock=server.cpu)
    refuse_failures(answers, asked[0])
    return used / amount * 1e6


def _forget_new(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM owner WHERE email LIKE :new"), {"new": f"{NEW}%"})


def add_rows(table: Table, database: str, costs: Costs) -> None:
    for work in Work:
        each = [costs.get((work, name)) for name in NAMES]
        raw, ours, fastcrud = each
        said = [f"{cost:.0f}" if cost else "not installed" for cost in each]
        beside_raw = f"{_over(ours, raw):.1f}"
        table.add_row(database, work, *said, beside_raw, _verdict(_over(fastcrud, ours)))


def _over(one: float | None, other: float | None) -> float:
    return one / other if one and other else 0


def _verdict(times: float) -> str:
    if not times:
        return ""
    if times < LEAST:
        return f"{times:.2f}, too little"
    return f"{times:.2f}, goal reached" if times >= GOAL else f"{times:.2f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true")
    size = SMALL if parser.parse_args().small else FULL
    leave_first_core()
    table = Table(
        "database", "work", "raw us", "ours us", "FastCRUD us", "ours/raw", "FastCRUD/ours"
    )
    with tempfile.TemporaryDirectory(prefix="petsage-bench-") as name:
        folder = Path(name)
        by_cursor, counted = workspaces(folder)
        contending = [each for each in programs(by_cursor, counted) if installed(each)]
        with databases(folder) as urls:
            for database, url in urls.items():
                migrate(by_cursor, url)
                add_rows(table, database, measure(contending, url, folder, size))
    Console(width=120).print(table)


if __name__ == "__main__":
    main()
