"""Which lines of templates printed each line of a rendered file, as it is once formatted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from petsage_builder.explain.lines import lines_of, same
from petsage_builder.explain.marks import Piece, TemplateLine

# What `ruff format` adds, moves and takes away; all else stays as it is, in its order.
LOOSE = frozenset(" \t\n\f\\\"'(),;")


def origins(printed: Sequence[Piece], formatted: str) -> list[tuple[TemplateLine, ...]]:
    """The lines of templates that printed each line; ValueError where they can't be followed."""
    raw = "".join(piece.text for piece in printed)
    sources = [piece.origin for piece in printed for _ in piece.text]
    found = [sources[place] for place in _places(raw, formatted)]
    return [_of_line(formatted, found, *span) for span in _spans(formatted)]


def _spans(text: str) -> Iterator[tuple[int, int]]:
    """Where each line starts and ends."""
    start = 0
    for line in lines_of(text):
        yield start, start + len(line)
        start += len(line) + 1


def _of_line(
    formatted: str, found: Sequence[TemplateLine], start: int, end: int
) -> tuple[TemplateLine, ...]:
    """Where the characters of a line are from; of a blank line, its end."""
    shown = [found[at] for at in range(start, end) if not formatted[at].isspace()]
    return tuple(dict.fromkeys(shown or found[start : end + 1][-1:]))


def _places(raw: str, formatted: str) -> Iterator[int]:
    """Where each character of the formatted text stood; an added one counts to that before it."""
    stood, stands = _firm(raw), _firm(formatted)
    if [raw[at] for at in stood] != [formatted[at] for at in stands]:
        raise ValueError("`ruff format` changes more than space, brackets, commas and quotes")
    before = pairwise([-1, *stood, len(raw)])
    after = pairwise([-1, *stands, len(formatted)])
    for (left, right), (start, end) in zip(before, after, strict=True):
        if start >= 0:
            yield left
        kept = same(formatted[start + 1 : end], raw[left + 1 : right]) if end > start + 1 else {}
        place = max(left, 0)
        for at in range(end - start - 1):
            place = left + 1 + kept[at] if at in kept else place
            yield place


def _firm(text: str) -> list[int]:
    """Where the characters stand that formatting leaves alone: not the line ends in notebooks."""
    return [
        at
        for at, char in enumerate(text)
        if char not in LOOSE and not (char == "n" and text[at - 1 : at] == "\\")
    ]
