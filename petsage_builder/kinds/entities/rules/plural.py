"""Plurals and singulars by English rules."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from petsage_builder.names import Ident

if TYPE_CHECKING:
    import inflect


def plural_of(name: Ident) -> Ident:
    """The plural of a name's last word: `weight_entry` is weight_entries; ValueError if none."""
    *before, last = name.split("_")
    word = _english().plural_noun(last)
    return Ident("_".join((*before, word.lower())))


def singular_of(name: Ident) -> Ident:
    """The singular of a name's last word: `favourite_toys` is favourite_toy."""
    *before, last = name.split("_")
    word = _english().singular_noun(last) or last
    return Ident("_".join((*before, word.lower())))


@functools.cache
def _english() -> inflect.engine:
    """The rules, without the library's checks of types: those take seconds to load."""
    import typeguard

    checked = typeguard.typechecked
    typeguard.typechecked = lambda function: function  # type: ignore[assignment]
    try:
        import inflect
    finally:
        typeguard.typechecked = checked
    return inflect.engine()
