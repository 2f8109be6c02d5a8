"""The entities of a project: where each lives, and what it is called there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from petsage_builder.kinds.entities.asked import Entity, Nesting
from petsage_builder.kinds.entities.naming import EntityNames
from petsage_builder.kinds.entities.parents import ids_of
from petsage_builder.kinds.entities.samples import Row
from petsage_builder.names import Ident
from petsage_builder.python_code import Name


@dataclass(frozen=True, slots=True)
class Home:
    """An entity, the feature that it is part of, and rows for tests of others to refer to.

    `under`: the entities below whose rows its own are found, each with the relation that leads
    here.
    """

    feature: Ident
    entity: Entity
    names: EntityNames
    parents: tuple[Row, ...] = ()
    under: tuple[tuple[Ident, Nesting], ...] = ()

    @property
    def file(self) -> Ident:
        """What its files are named after."""
        plural = self.names.plural
        return plural if plural == self.feature else self.feature.followed_by(plural)

    @property
    def ids(self) -> tuple[UUID, ...]:
        """The ids of its rows for tests of others."""
        return ids_of(self.entity.name, len(self.parents))

    @property
    def table(self) -> Name:
        """The class of its table."""
        return self.of_tables(self.names.table)

    def column(self, name: str) -> Name:
        """An attribute of its table's class."""
        return self.of_tables(f"{self.names.table}.{name}")

    def of_tables(self, name: str) -> Name:
        """Whatever the module of its feature's tables has by this name."""
        return Name(name, f".features.{self.feature}.tables")


Known = Mapping[Ident, Home]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a feature: its entities, and by name every entity that there is.

    `needs`: the features whose tables its own refer to.
    """

    entities: tuple[Entity, ...]
    known: Known
    needs: tuple[Ident, ...] = ()

    @property
    def homes(self) -> tuple[Home, ...]:
        """The feature's own entities, at home."""
        return tuple(self.known[entity.name] for entity in self.entities)
