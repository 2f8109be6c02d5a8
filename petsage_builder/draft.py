"""A change, thought through to the last byte, and not yet made."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from petsage_builder.checks import UNKNOWN, Description
from petsage_builder.errors import Problem, RequestError, WorkspaceError
from petsage_builder.merge import ChangeSet, Outcome, Wishes, merge, overwrite
from petsage_builder.names import did_you_mean
from petsage_builder.paths import OPENAPI, base_path
from petsage_builder.plan import Plan
from petsage_builder.playground import essence, is_as_rendered
from petsage_builder.recorded_requests import Requests
from petsage_builder.records import Kept, Records, new_manifest, record_files
from petsage_builder.trees import Tree, digest

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
    wishes: Wishes,
) -> ChangeSet:
    """The whole change: the rendered files, the requests, and the records that go with them."""
    known = records.manifest.files
    paths = sorted({*rendered, *known})
    ours = {path: content for path in paths if (content := read(path)) is not None}
    _refuse(wishes, rendered, ours)
    base = {**records.base, **_given_up(ours, rendered, records, requests)}
    _refuse_unsure(sorted(ours.keys() - rendered.keys() - base.keys()))
    files = merge(
        base=base,
        ours=ours,
        theirs=rendered,
        owners={step.target: step.owner for step in plan.steps},
        deleted={path for path, record in known.items() if record.deleted},
        wishes=wishes,
    )
    kept = Kept(
        deleted=rendered.keys() - files.after().keys(),
        accepted=dict(_accepted(files, records, wishes.accept)),
        orphans={change.path: known[change.path] for change in files.of(Outcome.ORPHANED)},
    )
    manifest = new_manifest(plan, rendered, kept, requests.digests)
    bases = {**rendered, **{path: records.base[path] for path in kept.orphans}}
    new = list(record_files(records, manifest, bases, requests.texts))
    old = {path: content for path, _ in new if (content := read(path)) is not None}
    return ChangeSet((*files.files, *requests.changes, *overwrite(old, new)))


def documents_on(read: Callable[[str], str | None]) -> Tree:
    """The OpenAPI document of a workspace, and the one on record, as far as they are there."""
    return {path: content for path in DOCUMENTS if (content := read(path)) is not None}


def _accepted(
    files: ChangeSet, records: Records, accept: Collection[str]
) -> Iterator[tuple[str, str]]:
    """The digests of what was accepted, now or before; a merge of it with a render is, too."""
    for change in files.of(Outcome.KEPT, Outcome.MERGED):
        record, before = records.manifest.files.get(change.path), change.before
        known = record is not None and before is not None and record.accepts(change.path, before)
        if change.after is not None and (known or change.path in accept):
            yield change.path, digest(essence(change.path, change.after))


def _refuse(wishes: Wishes, rendered: Tree, ours: Tree) -> None:
    """Raises a RequestError for every path of a wish that can't come true."""
    problems = []
    for path in (*wishes.restore, *wishes.accept):
        if path not in rendered:
            hint = did_you_mean(path, rendered) or "Name it from the workspace down."
            hint = "Every build writes it anew." if path == OPENAPI else hint
            problems.append(Problem(path, "is no generated file.", hint))
    for path in wishes.accept:
        if path in rendered and not _is_edited(path, ours.get(path), rendered[path]):
            said = "is as it is rendered" if path in ours else "is not there"
            problems.append(Problem(path, f"{said}, so there is no edit to accept."))
    if problems:
        raise RequestError(*problems)


def _is_edited(path: str, ours: str | None, rendered: str) -> bool:
    return ours is not None and not is_as_rendered(path, ours, rendered)


def _given_up(ours: Tree, rendered: Tree, records: Records, requests: Requests) -> Tree:
    """The files of a feature that goes whatever was edited in them: taken for unedited."""
    forced = requests.removed if requests.removal and requests.removal.force else None
    return {
        path: ours[path]
        for path, record in records.manifest.files.items()
        if record.feature == forced and path in ours and path not in rendered
    }


def _refuse_unsure(paths: Iterable[str]) -> None:
    """Raises a WorkspaceError for files that may go or stay, as nobody knows what was edited."""
    problems = [
        Problem(
            base_path(path),
            f"is not what the manifest says, so nobody knows whether {path} was edited.",
            "Restore it from git; or move the file away, and run this again.",
        )
        for path in paths
    ]
    if problems:
        raise WorkspaceError(*problems)
