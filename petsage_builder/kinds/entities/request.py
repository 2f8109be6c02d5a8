"""The shape of a request for entities, as editors complete it; rules are checked elsewhere."""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from pydantic import (
    BeforeValidator,
    Field,
    GetJsonSchemaHandler,
    PlainValidator,
    WithJsonSchema,
)
from pydantic_core import CoreSchema

from petsage_builder import names, text
from petsage_builder.field_types import FIELD_TYPES
from petsage_builder.field_types.field import FieldType, Operator
from petsage_builder.kinds.entities import short_form
from petsage_builder.kinds.entities.asked import OWN_COLUMNS, Operation, Paginate, Relation
from petsage_builder.names import Ident
from petsage_builder.request import MAX_DESCRIPTION, StrictModel, string
from petsage_builder.text import Text

Member = TypeVar("Member", bound=enum.StrEnum)

LATER_OPERATIONS = {
    "restore": "it comes with soft_delete",
    "bulk_create": "operations on many rows come later",
    "bulk_delete": "operations on many rows come later",
}
DEFAULT_OPERATIONS = (
    *(Operation.LIST, Operation.CREATE, Operation.READ),
    *(Operation.UPDATE, Operation.REPLACE, Operation.DELETE),
)
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


def _operation(value: object) -> Operation:
    if (word := string(value)) in LATER_OPERATIONS:
        raise ValueError(f"{word} can't be built yet: {LATER_OPERATIONS[word]}. Leave it out.")
    return _member(Operation, "operation")(word)


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


class ItemRequest(StrictModel):
    """A type with its constraints: what each item of an array is."""

    type: Annotated[
        str,
        PlainValidator(_item_type),
        TypeNames(lambda kind: kind.in_lists),
        Field(description="The type of each value."),
    ]
    min: Annotated[Bound, Field(description="The least value that is allowed.")] = None
    max: Annotated[Bound, Field(description="The largest value that is allowed.")] = None
    exclusive_min: Annotated[Bound, Field(description="Values are above this.")] = None
    exclusive_max: Annotated[Bound, Field(description="Values are below this.")] = None
    min_length: Annotated[
        int | None, Field(description="The fewest characters (or bytes); from 1 on, no blanks.")
    ] = None
    max_length: Annotated[int | None, Field(description="The most characters (or bytes).")] = None
    pattern: Annotated[
        Text | None,
        PlainValidator(lambda value: None if value is None else _clean(value)),
        WithJsonSchema({"type": ["string", "null"], "format": "regex"}),
        Field(description="A regular expression that the text matches.", examples=["^[0-9]{5}$"]),
    ] = None
    precision: Annotated[
        int | None, Field(description="How many digits a decimal has, 18 at most.")
    ] = None
    scale: Annotated[int | None, Field(description="How many of them stand after the point.")] = (
        None
    )
    values: Annotated[
        tuple[Cleaned, ...] | None,
        Listed,
        Field(description="The words of an enum.", examples=[["dog", "cat"]]),
    ] = None


class FieldRequest(ItemRequest):
    """A field of an entity, in its long form."""

    name: Annotated[
        Ident,
        PlainValidator(_field_name),
        WithJsonSchema({**NAME_SCHEMA, "not": {"enum": list(OWN_COLUMNS)}}),
        Field(description="The field's name, in snake_case."),
    ]
    type: Annotated[
        str,
        PlainValidator(_type),
        TypeNames(lambda _: True),
        Field(description="The field's type."),
    ]
    description: Annotated[Prose, Field(description="What it holds, in prose.")] = None
    required: Annotated[
        bool, Field(description="Whether it must be given; if not, null is a value.")
    ] = True
    default: Annotated[
        Any, Field(description="Its value where none is given; it is never null then.")
    ] = None
    example: Annotated[Any, Field(description="A value, for people and for tests.")] = None
    examples: Annotated[
        tuple[Any, ...] | None, Listed, Field(description="Several values, in place of `example`.")
    ] = None
    unique: Annotated[bool, Field(description="No two rows have the same value.")] = False
    index: Annotated[bool, Field(description="Whether the database keeps an index of it.")] = False
    items: Annotated[
        ItemRequest | None,
        BeforeValidator(short_form.expanded_item, json_schema_input_type=ItemRequest | str | None),
        Field(description="What each item of an array is: a type with its constraints."),
    ] = None
    min_items: Annotated[int | None, Field(description="The fewest items of an array.")] = None
    max_items: Annotated[int | None, Field(description="The most items of an array.")] = None
    immutable: Annotated[bool, Field(description="It is set on create, never changed.")] = False
    read_only: Annotated[bool, Field(description="The server sets it, clients can't.")] = False
    write_only: Annotated[bool, Field(description="It is taken, and never given back.")] = False
    secret: Annotated[bool, Field(description="Write-only, and never logged.")] = False
    hash: Annotated[bool, Field(description="Only a hash of the secret is kept.")] = False


