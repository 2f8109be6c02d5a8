"""Bounds of ordered types: what is inside, what is just outside, and how they are said."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from petsage_builder import text
from petsage_builder.field_types.field import Case, Field, Value
from petsage_builder.python_code import Code
from petsage_builder.text import Text

SAMPLES = 12
ENOUGH = 6  # samples to stop looking for more


@dataclass(frozen=True, slots=True)
class Range:
    """The values of an ordered type, each as its number: neighbours differ by one.

    `ends` are the first and the last number that the type has, `start` is the first sample, and
    `steps` are the distances of samples, the largest first, where all that fit are too few.
    """

    number: Callable[[Value, Field], int]
    value: Callable[[int, Field], Value]
    ends: Callable[[Field], tuple[int, int]]
    start: Callable[[Field], int]
    steps: Callable[[Field], tuple[int, ...]] = lambda _: (1,)

    def numbers(self, field: Field) -> tuple[int, int]:
        """The numbers of the least and the most that are allowed; the wrong way round for none."""
        least, most = self.ends(field)
        if field.min is not None:
            least = max(least, self.number(field.min, field))
        if field.exclusive_min is not None:
            least = max(least, self.number(field.exclusive_min, field) + 1)
        if field.max is not None:
            most = min(most, self.number(field.max, field))
        if field.exclusive_max is not None:
            most = min(most, self.number(field.exclusive_max, field) - 1)
        return least, most

    def least(self, field: Field) -> Value:
        """The smallest value that is allowed."""
        return self.value(self.numbers(field)[0], field)

    def most(self, field: Field) -> Value:
        """The largest value that is allowed."""
        return self.value(self.numbers(field)[1], field)

    def within(self, value: Value, field: Field) -> Value:
        """The value, or a ValueError that names the bound it breaks."""
        least, most = self.numbers(field)
        number = self.number(value, field)
        if number < least:
            raise ValueError(f"must be at least {written(field, self.least(field))}.")
        if number > most:
            raise ValueError(f"must be at most {written(field, self.most(field))}.")
        return value

    def valid(self, field: Field) -> Iterator[Value]:
        """Ascending values: from the start where the bounds allow, at a distance that fits."""
        return (self.value(number, field) for number in self._samples(field))

    def _samples(self, field: Field) -> range:
        least, most = self.numbers(field)
        for step in self.steps(field):
            for first in (self.start(field), -(-least // step) * step):
                found = range(first, most + 1, step)[:SAMPLES]
                if first >= least and len(found) >= ENOUGH:
                    return found
        return range(least, most + 1)[:SAMPLES]

    def inside(self, field: Field) -> Iterator[Case]:
        """The least and the most, where the request says them."""
        if _says_least(field):
            yield Case("the_least", field.type.show(self.least(field)))
        if _says_most(field):
            yield Case("the_most", field.type.show(self.most(field)))

    def outside(self, field: Field) -> Iterator[Case]:
        """The nearest value below the least and above the most, where the type has them."""
        (least, most), (first, last) = self.numbers(field), self.ends(field)
        show = field.type.show
        if _says_least(field) and least > first:
            yield Case("below_the_least", show(self.value(least - 1, field)))
        if _says_most(field) and most < last:
            yield Case("above_the_most", show(self.value(most + 1, field)))


def _says_least(field: Field) -> bool:
    return field.min is not None or field.exclusive_min is not None


def _says_most(field: Field) -> bool:
    return field.max is not None or field.exclusive_max is not None


def bounds(field: Field, literal: Callable[[Value], Code]) -> dict[str, Code]:
    """`ge=..., lt=...`, as pydantic's Field takes them."""
    named = {
        "ge": field.min,
        "gt": field.exclusive_min,
        "le": field.max,
        "lt": field.exclusive_max,
    }
    return {key: literal(value) for key, value in named.items() if value is not None}


def written(field: Field, value: Value) -> str:
    """The value as people read it."""
    shown = field.type.show(value)
    return shown.value if isinstance(shown, Text) else text.show(shown)
