"""The entities of a workspace and what joins them: from the features' drawings, for any picture."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from petsage_builder.spec import Drawing, FeatureSpec


class End(enum.StrEnum):
    """How many rows are at an end of a line."""

    ONE = "one"
    MAYBE = "maybe"
    MANY = "many"


@dataclass(frozen=True, slots=True)
class Bond:
    """A kind of relation, in words and as what is at both ends of its line."""

    said: str
    one: End
    other: End


ALWAYS = Bond("many to one", End.ONE, End.MANY)
MAYBE = Bond("many to one or none", End.MAYBE, End.MANY)
PAIRED = Bond("one to one", End.ONE, End.MAYBE)
MAYBE_PAIRED = Bond("one to one or none", End.MAYBE, End.MAYBE)
TIED = Bond("many to many", End.MANY, End.MANY)


@dataclass(frozen=True, slots=True)
class Relation:
    """A line: rows of `other` belong to one of `one`, unless they are tied."""

    one: str
    other: str
    name: str
    bond: Bond

    @property
    def field(self) -> str:
        """The relation as a request names it: `entity.relation`."""
        return f"{self.one if self.bond is TIED else self.other}.{self.name}"

    @property
    def target(self) -> str:
        """The entity that it leads to."""
        return self.other if self.bond is TIED else self.one

    @property
    def told(self) -> str:
        """The relation in words."""
        return f"{self.field} to {self.target}: {self.bond.said}"


@dataclass(frozen=True, slots=True)
class Relations:
    """Every entity, with the feature that it is part of, and every relation."""

    entities: tuple[tuple[str, str], ...]
    lines: tuple[Relation, ...]


def relations_of(features: Iterable[FeatureSpec]) -> Relations:
    """What a picture of the features shows, in their order."""
    drawings = [(spec.feature, spec.drawing) for spec in features]
    entities = ((table, feature) for feature, drawing in drawings for table in drawing.tables)
    lines = (line for _, drawing in drawings for line in _lines(drawing))
    return Relations(tuple(entities), tuple(lines))


def _lines(drawing: Drawing) -> Iterator[Relation]:
    kinds = (
        (drawing.always, ALWAYS),
        (drawing.maybe, MAYBE),
        (drawing.paired, PAIRED),
        (drawing.maybe_paired, MAYBE_PAIRED),
        (drawing.tied, TIED),
    )
    for edges, bond in kinds:
        yield from (Relation(edge.one, edge.other, edge.name, bond) for edge in edges)
