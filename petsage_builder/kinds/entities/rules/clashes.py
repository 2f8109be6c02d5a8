"""Names that the entities of one feature would share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from petsage_builder import names
from petsage_builder.kinds.entities.asked import Entity
from petsage_builder.kinds.entities.rules.flaw import Flaw
from petsage_builder.names import Ident


def clashes(entities: Sequence[Entity]) -> Iterator[Flaw]:
    """One for each name or plural that says, as a class name, what another one says already."""
    first: dict[str, Ident] = {}
    for index, entity in enumerate(entities):
        for key, name in (("name", entity.name), ("plural", entity.plural)):
            cased = names.class_name(name)
            if cased in first:
                message = f"'{name}' and '{first[cased]}' of another entity are the same name."
                yield Flaw((index, key), message, "Rename one of them.")
        first.update({names.class_name(name): name for name in (entity.name, entity.plural)})
