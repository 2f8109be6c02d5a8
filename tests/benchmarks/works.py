"""What is measured: the works, the rows that they are about, and what is asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from itertools import count
from uuid import UUID

from load import Request

PAGE = 20
OWNERS, PETS = "/api/v1/owners", "/api/v1/pets"
ONE_OWNER, ONE_PET, ONE_KEEPER = f"{OWNERS}/{{owner}}", f"{PETS}/{{pet}}", f"{OWNERS}/{{keeper}}"
Ids = Mapping[str, Sequence[str]]  # of the rows that a word in braces stands for
NOBODY: Ids = {word: [str(UUID(int=0))] for word in ("owner", "pet", "keeper")}
NEW = "new"  # what the address of a row begins with that is made while measuring
_numbers = count(1)


class Work(StrEnum):
    """What a program is asked for, as the table names it; the first five are about owners."""

    GET = "get"
    CURSOR = f"list {PAGE} by cursor"
    COUNTED = f"list {PAGE} counted"
    PATCH = "patch"
    CREATE = "create"
    GET_WITH_OWNER = "get with owner"
    CURSOR_WITH_OWNERS = f"list {PAGE} with owners by cursor"
    COUNTED_WITH_OWNERS = f"list {PAGE} with owners counted"
    COUNTED_OF_OWNER = f"list {PAGE} of one owner counted"


def owner(name: str) -> dict[str, object]:
    return {
        "full_name": f"Ada {name} Byron",
        "email": f"{name}@example.com",
        "phone": "+442071234567",
        "born_on": "1815-12-10",
    }


def pet(name: str, keeper: str) -> dict[str, object]:
    return {
        "name": name,
        "species": "cat",
        "born_on": "2019-05-04",
        "notes": f"{name} comes on foot.",
        "owner_id": keeper,
    }


def requests_of(work: Work, path: str, ids: Ids, amount: int) -> list[Request]:
    """What is asked to measure the work; no two changes are the same."""
    paths = [path.format(**_nth(ids, number)) for number in range(amount)]
    match work:
        case Work.PATCH:
            return [Request("PATCH", one, {"phone": _phone()}) for one in paths]
        case Work.CREATE:
            return [Request("POST", one, owner(f"{NEW}{next(_numbers)}")) for one in paths]
        case _:
            return [Request("GET", one) for one in paths]


def _nth(ids: Ids, number: int) -> dict[str, str]:
    """For every word one row, each in its turn."""
    return {word: some[number % len(some)] for word, some in ids.items()}


def _phone() -> str:
    return f"+{next(_numbers):012}"
