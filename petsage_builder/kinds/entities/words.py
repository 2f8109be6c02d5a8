"""The words of a request for entities: names, prose, types and members, with their schemas."""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from pydantic import Field, GetJsonSchemaHandler, PlainValidator, WithJsonSchema
from pydantic_core import CoreSchema

from petsage_builder import names, text
from petsage_builder.field_types import FIELD_TYPES
from petsage_builder.field_types.field import FieldType, Operator
from petsage_builder.kinds.entities.asked import (
    OWN_COLUMNS,
    Comparison,
    Locking,
    OnDelete,
    Operation,
    Paginate,
    RelationKind,
    Target,
)
from petsage_builder.names import Ident
from petsage_builder.request import MAX_DESCRIPTION, string
from petsage_builder.text import Text

Member = TypeVar("Member", bound=enum.StrEnum)

NAME_SCHEMA = {
    "type": "string",
    "pattern": "^[a-z][a-z0-9]*(_[a-z0-9]+)*$",
    "maxLength": names.MAX_CHARS,
}
PROSE_SCHEMA = {"type": ["string", "null"], "minLength": 1, "maxLength": MAX_DESCRIPTION}
BOUND_SCHEMA = {"type": ["integer", "number", "string", "null"]}


def _ident(value: object) -> Ident:
    return Ident(string(value))


def _field_name(value: object) -> Ident:
    name = _ident(value)
    if name in OWN_COLUMNS:
        raise ValueError(
            f"'{name}' is a column that the builder itself keeps. "
            f"Leave it out, or take another name, such as 'own_{name}'."
        )
    return name


def _prose(value: object) -> Text | None:
    return None if value is None else text.paragraph(string(value), max_chars=MAX_DESCRIPTION)


def _clean(value: object) -> Text:
    return text.clean(string(value))


def _type(value: object) -> str:
    return _known(string(value), FIELD_TYPES, "type")


def _item_type(value: object) -> str:
    kind = _type(value)
    if not FIELD_TYPES[kind].in_lists:
        raise ValueError(
            f"a list can't hold {text.show(value)}. Take another type, "
            "or make the whole field json, which may hold anything."
        )
    return kind


def _target(value: object) -> Target:
    *feature, entity = string(value).split(".", 1)
    return Target(Ident(feature[0]) if feature else None, Ident(entity))


def _known(word: str, words: Mapping[str, object], what: str) -> str:
    if word in words:
        return word
    hint = names.did_you_mean(word, words) or f"Known: {', '.join(words)}."
    raise ValueError(f"unknown {what} {text.show(word)}. {hint}")


def _member(kind: type[Member], what: str) -> Callable[[object], Member]:
    words = {member.value: member for member in kind}
    return lambda value: words[_known(string(value), words, what)]


def _words(kind: type[enum.StrEnum]) -> WithJsonSchema:
    return WithJsonSchema({"enum": [member.value for member in kind]})


def _locked(value: object) -> Locking:
    if isinstance(value, bool):
        return Locking.OPTIONAL if value else Locking.NONE
    if value == Locking.REQUIRED:
        return Locking.REQUIRED
    raise ValueError('must be true, false or "required".')


@dataclass(frozen=True, slots=True)
class TypeNames:
    """The names of types, each with what it means, for editors to complete."""

    fits: Callable[[FieldType], bool]

    def __get_pydantic_json_schema__(
        self, _schema: CoreSchema, _handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """The types that there are when the schema is asked for."""
        kinds = [kind for kind in FIELD_TYPES.values() if self.fits(kind)]
        return {"oneOf": [{"const": kind.name, "description": kind.means} for kind in kinds]}


Name = Annotated[Ident, PlainValidator(_ident), WithJsonSchema(NAME_SCHEMA)]
Prose = Annotated[Text | None, PlainValidator(_prose), WithJsonSchema(PROSE_SCHEMA)]
Cleaned = Annotated[Text, PlainValidator(_clean), WithJsonSchema({"type": "string"})]
Bound = Annotated[Any, WithJsonSchema(BOUND_SCHEMA)]
# JSON has lists; a tuple made of one can't be changed afterwards.
Listed = Field(strict=False)
FieldNames = Annotated[tuple[str, ...], Listed]
NameOrNone = Annotated[
    Ident | None,
    PlainValidator(lambda value: None if value is None else _ident(value)),
    WithJsonSchema({**NAME_SCHEMA, "type": ["string", "null"]}),
]
FieldName = Annotated[
    Ident,
    PlainValidator(_field_name),
    WithJsonSchema({**NAME_SCHEMA, "not": {"enum": list(OWN_COLUMNS)}}),
]
ItemType = Annotated[str, PlainValidator(_item_type), TypeNames(lambda kind: kind.in_lists)]
TypeName = Annotated[str, PlainValidator(_type), TypeNames(lambda _: True)]
TARGET_SCHEMA = {
    "type": "string",
    "pattern": "^[a-z][a-z0-9]*(_[a-z0-9]+)*([.][a-z][a-z0-9]*(_[a-z0-9]+)*)?$",
}
TargetName = Annotated[Target, PlainValidator(_target), WithJsonSchema(TARGET_SCHEMA)]
TargetNameOrNone = Annotated[
    Target | None,
    PlainValidator(lambda value: None if value is None else _target(value)),
    WithJsonSchema({**TARGET_SCHEMA, "type": ["string", "null"]}),
]
AnyOnDelete = Annotated[OnDelete, PlainValidator(_member(OnDelete, "on_delete")), _words(OnDelete)]
AnyRelationKind = Annotated[
    RelationKind, PlainValidator(_member(RelationKind, "kind of relation")), _words(RelationKind)
]
AnyOperation = Annotated[
    Operation, PlainValidator(_member(Operation, "operation")), _words(Operation)
]
Locked = Annotated[
    Locking, PlainValidator(_locked), WithJsonSchema({"enum": [True, False, "required"]})
]
AnyComparison = Annotated[
    Comparison, PlainValidator(_member(Comparison, "comparison")), _words(Comparison)
]
AnyPaginate = Annotated[
    Paginate, PlainValidator(_member(Paginate, "kind of page")), _words(Paginate)
]
AnyOperator = Annotated[Operator, PlainValidator(_member(Operator, "operator")), _words(Operator)]
Regex = Annotated[
    Text | None,
    PlainValidator(lambda value: None if value is None else _clean(value)),
    WithJsonSchema({"type": ["string", "null"], "format": "regex"}),
]
