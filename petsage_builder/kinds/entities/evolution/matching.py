"""What became of each entity, field and relation: it kept its name, or says what it was called."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from petsage_builder import names
from petsage_builder.field_types.field import Field
from petsage_builder.kinds.entities.asked import BelongsTo, Entity, ManyToMany
from petsage_builder.kinds.entities.rules.flaw import Flaw
from petsage_builder.names import Ident
from petsage_builder.strict_json import JsonPath

Renames = Mapping[Ident, Ident]
"""The new name of each thing that was renamed, by its old one."""
LEAVE = "Leave it out: it is for what was built under another name."


@dataclass(frozen=True, slots=True)
class Pair:
    """An entity before and after a change; `number` is its place in the request of now.

    `fields`: those that were renamed, with the fields that hold ids; `relations` likewise.
    """

    before: Entity
    after: Entity
    number: int
    fields: Renames
    relations: Renames

    def reversed(self) -> Pair:
        """The same change, taken back."""
        fields, relations = inverse(self.fields), inverse(self.relations)
        return Pair(self.after, self.before, self.number, fields, relations)


@dataclass(frozen=True, slots=True)
class Matched:
    """The entities of a feature that stay, by pairs, those that are new, and those that go."""

    pairs: tuple[Pair, ...]
    added: tuple[Entity, ...]
    dropped: tuple[Entity, ...]

    @property
    def tables(self) -> Renames:
        """The entities that were renamed."""
        changed = (pair for pair in self.pairs if pair.before.name != pair.after.name)
        return {pair.before.name: pair.after.name for pair in changed}


def inverse(renames: Renames) -> Renames:
    """The old name of each thing, by its new one."""
    return {new: old for old, new in renames.items()}


def match(before: Sequence[Entity], after: Sequence[Entity], found: list[Flaw]) -> Matched:
    """What became of the entities; what is wrong with a renamed_from is added to what was found."""
    old = {entity.name: entity for entity in before}
    origins = _origins(after, tuple(old), "entity", (), found)
    pairs = []
    for number, entity in enumerate(after):
        inside: list[Flaw] = []
        origin = old.get(origins.get(entity.name, entity.name))
        pair = _pair(origin, entity, number, inside)
        if pair is not None:
            pairs.append(pair)
        found += (flaw.below(number) for flaw in inside)
    kept = {pair.before.name for pair in pairs}
    new = {pair.after.name for pair in pairs}
    return Matched(
        pairs=tuple(pairs),
        added=tuple(entity for entity in after if entity.name not in new),
        dropped=tuple(entity for entity in before if entity.name not in kept),
    )


def _pair(before: Entity | None, after: Entity, number: int, found: list[Flaw]) -> Pair | None:
    """The entity before and after; None for a new one, in which nothing was renamed either."""
    old_fields = () if before is None else tuple(field.name for field in _own(before))
    origins = _origins(_own(after), old_fields, "field", ("fields",), found)
    old_relations = {r.name: r for r in _relations(before)} if before else {}
    relations = _relations(after)
    sources = _origins(relations, tuple(old_relations), "relation", ("relations",), found)
    if before is None:
        return None
    ids = {
        old_relations[sources[one.name]].field.name: one.field.name
        for one in relations
        if one.name in sources
    }
    return Pair(before, after, number, {**inverse(origins), **ids}, inverse(sources))


def _own(entity: Entity) -> tuple[Field, ...]:
    """The fields that were asked for as such."""
    held = {relation.field.name for relation in _relations(entity)}
    return tuple(field for field in entity.fields if field.name not in held)


def _relations(entity: Entity) -> tuple[BelongsTo | ManyToMany, ...]:
    return tuple(one for one in entity.relations if isinstance(one, BelongsTo | ManyToMany))


Named = Entity | Field | BelongsTo | ManyToMany


def _origins(
    after: Sequence[Named], before: Sequence[Ident], kind: str, path: JsonPath, found: list[Flaw]
) -> dict[Ident, Ident]:
    """The old name of each thing that was renamed, by its new one.

    What was built under its new name already has been renamed: the word is left over.
    """
    origins: dict[Ident, Ident] = {}
    there = {one.name for one in after}
    for number, one in enumerate(after):
        source = one.renamed_from
        if source is None or one.name in before:
            continue
        wrong = list(_wrong(source, kind, before, there, origins))
        place = (*path, number, "renamed_from")
        found += (Flaw(place, message, hint) for message, hint in wrong)
        if not wrong:
            origins[one.name] = source
    return origins


def _wrong(
    source: Ident,
    kind: str,
    before: Sequence[Ident],
    there: set[Ident],
    origins: Mapping[Ident, Ident],
) -> Iterator[tuple[str, str]]:
    if source not in before:
        guess = names.did_you_mean(source, before)
        yield f"no {kind} '{source}' was built.", guess or LEAVE
    elif source in there:
        yield f"the {kind} '{source}' is still there, so it was not renamed.", LEAVE
    elif source in origins.values():
        yield f"another {kind} was renamed from '{source}' too.", "Only one of them can be it."
