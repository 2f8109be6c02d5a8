"""The order of a migration's operations: what frees names and rows first, what needs them last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from petsage_builder.kinds.entities.asked import Entity, ManyToMany
from petsage_builder.kinds.entities.creation import (
    in_order,
    late_keys,
    late_relations,
    made_link,
    made_table,
    without_keys,
)
from petsage_builder.kinds.entities.evolution import operations
from petsage_builder.kinds.entities.evolution.matching import Pair
from petsage_builder.kinds.entities.evolution.moves import Move, link_moves, move_of
from petsage_builder.kinds.entities.evolution.tables import (
    CHECK,
    FOREIGN,
    eased,
    loosened,
    mentions,
    target_of,
)
from petsage_builder.kinds.entities.links import link_name
from petsage_builder.names import Ident
from petsage_builder.python_code import Code, call
from petsage_builder.text import Text

Link = tuple[Entity, ManyToMany]


@dataclass(frozen=True, slots=True)
class Change:
    """The tables of a feature before and after, in one direction."""

    before: tuple[Entity, ...]
    after: tuple[Entity, ...]
    moves: tuple[Move, ...]
    dropped: tuple[Entity, ...]
    dropped_links: tuple[Link, ...]
    added: tuple[Entity, ...]
    added_links: tuple[Link, ...]


def change_of(before: Sequence[Entity], after: Sequence[Entity], pairs: Sequence[Pair]) -> Change:
    """What becomes of every table, given what became of the entities."""
    tables = {pair.before.name: pair.after.name for pair in pairs}
    kept = {pair.before.name for pair in pairs}
    new = {pair.after.name for pair in pairs}
    dropped = tuple(entity for entity in before if entity.name not in kept)
    added = tuple(entity for entity in after if entity.name not in new)
    moved = [(pair, link_moves(pair, tables)) for pair in pairs]
    gone = [(entity, link) for entity in dropped for link in entity.links]
    made = [(entity, link) for entity in added for link in entity.links]
    for pair, links in moved:
        stays, becomes = [old for old, _, _ in links], [now for _, now, _ in links]
        gone += [(pair.before, link) for link in pair.before.links if link not in stays]
        made += [(pair.after, link) for link in pair.after.links if link not in becomes]
    own = [move_of(pair, tables) for pair in pairs]
    return Change(
        before=tuple(before),
        after=tuple(after),
        moves=(*own, *(move for _, links in moved for _, _, move in links)),
        dropped=dropped,
        dropped_links=tuple(gone),
        added=added,
        added_links=tuple(made),
    )


def taken_back(before: Sequence[Entity], after: Sequence[Entity], pairs: Sequence[Pair]) -> Change:
    """The same change, the other way round."""
    change = change_of(after, before, [pair.reversed() for pair in pairs])
    done = {move.new.name: move for move in change_of(before, after, pairs).moves}
    moves = (_back(done[move.old.name], move) for move in change.moves)
    return replace(change, moves=tuple(map(_forgiving, moves)))


def _back(done: Move, move: Move) -> Move:
    """The columns that kept their values keep them on the way back, too.

    Those whose values may be lost have to take null then.
    """
    replaced = frozenset(done.sources.get(Ident(name), name) for name in done.replaced)
    cleared = {done.sources.get(Ident(name), name) for name in operations.cleared(done)}
    columns = {
        name: loosened(column) if name in cleared else column
        for name, column in move.new.columns.items()
    }
    return replace(move, replaced=replaced, new=replace(move.new, columns=columns))


def _forgiving(move: Move) -> Move:
    """The same; checks of columns whose values are lost let every row pass."""
    lost = move.added
    constraints = {
        name: eased(part) if part.function.value == CHECK and mentions(part, lost) else part
        for name, part in move.new.constraints.items()
    }
    return replace(move, new=replace(move.new, constraints=constraints))


def steps_of(change: Change) -> Iterator[Code]:
    """Every operation, in order."""
    early = _early_keys(change)
    yield from _dropped_indexes(change)
    yield from _without_references(change, early)
    yield from _dropped_tables(change)
    for move in change.moves:
        yield from operations.rename_table(move)
    for move in change.moves:
        yield from _main(move, early)
    late = _late(change.after, change.added)
    for entity in change.added:
        yield from made_table(entity, late[entity.name])
    for entity, link in change.added_links:
        yield from made_link(entity, link)
    for move in change.moves:
        yield from operations.filled_rows(move)
    for move in change.moves:
        yield from _last(move)
    yield from (late_keys(one, late[one.name]) for one in change.added if late[one.name])
    for move in change.moves:
        yield from move.new_indexes.values()


def _dropped_indexes(change: Change) -> Iterator[Code]:
    for move in change.moves:
        for name in move.old_indexes:
            yield operations.drop_index(name, move.old.name)


def _early_keys(change: Change) -> frozenset[str]:
    """The foreign keys that hold tables which are dropped."""
    tables = {entity.name for entity in change.dropped}
    return frozenset(
        name
        for move in change.moves
        for name, part in move.old_constraints.items()
        if part.function.value == FOREIGN and target_of(part) in tables
    )


def _without_references(change: Change, early: frozenset[str]) -> Iterator[Code]:
    for move in change.moves:
        held = {name: part for name, part in move.old_constraints.items() if name in early}
        dropped = [operations.drop_constraint(name, part) for name, part in held.items()]
        yield from operations.batch(move.old.name, dropped)


def _dropped_tables(change: Change) -> Iterator[Code]:
    late = _late(change.before, change.dropped)
    for entity, link in change.dropped_links:
        yield call("op.drop_table", Text(link_name(entity, link)))
    yield from (without_keys(one, late[one.name]) for one in change.dropped if late[one.name])
    gone = {entity.name for entity in change.dropped}
    for entity in reversed(in_order(change.before)):
        if entity.name in gone:
            yield call("op.drop_table", Text(entity.name))


def _late(all_of_them: Sequence[Entity], some: Sequence[Entity]) -> dict[Ident, frozenset[Ident]]:
    """The relations among some of the entities to tables that are made after their own."""
    names = {entity.name for entity in some}
    late = late_relations(all_of_them)
    return {
        entity.name: frozenset(
            relation.name
            for relation in entity.belongs_to
            if relation.name in late[entity.name] and relation.target.entity in names
        )
        for entity in some
    }


def _main(move: Move, early: frozenset[str]) -> Iterator[Code]:
    constraints = [
        operations.drop_constraint(name, part)
        for name, part in move.old_constraints.items()
        if name not in early
    ]
    columns = operations.changed_columns(move)
    yield from operations.batch(move.new.name, [*constraints, *columns])


def _last(move: Move) -> Iterator[Code]:
    made = (operations.create_constraint(n, part) for n, part in move.new_constraints.items())
    columns = operations.tightened_columns(move)
    yield from operations.batch(move.new.name, [*columns, *made])
