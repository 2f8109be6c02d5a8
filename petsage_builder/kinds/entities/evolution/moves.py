"""A table that stays: as it was, the same under the names of now, and as it becomes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from petsage_builder.field_types.field import Field
from petsage_builder.kinds.entities.asked import ManyToMany
from petsage_builder.kinds.entities.evolution.columns import stays
from petsage_builder.kinds.entities.evolution.matching import Pair, Renames, inverse
from petsage_builder.kinds.entities.evolution.renaming import under_new_names
from petsage_builder.kinds.entities.evolution.tables import (
    CHECK,
    FOREIGN,
    PRIMARY,
    Shape,
    is_nullable,
    link_shape,
    mentions,
    shape_of,
    target_of,
    type_of,
)
from petsage_builder.names import Ident
from petsage_builder.python_code import Call


@dataclass(frozen=True, slots=True)
class Move:
    """A table before and after; `named` is the one before under the names of after.

    `sources`: what each column was called that has another name now; `replaced`: the columns whose
    values cannot stay, though their names do.
    """

    old: Shape
    named: Shape
    new: Shape
    sources: Renames
    replaced: frozenset[str] = frozenset()

    def fields(self, column: str) -> tuple[Field, Field] | None:
        """The field of a column before and after, where it has one on both sides."""
        if column in self.named.fields and column in self.new.fields:
            return self.named.fields[column], self.new.fields[column]
        return None

    @property
    def gone(self) -> frozenset[str]:
        """The columns that lose their values."""
        return frozenset(self.named.columns.keys() - self.new.columns.keys()) | self.replaced

    @property
    def added(self) -> tuple[str, ...]:
        """The columns that start without values."""
        known = self.named.columns.keys() - self.replaced
        return tuple(column for column in self.new.columns if column not in known)

    @property
    def kept(self) -> tuple[str, ...]:
        """The columns that keep their values."""
        return tuple(column for column in self.new.columns if column not in self.added)

    def retyped(self, column: str) -> bool:
        """Whether a column that is kept gets another type."""
        return type_of(self.named.columns[column]) != type_of(self.new.columns[column])

    def tightened(self, column: str) -> bool:
        """Whether a column that is kept takes null no more."""
        was = is_nullable(self.named.columns[column])
        return was and not is_nullable(self.new.columns[column])

    def relaxed(self, column: str) -> bool:
        """Whether a column that is kept takes null from now on."""
        was = is_nullable(self.named.columns[column])
        return not was and is_nullable(self.new.columns[column])

    @property
    def old_constraints(self) -> Mapping[str, Call]:
        """The constraints that have to go, or to be made anew; primary keys stay."""
        return _changed(self, self.old.constraints, self.named.constraints, self.new.constraints)

    @property
    def new_constraints(self) -> Mapping[str, Call]:
        """The constraints that are to be made."""
        return self._made(self.old.constraints, self.old_constraints, self.new.constraints)

    @property
    def old_indexes(self) -> Mapping[str, Call]:
        """The indexes that have to go, or to be made anew."""
        return _changed(self, self.old.indexes, self.named.indexes, self.new.indexes)

    @property
    def new_indexes(self) -> Mapping[str, Call]:
        """The indexes that are to be made."""
        return self._made(self.old.indexes, self.old_indexes, self.new.indexes)

    @staticmethod
    def _made(
        old: Mapping[str, Call], changed: Mapping[str, Call], new: Mapping[str, Call]
    ) -> dict[str, Call]:
        there = old.keys() - changed.keys()
        return {
            name: part
            for name, part in new.items()
            if name not in there and part.function.value != PRIMARY
        }

    @property
    def primary_keys(self) -> tuple[str, str]:
        """The name of the primary key before and after."""
        return _primary(self.old), _primary(self.new)


def _primary(shape: Shape) -> str:
    return next(n for n, part in shape.constraints.items() if part.function.value == PRIMARY)


def _changed(
    move: Move, old: Mapping[str, Call], named: Mapping[str, Call], new: Mapping[str, Call]
) -> dict[str, Call]:
    """The parts of a table that do not stay as they are, by their old names."""
    gone = move.gone
    return {
        name: part
        for (name, part), (new_name, as_named) in zip(old.items(), named.items(), strict=True)
        if part.function.value != PRIMARY
        and not (
            name == new_name
            and new.get(name) == as_named
            and not mentions(as_named, gone)
            # SQLite keeps the text of a check, in which columns have their old names.
            and (part == as_named or part.function.value != CHECK)
        )
    }


def move_of(pair: Pair, tables: Renames) -> Move:
    """What becomes of the table of an entity."""
    named, new = shape_of(under_new_names(pair, tables)), shape_of(pair.after)
    replaced = frozenset((*_other_values(named, new), *_other_targets(named, new)))
    return Move(shape_of(pair.before), named, new, inverse(pair.fields), replaced)


def _other_values(old: Shape, new: Shape) -> Iterator[str]:
    """The columns whose values can't become those of their new types."""
    for column, field in new.fields.items():
        if column in old.fields and not stays(old.fields[column], field):
            yield column


def _other_targets(old: Shape, new: Shape) -> Iterator[str]:
    """The columns that hold ids of another table now."""
    for name in old.constraints.keys() & new.constraints.keys():
        key = new.constraints[name]
        same = key.function.value != FOREIGN or target_of(old.constraints[name]) == target_of(key)
        yield from (column for column in new.columns if not same and mentions(key, {column}))


def link_moves(pair: Pair, tables: Renames) -> list[tuple[ManyToMany, ManyToMany, Move]]:
    """The tables of relations to many that stay: those that lead to the same entity."""
    named = under_new_names(pair, tables)
    after = {link.name: link for link in pair.after.links}
    found = []
    for old, link in zip(pair.before.links, named.links, strict=True):
        new = after.get(link.name)
        if new is not None and new.target.entity == link.target.entity:
            shapes = link_shape(pair.before, old), link_shape(named, link)
            renamed = zip(shapes[0].columns, shapes[1].columns, strict=True)
            sources = {Ident(b): Ident(a) for a, b in renamed if a != b}
            move = Move(*shapes, link_shape(pair.after, new), sources)
            found.append((old, new, move))
    return found
