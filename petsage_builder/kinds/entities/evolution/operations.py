"""The operations of a migration, as Alembic writes them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from petsage_builder.field_types.field import Field
from petsage_builder.kinds.entities.evolution.columns import unlisted
from petsage_builder.kinds.entities.evolution.fills import fill_of
from petsage_builder.kinds.entities.evolution.moves import Move
from petsage_builder.kinds.entities.evolution.tables import (
    CHECK,
    FOREIGN,
    UNIQUE,
    is_nullable,
    length_of,
    shorter,
    type_of,
)
from petsage_builder.names import Ident
from petsage_builder.python_code import (
    ON_POSTGRESQL,
    ON_SQLITE,
    Call,
    Code,
    Compare,
    Items,
    Method,
    Name,
    Pairs,
    When,
    With,
    call,
)
from petsage_builder.text import Text

KINDS = {FOREIGN: "foreignkey", UNIQUE: "unique", CHECK: "check"}


def batch(table: str, changes: Sequence[Code]) -> Iterator[With]:
    """The changes of a table; SQLite makes it anew where it has to."""
    if changes:
        yield With(call("op.batch_alter_table", Text(table)), Ident("batch"), tuple(changes))


def rename_table(move: Move) -> Iterator[Code]:
    """The table under its new name, and its primary key: others may get the old names."""
    old, new = move.old.name, move.new.name
    if old != new:
        yield call("op.rename_table", Text(old), Text(new))
    before, after = move.primary_keys
    if before != after:
        said = f'ALTER TABLE "{new}" RENAME CONSTRAINT "{before}" TO "{after}"'
        yield When(ON_POSTGRESQL, (call("op.execute", Text(said)),))


def drop_constraint(name: str, constraint: Call) -> Call:
    """The constraint goes."""
    kind = Text(KINDS[constraint.function.value])
    return call("batch.drop_constraint", Text(name), type_=kind)


def create_constraint(name: str, constraint: Call) -> Call:
    """The constraint is made in a table that is there."""
    said = {key: value for key, value in constraint.keywords.items() if key != "name"}
    arguments = constraint.arguments
    match constraint.function.value:
        case "sa.UniqueConstraint":
            return call("batch.create_unique_constraint", Text(name), Items(arguments), **said)
        case "sa.CheckConstraint":
            condition = call("sa.text", *arguments)
            return call("batch.create_check_constraint", Text(name), condition, **said)
    columns, targets = arguments
    if not isinstance(targets, Items):
        raise TypeError("a foreign key names its targets")
    [target] = targets.items
    if not isinstance(target, Text):
        raise TypeError("a target is table.column")
    table, _, column = target.value.partition(".")
    there = Items((Text(column),))
    return call("batch.create_foreign_key", Text(name), Text(table), columns, there, **said)


def drop_index(name: str, table: str) -> Call:
    """The index goes."""
    return call("op.drop_index", Text(name), table_name=Text(table))


def changed_columns(move: Move) -> Iterator[Call]:
    """What is done to the columns before rows that exist are filled in."""
    yield from (
        call("batch.drop_column", Text(name))
        for name in _old_names(move)
        if name not in {move.sources.get(Ident(column), column) for column in move.kept}
    )
    for column in move.kept:
        yield from _altered(move, column)
    for column in move.added:
        made = move.new.columns[column]
        name, kind = made.arguments
        yield call("batch.add_column", call("sa.Column", name, kind, nullable=True))


def _old_names(move: Move) -> list[str]:
    return list(move.old.columns)


def _altered(move: Move, column: str) -> Iterator[Call]:
    before, after = move.named.columns[column], move.new.columns[column]
    source = move.sources.get(Ident(column), column)
    said: dict[str, Code] = {}
    if source != column:
        said["new_column_name"] = Text(column)
    if move.retyped(column) and not shorter(before, after):
        said["type_"] = type_of(after)
    if move.relaxed(column):
        said["nullable"] = True
    if said:
        said["existing_type"] = type_of(before)
        said.setdefault("existing_nullable", is_nullable(before))
        yield call("batch.alter_column", Text(source), **said)


def tightened_columns(move: Move) -> Iterator[Call]:
    """What is done to the columns when rows that exist have what is needed."""
    for column, made in move.new.columns.items():
        said: dict[str, Code] = {}
        if column in move.added:
            if not is_nullable(made) and fill_of(column, move.new.fields.get(column)):
                said = {"nullable": False}
        else:
            before = move.named.columns[column]
            if move.retyped(column) and shorter(before, made):
                said["type_"] = type_of(made)
            if move.tightened(column):
                said["nullable"] = False
        if said:
            kind = move.named.columns[column] if "type_" in said else made
            yield call("batch.alter_column", Text(column), existing_type=type_of(kind), **said)


def filled_rows(move: Move) -> Iterator[Code]:
    """What rows that exist get."""
    table = move.new.name
    for column in move.kept:
        if both := move.fields(column):
            yield from _converted(table, move, column, *both)
    fills = {
        column: (made, fill.value)
        for column, made in move.new.columns.items()
        if not is_nullable(made) and (fill := fill_of(column, move.new.fields.get(column)))
    }
    if new := [fills[column] for column in move.added if column in fills]:
        yield _update(table, new)
    for column in move.kept:
        if column in fills and move.tightened(column):
            null = Method(_column(fills[column][0]), Name("is_"), (None,))
            yield _update(table, [fills[column]], null)


def _converted(table: str, move: Move, column: str, old: Field, new: Field) -> Iterator[Code]:
    """Values that stay, made to fit."""
    before, after = move.named.columns[column], move.new.columns[column]
    if old.scale != new.scale:
        rescaled = call("sa.literal_column", Text(_rescaled(column, old, new)))
        whole = call("sa.Column", Text(column), call("sa.BigInteger"))
        yield When(ON_SQLITE, (_update(table, [(whole, rescaled)]),))
    fill = fill_of(column, new)
    if unlisted(old, new) and (fill or is_nullable(after)):
        others = Method(_column(after), Name("not_in"), (Items(new.values),))
        yield _update(table, [(after, fill.value if fill else None)], others)
    elif not new.values and move.retyped(column) and shorter(before, after):
        name, length = call("sa.column", after.arguments[0]), length_of(after)
        cut = call("sa.func.substr", name, 1, length)
        yield _update(table, [(after, cut)], Compare(call("sa.func.length", name), ">", length))


def cleared(move: Move) -> Iterator[str]:
    """The columns that are kept, in which values may be lost for nothing."""
    for column in move.kept:
        both = move.fields(column)
        if both and unlisted(*both) and not fill_of(column, both[1]):
            yield column


def _rescaled(column: str, old: Field, new: Field) -> str:
    """SQLite keeps decimals as whole numbers; those without enough digits left are rounded."""
    unit = int(10 ** abs(new.scale - old.scale))
    if new.scale > old.scale:
        return f'"{column}" * {unit}'
    half = f'CASE WHEN "{column}" < 0 THEN -{unit // 2} ELSE {unit // 2} END'
    return f'("{column}" + {half}) / {unit}'


def _column(made: Call) -> Call:
    return call("sa.column", *made.arguments)


def _update(table: str, values: Sequence[tuple[Call, Code]], where: Code = None) -> Call:
    columns = (_column(made) for made, _ in values)
    pairs = Pairs(tuple((made.arguments[0], value) for made, value in values))
    rows = Method(call("sa.table", Text(table), *columns), Name("update"))
    changed = Method(rows, Name("values"), (pairs,))
    if where is not None:
        changed = Method(changed, Name("where"), (where,))
    return call("op.execute", changed)
