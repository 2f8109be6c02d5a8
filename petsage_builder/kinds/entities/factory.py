"""Rows that tests of other entities refer to, as the factories of the tests store them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from petsage_builder.kinds.entities.homes import Home, Known
from petsage_builder.kinds.entities.naming import attribute
from petsage_builder.kinds.entities.samples import Row
from petsage_builder.names import Ident, PyName
from petsage_builder.python_code import Call, Code, Imports, Name, Pairs, call, imports_of
from petsage_builder.text import Text

SESSION = Name("session")


@dataclass(frozen=True, slots=True)
class Factory:
    """A module of `tests/factories/`; `stores` make the rows that its own refer to."""

    imports: Imports
    constant: PyName
    rows: tuple[Pairs, ...]
    stores: tuple[Call, ...]


def factory_of(home: Home, known: Known, package: str) -> Factory:
    """The rows, and everything that they need."""
    rows = tuple(
        Pairs(
            (
                (Text("id"), call(Name("UUID", "uuid"), Text(str(key)))),
                *_values(home, row),
            )
        )
        for key, row in zip(home.ids, home.parents, strict=True)
    )
    stores = tuple(store(known[target]) for target in targets_of(home))
    used = (
        Name("Any", "typing"),
        Name("Session", "sqlalchemy.orm"),
        Name("store", ".tests.factories"),
        home.table,
    )
    return Factory(
        imports=imports_of(used, rows, stores, package=package),
        constant=PyName(home.names.plural.upper()),
        rows=rows,
        stores=stores,
    )


def store(home: Home) -> Call:
    """The call that stores the rows of the entity that others refer to."""
    function = f"store_{home.names.plural}"
    return call(Name(function, f".tests.factories.{home.file}"), SESSION)


def _values(home: Home, row: Row) -> Iterator[tuple[Code, Code]]:
    for field in home.entity.columns:
        if row.get(field.name) is not None:
            yield Text(attribute(field.name)), field.type.literal(row[field.name])


def targets_of(home: Home) -> Iterator[Ident]:
    """The entities that the rows refer to."""
    used = {
        relation.target.entity: None
        for relation in home.entity.belongs_to
        if any(row.get(relation.field.name) is not None for row in home.parents)
    }
    yield from used


def stored_targets(home: Home) -> Iterator[Ident]:
    """The entities that the rows refer to which the tests of this one send."""
    targets = (r.target.entity for r in home.entity.kept if any(r.field.type.valid(r.field)))
    for target in dict.fromkeys(targets):
        if target != home.entity.name and _sampled(home, target):
            yield target


def _sampled(home: Home, target: Ident) -> bool:
    """Whether samples refer to rows of the target, which may be none in a circle."""
    fields = [r.field for r in home.entity.kept if r.target.entity == target]
    return any(field.type.stored and any(field.type.valid(field)) for field in fields) or any(
        value.values for f in fields if not f.type.stored for value in f.type.valid(f)
    )
