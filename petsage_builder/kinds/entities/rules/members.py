"""The fields of an entity, as its other parts name them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from petsage_builder import names, text
from petsage_builder.field_types import FIELD_TYPES
from petsage_builder.field_types.field import Field
from petsage_builder.kinds.entities.asked import OWN_COLUMNS
from petsage_builder.kinds.entities.rules.flaw import Flaw
from petsage_builder.names import Ident
from petsage_builder.strict_json import JsonPath

STAMPS = (Ident("created_at"), Ident("updated_at"))


@dataclass(frozen=True, slots=True)
class Members:
    """The sound fields; of the others their names, so that nothing is said twice.

    `complete` is false where not even their names are known.
    """

    fields: Mapping[str, Field]
    doubtful: frozenset[str]
    complete: bool

    def with_stamps(self) -> Members:
        """The same with the moments that the server keeps of each row."""
        stamp = FIELD_TYPES["datetime"]
        own: Mapping[str, Field] = {
            name: Field(name=name, type=stamp, read_only=True) for name in STAMPS
        }
        return replace(self, fields={**self.fields, **own})

    def find(self, name: str, path: JsonPath, found: list[Flaw]) -> Field | None:
        """The field of that name; None where there is none that can be spoken of."""
        if name in self.fields:
            return self.fields[name]
        if self.complete and name not in self.doubtful:
            found.append(self._unknown(name, path))
        return None

    def find_all(
        self, wanted: Sequence[str], path: JsonPath, found: list[Flaw]
    ) -> tuple[Field, ...]:
        """The fields of these names, each once."""
        for index, name in enumerate(wanted):
            if name in wanted[:index]:
                found.append(Flaw((*path, index), f"{text.show(name)} is given twice."))
        places = {name: (*path, index) for index, name in enumerate(wanted)}
        fields = (self.find(name, place, found) for name, place in places.items())
        return tuple(field for field in fields if field is not None)

    def _unknown(self, name: str, path: JsonPath) -> Flaw:
        if name in STAMPS:
            hint = "Lists and indexes can name it where timestamps is true."
            return Flaw(path, f"there is no {name} here.", hint)
        if name in OWN_COLUMNS:
            return Flaw(path, f"{name} can't be named here.", self._known())
        hint = names.did_you_mean(name, self.fields) or self._known()
        return Flaw(path, f"no field is called {text.show(name)}.", hint)

    def _known(self) -> str:
        shown = list(self.fields)[:10]
        more = ", ..." if len(self.fields) > len(shown) else ""
        return f"Fields: {', '.join(shown)}{more}." if shown else ""


def idents(fields: Iterable[Field]) -> tuple[Ident, ...]:
    return tuple(field.name for field in fields)
