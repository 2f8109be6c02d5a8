"""What a list can be asked: filters, orders, search."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from petsage_builder.field_types import FIELD_TYPES
from petsage_builder.field_types.field import Field, Operator
from petsage_builder.kinds.entities.asked import Entity
from petsage_builder.kinds.entities.naming import EntityNames, attribute
from petsage_builder.names import Ident
from petsage_builder.python_code import (
    Code,
    Compare,
    Function,
    Method,
    Name,
    Subscript,
    annotated,
    call,
)
from petsage_builder.text import Text

VALUE = Ident("value")
GIVEN = Name("value")
MOST_VALUES = 100
MOMENTS = ("created_at", "updated_at")

MEANINGS = {
    Operator.EQ: "is this",
    Operator.NE: "is anything but this",
    Operator.IN: "is one of these",
    Operator.LT: "is less than this",
    Operator.LTE: "is at most this",
    Operator.GT: "is more than this",
    Operator.GTE: "is at least this",
    Operator.CONTAINS: "holds this text; upper and lower case are the same",
    Operator.STARTS_WITH: "starts with this text; upper and lower case are the same",
    Operator.IS_NULL: "has no value, or has one",
}
COMPARISONS = {
    Operator.EQ: "==",
    Operator.LT: "<",
    Operator.LTE: "<=",
    Operator.GT: ">",
    Operator.GTE: ">=",
}
METHODS = {Operator.NE: "is_distinct_from", Operator.IN: "in_"}
LIKE = {Operator.CONTAINS: "icontains", Operator.STARTS_WITH: "istartswith"}


@dataclass(frozen=True, slots=True)
class Filter:
    """One query parameter: that of the search has neither field nor operator."""

    key: Ident
    field: Field | None
    operator: Operator | None
    annotation: Code
    description: Text


@dataclass(frozen=True, slots=True)
class Entry:
    """A key of FILTERS or SORTS, and what it stands for."""

    key: Text
    code: Code


def field_named(entity: Entity, name: Ident) -> Field:
    """The field, or the timestamp of that name as if it were one."""
    for field in entity.fields:
        if field.name == name:
            return field
    return Field(name=name, type=FIELD_TYPES["datetime"], read_only=True)


def filters_of(entity: Entity) -> Iterator[Filter]:
    """Every filter, and the search."""
    for name, operators in entity.listing.filters.items():
        field = field_named(entity, name)
        for operator in operators:
            yield _filter(field, operator)
    if entity.listing.search:
        named = ", ".join(entity.listing.search)
        words = Text(f"Part of {named}; upper and lower case are the same.")
        yield Filter(Ident("search"), None, None, Name("types.Search", ".core"), words)


def _filter(field: Field, operator: Operator) -> Filter:
    key = field.name if operator is Operator.EQ else field.name.followed_by(Ident(operator))
    words = Text(f"{field.name} {MEANINGS[operator]}.")
    return Filter(key, field, operator, _annotation(field, operator), words)


def _annotation(field: Field, operator: Operator) -> Code:
    match operator:
        case Operator.IS_NULL:
            return Name("bool")
        case Operator.CONTAINS | Operator.STARTS_WITH:
            return Name("types.Search", ".core")
        case Operator.IN:
            many = Subscript(Name("list"), (_queried(field),))
            return annotated(many, call(Name("Field", "pydantic"), max_length=MOST_VALUES))
    return _queried(field)


def _queried(field: Field) -> Code:
    """The type of the field in a query string."""
    return field.type.query(field) if field.type.query else field.type.wire(field)


def conditions(entity: Entity, names: EntityNames) -> tuple[Entry, ...]:
    """The entries of FILTERS: the query's attributes, and what they ask of a row."""
    return tuple(
        Entry(Text(attribute(one.key)), _condition(one, entity, names))
        for one in filters_of(entity)
    )


def sorts(entity: Entity, names: EntityNames) -> tuple[Entry, ...]:
    """The entries of SORTS."""
    return tuple(Entry(Text(name), _column(names, name)) for name in entity.listing.sort)


def _column(names: EntityNames, name: Ident) -> Name:
    """The mapped column: Owner.full_name."""
    return Name(f"{names.table}.{attribute(name)}")


def _condition(one: Filter, entity: Entity, names: EntityNames) -> Code:
    if one.field is None or one.operator is None:
        found = tuple(_like(names, name, "icontains") for name in entity.listing.search)
        return Function(VALUE, found[0] if len(found) == 1 else call("sa.or_", *found))
    own = _column(names, one.field.name)
    if one.operator in METHODS:
        return Name(f"{own.value}.{METHODS[one.operator]}")
    if one.operator in LIKE:
        return Function(VALUE, _like(names, one.field.name, LIKE[one.operator]))
    if one.operator is Operator.IS_NULL:
        return Function(VALUE, call(Name("pagination.is_null", ".core"), own, GIVEN))
    return Function(VALUE, Compare(own, COMPARISONS[one.operator], GIVEN))


def _like(names: EntityNames, name: Ident, method: str) -> Code:
    return Method(_column(names, name), Name(method), (GIVEN,), {"autoescape": True})
