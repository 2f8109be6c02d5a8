"""Who is measured: the programs, where each does what, and whether their answers are right."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from load import Answer, Request, ask
from servers import Server
from works import NOBODY, ONE_KEEPER, ONE_OWNER, ONE_PET, OWNERS, PAGE, PETS, Ids, Work, requests_of

RIVALS = Path(__file__).parent / "rivals"
RAW, OURS, FASTCRUD = "raw", "ours", "FastCRUD"
NAMES = (RAW, OURS, FASTCRUD)
ALIKE = {Work.GET: ONE_OWNER, Work.PATCH: ONE_OWNER, Work.CREATE: OWNERS}
RAW_PATHS = ALIKE | {
    Work.CURSOR: f"{OWNERS}?limit={PAGE}",
    Work.COUNTED: f"{OWNERS}/counted?limit={PAGE}",
    Work.GET_WITH_OWNER: ONE_PET,
    Work.CURSOR_WITH_OWNERS: f"{PETS}?limit={PAGE}",
    Work.COUNTED_WITH_OWNERS: f"{PETS}/counted?limit={PAGE}",
    Work.COUNTED_OF_OWNER: f"{ONE_KEEPER}/pets?limit={PAGE}",
}
CURSOR_PATHS = ALIKE | {
    Work.CURSOR: f"{OWNERS}?limit={PAGE}",
    Work.GET_WITH_OWNER: f"{ONE_PET}?include=owner",
    Work.CURSOR_WITH_OWNERS: f"{PETS}?limit={PAGE}&include=owner",
}
COUNTED_PATHS = {
    Work.COUNTED: f"{OWNERS}?limit={PAGE}&offset=0",
    Work.COUNTED_WITH_OWNERS: f"{PETS}?limit={PAGE}&offset=0&include=owner",
    Work.COUNTED_OF_OWNER: f"{ONE_KEEPER}/pets?limit={PAGE}&offset=0",
}
FASTCRUD_PATHS = ALIKE | {
    Work.CURSOR: f"{OWNERS}/by-cursor?limit={PAGE}",
    Work.COUNTED: f"{OWNERS}?page=1&itemsPerPage={PAGE}&sort=id",
    Work.GET_WITH_OWNER: ONE_PET,
    Work.CURSOR_WITH_OWNERS: f"{PETS}/by-cursor?limit={PAGE}",
    Work.COUNTED_WITH_OWNERS: f"{PETS}?page=1&itemsPerPage={PAGE}&sort=id",
    Work.COUNTED_OF_OWNER: f"{ONE_KEEPER}/pets?limit={PAGE}",
}


@dataclass(frozen=True, slots=True)
class Program:
    """An application; `paths` tells what it is measured at, and where it does that."""

    name: str
    folder: Path
    module: str
    paths: Mapping[Work, str]


@dataclass(frozen=True, slots=True)
class Contender:
    """A program that is served."""

    program: Program
    server: Server


def programs(by_cursor: Path, counted: Path) -> list[Program]:
    """The generated workspaces and their rivals; each of ours has one kind of list."""
    ours = "petsage_api.main"
    return [
        Program(RAW, RIVALS, "raw_app", RAW_PATHS),
        Program(OURS, by_cursor, ours, CURSOR_PATHS),
        Program(OURS, counted, ours, COUNTED_PATHS),
        Program(FASTCRUD, RIVALS, "fastcrud_app", FASTCRUD_PATHS),
    ]


async def check(contenders: Sequence[Contender], ids: Ids) -> None:
    """End here unless all do the same work and say the same about it."""
    for work in Work:
        said = [
            (each.program.name, [await _said(each, work, ids), await _said_of_nobody(each, work)])
            for each in contenders
            if work in each.program.paths
        ]
        for name, what in said[1:]:
            if what != said[0][1]:
                sys.exit(f"{work}: {said[0][0]} and {name} differ:\n{said[0][1]}\n{what}")


async def _said(contender: Contender, work: Work, ids: Ids) -> object:
    """What the answer says, without what differs by its nature."""
    _, request = requests_of(work, contender.program.paths[work], ids, 2)  # not of the first row
    answer = await ask(contender.server.port, request)
    refuse_failures([answer], request)
    said = answer.json()
    rows = said.get("items", said.get("data"))
    if rows is not None:
        total = said.get("total", said.get("total_count"))
        return [_row(row) for row in rows], total, bool(said.get("next_cursor"))
    sent: Any = request.body or {}
    wrong = {name: value for name, value in sent.items() if said[name] != value}
    if wrong or not sent:
        return wrong or _row(said)
    kept = await ask(contender.server.port, Request("GET", f"{OWNERS}/{said['id']}"))
    return _row(kept.json()) == _row(said), sorted(said)


async def _said_of_nobody(contender: Contender, work: Work) -> int | None:
    """The status of the answer where the path names a row that there is not."""
    path = contender.program.paths[work]
    if "{" not in path:
        return None
    (request,) = requests_of(work, path, NOBODY, 1)
    return (await ask(contender.server.port, request)).status


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    """FastCRUD loses the zone of moments on SQLite, or writes it otherwise; we let it."""
    return {name: _value(name, value) for name, value in row.items()}


def _value(name: str, value: Any) -> Any:  # noqa: ANN401 (JSON is any)
    if isinstance(value, dict):
        return _row(value)
    return value.removesuffix("Z").removesuffix("+00:00") if name.endswith("_at") else value


def refuse_failures(answers: Sequence[Answer], request: Request) -> None:
    """End here if any request has failed: its time would mean nothing."""
    for answer in answers:
        if answer.status not in {200, 201}:
            sys.exit(f"{request} was answered with {answer.status}: {answer.content!r}")


def rotated(contenders: Sequence[Contender], work: Work, turn: int) -> Iterator[Contender]:
    """Those that do the work, another one first at every turn."""
    able = [contender for contender in contenders if work in contender.program.paths]
    yield from (able[(turn + place) % len(able)] for place in range(len(able)))
