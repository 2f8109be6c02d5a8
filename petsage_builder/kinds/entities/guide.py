"""The feature's README: its fields and rules in words, and a call for each operation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from petsage_builder import filters
from petsage_builder.field_types import FIELD_TYPES
from petsage_builder.field_types.field import Field, Operator, Value
from petsage_builder.kinds.entities.asked import (
    BelongsTo,
    Entity,
    Locking,
    ManyToMany,
    OnDelete,
    Operation,
    Paginate,
)
from petsage_builder.kinds.entities.calls import Answered, calls_of
from petsage_builder.kinds.entities.errors import ErrorLine, Refused, errors_of, refusal_of
from petsage_builder.kinds.entities.homes import Home, Known
from petsage_builder.kinds.entities.nested import nested_words
from petsage_builder.kinds.entities.queries import (
    MOMENTS,
    MOST_VALUES,
    Filter,
    field_named,
    filters_of,
)
from petsage_builder.kinds.entities.routes import Paths
from petsage_builder.kinds.entities.rules_code import place_and_words
from petsage_builder.kinds.entities.statuses import BODIES, VERSIONED
from petsage_builder.markdown import Line, Sentence, Span
from petsage_builder.names import Ident, Words
from petsage_builder.text import Text

GONE = {
    OnDelete.CASCADE: "goes with the {one}",
    OnDelete.RESTRICT: "keeps the {one} from being deleted",
    OnDelete.SET_NULL: "null when the {one} is deleted",
}
STAYS = "stays when the {one} is deleted"  # whose row is kept


@dataclass(frozen=True, slots=True)
class FieldLine:
    """A row of the table of fields; `means` is empty where the request says nothing."""

    name: Ident
    type: Line
    rules: Line
    means: Text


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


def guide_of(home: Home, known: Known, paths: Paths) -> Guide:
    """The words of the README."""
    entity, names = home.entity, home.names
    return Guide(
        fields=(_own("id", "uuid"), *_lines(entity, known), *_moments(entity), *_version(entity)),
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


def _own(name: str, kind: str) -> FieldLine:
    return FieldLine(Ident(name), Words(kind), Words("set by the server"), Text(""))


def _moments(entity: Entity) -> tuple[FieldLine, ...]:
    return tuple(_own(name, "datetime") for name in MOMENTS) if entity.timestamps else ()


def _version(entity: Entity) -> tuple[FieldLine, ...]:
    return (_own("version", "integer"),) if entity.versioned else ()


def _lines(entity: Entity, known: Known) -> Iterator[FieldLine]:
    meant = {one.field.name: words for one in entity.kept for words in _related(one, known)}
    for field in entity.fields:
        yield _line(field, meant.get(field.name, ()))


def _related(relation: BelongsTo | ManyToMany, known: Known) -> Iterator[tuple[Line, ...]]:
    """What a field refers to, and what becomes of it."""
    match relation:
        case BelongsTo(_, target, on_delete, _):
            names = known[target.entity].names
            becomes = STAYS if known[target.entity].entity.soft_delete else GONE[on_delete]
            yield (Words(f"the id of {names.a}"), Words(becomes.format(one=names.one)))
        case ManyToMany(_, target, _, _):
            yield (Words(f"the ids of {known[target.entity].names.many}"),)


def _line(field: Field, related: tuple[Line, ...]) -> FieldLine:
    kind = field.type.name if field.items is None else f"list of {field.items.type.name}"
    rules = _joined(iter((*related, *_said(field))))
    return FieldLine(field.name, Words(kind), rules, field.description or Text(""))


def _joined(phrases: Iterator[Line]) -> Sentence:
    """The phrases, with commas between them."""
    parts = [part for phrase in phrases for part in (Words(", "), phrase)]
    return Sentence(tuple(parts[1:]))


def _said(field: Field) -> Iterator[Line]:
    """Every rule of the field, as a phrase."""
    yield from _presence(field)
    yield from _limits(field)
    if field.items is not None:
        for phrase in _limits(field.items):
            yield Sentence((Words("each "), phrase))
    unique = "unique where it is given" if field.nullable else "unique"
    flags = (
        (field.unique, unique),
        (field.immutable, "never changes"),
        (not field.readable, "never answered"),
        (field.hash, "kept as a hash"),
    )
    yield from (Words(words) for flag, words in flags if flag)


def _presence(field: Field) -> Iterator[Line]:
    if field.read_only:
        yield Words("set by the server")
    elif field.nullable:
        yield Words("optional, null by default")
    elif field.default is None:
        yield Words("required")
    if field.default is not None:
        default = Span(_json(field, field.default.value))
        yield Sentence(
            (Words("at first " if field.read_only else "optional, by default "), default)
        )


def _limits(field: Field) -> Iterator[Line]:
    """Lengths, digits, values, pattern and bounds."""
    if field.type.limits.keys() & {"max_length", "max_items"}:
        lengths = f"{field.min_length} to {field.max_length}"
        most = f"at most {field.max_length}"
        yield Words(f"{lengths if field.min_length else most} {field.type.unit}")
        if field.min_length and field.type.unit == "characters":
            yield Words("not blank")
    if field.precision:
        after = f"{field.scale} of them after the point"
        yield Words(f"at most {field.precision} digits, {after}")
    if field.values:
        yield from _values(field.values)
    if field.pattern is not None:
        yield Sentence((Words("matches "), Span(field.pattern)))
    yield from _bounds(field)


def _values(values: tuple[Text, ...]) -> Iterator[Line]:
    spans = iter(map(Span, values))
    yield Sentence((Words("one of " if len(values) > 1 else "always "), _joined(spans)))


def _bounds(field: Field) -> Iterator[Line]:
    bounds = (
        ("at least ", field.min),
        ("more than ", field.exclusive_min),
        ("at most ", field.max),
        ("less than ", field.exclusive_max),
    )
    for words, bound in bounds:
        if bound is not None:
            shown = field.type.show(bound)
            plain = shown if isinstance(shown, Text) else _json(field, bound)
            yield Sentence((Words(words), Span(plain)))


def _json(field: Field, value: Value) -> Text:
    return Text(filters.json(field.type.show(value)))


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
