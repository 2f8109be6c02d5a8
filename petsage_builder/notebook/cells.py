"""What every cell of a notebook does with a failure that a user can cause: shows it, in short."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Iterator
from typing import Protocol, TypeVar

from petsage_builder.errors import BuilderError, Problem
from petsage_builder.notebook.failure import UNTOUCHED, BuildFailed, failed


class Worded(Protocol):
    """A session; `word` is what failed when it fails: BUILD, PLAN or CHECK.

    `state` is a sentence on what has become of the project.
    """

    @property
    def word(self) -> str: ...

    @property
    def state(self) -> str: ...


Run = TypeVar("Run", bound=Worded)
Shown = TypeVar("Shown")


def cell(step: Callable[[Run], Shown]) -> Callable[[Run], Shown]:
    """A step of which every failure that a user can cause is a BuildFailed."""

    @functools.wraps(step)
    def shown(session: Run) -> Shown:
        with shortly(session.word, step.__name__, lambda: session.state):
            return step(session)

    return shown


def untouched() -> str:
    """What is left by a step that writes nothing."""
    return UNTOUCHED


@contextlib.contextmanager
def shortly(word: str, name: str, state: Callable[[], str] = untouched) -> Iterator[None]:
    """Errors of the builder and of the disk are BuildFailed, each with the cell's name."""
    try:
        yield
    except (BuildFailed, BuilderError, OSError) as error:
        failure = _as_failure(word, name, error)
        failure.cell, failure.state = name, state()
        raise failure from None


def _as_failure(word: str, name: str, error: BuildFailed | BuilderError | OSError) -> BuildFailed:
    if isinstance(error, BuildFailed):
        return error
    if isinstance(error, BuilderError):
        return failed(word, error)
    return BuildFailed(word, Problem(str(error.filename or name), f"{error.strerror}."))


def need(value: Shown | None, step: str, word: str) -> Shown:
    """What an earlier cell left."""
    if value is None:
        message = f"the `{step}` cell has not run, or failed."
        raise BuildFailed(word, Problem(step, message, "Run all cells in order."))
    return value
