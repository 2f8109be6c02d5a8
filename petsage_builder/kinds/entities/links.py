"""The tables of relations to many: nothing but pairs of ids."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from petsage_builder.kinds.entities.asked import Entity, ManyToMany
from petsage_builder.kinds.entities.naming import db_name
from petsage_builder.kinds.entities.rules.plural import singular_of
from petsage_builder.kinds.entities.storage import Index, text_of
from petsage_builder.names import Ident, PyName
from petsage_builder.python_code import Call, Items, Name, call
from petsage_builder.text import Text

# How the names of functions begin that modules define or import beside the tables.
FUNCTIONS = (
    *("list_", "count_", "create_", "get_", "update_", "replace_", "delete_", "restore_"),
    *("bulk_", "hash_secrets", "keep_secrets", "mapped_column"),
)


@dataclass(frozen=True, slots=True)
class LinkTable:
    """A table in `tables.py`: `variable = definition`, and what it uses."""

    variable: Ident | PyName
    definition: Call
    uses: tuple[object, ...] = (Name("Base", ".core.db"),)


def tables_of(entity: Entity) -> Iterator[Ident]:
    """The names of all tables of the entity, its own first."""
    yield entity.name
    yield from (link_name(entity, link) for link in entity.links)


def link_name(entity: Entity, link: ManyToMany) -> Ident:
    """The table of a relation to many: pet_tags, or a name cut as databases need it."""
    return Ident.of(db_name(entity.name, link.name))


def link_variable(entity: Entity, link: ManyToMany) -> Ident | PyName:
    """What the table is called in Python: as no function of the services is."""
    name = link_name(entity, link)
    return PyName(f"{name}_") if name.startswith(FUNCTIONS) else name


def link_columns(entity: Entity, link: ManyToMany) -> tuple[Ident, Ident]:
    """Its two columns: pet_id and tag_id."""
    own, other = (name.followed_by(Ident("id")) for name in (entity.name, singular_of(link.name)))
    return own, Ident("other").followed_by(own) if own == other else other


def link_table(entity: Entity, link: ManyToMany) -> LinkTable:
    """The table as `tables.py` defines it."""
    name = link_name(entity, link)
    columns = tuple(
        call("sa.Column", Text(column), Name("sa.Uuid"), nullable=False)
        for column in link_columns(entity, link)
    )
    index = link_index(entity, link)
    parts = (
        *columns,
        *link_constraints(entity, link),
        call("sa.Index", index.name, *map(text_of, index.columns)),
    )
    made = call("sa.Table", Text(name), Name("Base.metadata"), *parts)
    return LinkTable(link_variable(entity, link), made)


def migrated_link_columns(entity: Entity, link: ManyToMany) -> tuple[Call, ...]:
    """The columns, as migrations write them."""
    return tuple(
        call("sa.Column", Text(column), call("sa.Uuid"), nullable=False)
        for column in link_columns(entity, link)
    )


def link_constraints(entity: Entity, link: ManyToMany) -> Iterator[Call]:
    """A pair stands there once, and goes with either of its sides."""
    name, columns = link_name(entity, link), link_columns(entity, link)
    primary = Text(db_name("pk", name))
    yield call("sa.PrimaryKeyConstraint", *map(text_of, columns), name=primary)
    for column, table in zip(columns, (entity.name, link.target.entity), strict=True):
        target = Items((Text(f"{table}.id"),))
        named = {"name": Text(db_name("fk", name, column)), "ondelete": Text("CASCADE")}
        yield call("sa.ForeignKeyConstraint", Items((Text(column),)), target, **named)


def link_index(entity: Entity, link: ManyToMany) -> Index:
    """The index of the other side; that of its own is the primary key's."""
    _, column = link_columns(entity, link)
    return Index(Text(db_name("ix", link_name(entity, link), column)), (column,))
