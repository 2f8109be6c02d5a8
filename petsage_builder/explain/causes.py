"""Which keys of requests and of the blueprint made a line: but for them, it would be another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from petsage_builder.explain.keys import Key, Payloads
from petsage_builder.explain.lines import same
from petsage_builder.explain.rendering import File
from petsage_builder.explain.variants import Variant, variants


def causes(file: File, lines: Sequence[str], number: int) -> list[Key]:
    """The smallest keys but for which that line of the file, counted from 0, would be another."""
    payloads = file.payloads
    found: dict[Key, Variant] = {}
    wave = list(_first(file, payloads))
    while wave:
        below: list[Key] = []
        for key, variant in variants(file, wave).items():
            changes = variant is None or number not in same(lines, variant.lines)
            if variant and variant.telling and changes:
                found[key] = variant
            if changes or not (variant and variant.final):
                below += key.items(payloads)
        wave = below
    # That the file is there at all says the least of a line.
    of_the_line = [key for key, variant in found.items() if variant.lines] or list(found)
    return [_only(k, payloads) for k in of_the_line if not any(map(k.holds, of_the_line))]


def _first(file: File, payloads: Payloads) -> Iterator[Key]:
    """The blueprint, every request, and of the file's own one its keys: without it, no file."""
    for source in payloads:
        whole = Key(source)
        yield from whole.items(payloads) if source == file.own else (whole,)


def _only(key: Key, payloads: Payloads) -> Key:
    """The key; or, of a value that holds only one, that one."""
    items = list(key.items(payloads))
    return _only(items[0], payloads) if len(items) == 1 else key
