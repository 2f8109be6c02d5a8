"""What changes between two JSON Schemas, as far as clients notice it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from petsage_builder.api.document import ORIGIN, Document, Json, Schema, items, mapping
from petsage_builder.api.rules import TAKEN, Found, Rule, Way, presence

MORE, LESS, OTHER = "more", "less", "other"
ANY = "any"
MOST_SHOWN = 60  # characters of a value
Judge = Callable[[Json, Json], str]
Choices = Sequence[Json] | None


def _at_least(old: Json, new: Json) -> str:
    """A bound from below: no bound is the lowest."""
    if isinstance(old, int | float) and isinstance(new, int | float):
        return LESS if new > old else MORE
    return _limits(old, new)


def _at_most(old: Json, new: Json) -> str:
    if isinstance(old, int | float) and isinstance(new, int | float):
        return LESS if new < old else MORE
    return _limits(old, new)


def _limits(old: Json, new: Json) -> str:
    """A keyword refuses something; whether more than another value of it, nobody can tell."""
    if old is None:
        return LESS
    return MORE if new is None else OTHER


def _number(old: Json, _: Json) -> str:
    """Between alike types there is one difference: whole numbers are some of the numbers."""
    return MORE if old == "integer" else LESS


KEYWORDS: Mapping[str, Judge] = {
    "type": _number,
    **dict.fromkeys(("minimum", "exclusiveMinimum", "minLength", "minItems"), _at_least),
    **dict.fromkeys(("maximum", "exclusiveMaximum", "maxLength", "maxItems"), _at_most),
    **dict.fromkeys(("minProperties", "minContains"), _at_least),
    **dict.fromkeys(("maxProperties", "maxContains"), _at_most),
    **dict.fromkeys(("pattern", "format", "multipleOf", "uniqueItems", "contentEncoding"), _limits),
    **dict.fromkeys(("allOf", "not", "if", "then", "else", "contains", "propertyNames"), _limits),
    **dict.fromkeys(("prefixItems", "patternProperties", "dependentRequired"), _limits),
}


@dataclass(frozen=True, slots=True)
class Comparison:
    """Compares what was taken, or answered, with what is; places are told from the schema down.

    `known`: what was found out about schemas that are referred to.
    """

    old: Document
    new: Document
    way: Way
    known: dict[tuple[Json, Json], tuple[Found, ...]] = field(default_factory=dict)

    def of(self, old: Schema, new: Schema) -> Iterator[Found]:
        """Every difference that clients notice."""
        assumed = self.new.resolved(new).get("default")
        if self.way is TAKEN and self.old.resolved(old).get("default") != assumed:
            yield Found(Rule.ASSUMES, what=_shown(assumed))
        before, after = variants(self.old, old), variants(self.new, new)
        if ANY not in after:
            gone = (kind for kind in before if kind not in after)
            yield from (Found(self.way.less, what=f"no {kind}") for kind in gone)
        if ANY not in before:
            come = (kind for kind in after if kind not in before)
            yield from (Found(self.way.more, what=f"{kind} too") for kind in come)
        for kind in before:
            if kind in after:
                yield from self._alike(before[kind], after[kind])

    def _alike(self, old: Schema, new: Schema) -> Iterable[Found]:
        """The differences of two schemas of one type."""
        if ORIGIN not in old or ORIGIN not in new:
            return self._differences(old, new)
        pair = old[ORIGIN], new[ORIGIN]
        if pair not in self.known:
            self.known[pair] = ()  # what refers to itself adds nothing new
            self.known[pair] = tuple(self._differences(old, new))
        return self.known[pair]

    def _differences(self, old: Schema, new: Schema) -> Iterator[Found]:
        for keyword, judge in KEYWORDS.items():
            one, other = old.get(keyword), new.get(keyword)
            if one != other:
                rule = getattr(self.way, judge(one, other))
                yield Found(rule, what=_changed(keyword, one, other))
        yield from self._choices(_choices(old), _choices(new))
        yield from self._fields(old, new)
        if "items" in old or "items" in new:
            yield from _below("[]", self.of(mapping(old.get("items")), mapping(new.get("items"))))
        if "additionalProperties" in old or "additionalProperties" in new:
            yield from self._others(_others(old), _others(new))

    def _choices(self, old: Choices, new: Choices) -> Iterator[Found]:
        if old is None or new is None:
            if old != new:
                rule = self.way.less if old is None else self.way.more
                yield Found(rule, what="any value" if new is None else f"only {_listed(new)}")
            return
        if gone := [value for value in old if value not in new]:
            yield Found(self.way.less, what=f"no {_listed(gone)}")
        if come := [value for value in new if value not in old]:
            yield Found(self.way.more, what=f"{_listed(come)} too")

    def _fields(self, old: Schema, new: Schema) -> Iterator[Found]:
        before, after = mapping(old.get("properties")), mapping(new.get("properties"))
        yield from presence(self.way, _needed(old), _needed(new))
        for name in before:
            if name in after:
                yield from _below(f".{name}", self.of(mapping(before[name]), mapping(after[name])))

    def _others(self, old: Schema | None, new: Schema | None) -> Iterator[Found]:
        """Fields without a name in the schema; None: there are none."""
        if old is not None and new is not None:
            yield from _below(".*", self.of(old, new))
        elif old is not new:
            yield Found(self.way.gone if new is None else self.way.new, ".*")


def variants(document: Document, schema: Schema) -> Mapping[str, Schema]:
    """What a value may be, by its type; whole numbers are numbers, and what may be all is any."""
    found: dict[str, Schema] = {}
    for one in _alternatives(document, document.resolved(schema), frozenset()):
        named = one.get("type", "choice" if _choices(one) is not None else ANY)
        for name in items(named) or (named,):
            kind = "number" if name == "integer" else str(name)
            while kind in found:
                kind = f"another {kind}"
            found[kind] = {**one, "type": name}
    return found


def _alternatives(document: Document, schema: Schema, above: frozenset[Json]) -> Iterator[Schema]:
    """The schemas of a union, of unions in it too; one that holds itself adds nothing."""
    union = items(schema.get("anyOf")) or items(schema.get("oneOf"))
    origin = schema.get(ORIGIN)
    if not union:
        yield schema
    elif origin is None or origin not in above:
        for one in union:
            yield from _alternatives(document, document.resolved(one), above | {origin})


def _choices(schema: Schema) -> Choices:
    """The values that can be chosen from; None: any can."""
    if "const" in schema:
        return [schema["const"]]
    return items(schema["enum"]) if "enum" in schema else None


def _needed(schema: Schema) -> Mapping[str, bool]:
    """The places of the fields of an object, and whether they have to be there."""
    needed = items(schema.get("required"))
    return {f".{name}": name in needed for name in mapping(schema.get("properties"))}


def _others(schema: Schema) -> Schema | None:
    said = schema.get("additionalProperties", True)
    return None if said is False else mapping(said)


def _below(place: str, found: Iterable[Found]) -> Iterator[Found]:
    return (replace(one, place=place + one.place) for one in found)


def _changed(keyword: str, old: Json, new: Json) -> str:
    if new is None:
        return f"no {keyword}, was {_shown(old)}"
    return f"{keyword} {_shown(new)}" + ("" if old is None else f", was {_shown(old)}")


def _listed(values: Iterable[Json]) -> str:
    return ", ".join(map(_shown, values))


def _shown(value: Json) -> str:
    written = json.dumps(value)
    return written if len(written) <= MOST_SHOWN else f"{written[:MOST_SHOWN]}..."
