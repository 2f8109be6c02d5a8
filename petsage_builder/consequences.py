"""What follows from a change beyond its files: for the API, the tests, and what is built on it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from petsage_builder.expected import ids_in, tests_in
from petsage_builder.paths import OPENAPI, base_path
from petsage_builder.trees import Tree

if TYPE_CHECKING:
    from petsage_builder.api import ApiChange
    from petsage_builder.draft import Draft


@dataclass(frozen=True, slots=True)
class TestChanges:
    """The ids of the tests that come and go; one with parameters counts once."""

    __test__ = False

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    @property
    def told(self) -> str:
        """The counts in words, if there are any."""
        if not self.added and not self.removed:
            return ""
        return f"{len(self.added)} added, {len(self.removed)} removed"


@dataclass(frozen=True, slots=True)
class Dependent:
    """A built feature whose tables refer to those of features that change."""

    feature: str
    on: tuple[str, ...]

    @property
    def told(self) -> str:
        verb = "changes" if len(self.on) == 1 else "change"
        return f"{self.feature} depends on {' and '.join(self.on)}, which {verb}"


@dataclass(frozen=True, slots=True)
class Consequences:
    """Everything that follows; `unknown` says why nothing is told of the API."""

    api: tuple[ApiChange, ...]
    unknown: str
    tests: TestChanges
    dependents: tuple[Dependent, ...]


def consequences_of(draft: Draft) -> Consequences:
    """What follows from a draft, as far as it is known without running a test."""
    api, unknown = _api(draft)
    tests, dependents = TestChanges(*_tests(draft)), tuple(_dependents(draft))
    return Consequences(api, unknown, tests, dependents)


def _api(draft: Draft) -> tuple[tuple[ApiChange, ...], str]:
    """What changes in the API, or why that is not known."""
    described = draft.described
    if described.trouble:
        return (), f"the app can't tell it: {described.trouble}"
    if not described.document:
        return _asked_for(draft) if draft.is_first else (), ""
    # Late: a command that does not ask the app compares nothing.
    from petsage_builder.api import api_changes
    from petsage_builder.api.document import Document, read_document

    built = draft.documents.get(base_path(OPENAPI), "")
    old = Document({}) if draft.is_first else read_document(built)
    new = read_document(described.document)
    return (api_changes(old, new), "") if old and new else ((), "no record tells what it was")


def _asked_for(draft: Draft) -> tuple[ApiChange, ...]:
    """The API of a first build, as the requests have it."""
    from petsage_builder.api import added, ordered

    routes = (route for spec in draft.plan.project.features for route in spec.routes)
    return ordered(added(f"{r.method} {r.url}", r.request, r.responses) for r in routes)


def _tests(draft: Draft) -> Iterator[tuple[str, ...]]:
    """The ids of the tests that come, and of those that go."""
    changes = draft.changes.writes
    before = ids_of_tests({c.path: c.before for c in changes if c.before is not None})
    after = ids_of_tests({c.path: c.after for c in changes if c.after is not None})
    yield tuple(test for test in after if test not in before)
    yield tuple(test for test in before if test not in after)


def ids_of_tests(tree: Tree) -> Mapping[str, None]:
    """Every test of a tree, in order; a module that is no Python has none."""
    found: dict[str, None] = {}
    for path, content in tests_in(tree):
        with contextlib.suppress(SyntaxError, ValueError, RecursionError, MemoryError):
            found |= dict.fromkeys(ids_in(path, content))
    return found


def _dependents(draft: Draft) -> Iterator[Dependent]:
    written = {change.path for change in draft.changes.writes}
    steps = draft.plan.by_feature()
    changed = {name for name, own in steps.items() if any(step.target in written for step in own)}
    for spec in draft.plan.project.features:
        on = tuple(name for name in spec.needs if name in changed and name != spec.feature)
        if on and spec.feature in draft.records.manifest.features:
            yield Dependent(spec.feature, on)
