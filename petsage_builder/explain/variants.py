"""A file as it would be if one key of a request or of the blueprint said something else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from operator import attrgetter
from pathlib import PurePosixPath
from typing import TypeAlias

from petsage_builder.errors import BuilderError, Problem
from petsage_builder.explain.keys import Key, Payloads, key_in, other, replaced, reworded, without
from petsage_builder.explain.lines import lines_of
from petsage_builder.explain.rendering import File
from petsage_builder.paths import BLUEPRINT
from petsage_builder.ruff import format_python

ROUNDS = 10
# What becomes of the payloads at a key where they are refused; None: nothing can be done.
Mend: TypeAlias = Callable[[Payloads, Key], Payloads | None]


@dataclass(frozen=True, slots=True)
class Variant:
    """The lines of the file where a key says something else.

    `telling`: the file's own request says all else as it did, so what differs is the key's doing.
    `final`: what does not differ follows from nothing that the key's value holds.
    """

    lines: list[str]
    telling: bool
    final: bool


@dataclass(frozen=True, slots=True)
class Way:
    """Payloads in which a key says something else, and how what refers to it follows."""

    payloads: Payloads
    mend: Mend
    final: bool


def variants(file: File, keys: Iterable[Key]) -> dict[Key, Variant | None]:
    """What the file would be, key by key; None for a key that can't say anything else."""
    found = {key: _said(file, key) for key in keys}
    lines = _lines(file, {text for said in found.values() if said for text in said[:1]})
    return {key: said and Variant(lines[said[0]], *said[1:]) for key, said in found.items()}


def _said(file: File, key: Key) -> tuple[str, bool, bool] | None:
    """The text with the first thing that the key can say, whether it is telling, and final."""
    before = file.payloads
    for way in _ways(before, key):
        if settled := _settled(file, way):
            text, after = settled
            telling = key.source == file.own or after.get(file.own) == before.get(file.own)
            return text, telling, way.final
    return None


def _ways(payloads: Payloads, key: Key) -> Iterator[Way]:
    """What can be said in place of the key: another value; nothing, for which defaults step in."""
    value, left_out = key.value(payloads), partial(_left_out, altered=key)
    if key == Key(BLUEPRINT):
        others = {name: other(one) for name, one in value.items()}
        yield Way({**payloads, BLUEPRINT: others}, left_out, final=True)
        return
    if other(value) != value:
        yield Way(replaced(payloads, key, other(value)), partial(reworded, old=value), final=True)
    if isinstance(value, list):
        yield Way(replaced(payloads, key, []), left_out, final=True)
    yield Way(without(payloads, key), left_out, final=not key.named)


def _left_out(payloads: Payloads, key: Key, altered: Key) -> Payloads | None:
    """The payloads without what stands at the key, unless that is, or held, what was altered."""
    place = key.nearest(payloads)
    stays = not place.path or place == altered or place.holds(altered)
    return None if stays else without(payloads, place)


def _settled(file: File, way: Way) -> tuple[str, Payloads] | None:
    """The text, once all that is refused is mended, and the payloads that it is made of."""
    payloads = way.payloads
    for _ in range(ROUNDS):
        try:
            return file.text(payloads), payloads
        except BuilderError as error:
            mended = _mended(payloads, error.problems, way.mend)
        if mended is None:
            break
        payloads = mended
    return None


def _mended(payloads: Payloads, problems: Iterable[Problem], mend: Mend) -> Payloads | None:
    try:
        keys = {key_in(problem.where) for problem in problems}
    except ValueError:
        return None
    mended: Payloads | None = payloads
    # The last first: what is left out of a list moves what comes after it.
    for key in sorted(keys, key=attrgetter("source", "path"), reverse=True):
        mended = None if mended is None else mend(mended, key)
    return mended


def _lines(file: File, texts: Iterable[str]) -> dict[str, list[str]]:
    """The lines of each text, formatted, all of them in one go."""
    name = PurePosixPath(file.step.target).name
    named = {f"{number}/{name}": text for number, text in enumerate(texts)}
    formatted = {**named, **format_python(named)}
    return {text: lines_of(formatted[path]) for path, text in named.items()}
