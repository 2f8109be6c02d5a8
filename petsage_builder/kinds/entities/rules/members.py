"""The fields of an entity, as its other parts name them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

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

    `complete` is false where not even their names are known. `references`: the fields that hold
    the ids of relations, by the relations' names; `others`: relations without such a field.
    """

    fields: Mapping[str, Field]
    doubtful: frozenset[str]
    complete: bool
    references: Mapping[str, Field] = field(default_factory=dict)
    others: frozenset[str] = frozenset()

    def with_stamps(self) -> Members:
        """The same with the moments that the server keeps of each row."""
        stamp = FIELD_TYPES["datetime"]
        own: dict[str, Field] = {
            name: Field(name=name, type=stamp, read_only=True) for name in STAMPS
        }
        return replace(self, fields={**self.fields, **own})

    def find(self, name: str, path: JsonPath, found: list[Flaw]) -> Field | None:
        """The field of that name; None where there is none that can be spoken of."""
        if name in self.fields or name in self.references:
            return self.fields.get(name) or self.references[name]
        if name in self.others:
            message = f"{name} is a relation to many, which has no column to name here."
            found.append(Flaw(path, message, "Leave it out."))
            return None
        if self.complete and name not in self.doubtful:
            found.append(self._unknown(name, path))
        return None

    def find_all(
        self, wanted: Sequence[str], path: JsonPath, found: list[Flaw]
    ) -> dict[str, Field]:
        """The fields of these names, each once, by the names they were called by."""
        for index, name in enumerate(wanted):
            if name in wanted[:index]:
                found.append(Flaw((*path, index), f"{text.show(name)} is given twice."))
        places = {name: (*path, index) for index, name in enumerate(wanted)}
        fields = {name: self.find(name, place, found) for name, place in places.items()}
        return {name: one for name, one in fields.items() if one is not None}

    def _unknown(self, name: str, path: JsonPath) -> Flaw:
        if name in STAMPS:
            hint = "Lists and indexes can name it where timestamps is true."
            return Flaw(path, f"there is no {name} here.", hint)
        if name in OWN_COLUMNS:
            return Flaw(path, f"{name} can't be named here.", self._known())
        hint = names.did_you_mean(name, [*self.fields, *self.references]) or self._known()
        return Flaw(path, f"no field is called {text.show(name)}.", hint)

    def _known(self) -> str:
        known = [*self.fields, *self.references]
        shown = known[:10]
        more = ", ..." if len(known) > len(shown) else ""
        return f"Fields: {', '.join(shown)}{more}." if shown else ""


def idents(fields: Iterable[Field]) -> tuple[Ident, ...]:
    return tuple(one.name for one in fields)
