"""What changes between two OpenAPI documents, and what of it breaks clients. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from petsage_builder.api.document import Document, Operation, Part
from petsage_builder.api.rules import ANSWERED, FAILED, SUCCEEDED, TAKEN, Found, Rule, presence
from petsage_builder.api.schemas import Comparison
from petsage_builder.text import escape_invisible, python_escape


@dataclass(frozen=True, slots=True)
class ApiChange:
    """One change of one operation, in words; `why` says how it breaks clients, if it does.

    `outcome` is the operation's: added, removed, moved or changed.
    """

    operation: str
    outcome: str
    change: str
    breaking: bool
    why: str


PRECONDITION_REQUIRED = "428"
OUTCOMES = {Rule.REMOVED: "removed", Rule.MOVED: "moved"}


def api_changes(old: Document, new: Document) -> tuple[ApiChange, ...]:
    """Every change that clients notice."""
    before, after = old.operations(), new.operations()
    earlier = _earlier(before, after)
    taken, answered = Comparison(old, new, TAKEN), Comparison(old, new, ANSWERED)
    changes: list[ApiChange] = []
    for one in after:
        was = earlier.get(one.name)
        changes += _told(one, _changed(was, one, taken, answered)) if was else [_new(one)]
    kept = {one.name for one in earlier.values()}
    for one in before:
        if one.name not in kept:
            changes += _told(one, [Found(Rule.REMOVED)])
    return ordered(changes)


def ordered(changes: Iterable[ApiChange]) -> tuple[ApiChange, ...]:
    """The changes by the paths of their operations."""
    return tuple(sorted(changes, key=lambda change: change.operation.partition(" ")[2]))


def _earlier(before: Iterable[Operation], after: Iterable[Operation]) -> Mapping[str, Operation]:
    """What each operation was, by its name: the one at its place, or of its id, if that is gone."""
    places = {one.url: one for one in before}
    found = {one.name: places.pop(one.url) for one in after if one.url in places}
    ids = {one.id: one for one in places.values() if one.id}
    moved = {one.name: ids.pop(one.id) for one in after if one.name not in found and one.id in ids}
    return {**found, **moved}


def _new(operation: Operation) -> ApiChange:
    bodies = [_named(part) for part in operation.takes.values() if not part.place and part.schema]
    query = ["query" for label in operation.takes if label.startswith("query ")]
    status = next(filter(_succeeds, operation.answers), "nothing")
    answer = [_named(part) for part in operation.answers.get(status, {}).values() if part.schema]
    return added(operation.name, (*bodies, *query, "nothing")[0], " ".join([status, *answer[:1]]))


def added(operation: str, takes: str, answers: str) -> ApiChange:
    """A new operation, and in short what it takes and answers."""
    return _change(operation, "added", Found(Rule.ADDED, takes, answers))


def _named(part: Part) -> str:
    schema = part.schema or {}
    return str(schema.get("$ref") or schema.get("title") or "JSON").rpartition("/")[2]


def _changed(
    old: Operation, new: Operation, taken: Comparison, answered: Comparison
) -> Iterator[Found]:
    if old.url != new.url:
        yield Found(Rule.MOVED, what=old.name)
    yield from _taken(old.takes, new.takes, taken)
    yield from _statuses(old.answers, new.answers)
    for status in old.answers:
        if status in new.answers:
            yield from _answered(status, old.answers[status], new.answers[status], answered)


def _taken(
    old: Mapping[str, Part], new: Mapping[str, Part], comparison: Comparison
) -> Iterator[Found]:
    for one in presence(TAKEN, _needed(old), _needed(new)):
        free = one.rule is TAKEN.gone and old[one.place].schema is None  # credentials
        yield replace(one, rule=TAKEN.needed_no_more) if free else one
    yield from _within(old, new, "the body", comparison)


def _statuses(old: Iterable[str], new: Iterable[str]) -> Iterator[Found]:
    for way, wanted in ((SUCCEEDED, True), (FAILED, False)):
        before = {status: False for status in old if _succeeds(status) is wanted}
        after = {status: False for status in new if _succeeds(status) is wanted}
        for one in presence(way, before, after):
            refuses = one == Found(Rule.FAILS, PRECONDITION_REQUIRED)
            yield Found(Rule.NEEDS_CONDITION) if refuses else one


def _answered(
    status: str, old: Mapping[str, Part], new: Mapping[str, Part], comparison: Comparison
) -> Iterator[Found]:
    way, whole = (ANSWERED, "the answer") if _succeeds(status) else (FAILED, "the error")
    yield from presence(way, _needed(old), _needed(new))
    yield from _within(old, new, whole, comparison)


def _within(
    old: Mapping[str, Part], new: Mapping[str, Part], whole: str, comparison: Comparison
) -> Iterator[Found]:
    """The changes of the parts that stay; `whole` is what a part without a name is called."""
    for label in old:
        before, after = old[label].schema, new[label].schema if label in new else None
        if before is not None and after is not None:
            for one in comparison.of(before, after):
                place = (new[label].place + one.place).removeprefix(".")
                yield replace(one, place=place or whole)


def _needed(parts: Mapping[str, Part]) -> Mapping[str, bool]:
    return {label: part.needed for label, part in parts.items()}


def _succeeds(status: str) -> bool:
    return status.startswith("2")


def _told(operation: Operation, found: Iterable[Found]) -> Iterator[ApiChange]:
    unique = tuple(dict.fromkeys(found))
    outcome = next((OUTCOMES[one.rule] for one in unique if one.rule in OUTCOMES), "changed")
    return (_change(operation.name, outcome, one) for one in unique)


def _change(operation: str, outcome: str, found: Found) -> ApiChange:
    words = found.rule.words.format(place=found.place, what=found.what)
    return ApiChange(
        operation=escape_invisible(operation, python_escape),
        outcome=outcome,
        change=escape_invisible(words, python_escape),
        breaking=bool(found.rule.why),
        why=found.rule.why,
    )
