"""What is kept: the table of an entity, and the migration that makes it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from petsage_builder.field_types.field import Field
from petsage_builder.kinds.entities.asked import (
    BelongsTo,
    Check,
    Compares,
    Comparison,
    Entity,
    OnDelete,
    OneOf,
    Requires,
)
from petsage_builder.kinds.entities.naming import attribute, db_name
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
from petsage_builder.text import Text

MAPPED_COLUMN = Name("mapped_column", "sqlalchemy.orm")
MOMENT = call("sa.DateTime", timezone=True)
MAX_INDEX_BYTES = 2600  # PostgreSQL refuses index rows beyond 2704

SQL = {
    Comparison.EQ: "=",
    Comparison.NE: "<>",
    Comparison.LT: "<",
    Comparison.LTE: "<=",
    Comparison.GT: ">",
    Comparison.GTE: ">=",
}


@dataclass(frozen=True, slots=True)
class Table:
    """A class of `tables.py`, and what it uses."""

    uses: tuple[object, ...]
    constraints: tuple[Call, ...]
    columns: tuple[Declaration, ...]


@dataclass(frozen=True, slots=True)
class Index:
    """An index, and the columns that it is of; `live`: unique, among rows that are not deleted."""

    name: Text
    columns: tuple[Ident, ...]
    live: bool = False

    @property
    def options(self) -> dict[str, Code]:
        """What is said of it beside its columns."""
        where = call("sa.text", Text("deleted_at IS NULL"))
        said: dict[str, Code] = {"sqlite_where": where, "postgresql_where": where}
        return {"unique": True, **said} if self.live else {}


def table_of(entity: Entity, late: Collection[Ident]) -> Table:
    """The table, decided to the last name; `late` names the relations to tables made after it."""
    columns = tuple(_columns(entity))
    keys = (foreign_key(entity, relation, late) for relation in entity.belongs_to)
    constraints = (*constraints_of(entity), *keys)
    indexes = tuple(indexes_of(entity))
    own = (Name("Entity", ".core.db"),)
    called = tuple(
        call("sa.Index", one.name, *map(text_of, one.columns), **one.options) for one in indexes
    )
    return Table(
        uses=(own, columns, constraints, called),
        constraints=(*constraints, *called),
        columns=columns,
    )


def key_name(entity: Entity, relation: BelongsTo) -> str:
    """The name of a foreign key."""
    return db_name("fk", entity.name, relation.field.name)


def foreign_key(entity: Entity, relation: BelongsTo, late: Collection[Ident]) -> Call:
    """The constraint; `late` names the relations to tables that are made after this one."""
    # `restrict` is the database's NO ACTION: it judges when the whole statement is done, so that
    # it does not depend on the order in which rows that go together are deleted.
    named: dict[str, Code] = {"name": Text(key_name(entity, relation)), **on_delete(relation)}
    if relation.name in late:
        named["use_alter"] = True
    columns = Items((Text(relation.field.name),))
    target = Items((Text(f"{relation.target.entity}.id"),))
    return call("sa.ForeignKeyConstraint", columns, target, **named)


def on_delete(relation: BelongsTo) -> dict[str, Code]:
    """What the database does when the other row is deleted, as an argument."""
    if relation.on_delete is OnDelete.RESTRICT:
        return {}
    return {"ondelete": Text(relation.on_delete.replace("_", " ").upper())}


def text_of(name: Ident) -> Text:
    """The name as a string."""
    return Text(name)


def create_index(table: Ident, index: Index) -> Call:
    """The operation that makes the index."""
    columns = Items(tuple(map(text_of, index.columns)))
    return call("op.create_index", index.name, Text(table), columns, **index.options)


def _columns(entity: Entity) -> Iterator[Declaration]:
    for field in entity.columns:
        yield _column(field)
    if entity.timestamps:
        for name in MOMENTS:
            yield _timestamp(name)
    if entity.soft_delete:
        moment = _mapped(Name("datetime", "datetime"), nullable=True)
        kept = call(MAPPED_COLUMN, Name("UTCDateTime", ".core.columns"))
        yield Declaration(Ident("deleted_at"), moment, kept)
    if entity.versioned:
        counted = call(MAPPED_COLUMN, Name("sa.Integer"), default=1)
        yield Declaration(Ident("version"), _mapped(Name("int"), nullable=False), counted)


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


def migrated_columns(entity: Entity) -> Iterator[Call]:
    """The columns, as migrations write them."""
    yield call("sa.Column", Text("id"), call("sa.Uuid"), nullable=False)
    for field in entity.columns:
        kind = field.type.column(field).migration
        yield call("sa.Column", Text(field.name), kind, nullable=field.nullable)
    if entity.timestamps:
        for name in MOMENTS:
            yield call("sa.Column", Text(name), MOMENT, nullable=False)
    if entity.soft_delete:
        yield call("sa.Column", Text("deleted_at"), MOMENT, nullable=True)
    if entity.versioned:
        yield call("sa.Column", Text("version"), call("sa.Integer"), nullable=False)


def constraints_of(entity: Entity) -> Iterator[Call]:
    """The constraints, foreign keys apart."""
    primary = Text(db_name("pk", entity.name))
    yield call("sa.PrimaryKeyConstraint", Text("id"), name=primary)
    for columns in () if entity.soft_delete else unique_sets(entity):
        name = Text(db_name("uq", entity.name, *columns))
        yield call("sa.UniqueConstraint", *map(text_of, columns), name=name)
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


def indexes_of(entity: Entity) -> Iterator[Index]:
    """One for each that was asked for, each order and each filter that no other one serves.

    Where deleted rows are kept, what is unique is so among the others only: by an index.
    """
    there = list(unique_sets(entity))
    for columns in there if entity.soft_delete else ():
        yield Index(Text(db_name("uq", entity.name, *columns)), columns, live=True)
    for columns in _wanted(entity):
        served = any(one[: len(columns)] == columns for one in there)
        if not served and _fits(entity, columns):
            there.append(columns)
            yield Index(Text(db_name("ix", entity.name, *columns)), columns)


def _wanted(entity: Entity) -> Iterator[tuple[Ident, ...]]:
    yield from entity.indexes
    yield from ((name, Ident("id")) for name in entity.listing.sort)
    yield from ((field.name,) for field in entity.fields if field.index)
    yield from ((name,) for name in entity.listing.filters)
    yield from ((relation.field.name,) for relation in entity.belongs_to)


def _fits(entity: Entity, columns: tuple[Ident, ...]) -> bool:
    """Whether the database can index the columns at their longest."""
    fields = (field_named(entity, name) for name in columns if name != "id")
    return sum(field.type.width(field) for field in fields) <= MAX_INDEX_BYTES
