"""`%%feature`: a request in a cell, planned or built; `%load_ext petsage_builder` brings it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from petsage_builder import strict_json
from petsage_builder.entries import Entry, entries_in
from petsage_builder.errors import Problem, RequestError
from petsage_builder.notebook.cells import shortly
from petsage_builder.notebook.failure import UNTOUCHED
from petsage_builder.notebook.make import BUILD
from petsage_builder.notebook.parameters import NotebookMode, read_parameters
from petsage_builder.notebook.session import Session

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

CELL = "cell"  # where a problem in the request is said to be
MAGIC = "%%feature"
USAGE = f"{MAGIC} [plan|build|check] [WORKSPACE]"
# The request stands in the cell, and the files are long: the notebook shows both.
UNSHOWN = frozenset({"request", "files", "gate", "apply"})


def register(ipython: InteractiveShell) -> None:
    """Makes `%%feature` known to a kernel."""
    known: Any = ipython.register_magic_function  # IPython leaves it untyped
    known(feature, "cell", "feature")


def feature(line: str, cell: str) -> None:
    """%%feature [plan|build|check] [WORKSPACE]: what becomes of the request in this cell.

    `plan`, which it is without a word, writes nothing. Raises BuildFailed.
    """
    from IPython.display import display

    show: Any = display  # IPython leaves it untyped
    begun: list[Session] = []
    with shortly(NotebookMode.BUILD.word, MAGIC, lambda: begun[0].state if begun else UNTOUCHED):
        begun.append(session := _session(line, cell))
        for step in BUILD.steps:
            view = getattr(session, step)()
            if view is not None and step not in UNSHOWN:
                show(view)


def _session(line: str, cell: str) -> Session:
    def read() -> list[Entry]:
        return entries_in(strict_json.parse(cell.encode(), CELL))

    mode, workspace, *more = [*line.split(), *("plan", "")[len(line.split()) :]]
    if more:
        raise RequestError(Problem(line, "is more than a mode and a workspace.", USAGE))
    given = {"request_path": "", "workspace": workspace, "mode": mode}
    return Session(read_parameters(given, again=True), read)
