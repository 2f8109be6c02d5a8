"""The table of fields in a feature's README: each with its type and its rules in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from petsage_builder import filters
from petsage_builder.field_types.field import Field, Value
from petsage_builder.kinds.entities.asked import (
    BelongsTo,
    Entity,
    ManyToMany,
    OnDelete,
)
from petsage_builder.kinds.entities.homes import Known
from petsage_builder.kinds.entities.queries import (
    MOMENTS,
)
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


def lines_of(entity: Entity, known: Known) -> tuple[FieldLine, ...]:
    """A row for each field, the server's own among them."""
    return (_own("id", "uuid"), *_lines(entity, known), *_moments(entity), *_version(entity))


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
