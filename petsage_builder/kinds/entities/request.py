"""The shape of a request for entities, as editors complete it; rules are checked elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema

from petsage_builder.kinds.entities import short_form, words
from petsage_builder.kinds.entities.asked import Locking, Operation, Paginate
from petsage_builder.request import StrictModel

DEFAULT_OPERATIONS = (
    *(Operation.LIST, Operation.CREATE, Operation.READ),
    *(Operation.UPDATE, Operation.REPLACE, Operation.DELETE),
)


class ItemRequest(StrictModel):
    """A type with its constraints: what each item of an array is."""

    type: Annotated[
        words.ItemType,
        Field(description="The type of each value."),
    ]
    min: Annotated[words.Bound, Field(description="The least value that is allowed.")] = None
    max: Annotated[words.Bound, Field(description="The largest value that is allowed.")] = None
    exclusive_min: Annotated[words.Bound, Field(description="Values are above this.")] = None
    exclusive_max: Annotated[words.Bound, Field(description="Values are below this.")] = None
    min_length: Annotated[
        int | None, Field(description="The fewest characters (or bytes); from 1 on, no blanks.")
    ] = None
    max_length: Annotated[int | None, Field(description="The most characters (or bytes).")] = None
    pattern: Annotated[
        words.Regex,
        Field(description="A regular expression that the text matches.", examples=["^[0-9]{5}$"]),
    ] = None
    precision: Annotated[
        int | None, Field(description="How many digits a decimal has, 18 at most.")
    ] = None
    scale: Annotated[int | None, Field(description="How many of them stand after the point.")] = (
        None
    )
    values: Annotated[
        tuple[words.Cleaned, ...] | None,
        words.Listed,
        Field(description="The words of an enum.", examples=[["dog", "cat"]]),
    ] = None


class FieldRequest(ItemRequest):
    """A field of an entity, in its long form."""

    name: Annotated[
        words.FieldName,
        Field(description="The field's name, in snake_case."),
    ]
    type: Annotated[
        words.TypeName,
        Field(description="The field's type."),
    ]
    description: Annotated[words.Prose, Field(description="What it holds, in prose.")] = None
    required: Annotated[
        bool, Field(description="Whether it must be given; if not, null is a value.")
    ] = True
    default: Annotated[
        Any, Field(description="Its value where none is given; it is never null then.")
    ] = None
    example: Annotated[Any, Field(description="A value, for people and for tests.")] = None
    examples: Annotated[
        tuple[Any, ...] | None,
        words.Listed,
        Field(description="Several values, in place of `example`."),
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
    renamed_from: Annotated[
        words.NameOrNone, Field(description="What it was called when it was last built.")
    ] = None
    backfill: Annotated[
        Any, Field(description="What rows that exist get, when a required field is new.")
    ] = None


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

    code: Annotated[words.Name, Field(description="What clients know the rule by, in snake_case.")]
    left: Annotated[str | None, Field(description="The field that is compared.")] = None
    op: Annotated[
        words.AnyComparison | None,
        Field(description="How `left` stands to `right`; a null side passes."),
    ] = None
    right: Annotated[str | None, Field(description="The field that it is compared with.")] = None
    field: Annotated[str | None, Field(description="The field that needs another.")] = None
    requires: Annotated[str | None, Field(description="The field that must be given too.")] = None
    one_of: Annotated[
        words.FieldNames | None, Field(description="Fields of which exactly one is given.")
    ] = None


class RelationRequest(StrictModel):
    """How an entity belongs together with another one, or with itself."""

    name: Annotated[words.Name, Field(description="What the others are to it, in snake_case.")]
    kind: Annotated[words.AnyRelationKind, Field(description="How they belong together.")]
    target: Annotated[
        words.TargetName,
        Field(description="The other entity: `entity` of this feature, or `feature.entity`."),
    ]
    on_delete: Annotated[
        words.AnyOnDelete | None,
        Field(description="What becomes of it when the one that it belongs to is deleted."),
    ] = None
    required: Annotated[
        bool, Field(description="Whether it always belongs to one; if not, null is a value.")
    ] = True
    unique: Annotated[bool, Field(description="No two rows belong to the same one.")] = False
    immutable: Annotated[bool, Field(description="It is set on create, never changed.")] = False
    description: Annotated[words.Prose, Field(description="What it means, in prose.")] = None
    inverse: Annotated[
        words.NameOrNone,
        Field(description="The belongs_to of the target that has_one and has_many mirror."),
    ] = None
    through: Annotated[
        words.TargetNameOrNone,
        Field(description="The entity that holds a many_to_many, with columns of its own."),
    ] = None
    renamed_from: Annotated[
        words.NameOrNone, Field(description="What it was called when it was last built.")
    ] = None


class ListRequest(StrictModel):
    """How the entities are listed."""

    paginate: Annotated[
        words.AnyPaginate,
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
                tuple[words.AnyOperator, ...],
                words.Listed,
            ],
        ],
        Field(description="What clients can filter by: operators for each field."),
    ] = {}
    sort: Annotated[
        words.FieldNames, Field(description="The fields that clients can sort by.")
    ] = ()
    search: Annotated[
        words.FieldNames, Field(description="The texts that `?search=` looks into.")
    ] = ()


class EntityRequest(StrictModel):
    """One entity: a table, and what clients can do with it."""

    name: Annotated[words.Name, Field(description="One of them, in snake_case.", examples=["pet"])]
    plural: Annotated[
        words.NameOrNone,
        Field(description="Many of them; by English rules when left out.", examples=["pets"]),
    ] = None
    description: Annotated[words.Prose, Field(description="What one of them is, in prose.")] = None
    fields: Annotated[
        tuple[AnyField, ...],
        words.Listed,
        Field(description="Its fields, in their short or long form."),
    ] = ()
    relations: Annotated[
        tuple[RelationRequest, ...],
        words.Listed,
        Field(description="How it belongs together with others."),
    ] = ()
    unique_together: Annotated[
        tuple[words.FieldNames, ...],
        words.Listed,
        Field(description="Fields whose values together are unique."),
    ] = ()
    indexes: Annotated[
        tuple[words.FieldNames, ...],
        words.Listed,
        Field(description="Fields that are indexed together."),
    ] = ()
    checks: Annotated[
        tuple[CheckRequest, ...], words.Listed, Field(description="Rules across fields.")
    ] = ()
    timestamps: Annotated[
        bool, Field(description="Whether created_at and updated_at are kept.")
    ] = True
    soft_delete: Annotated[
        bool, Field(description="Whether what is deleted is kept, and can be restored.")
    ] = False
    optimistic_lock: Annotated[
        words.Locked,
        Field(description="Whether rows have versions; `required`: clients must name theirs."),
    ] = Locking.NONE
    include: Annotated[
        words.FieldNames, Field(description="The relations that clients can have embedded.")
    ] = ()
    operations: Annotated[
        tuple[words.AnyOperation, ...],
        words.Listed,
        Field(description="What clients can do."),
    ] = DEFAULT_OPERATIONS
    list_: Annotated[
        ListRequest | None, Field(alias="list", description="How they are listed.")
    ] = None
    renamed_from: Annotated[
        words.NameOrNone, Field(description="What it was called when it was last built.")
    ] = None


class EntitiesRequirements(StrictModel):
    """What can be asked of the entities kind."""

    entities: Annotated[
        tuple[EntityRequest, ...],
        words.Listed,
        Field(description="The entities.", min_length=1),
    ]
