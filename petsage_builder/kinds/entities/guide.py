"""The feature's README: its fields and rules in words, and a call for each operation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from petsage_builder import filters
from petsage_builder.field_types import FIELD_TYPES
from petsage_builder.field_types.field import Field, Operator
from petsage_builder.kinds.entities.asked import (
    Entity,
    Locking,
    Operation,
    Paginate,
)
from petsage_builder.kinds.entities.calls import Answered, calls_of
from petsage_builder.kinds.entities.errors import ErrorLine, Refused, errors_of, refusal_of
from petsage_builder.kinds.entities.guide_fields import FieldLine, lines_of
from petsage_builder.kinds.entities.homes import Home, Known
from petsage_builder.kinds.entities.nested import nested_words
from petsage_builder.kinds.entities.queries import (
    MOST_VALUES,
    Filter,
    field_named,
    filters_of,
)
from petsage_builder.kinds.entities.routes import Paths
from petsage_builder.kinds.entities.rules_code import place_and_words
from petsage_builder.kinds.entities.statuses import BODIES, VERSIONED
from petsage_builder.kinds.entities.told_row import ID
from petsage_builder.markdown import Line, Sentence, Span, target
from petsage_builder.names import Ident, Words
from petsage_builder.spec import Example
from petsage_builder.text import Text


@dataclass(frozen=True, slots=True)
class TypeLine:
    """A row of the table of types."""

    name: Words
    wire: Words
    means: Text


@dataclass(frozen=True, slots=True)
class Parameter:
    """A row of the table of query parameters."""

    name: Ident
    type: Words
    means: Text


@dataclass(frozen=True, slots=True)
class Below:
    """What is found below the path of one row."""

    route: Text
    does: Text


@dataclass(frozen=True, slots=True)
class Guide:
    """What the README says; `borrows`: the bodies that it shows hold ids of others."""

    fields: tuple[FieldLine, ...]
    types: tuple[TypeLine, ...]
    rules: tuple[Line, ...]
    parameters: tuple[Parameter, ...]
    order: Text
    below: tuple[Below, ...]
    calls: tuple[Answered, ...]
    errors: tuple[ErrorLine, ...]
    refusal: Refused
    anchor: Words
    shell_id: Text
    python_id: Text
    borrows: bool

    def examples(self, factory: Ident) -> Iterator[Example]:
        """The calls as somebody makes them one after the other, the refused one last."""
        every: tuple[Answered | Refused, ...] = (*self.calls, self.refusal)
        is_made = any(shown.call.keeps is not None for shown in every)
        for shown in every:
            call = shown.call
            yield Example(
                method=call.method.upper(),
                target=target(call, ID),
                status=int(shown.status.value[:3]),
                body="" if shown.body is None else filters.json(shown.body),
                answer="" if shown.answer is None else filters.json(shown.answer),
                version=call.version,
                id=ID.value,
                makes=call.keeps is not None,
                rows="" if is_made else str(factory),
            )


def guide_of(home: Home, known: Known, paths: Paths) -> Guide:
    """The words of the README."""
    entity, names = home.entity, home.names
    return Guide(
        fields=lines_of(entity, known),
        types=tuple(_types(entity)),
        rules=tuple(_rules(entity)),
        parameters=tuple(_parameters(entity)),
        order=Text(_order(entity)),
        below=tuple(
            Below(Text(f"GET {route.url}"), Text(f"The {words} of one {names.one}."))
            for route, words in nested_words(home, known, paths.item.value)
        ),
        calls=calls_of(entity, names, paths),
        errors=tuple(errors_of(entity, names)),
        refusal=refusal_of(entity, names, paths),
        anchor=Words(names.plural.replace("_", "-")),
        shell_id=Text(f"${entity.name.upper()}_ID"),
        python_id=Text(f"{entity.name}_id"),
        borrows=bool(entity.kept and entity.operations & BODIES),
    )


def _types(entity: Entity) -> Iterator[TypeLine]:
    """The types that are in the table of fields, in its order."""
    used = {"uuid": None, **{name: None for field in entity.fields for name in _named(field)}}
    if entity.timestamps:
        used["datetime"] = None
    if entity.versioned:
        used["integer"] = None
    for name in used:
        kind = FIELD_TYPES[name]
        yield TypeLine(Words(name), Words(kind.wire_type), Text(kind.means))


def _named(field: Field) -> Iterator[str]:
    if field.items is None:
        yield field.type.name
    else:
        yield from _named(field.items)


def _rules(entity: Entity) -> Iterator[Line]:
    """What holds between the fields of one, and between one and the others."""
    for check in entity.checks:
        _, words = place_and_words(check)
        yield Sentence((Span(check.code), Words(": "), Text(words)))
    for columns in entity.unique_together:
        *others, last = columns
        yield Text(f"No two have the same {', '.join(others)} and {last}.")
    if entity.versioned:
        yield from _of_versions(entity)


def _of_versions(entity: Entity) -> Iterator[Line]:
    """How clients name versions."""
    yield _sentence(Span(VERSION), "counts the changes; the header", Span(TAG), "tells it.")
    if entity.operations & VERSIONED:
        asked = "has to name" if entity.locking is Locking.REQUIRED else "may name"
        yield _sentence(
            *(f"Who changes one {asked} by", Span(IF_MATCH), "the version that is meant;"),
            "it is refused if there is another by now.",
        )
    if Operation.READ in entity.operations:
        yield _sentence(
            *("Who names by", Span(IF_NONE_MATCH), "the version that is known is answered"),
            *(Span(NOT_MODIFIED), "as long as there is no other."),
        )


VERSION, TAG = Ident("version"), Text("ETag")
IF_MATCH, IF_NONE_MATCH, NOT_MODIFIED = map(Text, ("If-Match", "If-None-Match", "304 Not Modified"))


def _sentence(*parts: Span | str) -> Sentence:
    """The parts, with spaces between them."""
    lines = (Text(part) if isinstance(part, str) else part for part in parts)
    spaced = [line for part in lines for line in (Words(" "), part)]
    return Sentence(tuple(spaced[1:]))


def _parameters(entity: Entity) -> Iterator[Parameter]:
    """The query parameters of the list and the count."""
    if not entity.operations & {Operation.LIST, Operation.COUNT}:
        return
    for one in filters_of(entity):
        yield Parameter(one.key, _queried(one), _meant(entity, one))
    if Operation.LIST not in entity.operations:
        return
    listing = entity.listing
    if entity.include:
        words = f"What to embed: {', '.join(entity.include)}; say it once for each."
        yield Parameter(Ident("include"), Words("string"), Text(words))
    if listing.sort:
        words = f"What to order by: {', '.join(listing.sort)}; a - in front reverses it."
        yield Parameter(Ident("sort"), Words("string"), Text(words))
    if listing.paginate is Paginate.NONE:
        return
    words = f"The most items on a page, 1 to {listing.max_size}; {listing.default_size} by default."
    yield Parameter(Ident("limit"), Words("integer"), Text(words))
    if listing.paginate is Paginate.CURSOR:
        words = "The next_cursor of the page before; null says that there is no page after it."
        yield Parameter(Ident("cursor"), Words("string"), Text(words))
    else:
        yield Parameter(Ident("offset"), Words("integer"), Text("How many to skip; 0 by default."))


def _queried(one: Filter) -> Words:
    match one.operator:
        case Operator.IS_NULL:
            return Words("boolean")
        case None | Operator.CONTAINS | Operator.STARTS_WITH:
            return Words("string")
    return Words(one.field.type.name if one.field else "string")


def _meant(entity: Entity, one: Filter) -> Text:
    words = one.description.value
    if one.operator is Operator.IN:
        words += f" Say it up to {MOST_VALUES} times."
    if one.operator is Operator.NE and one.field and field_named(entity, one.field.name).nullable:
        words += " It finds those without a value too."
    return Text(words)


def _order(entity: Entity) -> str:
    """How a list is ordered when nothing is said, and what comes last."""
    by_id = "Without sort, the first that was created comes first."
    if any(field_named(entity, name).nullable for name in entity.listing.sort):
        return f"{by_id} What has no value comes last, in both directions."
    return by_id
