"""The tree of a pattern, and what can be told from it by walking."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LAST_CHAR: Final = 0x10FFFF

Ranges: TypeAlias = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Chars:
    """One character of the ranges, which ascend and don't touch."""

    ranges: Ranges


@dataclass(frozen=True, slots=True)
class Start:
    """The start of the text."""


@dataclass(frozen=True, slots=True)
class End:
    """The end of the text, and nowhere else."""


@dataclass(frozen=True, slots=True)
class Sequence:
    """One part after the other; the empty text has none."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """Any one of the options."""

    options: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """The body at least and at most so many times; None is without end."""

    body: Node
    least: int
    most: int | None


Node: TypeAlias = "Chars | Start | End | Sequence | Choice | Repeat"


def positions(node: Node) -> int:
    """The characters of the tree with every repetition written out."""
    return _written_out(node, lambda _: 1)


def ranges(node: Node) -> int:
    """The ranges of characters with every repetition written out."""
    return _written_out(node, lambda chars: len(chars.ranges))


def _written_out(node: Node, weight: Callable[[Chars], int]) -> int:
    match node:
        case Repeat(body, least, most):
            return _written_out(body, weight) * (most if most is not None else max(least, 1))
        case Chars():
            return weight(node)
        case _:
            return sum(_written_out(child, weight) for child in children(node))


def children(node: Node) -> tuple[Node, ...]:
    """The nodes right below."""
    match node:
        case Sequence(parts):
            return parts
        case Choice(options):
            return options
        case Repeat(body):
            return (body,)
        case _:
            return ()


def walk(node: Node) -> Iterator[Node]:
    """The node and all below."""
    yield node
    for child in children(node):
        yield from walk(child)


def outermost(node: Node) -> Iterator[Repeat]:
    """The repetitions, of more than one time, that stand in no other."""
    if isinstance(node, Repeat) and node.most not in {0, 1}:
        yield node
    else:
        for child in children(node):
            yield from outermost(child)


def width(node: Node) -> tuple[int, float]:
    """The fewest and the most characters that the node matches."""
    match node:
        case Chars():
            return 1, 1
        case Choice(options):
            widths = [width(option) for option in options]
            return min(low for low, _ in widths), max(high for _, high in widths)
        case Repeat(body, least, most):
            low, high = width(body)
            times = float("inf") if most is None else most
            return low * least, high * times if high and times else 0
        case _:
            widths = [width(part) for part in children(node)]
            return sum(low for low, _ in widths), sum(high for _, high in widths)


def normal(found: list[tuple[int, int]]) -> Ranges:
    """The ranges ascending, those that touch made one."""
    merged: list[tuple[int, int]] = []
    for low, high in sorted(found):
        if merged and low <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(merged[-1][1], high))
        else:
            merged.append((low, high))
    return tuple(merged)


def others(found: Ranges) -> Ranges:
    """Every character that is not in the ranges."""
    bounds = [-1, *(bound for low, high in found for bound in (low, high)), LAST_CHAR + 1]
    gaps = zip(bounds[::2], bounds[1::2], strict=True)
    return tuple((high + 1, low - 1) for high, low in gaps if low - high > 1)
