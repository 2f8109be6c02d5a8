"""Failures as a notebook shows them: a view, one short text with every reason, no traceback.

BuildFailed            a red check, a conflict, drift, a disk that refused    exit 1
├── InputRefused       the parameters, the request or a template are wrong    exit 2
└── WorkspaceBusy      another build holds the workspace                      exit 3
"""

from __future__ import annotations

from typing import Any, ClassVar

from petsage_builder.errors import BuilderError, Problem
from petsage_builder.notebook.failure_view import failure_view

UNTOUCHED = "Nothing was written: the project is as it was."
RECOVERED = "An earlier command was interrupted, and this {}; nothing else was written."
AGAIN = "Mend what is named, then run it again."


class BuildFailed(Exception):  # noqa: N818 (the name that the notebook shows)
    """Stops the notebook; `word` is what failed: BUILD, PLAN or CHECK.

    `cell` is the one that failed, and `state` what became of the project, where they are known.
    """

    exit_code: ClassVar[int] = 1
    next: ClassVar[str] = AGAIN

    def __init__(self, word: str, *problems: Problem) -> None:
        super().__init__(word, *problems)
        self.word = word
        self.problems = problems
        self.cell = ""
        self.state = ""
        self._shown = False

    def __str__(self) -> str:
        reasons = [str(problem).replace("\n", "\n  ") for problem in self.problems]
        many = "\n- ".join((f"{len(reasons)} reasons", *reasons))
        said = f"{self.word} FAILED: {reasons[0] if len(reasons) == 1 else many}"
        where = [f"Cell `{self.cell}`."] if self.cell else []
        more = " ".join((*where, self.state)).strip()
        return f"{said}\n{more}" if more else said

    def _render_traceback_(self) -> list[str]:
        """What IPython shows in place of a traceback: the view, and the text below it."""
        if not self._shown:  # IPython asks twice: to show it, and to keep it
            self._shown = True
            _show(self)
        return str(self).splitlines()


class InputRefused(BuildFailed):
    exit_code = 2


class WorkspaceBusy(BuildFailed):
    exit_code = 3
    next = "Wait until the other build has ended, then run it again."


FAILURES = {failure.exit_code: failure for failure in (BuildFailed, InputRefused, WorkspaceBusy)}


def failed(word: str, error: BuilderError) -> BuildFailed:
    """The builder's error as the notebook's."""
    return FAILURES[error.exit_code](word, *error.problems)


def _show(failure: BuildFailed) -> None:
    from IPython.display import display

    show: Any = display  # IPython leaves it untyped
    where = f" in the cell `{failure.cell}`" if failure.cell else ""
    state = f"{failure.state} {failure.next}".strip()
    told = {"cell": failure.cell, "exit_code": failure.exit_code}
    show(failure_view(f"{failure.word} FAILED{where}", failure.problems, state, **told))
