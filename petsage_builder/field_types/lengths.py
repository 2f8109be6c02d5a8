"""Lengths, of texts, of bytes and of lists: what they say, what is just inside and outside."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from petsage_builder.field_types.field import Case, Field
from petsage_builder.python_code import Code, Repeat
from petsage_builder.text import Text

LENGTHS = frozenset({"min_length", "max_length"})
LEAST = (0, 1000)  # tests send many values of the least length
MOST_WRITTEN = 20


def lengths(field: Field) -> dict[str, Code]:
    """`min_length=..., max_length=...`, for pydantic; nothing needs saying for none at all."""
    least = {"min_length": field.min_length} if field.min_length else {}
    return {**least, "max_length": field.max_length}


def inside(field: Field, of_length: Callable[[int], Code], unit: str) -> Iterator[Case]:
    """The shortest and the longest."""
    for count in dict.fromkeys((field.min_length, field.max_length)):
        yield Case(many(count, unit), of_length(count))


def outside(field: Field, of_length: Callable[[int], Code], unit: str) -> Iterator[Case]:
    """One too few, one too many."""
    if field.min_length:
        yield Case(many(field.min_length - 1, unit), of_length(field.min_length - 1))
    yield Case(many(field.max_length + 1, unit), of_length(field.max_length + 1))


def many(count: int, unit: str) -> str:
    """The count and its unit, as a word: 2_items."""
    return f"{count}_{unit}" if count == 1 else f"{count}_{unit}s"


def letters(count: int) -> Code:
    """A text of so many letters."""
    return Text("x" * count) if count <= MOST_WRITTEN else Repeat(Text("x"), count)
