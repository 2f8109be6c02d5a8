"""Finds the targets of relations, in this feature and in the others of the project."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from graphlib import CycleError, TopologicalSorter
from uuid import UUID

from petsage_builder import names
from petsage_builder.entries import Entry
from petsage_builder.errors import Problem
from petsage_builder.kinds.entities.asked import (
    BelongsTo,
    Entity,
    ManyToMany,
    Mirror,
    Nesting,
    OnDelete,
    Operation,
    Relation,
    Target,
)
from petsage_builder.kinds.entities.homes import Asked, Home
from petsage_builder.kinds.entities.naming import classes_of, entity_names
from petsage_builder.kinds.entities.parents import ids_of, needed, parent_rows, with_ids
from petsage_builder.kinds.entities.reaching import reached
from petsage_builder.kinds.entities.rules.flaw import Flaw
from petsage_builder.kinds.entities.samples import NoSampleError, Row
from petsage_builder.names import Ident
from petsage_builder.strict_json import JsonPath

AT: JsonPath = ("requirements", "entities")


@dataclass(frozen=True, slots=True)
class Unlinked:
    """A feature's entities as they were read; `entities` is empty for other kinds of feature."""

    feature: Ident
    entry: Entry
    entities: tuple[Entity, ...]


def link(features: Sequence[Unlinked]) -> tuple[dict[Ident, Asked], list[Problem]]:
    """What is asked of each feature that has entities, or every target that is not there."""
    linker = _Linker(features)
    problems = [*linker.problems()]
    if problems:
        return {}, problems
    known, problems = linker.linked()
    asked = {
        one.feature: Asked(
            entities=tuple(known[entity.name].entity for entity in one.entities),
            known=known,
            needs=tuple(sorted(linker.needs(one))),
        )
        for one in features
        if one.entities
    }
    return asked, problems


class _Linker:
    """Knows every entity of the project by its name, which is that of its table."""

    def __init__(self, features: Sequence[Unlinked]) -> None:
        self.features = {one.feature: one for one in features}
        self.homes: dict[Ident, Home] = {}
        for one in features:
            classes = classes_of(one.entities)
            for entity in one.entities:
                home = Home(one.feature, entity, entity_names(entity, classes))
                self.homes.setdefault(entity.name, home)

    def problems(self) -> Iterator[Problem]:
        """Everything that is wrong with targets, then with circles of them."""
        found = [problem for one in self.features.values() for problem in self._of(one)]
        yield from found or self._circles()

    def _of(self, one: Unlinked) -> Iterator[Problem]:
        for index, entity in enumerate(one.entities):
            for number, relation in enumerate(entity.relations):
                for flaw in self._flaws(one.feature, entity, relation):
                    path = (*AT, index, "relations", number, *flaw.path)
                    yield Problem(one.entry.where(path), flaw.message, flaw.hint)

    def _flaws(self, feature: Ident, entity: Entity, relation: Relation) -> Iterator[Flaw]:
        target = self._find(feature, relation.target)
        if isinstance(target, Flaw):
            yield target.below("target")
        elif isinstance(relation, Mirror):
            yield from _mirror(entity, relation, target)
            if relation.name in entity.include and self.homes[target.name].feature != feature:
                message = f"{relation.name} is in another feature, whose models need those of here."
                hint = f"Include the {entity.name} there instead."
                yield Flaw(("name",), message, hint)
        elif isinstance(relation, BelongsTo) and target is entity and relation.field.required:
            message = f"the first {entity.name} would have none to belong to."
            yield Flaw(("required",), message, 'Say "required": false.')
        elif isinstance(relation, ManyToMany) and relation.through is not None:
            if Operation.LIST not in target.operations:
                yield _unlisted(entity, target)
            middle = self._find(feature, relation.through)
            if isinstance(middle, Flaw):
                yield middle.below("through")
            else:
                yield from self._sides(relation, middle, (entity, target))

    def _find(self, feature: Ident, target: Target) -> Entity | Flaw:
        """The entity, or why there is none."""
        home = self.features.get(target.feature or feature)
        if home is None:
            message = f"feature '{target.feature}' is not built, and its request is not given."
            guess = names.did_you_mean(str(target.feature), self.features)
            return Flaw((), message, guess or _first(str(target.feature)))
        named = {entity.name: entity for entity in home.entities}
        if target.entity in named:
            return named[target.entity]
        there = f"feature '{home.feature}'" if target.feature else "this feature"
        return Flaw((), f"{there} has no entity '{target.entity}'.", self._meant(target, named))

    def _meant(self, target: Target, named: Mapping[Ident, Entity]) -> str:
        """What may have been meant: an entity of that name elsewhere, or one nearly called so."""
        renamed = [entity.name for entity in named.values() if entity.renamed_from == target.entity]
        if renamed:
            both = "and build both requests together"
            return f"It is '{renamed[0]}' now: name that here, {both}."
        if target.entity in self.homes:
            return f"Did you mean '{self.homes[target.entity].feature}.{target.entity}'?"
        guess = names.did_you_mean(target.entity, named)
        return guess or (f"It has {', '.join(named)}." if named else "It has no entities.")

    def _sides(
        self, relation: ManyToMany, middle: Entity, sides: tuple[Entity, Entity]
    ) -> Iterator[Flaw]:
        """An entity in between belongs to one on each side."""
        feature = self.homes[middle.name].feature
        for side in dict.fromkeys(one.name for one in sides):
            wanted = 2 if sides[0] is sides[1] else 1
            there = [r for r in middle.belongs_to if self._is(feature, r.target, side)]
            if len(there) != wanted:
                message = f"{middle.name} has {len(there)} belongs_to to {side}, not {wanted}."
                hint = f"'{relation.name}' goes through it, so it belongs to one on each side."
                yield Flaw(("through",), message, hint)

    def _is(self, feature: Ident, target: Target, name: Ident) -> bool:
        return self.homes[name].feature == (target.feature or feature) and target.entity == name

    def needs(self, one: Unlinked) -> set[Ident]:
        """The other features that the tables of this one refer to."""
        targets = (r.target for entity in one.entities for r in entity.kept)
        return {t.feature for t in targets if t.feature is not None} - {one.feature}

    def _circles(self) -> Iterator[Problem]:
        """Features that need each other; entities none of which could be the first."""
        circle = _circle({one.feature: self.needs(one) for one in self.features.values()})
        if circle:
            one = self.features[circle[0]]
            message = f"these features refer to each other: {' -> '.join(circle)}."
            hint = "Put the entities into one feature, or let one side leave its relation out."
            yield Problem(one.entry.where(AT), message, hint)
            return
        circle = _circle({name: self._required(home) for name, home in self.homes.items()})
        if circle:
            one = self.features[self.homes[circle[0]].feature]
            message = f"each of these needs the next one first: {' -> '.join(circle)}."
            hint = 'Say "required": false of one of these relations.'
            yield Problem(one.entry.where(AT), message, hint)

    def _required(self, home: Home) -> set[Ident]:
        """The entities that must be there before a row of this one can be, itself apart."""
        return {relation.target.entity for relation in needed(home.entity)} - {home.entity.name}

    def _held(self) -> set[Ident]:
        """The entities whose rows others keep: those that belong to them, or would go with them."""

        def kept(name: Ident, on_delete: OnDelete) -> Iterator[Ident]:
            relations = self.homes[name].entity.belongs_to
            yield from (r.target.entity for r in relations if r.on_delete is on_delete)

        restricted = (one for name in self.homes for one in kept(name, OnDelete.RESTRICT))
        return reached(restricted, lambda name: kept(name, OnDelete.CASCADE))

    def _under(self) -> dict[Ident, list[tuple[Ident, Nesting]]]:
        """By entity, the entities below whose rows it is found, and by what relations."""
        under: dict[Ident, list[tuple[Ident, Nesting]]] = {name: [] for name in self.homes}
        for name, home in self.homes.items():
            for relation in home.entity.nestings:
                under[relation.target.entity].append((name, relation))
        return under

    def linked(self) -> tuple[dict[Ident, Home], list[Problem]]:
        """Every entity with targets that say their feature, and samples that refer to parents."""
        problems = []
        order = {name: self._required(home) for name, home in self.homes.items()}
        parents: dict[Ident, tuple[Row, ...]] = {}
        ids: dict[Ident, tuple[UUID, ...]] = {}
        behind: dict[Ident, set[Ident]] = {}
        for name in TopologicalSorter(order).static_order():
            try:
                parents[name] = parent_rows(self.homes[name].entity, ids)
            except NoSampleError as error:
                where = self.features[self.homes[name].feature].entry.where(AT)
                problems.append(Problem(where, f"{name}: {error}"))
            ids[name] = ids_of(name, len(parents.setdefault(name, ())))
            behind[name] = {name}.union(order[name], *(behind[one] for one in order[name]))
        known = {}
        held, under = self._held(), self._under()
        for name, home in self.homes.items():
            targets = {relation.target.entity for relation in home.entity.kept}
            circular = {target for target in targets if name in behind[target]}
            entity = with_ids(_with_features(home), ids, circular)
            entity = replace(entity, held=name in held)
            known[name] = replace(
                home, entity=entity, parents=parents[name], under=tuple(under[name])
            )
        return known, problems


