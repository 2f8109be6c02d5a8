"""Which keys of requests and of the blueprint made a line: but for them, it would be another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from petsage_builder.explain.keys import Key, Payloads
from petsage_builder.explain.lines import same
from petsage_builder.explain.rendering import File
from petsage_builder.explain.variants import variants
from petsage_builder.paths import BLUEPRINT


def causes(file: File, lines: Sequence[str], number: int) -> list[Key]:
    """The smallest keys but for which that line of the file, counted from 0, would be another."""
    payloads = file.payloads
    found: list[Key] = []
    wave = list(_first(file, payloads))
    while wave:
        below: list[Key] = []
        for key, variant in variants(file, wave).items():
            if variant and number in same(lines, variant.lines):
                continue
            if variant and variant.telling:
                found.append(key)
            below += key.items(payloads)
        wave = below
    return [_only(key, payloads) for key in found if not any(map(key.holds, found))]


def _first(file: File, payloads: Payloads) -> Iterator[Key]:
    """The blueprint, every request, and of the file's own one its keys: without it, no file."""
    for source in payloads:
        whole = Key(source)
        yield from whole.items(payloads) if source == file.own else (whole,)


def _only(key: Key, payloads: Payloads) -> Key:
    """The key; or, of a value that holds only one, that one."""
    items = list(key.items(payloads))
    return _only(items[0], payloads) if len(items) == 1 else key
