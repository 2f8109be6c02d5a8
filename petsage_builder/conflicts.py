"""What a build leaves behind that it refused: the sides of each conflict, or git's markers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from petsage_builder.draft import Draft
from petsage_builder.merge import ChangeSet, FileChange, Outcome, overwrite
from petsage_builder.paths import CONFLICTS, MANIFEST, base_path
from petsage_builder.records import rebased
from petsage_builder.workspace import Workspace


def proposals(workspace: Workspace, draft: Draft) -> ChangeSet:
    """The sides of every conflict as files of their own; those of earlier conflicts go."""
    sides = {
        f"{CONFLICTS}/{change.path}.{side}": content
        for change in draft.changes.conflicts
        if change.path in draft.rendered
        for side, content in _sides(draft, change)
    }
    old = {path: workspace.read(path) or "" for path in workspace.below(CONFLICTS)}
    gone = ((path, None) for path in old if path not in sides)
    return ChangeSet(tuple(overwrite(old, (*sides.items(), *gone))))


def _sides(draft: Draft, change: FileChange) -> Iterator[tuple[str, str]]:
    """What the sides are called, and their texts."""
    sides = {
        "base": draft.records.base.get(change.path),
        "ours": change.before,
        "theirs": change.after,
        "proposal": change.marked,
    }
    yield from ((side, content) for side, content in sides.items() if content is not None)


def with_markers(workspace: Workspace, draft: Draft) -> ChangeSet:
    """Git's markers in every file that has a conflict; this build is the base of those files."""
    marked = [change for change in draft.changes.conflicts if change.marked is not None]
    files = [replace(one, outcome=Outcome.MERGED, after=one.marked) for one in marked]
    theirs = {change.path: draft.rendered[change.path] for change in marked}
    manifest = rebased(draft.records.manifest, theirs)
    new = [(MANIFEST, manifest.text()), *((base_path(p), text) for p, text in theirs.items())]
    old = {path: content for path, _ in new if (content := workspace.read(path)) is not None}
    return ChangeSet((*files, *overwrite(old, new)))
