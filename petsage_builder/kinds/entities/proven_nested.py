"""What the generated tests find below the path of one row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from petsage_builder.kinds.entities.asked import Mirror, Nesting, Operation
from petsage_builder.kinds.entities.factory import store
from petsage_builder.kinds.entities.homes import Home, Known
from petsage_builder.kinds.entities.including import mirrored_of
from petsage_builder.kinds.entities.naming import attribute
from petsage_builder.kinds.entities.nested import sides
from petsage_builder.names import Ident, Words
from petsage_builder.python_code import Call, Code, Compare, Items, Method, Name, call
from petsage_builder.text import Text


@dataclass(frozen=True, slots=True)
class NestedProof:
    """Rows of others below one: `stores` make them, `ties` tie one that was tied to nothing.

    `found` are the ids that there are then below `parent`; `many`: they are a list.
    """

    name: Ident
    path: Words
    stores: tuple[Call, ...]
    ties: tuple[Code, ...]
    parent: Text
    found: Code
    many: bool
    embeds: bool
    key: Text


def nested_proofs(home: Home, known: Known) -> tuple[NestedProof, ...]:
    """One for each route below that of one row."""
    return tuple(_proof(home, relation, known) for relation in home.entity.nestings)


def _proof(home: Home, relation: Nesting, known: Known) -> NestedProof:
    target = known[relation.target.entity]
    parent, first = home.ids[0], target.ids[0]
    if isinstance(relation, Mirror):
        kept = target
        mirrored = next(r for r in target.entity.belongs_to if r.name == relation.inverse)
        wanted = {mirrored.field.name: parent}
        found = [
            key
            for key, row in zip(target.ids, target.parents, strict=True)
            if key == first or row.get(mirrored.field.name) == parent
        ]
    else:
        if relation.through is None:
            raise AssertionError("plain links are in the row itself")
        kept = known[relation.through.entity]
        here, there = sides(kept, home, target)
        wanted = {here.field.name: parent, there.field.name: first}
        found = [first]
    many = not isinstance(relation, Mirror) or relation.many
    shown = tuple(Text(str(key)) for key in found)
    stored = dict.fromkeys((home.names.name, target.names.name, kept.names.name))
    return NestedProof(
        name=relation.name,
        path=Words(relation.name.replace("_", "-")),
        stores=tuple(store(known[name]) for name in stored),
        ties=tuple(_ties(kept, wanted)),
        parent=Text(str(parent)),
        found=Items(shown) if many else shown[0],
        many=many,
        embeds=relation.name in mirrored_of(home) and Operation.READ in home.entity.operations,
        key=Text(relation.name),
    )


def _ties(kept: Home, wanted: dict[Ident, UUID]) -> Iterator[Code]:
    """The first row refers to what is wanted, where it did not."""
    new = {name: key for name, key in wanted.items() if kept.parents[0].get(name) != key}
    if not new:
        return
    own = Compare(kept.column("id"), "==", _uuid(kept.ids[0]))
    values: dict[str, Code] = {attribute(name): _uuid(key) for name, key in new.items()}
    changed = Method(call(Name("update", "sqlalchemy"), kept.table), Name("where"), (own,))
    statement = Method(changed, Name("values"), (), values)
    yield call("session.execute", statement)


def _uuid(key: UUID) -> Call:
    return call(Name("UUID", "uuid"), Text(str(key)))
