"""What every cell of a notebook does with a failure that a user can cause: shows it, in short."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Iterator
from typing import Protocol, TypeVar

from petsage_builder.errors import BuilderError, Problem
from petsage_builder.notebook.failure import BuildFailed, failed


class Worded(Protocol):
    """A session; `word` is what failed when it fails: BUILD, PLAN or CHECK."""

    @property
    def word(self) -> str: ...


Run = TypeVar("Run", bound=Worded)
Shown = TypeVar("Shown")


def cell(step: Callable[[Run], Shown]) -> Callable[[Run], Shown]:
    """A step of which every failure that a user can cause is a BuildFailed."""

    @functools.wraps(step)
    def shown(session: Run) -> Shown:
        with shortly(session.word, step.__name__):
            return step(session)

    return shown


@contextlib.contextmanager
def shortly(word: str, where: str) -> Iterator[None]:
    """Errors of the builder and of the disk are BuildFailed."""
    try:
        yield
    except BuilderError as error:
        raise failed(word, error) from None
    except OSError as error:
        problem = Problem(str(error.filename or where), f"{error.strerror}.")
        raise BuildFailed(word, problem) from None


def need(value: Shown | None, step: str, word: str) -> Shown:
    """What an earlier cell left."""
    if value is None:
        message = f"the `{step}` cell has not run, or failed."
        raise BuildFailed(word, Problem(step, message, "Run all cells in order."))
    return value
