"""The next step of a feature's tables, or every reason why there is none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from petsage_builder.entries import Entry
from petsage_builder.errors import Problem
from petsage_builder.kinds.entities.asked import Entity
from petsage_builder.kinds.entities.evolution.findings import Finding, findings
from petsage_builder.kinds.entities.evolution.matching import Matched, Renames, match
from petsage_builder.kinds.entities.evolution.renaming import with_targets
from petsage_builder.kinds.entities.evolution.steps import change_of, steps_of, taken_back
from petsage_builder.kinds.entities.links import tables_of
from petsage_builder.kinds.entities.naming import listed
from petsage_builder.kinds.entities.rules.flaw import Flaw
from petsage_builder.names import Ident
from petsage_builder.spec import TAKE_IT_BACK, DatabaseChange, Evolution, Steps
from petsage_builder.strict_json import JsonPath
from petsage_builder.text import Text

AT: JsonPath = ("requirements", "entities")
DROPS = "--allow-destructive goes on without them."


@dataclass(frozen=True, slots=True)
class Changed:
    """A feature whose request changed: its entities as they were built, and as they are asked for.

    `needs`: other features whose tables its own refer to from now on.
    """

    feature: Ident
    entry: Entry
    before: tuple[Entity, ...]
    after: tuple[Entity, ...]
    needs: frozenset[Ident]


def evolve(
    features: Sequence[Changed], *, allowed: bool
) -> tuple[dict[Ident, Evolution], list[Problem]]:
    """What becomes of each feature's tables; losses are problems unless they are `allowed`."""
    problems: list[Problem] = []
    matched: dict[Ident, Matched] = {}
    for one in features:
        flaws: list[Flaw] = []
        matched[one.feature] = match(one.before, one.after, flaws)
        problems += [Problem(one.entry.where((*AT, *f.path)), f.message, f.hint) for f in flaws]
    if problems:
        return {}, problems
    renamed = {feature: found.tables for feature, found in matched.items()}
    evolved = {}
    for one in features:
        outside = _outside(one, renamed)
        before = tuple(with_targets(entity, outside) for entity in one.before)
        found = _Step(one, before, match(before, one.after, []))
        problems += found.problems(allowed=allowed)
        evolved[one.feature] = found.evolution(_followers(one, features))
    return evolved, problems


def _outside(one: Changed, renamed: Mapping[Ident, Renames]) -> dict[Ident, Ident]:
    """The entities of other features that have new names when this feature's step is made."""
    return {
        old: new
        for feature, tables in renamed.items()
        if feature in one.needs
        for old, new in tables.items()
    }


def _followers(one: Changed, features: Sequence[Changed]) -> frozenset[Ident]:
    """The features whose steps come after this one's: they drop what it referred to.

    Others make a table that has the name of one that goes here.
    """
    referred = {relation.target.entity for entity in one.before for relation in entity.kept}
    freed = _freed(one)
    return frozenset(
        other.feature
        for other in features
        if other is not one
        and other.feature not in one.needs
        and (referred & _freed(other) or freed & _made(other))
    )


def _freed(one: Changed) -> set[Ident]:
    """The names of tables that are there no more afterwards."""
    return _tables(one.before) - _tables(one.after)


def _made(one: Changed) -> set[Ident]:
    return _tables(one.after) - _tables(one.before)


def _tables(entities: Sequence[Entity]) -> set[Ident]:
    return {table for entity in entities for table in tables_of(entity)}


@dataclass(frozen=True, slots=True)
class _Step:
    """A feature's change, thought through in both directions."""

    changed: Changed
    before: tuple[Entity, ...]
    matched: Matched

    def found(self) -> Iterator[Finding]:
        change = change_of(self.before, self.changed.after, self.matched.pairs)
        yield from findings(self.matched, change)

    def problems(self, *, allowed: bool) -> Iterator[Problem]:
        """What is lost, unless that is allowed; and what is missing."""
        for one in self.found():
            where = self.changed.entry.where((*AT, *one.path))
            if one.lost and not allowed:
                yield Problem(where, one.lost, f"{one.hint} {DROPS}".strip())
            if one.missing:
                yield Problem(where, one.missing, one.hint)

    def evolution(self, followers: frozenset[Ident]) -> Evolution:
        """The step, and what it changes in words."""
        found = [one for one in self.found() if one.change]
        forward = change_of(self.before, self.changed.after, self.matched.pairs)
        back = taken_back(self.before, self.changed.after, self.matched.pairs)
        upgrade = tuple(steps_of(forward))
        steps = Steps(
            summary=_summary(self.changed),
            upgrade=upgrade,
            downgrade=tuple(steps_of(back)),
            reversal=_reversal(found),
        )
        changes = tuple(DatabaseChange(one.change, bool(one.lost)) for one in found)
        return Evolution(steps if upgrade else None, changes, followers)


def _summary(changed: Changed) -> Text:
    entities = changed.after or changed.before
    many = "the tables" if len(entities) > 1 else "the table"
    verb = "Change" if changed.after else "Drop"
    if not changed.before:
        verb = "Make"
    words = listed([entity.plural.replace("_", " ") for entity in entities])
    return Text(f"{verb} {many} of {words}.")


def _reversal(found: Sequence[Finding]) -> Text:
    """What is said of taking it back: values that are gone stay so."""
    gone = [one for one in found if one.change.startswith("drops ") and one.lost]
    return Text("Take it back; what was dropped comes back empty.") if gone else TAKE_IT_BACK
