"""The shape of a table: its columns, constraints and indexes by their names."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from petsage_builder.field_types.field import Field
from petsage_builder.kinds.entities.asked import Entity, ManyToMany
from petsage_builder.kinds.entities.links import (
    link_constraints,
    link_index,
    link_name,
    migrated_link_columns,
)
from petsage_builder.kinds.entities.storage import (
    constraints_of,
    create_index,
    foreign_key,
    indexes_of,
    migrated_columns,
)
from petsage_builder.names import Ident
from petsage_builder.printing import python
from petsage_builder.python_code import Call, Code
from petsage_builder.text import Text

PRIMARY = "sa.PrimaryKeyConstraint"
CHECK = "sa.CheckConstraint"
FOREIGN = "sa.ForeignKeyConstraint"
UNIQUE = "sa.UniqueConstraint"


@dataclass(frozen=True, slots=True)
class Shape:
    """A table as migrations write it; `fields` are those that its columns hold."""

    name: Ident
    columns: Mapping[str, Call]
    constraints: Mapping[str, Call]
    indexes: Mapping[str, Call]
    fields: Mapping[str, Field]


def shape_of(entity: Entity) -> Shape:
    """The table of the entity itself."""
    keys = (foreign_key(entity, relation, ()) for relation in entity.belongs_to)
    indexes = (create_index(entity.name, index) for index in indexes_of(entity))
    return Shape(
        name=entity.name,
        columns={_first(column): column for column in migrated_columns(entity)},
        constraints={_named(one): one for one in (*constraints_of(entity), *keys)},
        indexes={_first(index): index for index in indexes},
        fields={field.name: field for field in entity.columns},
    )


def link_shape(entity: Entity, link: ManyToMany) -> Shape:
    """The table of a relation to many."""
    name = link_name(entity, link)
    index = create_index(name, link_index(entity, link))
    return Shape(
        name=name,
        columns={_first(column): column for column in migrated_link_columns(entity, link)},
        constraints={_named(one): one for one in link_constraints(entity, link)},
        indexes={_first(index): index},
        fields={},
    )


def type_of(column: Call) -> Code:
    """The type of a column."""
    return column.arguments[1]


def is_nullable(column: Call) -> bool:
    """Whether a column takes null."""
    return bool(column.keywords["nullable"])


def loosened(column: Call) -> Call:
    """The column, which takes null."""
    return replace(column, keywords={**column.keywords, "nullable": True})


def length_of(column: Call) -> int | None:
    """How many characters a column takes, if it counts them."""
    kind = type_of(column)
    length = kind.keywords.get("length") if isinstance(kind, Call) else None
    return length if isinstance(length, int) else None


def shorter(old: Call, new: Call) -> bool:
    """Whether what fits into the one column may not fit into the other."""
    before, after = length_of(old), length_of(new)
    return after is not None and (before is None or before > after)


def mentions(part: Call, columns: Collection[str]) -> bool:
    """Whether a constraint or an index is about any of the columns."""
    # An index starts with its name and its table, a foreign key ends in its target.
    said = (*part.arguments[2:], *part.keywords.values())
    if part.function.value.startswith("sa."):
        said = part.arguments[:1] if part.function.value == FOREIGN else part.arguments
    return not set(columns).isdisjoint(re.findall(r"\w+", python(said)))


def target_of(key: Call) -> str:
    """The table that a foreign key refers to."""
    return str(re.findall(r"\w+", python(key.arguments[1]))[0])


def eased(check: Call) -> Call:
    """The check, true for rows whose values are lost: it is there, and judges nothing."""
    [condition] = check.arguments
    if not isinstance(condition, Text) or "NULL" not in condition.value:
        return check  # a comparison passes where a side has no value
    return replace(check, arguments=(Text(f"{condition.value} OR 1 = 1"),))


def _first(part: Call) -> str:
    name = part.arguments[0]
    if not isinstance(name, Text):
        raise TypeError("a name stands first")
    return name.value


def _named(constraint: Call) -> str:
    name = constraint.keywords["name"]
    if not isinstance(name, Text):
        raise TypeError("every constraint has a name")
    return name.value
