"""The types of what refers to others: one id, and several."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from uuid import UUID

from petsage_builder.field_types.annotations import constrained
from petsage_builder.field_types.cases import NUMBER, WORD
from petsage_builder.field_types.field import Case, Field, FieldType, Given
from petsage_builder.field_types.structures import ARRAY, Listed
from petsage_builder.field_types.words import ID
from petsage_builder.names import Ident
from petsage_builder.python_code import Items, Name, Pairs, Repeat
from petsage_builder.text import Text

MOST_IDS = 100
NONE = Given(Listed((), ID))


ANY = replace(ID, sortable=False)  # as long as the target is not known


def reference(ids: Sequence[UUID]) -> FieldType:
    """The type of a field that refers to one of others; tests have those with these ids."""
    return replace(ID, valid=lambda _: iter(ids), sortable=False)


def references(ids: Sequence[UUID]) -> FieldType:
    """The type of a field that refers to several of others, all of which it names at once."""

    def valid(_: Field) -> Iterator[Listed]:
        sizes = range(1, len(ids) + 1)
        yield from (Listed(tuple(ids[:size]), ID) for size in sizes)
        yield from (Listed((one,), ID) for one in ids[1:])
        yield Listed((), ID)

    return replace(
        ARRAY,
        wire=lambda field: constrained(Name("types.Ids", ".core"), field),
        valid=valid,
        inside=lambda _: (Case("nothing", Items(())),),
        outside=lambda _: _outside(),
        wrong=(NUMBER, WORD, Case("an_object", Pairs(()))),
        operators=frozenset(),
        stored=False,
    )


def _outside() -> Iterator[Case]:
    one = Text("0190d6f8-5b1c-7e4e-9d0b-2f4d8f0c1a2b")
    yield Case(f"{MOST_IDS + 1}_ids", Repeat(Items((one,)), MOST_IDS + 1))
    for case in (*ID.wrong, Case("null", None)):
        yield Case(f"an_id_that_is_{case.name}", Items((case.wire,)))


ID_ITEM = Field(name=Ident("item"), type=ID)
