"""What is kept: the table of an entity, and the migration that makes it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from petsage_builder.field_types.field import Field
from petsage_builder.kinds.entities.asked import Check, Compares, Entity, OneOf, Relation, Requires
from petsage_builder.kinds.entities.naming import EntityNames, attribute, db_name, listed
from petsage_builder.kinds.entities.queries import MOMENTS, field_named
from petsage_builder.names import Ident
from petsage_builder.python_code import (
    Call,
    Code,
    Declaration,
    Either,
    Items,
    Name,
    Subscript,
    call,
)
from petsage_builder.spec import Steps
from petsage_builder.text import Text

MAPPED_COLUMN = Name("mapped_column", "sqlalchemy.orm")
MAX_INDEX_BYTES = 2600  # PostgreSQL refuses index rows beyond 2704

SQL = {
    Relation.EQ: "=",
    Relation.NE: "<>",
    Relation.LT: "<",
    Relation.LTE: "<=",
    Relation.GT: ">",
    Relation.GTE: ">=",
}


@dataclass(frozen=True, slots=True)
class Table:
    """A class of `tables.py`, what it uses, and the operations that make the table."""

    uses: tuple[object, ...]
    constraints: tuple[Call, ...]
    columns: tuple[Declaration, ...]
    create: Call
    create_indexes: tuple[Call, ...]


@dataclass(frozen=True, slots=True)
class _Index:
    name: Text
    columns: tuple[Ident, ...]


def table_of(entity: Entity) -> Table:
    """The table, decided to the last name."""
    columns = tuple(_columns(entity))
    constraints = tuple(_constraints(entity))
    indexes = tuple(_indexes(entity))
    own = (Name("Entity", ".core.db"),)
    called = tuple(call("sa.Index", one.name, *map(_text, one.columns)) for one in indexes)
    made: tuple[Code, ...] = (Text(entity.name), *_migrated_columns(entity), *constraints)
    return Table(
        uses=(own, columns, constraints, called),
        constraints=(*constraints, *called),
        columns=columns,
        create=call("op.create_table", *made),
        create_indexes=tuple(_create_index(entity, one) for one in indexes),
    )


def creation_of(tables: Sequence[Table], names: Sequence[EntityNames]) -> Steps:
    """What makes the tables, in the order given."""
    many = "the tables" if len(names) > 1 else "the table"
    made = (step for table in tables for step in (table.create, *table.create_indexes))
    return Steps(
        summary=Text(f"Make {many} of {listed([name.many for name in names])}."),
        upgrade=tuple(made),
        downgrade=tuple(call("op.drop_table", Text(name.name)) for name in reversed(names)),
    )


def _text(name: Ident) -> Text:
    return Text(name)


def _create_index(entity: Entity, index: _Index) -> Call:
    columns = Items(tuple(map(_text, index.columns)))
    return call("op.create_index", index.name, Text(entity.name), columns)


def _columns(entity: Entity) -> Iterator[Declaration]:
    for field in entity.fields:
        yield _column(field)
    if entity.timestamps:
        for name in MOMENTS:
            yield _timestamp(name)


def _timestamp(name: str) -> Declaration:
    now = Name("utcnow", ".core.columns")
    kind = Name("UTCDateTime", ".core.columns")
    changed: dict[str, Code] = {"onupdate": now} if name == "updated_at" else {}
    moment = Name("datetime", "datetime")
    kept = call(MAPPED_COLUMN, kind, default=now, **changed)
    return Declaration(Ident(name), _mapped(moment, nullable=False), kept)


def _mapped(python: Code, *, nullable: bool) -> Code:
    return Subscript(
        Name("Mapped", "sqlalchemy.orm"), (Either(python, None) if nullable else python,)
    )


def _column(field: Field) -> Declaration:
    name = attribute(field.name)
    first: tuple[Code, ...] = () if name == field.name else (Text(field.name),)
    said: dict[str, Code] = {}
    if field.default is not None and field.read_only:
        said["default"] = field.type.literal(field.default.value)
    kept = call(MAPPED_COLUMN, *first, field.type.column(field).table, **said)
    return Declaration(name, _mapped(field.type.python(field), nullable=field.nullable), kept)


def _migrated_columns(entity: Entity) -> Iterator[Call]:
    yield call("sa.Column", Text("id"), call("sa.Uuid"), nullable=False)
    for field in entity.fields:
        kind = field.type.column(field).migration
        yield call("sa.Column", Text(field.name), kind, nullable=field.nullable)
    if entity.timestamps:
        for name in MOMENTS:
            kind = call("sa.DateTime", timezone=True)
            yield call("sa.Column", Text(name), kind, nullable=False)


def _constraints(entity: Entity) -> Iterator[Call]:
    primary = Text(db_name("pk", entity.name))
    yield call("sa.PrimaryKeyConstraint", Text("id"), name=primary)
    for columns in unique_sets(entity):
        name = Text(db_name("uq", entity.name, *columns))
        yield call("sa.UniqueConstraint", *map(_text, columns), name=name)
    for check in entity.checks:
        name = Text(db_name("ck", entity.name, check.code))
        yield call("sa.CheckConstraint", Text(_sql(check)), name=name)


def unique_sets(entity: Entity) -> tuple[tuple[Ident, ...], ...]:
    """Every set of columns whose values may stand together only once."""
    single = tuple((field.name,) for field in entity.fields if field.unique)
    return (*single, *entity.unique_together)


def _sql(check: Check) -> str:
    """The check as SQL; a side without a value makes it unknown, which passes."""
    match check:
        case Compares(_, left, op, right):
            return f'"{left.name}" {SQL[op]} "{right.name}"'
        case Requires(_, field, other):
            return f'"{field.name}" IS NULL OR "{other.name}" IS NOT NULL'
        case OneOf(_, fields):
            given = (f'CASE WHEN "{field.name}" IS NULL THEN 0 ELSE 1 END' for field in fields)
            return f"{' + '.join(given)} = 1"


def _indexes(entity: Entity) -> Iterator[_Index]:
    """One for each that was asked for, each order and each filter that no other one serves."""
    there = list(unique_sets(entity))
    for columns in _wanted(entity):
        served = any(one[: len(columns)] == columns for one in there)
        if not served and _fits(entity, columns):
            there.append(columns)
            yield _Index(Text(db_name("ix", entity.name, *columns)), columns)


def _wanted(entity: Entity) -> Iterator[tuple[Ident, ...]]:
    yield from entity.indexes
    yield from ((name, Ident("id")) for name in entity.listing.sort)
    yield from ((field.name,) for field in entity.fields if field.index)
    yield from ((name,) for name in entity.listing.filters)


def _fits(entity: Entity, columns: tuple[Ident, ...]) -> bool:
    """Whether the database can index the columns at their longest."""
    fields = (field_named(entity, name) for name in columns if name != "id")
    return sum(field.type.width(field) for field in fields) <= MAX_INDEX_BYTES
