"""Keys of requests and of the blueprint, and payloads in which one says something else."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, TypeAlias

from petsage_builder.entries import Entry
from petsage_builder.strict_json import JsonPath

# What stands in each file, by its path.
Payloads: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Key:
    """A place in a request or in the blueprint: `path` leads to a value in the file `source`."""

    source: str
    path: JsonPath = ()

    @property
    def named(self) -> bool:
        """Whether it is a setting, for which a default steps in where it is left out."""
        return bool(self.path) and isinstance(self.path[-1], str)

    def holds(self, other: Key) -> bool:
        """Whether the other one is a part of this one."""
        inside = other.path[: len(self.path)] == self.path
        return self.source == other.source and inside and self != other

    def value(self, payloads: Payloads) -> Any:  # noqa: ANN401 (any JSON)
        """What stands there; LookupError or TypeError for nothing."""
        found = payloads[self.source]
        for step in self.path:
            found = found[step]
        return found

    def items(self, payloads: Payloads) -> Iterator[Key]:
        """The keys of what the value holds."""
        value = self.value(payloads)
        steps = range(len(value)) if isinstance(value, list) else value
        inside = steps if isinstance(value, list | dict) else ()
        return (Key(self.source, (*self.path, step)) for step in inside)

    def nearest(self, payloads: Payloads) -> Key:
        """The key itself where something stands there, else the nearest one that would hold it."""
        try:
            self.value(payloads)
        except (LookupError, TypeError):
            return Key(self.source, self.path[:-1]).nearest(payloads)
        return self


@dataclass(frozen=True, slots=True)
class Probe(Entry):
    """A request whose problems tell their place as a key."""

    def where(self, path: JsonPath = (), *, key: bool = False) -> str:  # noqa: ARG002 (an entry's)
        return json.dumps([self.document.source, *path])


def key_in(where: str) -> Key:
    """The key that a probe has told; ValueError for a place in another form."""
    source, *path = json.loads(where)
    return Key(source, tuple(path))


def without(payloads: Payloads, key: Key) -> Payloads:
    """The payloads with nothing in that place."""
    if not key.path:
        return {source: value for source, value in payloads.items() if source != key.source}
    changed, holder = _opened(payloads, key)
    del holder[key.path[-1]]
    return changed


def replaced(payloads: Payloads, key: Key, value: object) -> Payloads:
    """The payloads with another value in that place."""
    changed, holder = _opened(payloads, key)
    holder[key.path[-1]] = value
    return changed


def renamed(payloads: Payloads, key: Key, name: object) -> Payloads:
    """The payloads with the value of that place under another name."""
    changed, holder = _opened(payloads, key)
    items = [(name if one == key.path[-1] else one, item) for one, item in holder.items()]
    holder.clear()
    holder.update(items)
    return changed


def _opened(payloads: Payloads, key: Key) -> tuple[Payloads, Any]:
    """A copy of the payloads to change, and what holds the value in it."""
    changed = {**payloads, key.source: deepcopy(payloads[key.source])}
    return changed, Key(key.source, key.path[:-1]).value(changed)


def other(value: object) -> object:
    """Another value of the same type, mostly a valid one; of what holds others, the same."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + 1
    return f"{value}1" if isinstance(value, str) else value


def reworded(payloads: Payloads, key: Key, old: object) -> Payloads | None:
    """The payloads with the other word for `old` in that place, too; None where it is not."""
    place = key.nearest(payloads)
    value = place.value(payloads)
    if place.path and place.path[-1] == old:
        return renamed(payloads, place, other(old))
    if not isinstance(value, str) or not isinstance(old, str):
        return None
    said, count = re.subn(rf"\b{re.escape(old)}\b", lambda _: str(other(old)), value)
    return replaced(payloads, place, said) if count else None
