"""Glushkov's automaton of a pattern, within limits that no pattern can break."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass
from itertools import combinations, pairwise
from math import log2
from typing import TYPE_CHECKING, Final

from petsage_builder.patterns.syntax import PatternError
from petsage_builder.patterns.tree import (
    Chars,
    Choice,
    Node,
    Repeat,
    Sequence,
    children,
    walk,
    width,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MAX_EDGES: Final = 6000
MAX_STEPS: Final = 40_000
TOO_LARGE: Final = (
    "is too large to be checked; write fewer alternatives and smaller numbers of repetitions, "
    "or use max_length."
)

_LOOP_BITS: Final = 5.0  # a loop that may end at any of 32 characters


class Steps:
    """What the checks of one pattern may still cost."""

    def __init__(self) -> None:
        self._left = MAX_STEPS

    def take(self, steps: int) -> None:
        self._left -= steps
        if self._left < 0:
            raise PatternError(TOO_LARGE)


def char_masks(tree: Node) -> Mapping[int, int]:
    """For each `Chars`, by its id, a bit for each class of characters that it holds."""
    sets = [node for node in walk(tree) if isinstance(node, Chars)]
    bounds = sorted(
        {bound for node in sets for low, high in node.ranges for bound in (low, high + 1)}
    )
    masks = {}
    for node in sets:
        mask = 0
        for low, high in node.ranges:
            mask |= (1 << bisect_left(bounds, high + 1)) - (1 << bisect_left(bounds, low))
        masks[id(node)] = mask
    return masks


def _first(node: Node, masks: Mapping[int, int]) -> int:
    """The classes of characters that a match of the node can start with."""
    match node:
        case Chars():
            return masks[id(node)]
        case Sequence(parts):
            found = 0
            for part in parts:
                found |= _first(part, masks)
                if width(part)[0]:
                    break
            return found
        case _:
            return _union(_first(child, masks) for child in children(node))


def _union(masks: Iterator[int]) -> int:
    found = 0
    for mask in masks:
        found |= mask
    return found


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the automaton: can it be empty, and where do its texts start and end."""

    nullable: bool
    first: tuple[int, ...] = ()
    last: tuple[int, ...] = ()


_NOTHING: Final = Part(nullable=True)


class Automaton:
    """Glushkov's automaton: a position for each character, with those that may follow it."""

    def __init__(self, masks: Mapping[int, int], steps: Steps) -> None:
        self._masks = masks
        self._steps = steps
        self._edges = 0
        self.labels: list[int] = []
        self.follow: list[list[int]] = []

    def part(self, node: Node) -> Part:
        match node:
            case Chars():
                return self._position(self._masks[id(node)], nullable=False)
            case Choice(options):
                return _either([self.part(option) for option in options])
            case Repeat():
                return self._repeat(node)
            case _:
                return self._chain([self.part(part) for part in children(node)])

    def join(self, lasts: tuple[int, ...], firsts: tuple[int, ...]) -> None:
        self._edges += len(lasts) * len(firsts)
        if self._edges > MAX_EDGES:
            raise PatternError(TOO_LARGE)
        for last in lasts:
            self.follow[last].extend(firsts)

    def _position(self, label: int, *, nullable: bool) -> Part:
        here = (len(self.labels),)
        self.labels.append(label)
        self.follow.append([])
        return Part(nullable, here, here)

    def _chain(self, parts: list[Part]) -> Part:
        whole = _NOTHING
        for part in parts:
            self.join(whole.last, part.first)
            whole = Part(
                whole.nullable and part.nullable,
                whole.first + part.first if whole.nullable else whole.first,
                whole.last + part.last if part.nullable else part.last,
            )
        return whole

    def _repeat(self, node: Repeat) -> Part:
        times = node.most if node.most is not None else max(node.least, 1)
        copies = [self.part(node.body) for _ in range(times)]
        if not copies:
            return _NOTHING
        if node.most is None:
            self.join(copies[-1].last, copies[-1].first)
        for copy, following in pairwise(copies):
            self.join(copy.last, following.first)
        ends = copies[max(node.least, 1) - 1 :]
        return Part(
            nullable=not node.least or copies[0].nullable,
            first=copies[0].first,
            last=tuple(last for copy in ends for last in copy.last),
        )


def _either(parts: list[Part]) -> Part:
    return Part(
        nullable=any(part.nullable for part in parts),
        first=tuple(first for part in parts for first in part.first),
        last=tuple(last for part in parts for last in part.last),
    )


def overlapping(after: list[int], labels: list[int], steps: Steps) -> list[tuple[int, int]]:
    """The pairs that can be reached by one character; most often there are none."""
    steps.take(len(after))
    seen = 0
    for position in after:
        if seen & labels[position]:
            break
        seen |= labels[position]
    else:
        return []
    steps.take(len(after) ** 2 // 2)
    pairs = combinations(sorted(after), 2)
    return [(left, right) for left, right in pairs if labels[left] & labels[right]]


class Outline(Automaton):
    """The automaton of the whole pattern, each outermost repetition one position without a loop."""

    def __init__(self, masks: Mapping[int, int], steps: Steps) -> None:
        super().__init__(masks, steps)
        self.loops: dict[int, tuple[int, float]] = {}

    def _repeat(self, node: Repeat) -> Part:
        if node.most in {0, 1}:
            return super()._repeat(node)
        part = self._position(_first(node.body, self._masks), nullable=not node.least)
        inside = _union(self._masks[id(p)] for p in walk(node) if isinstance(p, Chars))
        self.loops[part.first[0]] = (inside, _end_bits(node))
        return part

    def bits(self, position: int) -> float:
        """The ways to go on from here, in bits."""
        after = self.follow[position]
        inside, bits = self.loops.get(position, (0, 0.0))
        leaves = any(self.labels[following] & inside for following in after)
        return self.fork_bits(after) + (bits if leaves else 0.0)

    def fork_bits(self, after: list[int]) -> float:
        """The ways to go on to one of these by the same character, in bits."""
        pairs = overlapping(after, self.labels, self._steps)
        ways = Counter(position for pair in pairs for position in pair)
        return log2(1 + max(ways.values(), default=0))


def _end_bits(node: Repeat) -> float:
    """The places, in bits, where the repetition can end in one text."""
    fewest, most = width(node.body)
    if fewest != most or node.most is None:
        return _LOOP_BITS
    return min(_LOOP_BITS, log2(node.most - node.least + 1))
