"""What was asked of an entity: valid, normalised, and nothing decided yet."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass

from petsage_builder.field_types.field import Field, Operator
from petsage_builder.names import Ident
from petsage_builder.text import Text

OWN_COLUMNS = ("id", "created_at", "updated_at", "deleted_at", "version")


class Operation(enum.StrEnum):
    """What clients can do with an entity."""

    LIST = "list"
    CREATE = "create"
    READ = "read"
    UPDATE = "update"
    REPLACE = "replace"
    DELETE = "delete"
    COUNT = "count"


class Paginate(enum.StrEnum):
    """How a list is cut into pages."""

    CURSOR = "cursor"
    OFFSET = "offset"
    NONE = "none"


class Relation(enum.StrEnum):
    """How a check compares two fields."""

    EQ = "eq"
    NE = "ne"
    LT = "lt"
    LTE = "lte"
    GT = "gt"
    GTE = "gte"


@dataclass(frozen=True, slots=True)
class Compares:
    """`left` stands in the relation to `right`; a null side passes."""

    code: Ident
    left: Field
    op: Relation
    right: Field


@dataclass(frozen=True, slots=True)
class Requires:
    """Where `field` is given, `other` is too."""

    code: Ident
    field: Field
    other: Field


@dataclass(frozen=True, slots=True)
class OneOf:
    """Exactly one of the fields is given."""

    code: Ident
    fields: tuple[Field, ...]


Check = Compares | Requires | OneOf


@dataclass(frozen=True, slots=True)
class Listing:
    """How entities are listed.

    Filters, sorts and search name fields, or `created_at` and `updated_at` where the entity has
    timestamps.
    """

    paginate: Paginate
    default_size: int
    max_size: int
    filters: Mapping[Ident, tuple[Operator, ...]]
    sort: tuple[Ident, ...]
    search: tuple[Ident, ...]


@dataclass(frozen=True, slots=True)
class Entity:
    """One entity.

    The names in `unique_together` are those of fields; in indexes, own columns too.
    """

    name: Ident
    plural: Ident
    description: Text | None
    fields: tuple[Field, ...]
    unique_together: tuple[tuple[Ident, ...], ...]
    indexes: tuple[tuple[Ident, ...], ...]
    checks: tuple[Check, ...]
    timestamps: bool
    operations: frozenset[Operation]
    listing: Listing
