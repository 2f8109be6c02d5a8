"""Lines of texts, and which of one are which of another."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher


def lines_of(text: str) -> list[str]:
    """The lines as editors count them, without their ends."""
    *lines, last = text.replace("\r\n", "\n").split("\n")
    return [*lines, last] if last else lines


def same(before: Sequence[str], after: Sequence[str]) -> dict[int, int]:
    """Where each item of `before` that is still there stands in `after`, counted from 0."""
    if before == after:
        return {at: at for at in range(len(before))}
    blocks = SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
    return {block.a + n: block.b + n for block in blocks for n in range(block.size)}
