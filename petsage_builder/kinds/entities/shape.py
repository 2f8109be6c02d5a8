"""An entity's payload as its model: what is malformed is left out, so that the rest is read too."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError

from petsage_builder.entries import Entry
from petsage_builder.errors import Problem
from petsage_builder.kinds.entities import short_form
from petsage_builder.kinds.entities.request import EntityRequest, FieldRequest, ItemRequest
from petsage_builder.kinds.entities.rules import refusals
from petsage_builder.kinds.entities.rules.flaw import Flaw
from petsage_builder.names import Ident
from petsage_builder.request import problems_in
from petsage_builder.strict_json import JsonPath

# The lists whose items are read one by one, and how many of them there may be.
LISTS: Mapping[str, int] = {
    "fields": 200,
    "relations": 20,
    "unique_together": 20,
    "indexes": 50,
    "checks": 50,
}
FILTERS = 100
PLACEHOLDER = Ident("entity")


@dataclass(frozen=True, slots=True)
class Shape:
    """What is well-formed in an entity's payload, and what was wrong with the rest.

    `places` says where the items that are left stood in their lists, `doubtful` holds the names
    of what was left out, and `complete` whether all of those are known.
    """

    asked: EntityRequest
    problems: tuple[Problem, ...]
    places: Mapping[str, tuple[int, ...]]
    doubtful: frozenset[str]
    complete: bool

    def problem(self, flaw: Flaw, entry: Entry, path: JsonPath) -> Problem:
        """The flaw with its place in the request as it was given."""
        at = flaw.path
        if len(at) > 1 and at[0] in self.places:
            key, index, *rest = at
            at = (key, self.places[str(key)][int(index)], *rest)
        where = entry.where((*path, *at), key=flaw.at_key)
        return Problem(where, flaw.message, flaw.hint)


def read_shape(payload: Mapping[str, Any], entry: Entry, path: JsonPath) -> Shape:
    """The entity's shape, with every problem that pydantic or a refusal sees."""
    flaws = [*_too_many(payload), *refusals.refused(payload)]
    problems = [_located(flaw, entry, path) for flaw in flaws]
    cuts: set[JsonPath] = {flaw.path for flaw in flaws}
    try:
        asked = EntityRequest.model_validate(_without(payload, cuts))
    except ValidationError as error:
        problems += problems_in(error, EntityRequest, entry, path)
        cuts |= {_cut(details["loc"], payload) for details in error.errors(include_input=False)}
        asked = EntityRequest.model_validate({"name": PLACEHOLDER, **_without(payload, cuts)})
    left_out = list(_left_out(payload, cuts))
    return Shape(
        asked,
        tuple(problems),
        {key: tuple(_left(payload, cuts, key)) for key in LISTS},
        frozenset(name for name in left_out if isinstance(name, str)),
        complete=None not in left_out,
    )


def _too_many(payload: Mapping[str, Any]) -> Iterator[Flaw]:
    listing = payload.get("list")
    filters = listing.get("filters") if isinstance(listing, dict) else None
    counted: list[tuple[JsonPath, object, int]] = [
        *(((key,), payload.get(key), most) for key, most in LISTS.items()),
        (("list", "filters"), filters, FILTERS),
    ]
    for path, value, most in counted:
        if isinstance(value, list | dict) and len(value) > most:
            message = f"holds {len(value)}; at most {most} are allowed."
            yield Flaw(path, message)


def _located(flaw: Flaw, entry: Entry, path: JsonPath) -> Problem:
    where = entry.where((*path, *flaw.path), key=flaw.at_key)
    return Problem(where, flaw.message, flaw.hint)


def _cut(loc: JsonPath, payload: Mapping[str, Any]) -> JsonPath:
    """The smallest part to leave out with what is wrong at a place."""
    if loc[0] == "list":
        return loc[: 3 if loc[1:2] == ("filters",) else 2]
    if loc[0] not in LISTS:
        return loc[:1]
    return loc if _is_unknown_key(loc, payload) else loc[:2]


def _is_unknown_key(loc: JsonPath, payload: Mapping[str, Any]) -> bool:
    """Whether the place is a key that its model does not know: the rest is worth reading."""
    if loc[0] != "fields" or len(loc) not in {3, 4}:
        return False
    inside: Any = payload
    for part in loc[:-1]:
        if isinstance(inside, str):  # a short form, which has no keys of its own
            return False
        inside = inside[part]
    model: type[BaseModel] = FieldRequest if len(loc) == 3 else ItemRequest
    return isinstance(inside, dict) and loc[-1] not in model.model_fields


def _without(value: Any, cuts: Collection[JsonPath]) -> Any:  # noqa: ANN401 (any JSON)
    """The value without what stands at the paths."""
    if not cuts or not isinstance(value, dict | list):
        return value
    below: dict[str | int, list[JsonPath]] = {}
    for cut in cuts:
        below.setdefault(cut[0], []).append(cut[1:])
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    left = [(k, _without(v, below.get(k, ()))) for k, v in pairs if () not in below.get(k, ())]
    return dict(left) if isinstance(value, dict) else [item for _, item in left]


def _left(payload: Mapping[str, Any], cuts: Collection[JsonPath], key: str) -> Iterator[int]:
    """Where the items of a list stood that are left."""
    items = payload.get(key)
    if isinstance(items, list) and (key,) not in cuts:
        yield from (index for index in range(len(items)) if (key, index) not in cuts)


def _left_out(payload: Mapping[str, Any], cuts: Collection[JsonPath]) -> Iterator[str | None]:
    """The names of fields and relations that were left out; None for one without a name."""
    for key in ("fields", "relations"):
        items = payload.get(key, [])
        if not isinstance(items, list):
            yield None
            continue
        for index, item in enumerate(items):
            if (key,) in cuts or (key, index) in cuts:
                yield _name(item)


def _name(item: object) -> str | None:
    if isinstance(item, str):
        return short_form.name_in(item)
    name = item.get("name") if isinstance(item, dict) else None
    return name if isinstance(name, str) else None
