"""Patterns of fields: which are accepted, and texts that match them or don't."""

from __future__ import annotations

from itertools import chain, islice
from typing import Final

from petsage_builder.patterns.ambiguity import check
from petsage_builder.patterns.engines import Engines
from petsage_builder.patterns.samples import around, matching, not_matching
from petsage_builder.patterns.syntax import MAX_CHARS, PatternError, parse
from petsage_builder.patterns.tree import (
    Chars,
    Choice,
    End,
    Node,
    Repeat,
    Sequence,
    Start,
    children,
    walk,
)

__all__ = [
    "MAX_CHARS",
    "PatternError",
    "admits_blank",
    "admits_nul",
    "anchored",
    "counterexample",
    "examples",
    "matches",
    "problem",
]

# What Python, Pydantic, PostgreSQL or ECMA-262 take for white space.
_BLANKS: Final = (
    (0x09, 0x0D),
    (0x1C, 0x20),
    (0x85, 0x85),
    (0xA0, 0xA0),
    (0x1680, 0x1680),
    (0x180E, 0x180E),
    (0x2000, 0x200B),
    (0x2028, 0x2029),
    (0x202F, 0x202F),
    (0x205F, 0x205F),
    (0x3000, 0x3000),
    (0xFEFF, 0xFEFF),
)
_SPARE: Final = 20
_TRIED: Final = 400


def problem(pattern: str) -> str | None:
    """Why a field can't have this pattern, as what follows "the pattern"; None if it can."""
    try:
        _read(pattern)
        Engines(pattern)
    except PatternError as error:
        return str(error)
    return None


def anchored(pattern: str) -> bool:
    """Whether every text that matches does so from its start to its end."""
    try:
        tree = _read(pattern)
    except PatternError:
        return False
    return _bound(tree, Start()) and _bound(tree, End())


def admits_nul(pattern: str) -> bool:
    """Whether a text that matches might hold NUL; True when unsure."""
    if not anchored(pattern):
        return True
    sets = (node for node in walk(_read(pattern)) if isinstance(node, Chars))
    return any(node.ranges[0][0] == 0 for node in sets)


def admits_blank(pattern: str) -> bool:
    """Whether the empty text, or one of white space only, might match; True when unsure."""
    try:
        return _blank(_read(pattern))
    except PatternError:
        return True


def examples(pattern: str, *, min_length: int, max_length: int, count: int) -> tuple[str, ...]:
    """Up to so many texts that match, ascending; PatternError where the pattern has a problem."""
    tree, engines = _read(pattern), Engines(pattern)
    wanted = count + _SPARE
    inside = matching(tree, shortest=min_length, longest=max_length, count=wanted)
    padded = matching(around(tree), shortest=min_length, longest=max_length, count=wanted)
    found: set[str] = set()
    for text in islice(chain(inside, padded), count + _TRIED):
        if len(found) == count:
            break
        if text not in found and engines.match(text):
            found.add(text)
    return tuple(sorted(found))


def matches(pattern: str, text: str) -> bool:
    """Whether the text matches, in both engines; PatternError where the pattern has a problem."""
    return Engines(pattern).match(text)


def counterexample(pattern: str, *, min_length: int, max_length: int) -> str | None:
    """A text of a legal length that does not match; None where none was found."""
    engines = Engines(pattern)
    samples = examples(pattern, min_length=min_length, max_length=max_length, count=2)
    texts = not_matching(samples, shortest=min_length, longest=max_length)
    return next(filter(engines.refuse, texts), None)


def _read(pattern: str) -> Node:
    tree = parse(pattern)
    check(tree)
    return tree


def _bound(node: Node, anchor: Start | End) -> bool:
    """Whether every way through the node holds the anchor; `check` has seen to its place."""
    match node:
        case Start() | End():
            return node == anchor
        case Choice(options):
            return all(_bound(option, anchor) for option in options)
        case Sequence(parts):
            return any(_bound(part, anchor) for part in parts)
        case Repeat(body, least, _):
            return least > 0 and _bound(body, anchor)
        case _:
            return False


def _blank(node: Node) -> bool:
    """Whether the node can match white space only, or nothing."""
    match node:
        case Chars(ranges):
            return any(
                low <= end and start <= high for low, high in ranges for start, end in _BLANKS
            )
        case Choice(options):
            return any(_blank(option) for option in options)
        case Repeat(body, least, _):
            return least == 0 or _blank(body)
        case _:
            return all(_blank(part) for part in children(node))
