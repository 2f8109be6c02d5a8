"""Failures as a notebook shows them: one short text with every reason, never a traceback.

BuildFailed            a red check, a conflict, drift, a disk that refused    exit 1
├── InputRefused       the parameters, the request or a template are wrong    exit 2
└── WorkspaceBusy      another build holds the workspace                      exit 3
"""

from __future__ import annotations

from typing import ClassVar

from petsage_builder.errors import BuilderError, Problem


class BuildFailed(Exception):  # noqa: N818 (the name that the notebook shows)
    """Stops the notebook; `word` is what failed: BUILD, PLAN or CHECK."""

    exit_code: ClassVar[int] = 1

    def __init__(self, word: str, *problems: Problem) -> None:
        super().__init__(word, *problems)
        self.word = word
        self.problems = problems

    def __str__(self) -> str:
        reasons = [str(problem).replace("\n", "\n  ") for problem in self.problems]
        if len(reasons) == 1:
            return f"{self.word} FAILED: {reasons[0]}"
        return "\n- ".join((f"{self.word} FAILED: {len(reasons)} reasons", *reasons))

    def _render_traceback_(self) -> list[str]:
        """What IPython shows in place of a traceback."""
        return str(self).splitlines()


class InputRefused(BuildFailed):
    exit_code = 2


class WorkspaceBusy(BuildFailed):
    exit_code = 3


FAILURES = {failure.exit_code: failure for failure in (BuildFailed, InputRefused, WorkspaceBusy)}


def failed(word: str, error: BuilderError) -> BuildFailed:
    """The builder's error as the notebook's."""
    return FAILURES[error.exit_code](word, *error.problems)
