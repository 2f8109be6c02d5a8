"""Who is measured at what: the programs, the works, and whether their answers are right."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from load import Answer, Request, ask
from servers import Server

RIVALS = Path(__file__).parent / "rivals"
PATH = "/api/v1/owners"
PAGE = 20
GET, CURSOR, COUNTED = "get", f"list {PAGE} by cursor", f"list {PAGE} counted"
PATCH, CREATE = "patch", "create"
WORKS = (GET, CURSOR, COUNTED, PATCH, CREATE)
RAW, OURS, FASTCRUD = "raw", "ours", "FastCRUD"
NAMES = (RAW, OURS, FASTCRUD)
NEW = "new"  # what the address of a row begins with that is made while measuring
_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Program:
    """An application; `paths` tells what it is measured at, and where it does that."""

    name: str
    folder: Path
    module: str
    paths: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Contender:
    """A program that is served."""

    program: Program
    server: Server


def programs(by_cursor: Path, counted: Path) -> list[Program]:
    """The generated workspaces and their rivals; each of ours has one kind of list."""
    rest = dict.fromkeys((GET, PATCH, CREATE), PATH)
    lists = {CURSOR: f"{PATH}?limit={PAGE}", COUNTED: f"{PATH}/counted?limit={PAGE}"}
    fastcrud = {
        CURSOR: f"{PATH}/by-cursor?limit={PAGE}",
        COUNTED: f"{PATH}?page=1&itemsPerPage={PAGE}&sort=id",
    }
    ours = "petsage_api.main"
    return [
        Program(RAW, RIVALS, "raw_owners", {**rest, **lists}),
        Program(OURS, by_cursor, ours, {**rest, CURSOR: f"{PATH}?limit={PAGE}"}),
        Program(OURS, counted, ours, {COUNTED: f"{PATH}?limit={PAGE}&offset=0"}),
        Program(FASTCRUD, RIVALS, "fastcrud_owners", {**rest, **fastcrud}),
    ]


def owner(name: str) -> dict[str, object]:
    return {
        "full_name": f"Ada {name} Byron",
        "email": f"{name}@example.com",
        "phone": "+442071234567",
        "born_on": "1815-12-10",
    }


def requests_of(work: str, path: str, ids: Sequence[str], amount: int) -> list[Request]:
    """What is asked to measure the work; no two changes are the same."""
    some = [ids[number % len(ids)] for number in range(amount)]
    match work:
        case "get":
            return [Request("GET", f"{path}/{one}") for one in some]
        case "patch":
            return [Request("PATCH", f"{path}/{one}", {"phone": _phone()}) for one in some]
        case "create":
            return [Request("POST", path, owner(f"{NEW}{next(_numbers)}")) for _ in some]
        case _:
            return [Request("GET", path)] * amount


def _phone() -> str:
    return f"+{next(_numbers):012}"


async def check(contenders: Sequence[Contender], ids: Sequence[str]) -> None:
    """End here unless all do the same work and say the same about it."""
    for work in WORKS:
        said = [
            (each.program.name, await _said(each, work, ids))
            for each in contenders
            if work in each.program.paths
        ]
        for name, what in said[1:]:
            if what != said[0][1]:
                sys.exit(f"{work}: {said[0][0]} and {name} differ:\n{said[0][1]}\n{what}")


async def _said(contender: Contender, work: str, ids: Sequence[str]) -> object:
    """What the answer says, without what differs by its nature."""
    request = requests_of(work, contender.program.paths[work], ids, 1)[0]
    answer = await ask(contender.server.port, request)
    refuse_failures([answer], request)
    said = answer.json()
    if work in {CURSOR, COUNTED}:
        rows = said.get("items", said.get("data"))
        total = said.get("total", said.get("total_count"))
        return [_row(row) for row in rows], total, bool(said.get("next_cursor"))
    sent: Any = request.body or {}
    wrong = {name: value for name, value in sent.items() if said[name] != value}
    if wrong or work == GET:
        return wrong or _row(said)
    kept = await ask(contender.server.port, Request("GET", f"{PATH}/{said['id']}"))
    return _row(kept.json()) == _row(said), sorted(said)


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    """FastCRUD loses the zone of moments on SQLite, or writes it otherwise; we let it."""
    return {
        name: value.removesuffix("Z").removesuffix("+00:00") if name.endswith("_at") else value
        for name, value in row.items()
    }


def refuse_failures(answers: Sequence[Answer], request: Request) -> None:
    """End here if any request has failed: its time would mean nothing."""
    for answer in answers:
        if answer.status not in {200, 201}:
            sys.exit(f"{request} was answered with {answer.status}: {answer.content!r}")


def rotated(contenders: Sequence[Contender], work: str, turn: int) -> Iterator[Contender]:
    """Those that do the work, another one first at every turn."""
    able = [contender for contender in contenders if work in contender.program.paths]
    yield from (able[(turn + place) % len(able)] for place in range(len(able)))
