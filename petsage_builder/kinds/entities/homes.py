"""The entities of a project: where each lives, and what it is called there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from petsage_builder.kinds.entities.asked import Entity
from petsage_builder.kinds.entities.naming import EntityNames
from petsage_builder.kinds.entities.samples import Row
from petsage_builder.names import Ident


@dataclass(frozen=True, slots=True)
class Home:
    """An entity, the feature that it is part of, and rows for tests of others to refer to."""

    feature: Ident
    entity: Entity
    names: EntityNames
    parents: tuple[Row, ...]

    @property
    def file(self) -> Ident:
        """What its files are named after."""
        plural = self.names.plural
        return plural if plural == self.feature else self.feature.followed_by(plural)


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