def _with_features(home: Home) -> Entity:
    """The entity with targets that say their feature."""
    relations = tuple(
        replace(one, target=replace(one.target, feature=one.target.feature or home.feature))
        for one in home.entity.relations
    )
    return replace(home.entity, relations=relations)


def _mirror(entity: Entity, relation: Mirror, target: Entity) -> Iterator[Flaw]:
    """What it mirrors has to be there, and has to lead back."""
    found = [one for one in target.belongs_to if one.name == relation.inverse]
    back = [one for one in found if one.target.entity == entity.name]
    if not back:
        known = [one.name for one in target.belongs_to if one.target.entity == entity.name]
        message = f"{target.name} has no belongs_to '{relation.inverse}' to {entity.name}."
        yield Flaw(("inverse",), message, names.did_you_mean(relation.inverse, known))
    elif not relation.many and not back[0].field.unique:
        message = f"several {target.plural} could belong to one {entity.name}."
        hint = f'Say "unique": true of {target.name}\'s {relation.inverse}, or has_many.'
        yield Flaw(("kind",), message, hint)
    elif not relation.many and Operation.READ not in target.operations:
        message = f"{target.plural} can't be read, so that of one {entity.name} can't be."
        yield Flaw(("target",), message, f'Add "read" to the operations of {target.name}.')
    elif relation.many and Operation.LIST not in target.operations:
        yield _unlisted(entity, target)


def _unlisted(entity: Entity, target: Entity) -> Flaw:
    message = f"{target.plural} can't be listed, so those of one {entity.name} can't be."
    return Flaw(("target",), message, f'Add "list" to the operations of {target.name}.')


def _first(feature: str) -> str:
    return f"Build the request of '{feature}' first, or give both: {feature}.json and this one."


def _circle(graph: Mapping[Ident, set[Ident]]) -> list[Ident]:
    """The members of a circle, the first of them at both ends; none where there is no circle."""
    known = {name: sorted(needed & graph.keys()) for name, needed in sorted(graph.items())}
    try:
        TopologicalSorter(known).prepare()
    except CycleError as error:
        return list(reversed(error.args[1]))
    return []
