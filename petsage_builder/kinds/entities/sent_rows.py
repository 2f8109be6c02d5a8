"""Sample rows as the generated tests write them: as JSON, and as the table takes them."""

from __future__ import annotations

from collections.abc import Iterator

from petsage_builder.field_types.field import Field
from petsage_builder.kinds.entities.asked import Entity, Operation
from petsage_builder.kinds.entities.naming import attribute
from petsage_builder.kinds.entities.samples import Row, entangled
from petsage_builder.python_code import Items, Pairs
from petsage_builder.text import Text


def wire(entity: Entity, row: Row) -> Pairs:
    """The row as a client sends it."""
    return Pairs(
        tuple(
            (
                Text(field.name),
                None if row[field.name] is None else field.type.show(row[field.name]),
            )
            for field in entity.fields
            if field.name in row
        )
    )


def stored(entity: Entity, rows: tuple[Row, ...]) -> Iterator[Pairs]:
    """The rows as the table takes them, where clients can't create them."""
    for row in () if Operation.CREATE in entity.operations else rows:
        yield Pairs(
            tuple(
                (Text(attribute(field.name)), field.type.literal(row[field.name]))
                for field in entity.columns
                if row.get(field.name) is not None
            )
        )


def least(entity: Entity, row: Row) -> Pairs:
    """The row without what may be left out; fields with rules between them stay together."""
    tied = entangled(entity)
    kept = [
        field
        for field in entity.fields
        if field.name in row and (field.name in tied or needed(field))
    ]
    given = [(field, row[field.name]) for field in kept if row[field.name] is not None]
    return Pairs(tuple((Text(field.name), field.type.show(value)) for field, value in given))


def needed(field: Field) -> bool:
    """Whether a client must send it."""
    return field.required and field.default is None


def defaults(entity: Entity) -> Pairs:
    """What fields are that a client leaves out."""
    return Pairs(
        tuple(
            (Text(field.name), field.type.show(field.default.value) if field.default else None)
            for field in entity.fields
            if field.readable and not needed(field)
        )
    )


def own(entity: Entity) -> Items:
    """What only the server sets."""
    moments = ("created_at", "updated_at") if entity.timestamps else ()
    read_only = (field.name for field in entity.fields if field.read_only)
    version = ("version",) if entity.versioned else ()
    return Items(tuple(map(Text, ("id", *moments, *version, *read_only))))
