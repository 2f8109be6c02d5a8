"""How many ways a pattern can match one text: what a backtracking matcher would have to try."""

from __future__ import annotations

from math import log2
from typing import TYPE_CHECKING, Final

from petsage_builder.patterns.automaton import (
    TOO_LARGE,
    Automaton,
    Outline,
    Steps,
    char_masks,
    overlapping,
)
from petsage_builder.patterns.syntax import PatternError
from petsage_builder.patterns.tree import (
    Choice,
    End,
    Node,
    Repeat,
    Sequence,
    Start,
    outermost,
    positions,
    ranges,
    walk,
    width,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_POSITIONS: Final = 2000
MAX_RANGES: Final = 100_000  # Pydantic's engine takes about 20 ms for these
MAX_BITS: Final = 18.0

_TOO_MANY_WAYS: Final = (
    "may take a matcher forever, as a repeated part can match one text in two ways; write it so "
    "that one character tells where the next repetition starts, like `^[a-z]+(-[a-z]+)*$`."
)
_TOO_OPEN: Final = (
    "may take a matcher very long, as many parts that follow one another match the same "
    "characters; join them, like `[a-z]{0,9}`, or write what stands between them."
)
_EMPTY: Final = "repeats a part that can be empty; write `+` for `*` inside, or no repetition."
_PLACE: Final = (
    "has `^` or `$` in its middle; `^` can only start and `$` only end it. "
    r"Write `\^` or `\$` for the character."
)


def check(tree: Node) -> None:
    """PatternError where the tree could blow up, or is too large to tell."""
    if positions(tree) > MAX_POSITIONS or ranges(tree) > MAX_RANGES:
        raise PatternError(TOO_LARGE)
    _check_places(tree, first=True, last=True)
    masks = char_masks(tree)
    steps = Steps()
    for repeat in outermost(tree):
        _check_loop(repeat.body, masks, steps)
    if _bits(tree, masks, steps) > MAX_BITS:
        raise PatternError(_TOO_OPEN)


def _check_places(node: Node, *, first: bool, last: bool) -> None:
    """PatternError for an anchor that is not at an end, or a repeated part that can be empty."""
    match node:
        case Start() if not first:
            raise PatternError(_PLACE)
        case End() if not last:
            raise PatternError(_PLACE)
        case Repeat(body, _, most):
            if most not in {0, 1} and not width(body)[0]:
                raise PatternError(_EMPTY)
            _check_places(body, first=first and most == 1, last=last and most == 1)
        case Sequence(parts):
            wide = [place for place, part in enumerate(parts) if width(part)[1]]
            for place, part in enumerate(parts):
                leads = first and (not wide or place <= wide[0])
                trails = last and (not wide or place >= wide[-1])
                _check_places(part, first=leads, last=trails)
        case Choice(options):
            for option in options:
                _check_places(option, first=first, last=last)


def _check_loop(body: Node, masks: Mapping[int, int], steps: Steps) -> None:
    """PatternError when the body, repeated without end, can match one text in two ways.

    All positions of a loop lie on a way round it, so two ways anywhere are two ways round
    (exponential ambiguity). A counted repetition is judged as if it had no end.
    """
    loop = Automaton(masks, steps)
    part = loop.part(body)
    loop.join(part.last, part.first)
    doubled = any(len(set(after)) < len(after) for after in loop.follow)
    if doubled or _empty_ways(body) or _two_ways_meet(loop, steps):
        raise PatternError(_TOO_MANY_WAYS)


def _two_ways_meet(loop: Automaton, steps: Steps) -> bool:
    """Whether two different ways over one text, from one position, reach one position."""
    labels, follow = loop.labels, loop.follow
    found = {pair for after in follow for pair in overlapping(after, labels, steps)}
    todo = sorted(found)
    while todo:
        one, other = todo.pop()
        steps.take(len(follow[one]) * len(follow[other]))
        for left in follow[one]:
            for right in follow[other]:
                if labels[left] & labels[right]:
                    if left == right:
                        return True
                    pair = (left, right) if left < right else (right, left)
                    if pair not in found:
                        found.add(pair)
                        todo.append(pair)
    return False


def _empty_ways(node: Node) -> float:
    """The choices, in bits, between ways to match nothing."""
    bits = 0.0
    for part in walk(node):
        match part:
            case Choice(options):
                bits += log2(max(1, sum(not width(option)[0] for option in options)))
            case Repeat(body, 0, 1) if not width(body)[0]:
                bits += 1
    return bits


def _bits(tree: Node, masks: Mapping[int, int], steps: Steps) -> float:
    """At least the ways, in bits, to match the start of a text of 32 characters."""
    outline = Outline(masks, steps)
    whole = outline.part(tree)
    ways: list[float] = [0.0] * len(outline.labels)
    for position in reversed(range(len(ways))):
        onward = max((ways[following] for following in outline.follow[position]), default=0.0)
        ways[position] = outline.bits(position) + onward
        if ways[position] > MAX_BITS:
            break
    begun = max(ways, default=0.0)
    return begun + outline.fork_bits(list(whole.first)) + _empty_ways(tree)
