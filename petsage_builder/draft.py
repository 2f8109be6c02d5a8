"""A change, thought through to the last byte, and not yet made."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from pathlib import Path

from petsage_builder.checks import UNKNOWN, Description
from petsage_builder.errors import Problem, RequestError
from petsage_builder.merge import ChangeSet, Outcome, merge, overwrite
from petsage_builder.names import did_you_mean
from petsage_builder.paths import OPENAPI, base_path
from petsage_builder.plan import Plan
from petsage_builder.recorded_requests import Requests
from petsage_builder.records import Records, new_manifest, record_files
from petsage_builder.trees import Tree

BUILT = base_path(OPENAPI)
DOCUMENTS = (OPENAPI, BUILT)


@dataclass(frozen=True, slots=True)
class Draft:
    """What a build would do.

    `stale`: features whose request is not the one on record; `recovered`: what an interrupted
    command had left, and what became of it. `documents`: the OpenAPI document on disk, and the one
    on record; `described`: the app's own, as far as somebody asked it.
    """

    root: Path
    python: str
    plan: Plan
    records: Records
    rendered: Tree
    changes: ChangeSet
    stale: frozenset[str]
    recovered: str = ""
    documents: Tree = field(default_factory=dict)
    described: Description = UNKNOWN

    @property
    def is_first(self) -> bool:
        """Whether nothing was built here before."""
        return not self.records.manifest.files and not self.documents

    def with_description(self, description: Description) -> Draft:
        """The draft, and in it the app's own OpenAPI document with its record, if there is one."""
        if not description.document:
            return replace(self, described=description)
        new = [(path, description.document) for path in DOCUMENTS]
        document, record = overwrite(self.documents, new)
        if document.outcome is Outcome.UPDATED and BUILT not in self.documents:
            document = replace(document, outcome=Outcome.CONFLICT, reason="exists, and is not ours")
        changes = ChangeSet((*self.changes.files, document, record))
        return replace(self, changes=changes, described=description)


def change_set(
    read: Callable[[str], str | None],
    plan: Plan,
    rendered: Tree,
    records: Records,
    requests: Requests,
    restore: Collection[str],
) -> ChangeSet:
    """The whole change: the rendered files, the requests, and the records that go with them."""
    restore = [posixpath.normpath(path) for path in restore]
    _refuse_unknown(restore, rendered)
    paths = sorted({*rendered, *records.base})
    files = merge(
        base=records.base,
        ours={path: content for path in paths if (content := read(path)) is not None},
        theirs=rendered,
        owners={step.target: step.owner for step in plan.steps},
        deleted={p for p, record in records.manifest.files.items() if record.deleted},
        restore=restore,
    )
    gone = rendered.keys() - files.after().keys()
    manifest = new_manifest(plan, rendered, gone, requests.digests)
    new = list(record_files(records, manifest, rendered, requests.texts))
    old = {path: content for path, _ in new if (content := read(path)) is not None}
    return ChangeSet((*files.files, *requests.changes, *overwrite(old, new)))


def documents_on(read: Callable[[str], str | None]) -> Tree:
    """The OpenAPI document of a workspace, and the one on record, as far as they are there."""
    return {path: content for path in DOCUMENTS if (content := read(path)) is not None}


def _refuse_unknown(restore: Collection[str], rendered: Tree) -> None:
    message = "is no generated file, so it can't be restored."
    problems = [
        Problem(path, message, did_you_mean(path, rendered) or "Name it from the workspace down.")
        for path in restore
        if path not in rendered
    ]
    if problems:
        raise RequestError(*problems)
