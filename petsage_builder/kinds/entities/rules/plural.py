"""Plurals and singulars by English rules."""

from __future__ import annotations

from petsage_builder.names import Ident


def plural_of(name: Ident) -> Ident:
    """The plural of a name's last word: `weight_entry` is weight_entries; ValueError if none."""
    import inflect  # it takes longer to load than everything else here together

    *before, last = name.split("_")
    word = inflect.engine().plural_noun(last)
    return Ident("_".join((*before, word.lower())))


def singular_of(name: Ident) -> Ident:
    """The singular of a name's last word: `favourite_toys` is favourite_toy."""
    import inflect  # as above

    *before, last = name.split("_")
    word = inflect.engine().singular_noun(last) or last
    return Ident("_".join((*before, word.lower())))
