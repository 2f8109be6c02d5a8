"""What is wrong with an entity, and where in it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from petsage_builder.strict_json import JsonPath


@dataclass(frozen=True, slots=True)
class Flaw:
    """A problem at a path below an entity, or at that path's key."""

    path: JsonPath
    message: str
    hint: str = ""
    at_key: bool = False

    def below(self, *path: str | int) -> Flaw:
        """The same flaw, seen from further up."""
        return replace(self, path=(*path, *self.path))
