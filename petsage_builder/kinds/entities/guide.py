"""The feature's README: its fields and rules in words, and a call for each operation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from petsage_builder.field_types.field import Field
from petsage_builder.kinds.entities.asked import Entity, Operation, Paginate
from petsage_builder.kinds.entities.behaviour import place_and_words
from petsage_builder.kinds.entities.naming import EntityNames
from petsage_builder.kinds.entities.queries import filters_of
from petsage_builder.kinds.entities.routes import Paths
from petsage_builder.text import Text


@dataclass(frozen=True, slots=True)
class FieldLine:
    """A row of the table of fields."""

    name: Text
    type: Text
    means: Text
    rules: Text


@dataclass(frozen=True, slots=True)
class Guide:
    """What the README says beside the operations."""

    fields: tuple[FieldLine, ...]
    rules: tuple[Text, ...]
    queries: tuple[FieldLine, ...]


def guide_of(entity: Entity, names: EntityNames, paths: Paths) -> Guide:
    """The words of the README."""
    del names, paths
    return Guide(
        fields=tuple(_line(field) for field in entity.fields),
        rules=tuple(_rules(entity)),
        queries=tuple(_queries(entity)),
    )


def _line(field: Field) -> FieldLine:
    means = field.description or Text(field.type.means)
    return FieldLine(Text(field.name), Text(field.type.name), means, Text(", ".join(_said(field))))


def _said(field: Field) -> Iterator[str]:
    if field.read_only:
        yield "set by the server"
    elif field.required and field.default is None:
        yield "required"
    else:
        yield "optional"
    if field.default is not None:
        yield f"by default {_shown(field, field.default.value)}"
    yield from field.type.in_words(field)
    flags = (
        (field.unique, "unique"),
        (field.immutable, "never changes"),
        (field.write_only or field.secret, "never answered"),
        (field.hash, "stored as a hash"),
    )
    yield from (words for flag, words in flags if flag)


def _shown(field: Field, value: object) -> str:
    shown = field.type.show(value)
    return shown.value if isinstance(shown, Text) else str(shown)


def _rules(entity: Entity) -> Iterator[Text]:
    for check in entity.checks:
        _, words = place_and_words(check)
        yield Text(f"{words} ({check.code})")
    for columns in entity.unique_together:
        *others, last = columns
        yield Text(f"{', '.join(others)} and {last} are unique together.")


def _queries(entity: Entity) -> Iterator[FieldLine]:
    """The query parameters of the list."""
    for one in filters_of(entity):
        kind = one.field.type.name if one.field else "string"
        yield FieldLine(Text(one.key), Text(kind), one.description, Text(""))
    if Operation.LIST not in entity.operations:
        return
    listing = entity.listing
    if listing.sort:
        names = ", ".join(listing.sort)
        words = Text(f"Orders by one of {names}; a minus in front reverses it.")
        yield FieldLine(Text("sort"), Text("string"), words, Text(""))
    if listing.paginate is Paginate.NONE:
        return
    words = Text(
        f"The most items on a page, 1 to {listing.max_size}; {listing.default_size} unsaid."
    )
    yield FieldLine(Text("limit"), Text("integer"), words, Text(""))
    if listing.paginate is Paginate.CURSOR:
        words = Text("The next_cursor of the page before.")
        yield FieldLine(Text("cursor"), Text("string"), words, Text(""))
    else:
        words = Text("How many items to skip.")
        yield FieldLine(Text("offset"), Text("integer"), words, Text(""))