ShortForm = Annotated[
    str,
    WithJsonSchema(
        {
            "type": "string",
            "description": "The short form: name:type{min,max}?:unique=default.",
            "examples": list(short_form.EXAMPLES),
        }
    ),
]
AnyField = Annotated[
    FieldRequest,
    BeforeValidator(short_form.expanded_field, json_schema_input_type=FieldRequest | ShortForm),
]


class CheckRequest(StrictModel):
    """A rule across fields, in one of three forms: left op right, field requires, one_of."""

    code: Annotated[Name, Field(description="What clients know the rule by, in snake_case.")]
    left: Annotated[str | None, Field(description="The field that is compared.")] = None
    op: Annotated[
        Relation | None,
        PlainValidator(_member(Relation, "comparison")),
        _words(Relation),
        Field(description="How `left` stands to `right`; a null side passes."),
    ] = None
    right: Annotated[str | None, Field(description="The field that it is compared with.")] = None
    field: Annotated[str | None, Field(description="The field that needs another.")] = None
    requires: Annotated[str | None, Field(description="The field that must be given too.")] = None
    one_of: Annotated[
        FieldNames | None, Field(description="Fields of which exactly one is given.")
    ] = None


class ListRequest(StrictModel):
    """How the entities are listed."""

    paginate: Annotated[
        Paginate,
        PlainValidator(_member(Paginate, "kind of page")),
        _words(Paginate),
        Field(description="By cursor, by offset, or none: everything, 1,000 rows at most."),
    ] = Paginate.CURSOR
    default_size: Annotated[
        int | None, Field(description="How many rows a page has; 20 when not said.")
    ] = None
    max_size: Annotated[
        int | None, Field(description="How many a client may ask for; 100 when not said.")
    ] = None
    filters: Annotated[
        Mapping[
            str,
            Annotated[
                tuple[
                    Annotated[
                        Operator, PlainValidator(_member(Operator, "operator")), _words(Operator)
                    ],
                    ...,
                ],
                Listed,
            ],
        ],
        Field(description="What clients can filter by: operators for each field."),
    ] = {}
    sort: Annotated[FieldNames, Field(description="The fields that clients can sort by.")] = ()
    search: Annotated[FieldNames, Field(description="The texts that `?search=` looks into.")] = ()


class EntityRequest(StrictModel):
    """One entity: a table, and what clients can do with it."""

    name: Annotated[Name, Field(description="One of them, in snake_case.", examples=["pet"])]
    plural: Annotated[
        Ident | None,
        PlainValidator(lambda value: None if value is None else _ident(value)),
        WithJsonSchema({**NAME_SCHEMA, "type": ["string", "null"]}),
        Field(description="Many of them; by English rules when left out.", examples=["pets"]),
    ] = None
    description: Annotated[Prose, Field(description="What one of them is, in prose.")] = None
    fields: Annotated[
        tuple[AnyField, ...],
        Listed,
        Field(description="Its fields, in their short or long form."),
    ] = ()
    relations: Annotated[tuple[()], Listed, Field(description="Not yet.")] = ()
    unique_together: Annotated[
        tuple[FieldNames, ...],
        Listed,
        Field(description="Fields whose values together are unique."),
    ] = ()
    indexes: Annotated[
        tuple[FieldNames, ...], Listed, Field(description="Fields that are indexed together.")
    ] = ()
    checks: Annotated[
        tuple[CheckRequest, ...], Listed, Field(description="Rules across fields.")
    ] = ()
    timestamps: Annotated[
        bool, Field(description="Whether created_at and updated_at are kept.")
    ] = True
    soft_delete: Annotated[
        bool, Field(description="Not yet.", json_schema_extra={"const": False})
    ] = False
    optimistic_lock: Annotated[
        bool, Field(description="Not yet.", json_schema_extra={"const": False})
    ] = False
    include: Annotated[tuple[()], Listed, Field(description="Not yet.")] = ()
    operations: Annotated[
        tuple[
            Annotated[Operation, PlainValidator(_operation), _words(Operation)],
            ...,
        ],
        Listed,
        Field(description="What clients can do."),
    ] = DEFAULT_OPERATIONS
    list_: Annotated[
        ListRequest | None, Field(alias="list", description="How they are listed.")
    ] = None


class EntitiesRequirements(StrictModel):
    """What can be asked of the entities kind."""

    entities: Annotated[
        tuple[EntityRequest, ...],
        Listed,
        Field(description="The entities; one for now.", min_length=1),
    ]
