"""A change, thought through to the last byte, and not yet made."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from petsage_builder.errors import Problem, RequestError
from petsage_builder.merge import ChangeSet, Outcome, Wishes, merge, overwrite
from petsage_builder.names import did_you_mean
from petsage_builder.plan import Plan
from petsage_builder.recorded_requests import Requests
from petsage_builder.records import Records, new_manifest, record_files
from petsage_builder.trees import Tree, digest


@dataclass(frozen=True, slots=True)
class Draft:
    """What a build would do.

    `stale`: features whose request is not the one on record; `recovered`: what an interrupted
    command had left, and what became of it.
    """

    root: Path
    python: str
    plan: Plan
    records: Records
    rendered: Tree
    changes: ChangeSet
    stale: frozenset[str]
    recovered: str = ""


def change_set(
    read: Callable[[str], str | None],
    plan: Plan,
    rendered: Tree,
    records: Records,
    requests: Requests,
    wishes: Wishes,
) -> ChangeSet:
    """The whole change: the rendered files, the requests, and the records that go with them."""
    paths = sorted({*rendered, *records.base})
    ours = {path: content for path in paths if (content := read(path)) is not None}
    _refuse(wishes, rendered, ours)
    files = merge(
        base=records.base,
        ours=ours,
        theirs=rendered,
        owners={step.target: step.owner for step in plan.steps},
        deleted={p for p, record in records.manifest.files.items() if record.deleted},
        wishes=wishes,
    )
    gone = rendered.keys() - files.after().keys()
    accepted = dict(_accepted(files, records, wishes.accept))
    manifest = new_manifest(plan, rendered, gone, accepted, requests.digests)
    new = list(record_files(records, manifest, rendered, requests.texts))
    old = {path: content for path, _ in new if (content := read(path)) is not None}
    return ChangeSet((*files.files, *requests.changes, *overwrite(old, new)))


def _accepted(
    files: ChangeSet, records: Records, accept: Collection[str]
) -> Iterator[tuple[str, str]]:
    """The digests of what was accepted, now or before; a merge of it with a render is, too."""
    for change in files.of(Outcome.KEPT, Outcome.MERGED):
        record, before = records.manifest.files.get(change.path), change.before
        known = record is not None and before is not None and record.accepts(before)
        if change.after is not None and (known or change.path in accept):
            yield change.path, digest(change.after)


def _refuse(wishes: Wishes, rendered: Tree, ours: Tree) -> None:
    """Raises a RequestError for every path of a wish that can't come true."""
    problems = []
    for path in (*wishes.restore, *wishes.accept):
        if path not in rendered:
            hint = did_you_mean(path, rendered) or "Name it from the workspace down."
            problems.append(Problem(path, "is no generated file.", hint))
    for path in wishes.accept:
        if path in rendered and ours.get(path) in (None, rendered[path]):
            said = "is as it is rendered" if path in ours else "is not there"
            problems.append(Problem(path, f"{said}, so there is no edit to accept."))
    if problems:
        raise RequestError(*problems)
