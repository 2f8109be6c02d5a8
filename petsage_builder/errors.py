"""Every error the builder raises, drawn as one tree.

BuilderError
├── RequestError      the request (or the command line) is wrong      exit 2
├── PackError         a template pack is wrong                        exit 2
├── RenderError       a template could not be rendered                exit 1
├── WorkspaceError    the workspace is not fit to be built in         exit 1
│   └── BusyError     another build holds it                          exit 3
└── WriteError        the disk refused                                exit 1
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: where, what, and what to do next."""

    where: str
    message: str
    hint: str = ""

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" + (f" {self.hint}" if self.hint else "")


class BuilderError(Exception):
    """One or more problems that stop the work; `exit_code` is the command's."""

    exit_code: ClassVar[int] = 1

    def __init__(self, *problems: Problem) -> None:
        super().__init__(*problems)
        self.problems = problems

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)


class RequestError(BuilderError):
    exit_code = 2


class PackError(BuilderError):
    exit_code = 2


class RenderError(BuilderError):
    exit_code = 1


class WorkspaceError(BuilderError):
    exit_code = 1


class BusyError(WorkspaceError):
    exit_code = 3


class WriteError(BuilderError):
    exit_code = 1
