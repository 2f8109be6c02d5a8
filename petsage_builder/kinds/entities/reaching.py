"""What is reached from some things step by step."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

Thing = TypeVar("Thing")


def reached(start: Iterable[Thing], further: Callable[[Thing], Iterable[Thing]]) -> set[Thing]:
    """The things at the start, and everything that is further from any of them."""
    found: set[Thing] = set()
    new = set(start)
    while new:
        found |= new
        new = {one for thing in new for one in further(thing)} - found
    return found
