"""A field as it was asked for, and what is known of its type."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from petsage_builder.names import Ident
from petsage_builder.python_code import Code
from petsage_builder.text import Text

# A value as Python has it: what comparisons work on. On the wire it is `FieldType.show(value)`.
Value: TypeAlias = Any


class Operator(enum.StrEnum):
    """What a list can be filtered by."""

    EQ = "eq"
    NE = "ne"
    IN = "in"
    LT = "lt"
    LTE = "lte"
    GT = "gt"
    GTE = "gte"
    CONTAINS = "contains"
    STARTS_WITH = "starts_with"
    IS_NULL = "is_null"


NULLNESS = frozenset({Operator.IS_NULL})
EQUALITY = NULLNESS | {Operator.EQ, Operator.NE, Operator.IN}
ORDER = EQUALITY | {Operator.LT, Operator.LTE, Operator.GT, Operator.GTE}
TEXTUAL = EQUALITY | {Operator.CONTAINS, Operator.STARTS_WITH}

BOUNDS = frozenset({"min", "max", "exclusive_min", "exclusive_max"})
LENGTHS = frozenset({"min_length", "max_length"})


@dataclass(frozen=True, slots=True)
class Given:
    """A value that was given, for null is one too."""

    value: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field, valid: limits filled in, every value of its type and within its bounds.

    `exclusive_min` and `exclusive_max` are values, as in JSON Schema. Lengths count characters,
    bytes or items, as the type says. `examples` are the values that the request gave.
    """

    name: Ident
    type: FieldType
    description: Text | None = None
    required: bool = True
    default: Given | None = None
    examples: tuple[Value, ...] = ()
    unique: bool = False
    index: bool = False
    min: Value = None
    max: Value = None
    exclusive_min: Value = None
    exclusive_max: Value = None
    min_length: int = 0
    max_length: int = 0
    pattern: Text | None = None
    precision: int = 0
    scale: int = 0
    values: tuple[Text, ...] = ()
    items: Field | None = None
    immutable: bool = False
    read_only: bool = False
    write_only: bool = False
    secret: bool = False
    hash: bool = False
    renamed_from: Ident | None = None
    backfill: Given | None = None

    @property
    def nullable(self) -> bool:
        """Whether null is a value: only where it is neither required nor has a default."""
        return not self.required and self.default is None

    @property
    def readable(self) -> bool:
        return not (self.write_only or self.secret)

    @property
    def bounded(self) -> bool:
        """Whether the request itself says a bound."""
        given = (self.min, self.max, self.exclusive_min, self.exclusive_max)
        return any(bound is not None for bound in given)


@dataclass(frozen=True, slots=True)
class Column:
    """How a value is kept: the type in the table, and the database's own name in migrations."""

    table: Code
    migration: Code


@dataclass(frozen=True, slots=True)
class Case:
    """A value on the wire, and what it is, in the words of a test's name.

    `in_query`: whether it is wrong in a query string too, where all values are text.
    """

    name: str
    wire: Code
    in_query: bool = True


def nothing(_field: Field) -> Iterator[Any]:
    """No case, no word."""
    return iter(())


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldType:
    """Everything that is known about one type of field.

    What a request says:
    `keys`: the constraints it takes beside what every field has; `limits`: what they are when
    nothing is said; `caps`: what lengths and digits may be, at least and at most.
    `family`: types of one family keep their values alike, so that a column can become another
    one's; `widens_to` are those that take every value of this one.
    `parse` makes a value of JSON (ValueError for what is not of the type, or beyond its bounds),
    `show` makes it JSON again; `literal` is the value itself: the latter two as Python writes it.
    `kept` is the value as a migration writes it into a column, where it is no literal.

    What is printed: `wire` annotates what comes in, `query` the same in a query string where it
    differs, `plain` what goes out, `python` what the table's attribute holds.

    What tests send: `valid` values are ascending (of what has an order), distinct, plain and
    within the bounds; `inside` and `outside` are the nearest to the bounds, `wrong` is never of
    the type.
    """

    name: str
    means: str  # a line for the documentation
    wire_type: str  # what JSON Schema calls its values
    keys: frozenset[str] = frozenset()
    limits: Mapping[str, int] = field(default_factory=dict)
    caps: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    unit: str = "characters"  # what its lengths count
    parse: Callable[[object, Field], Value]
    show: Callable[[Value], Code]
    literal: Callable[[Value], Code]
    kept: Callable[[Value, Field], Code] | None = None
    family: str = ""
    widens_to: frozenset[str] = frozenset()
    wire: Callable[[Field], Code]
    query: Callable[[Field], Code] | None = None
    plain: Callable[[Field], Code]
    python: Callable[[Field], Code]
    column: Callable[[Field], Column]
    valid: Callable[[Field], Iterable[Value]]
    inside: Callable[[Field], Iterable[Case]] = nothing
    outside: Callable[[Field], Iterable[Case]] = nothing
    wrong: tuple[Case, ...] = ()
    width: Callable[[Field], int] = lambda _: 16  # bytes that a value takes in an index, at most
    operators: frozenset[Operator] = EQUALITY
    stored: bool = True  # in a column of its own
    sortable: bool = True
    searchable: bool = False
    comparable: bool = False  # with lt, lte, gt, gte: in checks
    unique: bool = True  # whether it can be indexed
    hashes: bool = False  # whether a secret can be kept as its hash
    in_lists: bool = True  # whether a list can hold it
    default_in_schema: bool = True  # whether pydantic writes a default as it is on the wire
    schema_says_all: Callable[[Field], bool] = lambda _: True  # JSON Schema can say its bounds

    def takes_all_of(self, other: FieldType) -> bool:
        """Whether every value of the other type is one of this."""
        return self.name in {other.name, *other.widens_to}

    def keeps_like(self, other: FieldType) -> bool:
        """Whether a column of the one type can become one of the other."""
        families = {one.family or one.name for one in (self, other)}
        return len(families) == 1 or self.takes_all_of(other)
