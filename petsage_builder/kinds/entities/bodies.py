"""What the calls of the README send, and how it is written as JSON."""

from __future__ import annotations

from petsage_builder.field_types.field import Field, Value
from petsage_builder.kinds.entities.asked import Entity
from petsage_builder.kinds.entities.samples import Row, entangled
from petsage_builder.python_code import Code, Pairs
from petsage_builder.text import Text


def json_object(**values: Code) -> Pairs:
    """The values under their names."""
    return Pairs(tuple((Text(key), value) for key, value in values.items()))


def on_wire(entity: Entity, row: Row) -> Pairs:
    """The row as a client sends it, without what is null."""
    sent = (field for field in entity.fields if row.get(field.name) is not None)
    return Pairs(tuple((Text(field.name), field.type.show(row[field.name])) for field in sent))


def or_null(field: Field, value: Value) -> Code:
    """The value of a field as it is answered."""
    return None if value is None else field.type.show(value)


def defaults(entity: Entity) -> Row:
    """What fields are that clients don't send."""
    return {
        field.name: field.default.value if field.default else None
        for field in entity.fields
        if field.read_only
    }


def change(entity: Entity, rows: tuple[Row, ...]) -> Row:
    """Another value for one field, best for one that is answered."""
    tied = entangled(entity)
    fields = [f for f in entity.fields if f.name in rows[0] and not f.immutable]
    free = sorted((f for f in fields if f.name not in tied), key=lambda f: not f.readable)
    found = ((f.name, row[f.name]) for row in rows[1:] for f in free)
    new = ({name: value} for name, value in found if value not in (None, rows[0][name]))
    return next(new, {})


def replacement(entity: Entity, rows: tuple[Row, ...]) -> Row:
    """The second row, but for what never changes; the first where its rules allow no other."""
    fixed = {field.name for field in entity.fields if field.immutable}
    other = rows[0] if len(rows) < 2 or fixed & entangled(entity) else rows[1]
    return {name: value for name, value in other.items() if name not in fixed}
