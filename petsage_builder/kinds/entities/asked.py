"""What was asked of an entity: valid, normalised, and nothing decided yet."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping
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
    RESTORE = "restore"
    BULK_CREATE = "bulk_create"
    BULK_DELETE = "bulk_delete"


MAKING = frozenset({Operation.CREATE, Operation.BULK_CREATE})
CHANGING = frozenset({Operation.UPDATE, Operation.REPLACE})
ENDING = frozenset({Operation.DELETE, Operation.BULK_DELETE})


class Locking(enum.StrEnum):
    """Whether rows count their versions, and whether clients have to say which they change."""

    NONE = "none"
    OPTIONAL = "optional"
    REQUIRED = "required"


class Paginate(enum.StrEnum):
    """How a list is cut into pages."""

    CURSOR = "cursor"
    OFFSET = "offset"
    NONE = "none"


class Comparison(enum.StrEnum):
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
    op: Comparison
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


def rule_sides(check: Check) -> Iterator[Field]:
    """The fields that a check is about."""
    match check:
        case Compares(_, left, _, right):
            yield from (left, right)
        case Requires(_, field, other):
            yield from (field, other)
        case OneOf(_, fields):
            yield from fields


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


class RelationKind(enum.StrEnum):
    """How entities belong together."""

    BELONGS_TO = "belongs_to"
    HAS_ONE = "has_one"
    HAS_MANY = "has_many"
    MANY_TO_MANY = "many_to_many"


class OnDelete(enum.StrEnum):
    """What becomes of a row when the one that it belongs to is deleted."""

    RESTRICT = "restrict"
    CASCADE = "cascade"
    SET_NULL = "set_null"


@dataclass(frozen=True, slots=True)
class Target:
    """The entity that a relation leads to; without a feature it is in the same one."""

    feature: Ident | None
    entity: Ident


@dataclass(frozen=True, slots=True)
class BelongsTo:
    """One of the target's rows; `field` holds its id."""

    name: Ident
    target: Target
    on_delete: OnDelete
    field: Field
    renamed_from: Ident | None = None


@dataclass(frozen=True, slots=True)
class ManyToMany:
    """Any of the target's rows; `field` holds their ids, unless linked `through` others."""

    name: Ident
    target: Target
    field: Field
    through: Target | None
    renamed_from: Ident | None = None


@dataclass(frozen=True, slots=True)
class Mirror:
    """The rows of the target that belong to this one by their relation `inverse`: many, or one."""

    name: Ident
    target: Target
    inverse: Ident
    many: bool


Relation = BelongsTo | ManyToMany | Mirror
Nesting = Mirror | ManyToMany


@dataclass(frozen=True, slots=True)
class Entity:
    """One entity; its fields are those that hold ids, too.

    The names in `unique_together` are those of fields; in indexes, own columns too. `held`: rows
    of others keep those that they belong to from being deleted.
    """

    name: Ident
    plural: Ident
    description: Text | None
    fields: tuple[Field, ...]
    relations: tuple[Relation, ...]
    unique_together: tuple[tuple[Ident, ...], ...]
    indexes: tuple[tuple[Ident, ...], ...]
    checks: tuple[Check, ...]
    timestamps: bool
    soft_delete: bool
    locking: Locking
    include: tuple[Ident, ...]
    operations: frozenset[Operation]
    listing: Listing
    renamed_from: Ident | None = None
    held: bool = False

    @property
    def versioned(self) -> bool:
        """Whether rows count their versions."""
        return self.locking is not Locking.NONE

    @property
    def columns(self) -> tuple[Field, ...]:
        """The fields that have a column."""
        return tuple(field for field in self.fields if field.type.stored)

    @property
    def belongs_to(self) -> tuple[BelongsTo, ...]:
        """The relations to one row."""
        return tuple(one for one in self.relations if isinstance(one, BelongsTo))

    @property
    def links(self) -> tuple[ManyToMany, ...]:
        """The relations whose table has no other columns."""
        return tuple(r for r in self.relations if isinstance(r, ManyToMany) and r.through is None)

    @property
    def nestings(self) -> tuple[Nesting, ...]:
        """The relations that are lists, or rows, below the path of one row."""
        linked = (r for r in self.relations if not isinstance(r, BelongsTo))
        return tuple(r for r in linked if isinstance(r, Mirror) or r.through is not None)

    @property
    def kept(self) -> tuple[BelongsTo | ManyToMany, ...]:
        """The relations that its own tables hold."""
        return (*self.belongs_to, *self.links)
