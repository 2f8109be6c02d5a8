"""The journal of a commit: the moves that make a change, or that undo it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Literal

from petsage_builder.errors import Problem, WorkspaceError
from petsage_builder.paths import JOURNAL, RECORDS, STAGE, path_problem


@dataclass(frozen=True, slots=True)
class Move:
    """One step of a commit: `new` is put at `path` (or the file there goes); `old` is kept.

    `before` and `after` are the digests of what stands at `path` (None: no file).
    """

    path: str
    new: str | None
    old: str | None
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Journal:
    """What is to be finished, whoever finishes it; `folders` are those that the commit makes."""

    direction: Literal["forward", "back"]
    moves: tuple[Move, ...]
    folders: tuple[str, ...]

    def text(self) -> str:
        return json.dumps(asdict(self))


def parse_journal(content: str, where: str = JOURNAL, kept: str = STAGE) -> Journal:
    """The journal, which could come from anyone's repository: every path in it is checked.

    `kept`: the folder that holds the texts, new and old.
    """
    try:
        value = json.loads(content)
        moves = tuple(Move(**row) for row in value["moves"])
        journal = Journal(value["direction"], moves, tuple(value["folders"]))
        staged = [name for move in moves for name in (move.new, move.old) if name is not None]
        if (
            journal.direction not in ("forward", "back")
            or not all(_inside(path, "") for path in (*journal.folders, *(m.path for m in moves)))
            or not all(_inside(name, f"{kept}/") for name in staged)
        ):
            raise ValueError("a move out of bounds")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        message = "is no journal of this builder."
        raise WorkspaceError(Problem(where, message, "Look at it, then delete it.")) from error
    return journal


def _inside(path: str, folder: str) -> bool:
    """Whether a path is a plain one below a folder of the workspace; its records count too."""
    plain = path.removeprefix(folder or f"{RECORDS}/")
    return path.startswith(folder) and path_problem(plain) is None
