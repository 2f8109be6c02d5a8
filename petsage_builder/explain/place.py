"""The place that a user asks about: a file of the workspace, and a line of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from petsage_builder.errors import Problem, RequestError

# A path, a line, and a column, as compilers and linters say them.
PLACE = re.compile(r"(?P<path>.+?)(:(?P<line>[0-9]+)(:[0-9]+)?)?:?")


@dataclass(frozen=True, slots=True)
class Place:
    """A path from the workspace down, and a line, if one is asked about."""

    path: str
    line: int | None

    def __str__(self) -> str:
        return self.path if self.line is None else f"{self.path}:{self.line}"


def place_in(words: str, root: Path, start: Path) -> Place:
    """The place in the workspace, its path seen from `start` or from the workspace down."""
    found = PLACE.fullmatch(words)
    if found is None:
        raise RequestError(Problem("explain", "names no file.", "Say PATH:LINE, or PATH."))
    top = root.resolve()
    seen = [(folder / found["path"]).resolve() for folder in (start, top)]
    inside = [path for path in seen if path.is_relative_to(top)]
    if not inside:
        message = f"lies outside the workspace {root}."
        raise RequestError(Problem(found["path"], message, "Name another --workspace."))
    path = next((path for path in inside if path.exists()), inside[-1])
    if path.is_dir():
        raise RequestError(Problem(found["path"], "is a folder.", "Name a file in it."))
    line = None if found["line"] is None else int(found["line"])
    return Place(path.relative_to(top).as_posix(), line)
