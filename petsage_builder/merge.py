"""Three-way merge of trees: base (last render), ours (on disk), theirs (new render). Pure."""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from petsage_builder.joining import Joined, holds_markers, join
from petsage_builder.playground import is_as_rendered, without_results
from petsage_builder.spec import Owner
from petsage_builder.trees import Tree

MARKED = "still holds the markers of a conflict"


class Outcome(enum.StrEnum):
    """What becomes of a file."""

    CREATED = "created"
    UPDATED = "updated"
    MERGED = "merged"
    KEPT = "kept"
    UNCHANGED = "unchanged"
    CONFLICT = "conflict"
    REMOVED = "removed"
    ORPHANED = "orphaned"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What is wished for single files: those to bring back, and those that are right as they are.

    Paths are relative to the workspace.
    """

    restore: Sequence[str] = ()
    accept: Sequence[str] = ()


NOTHING = Wishes()


@dataclass(frozen=True, slots=True)
class FileChange:
    """One file: its text before and after (None: there is no file), and why in `reason`.

    `marked`: of a conflict, the text that holds both sides, with git's markers.
    """

    path: str
    outcome: Outcome
    before: str | None
    after: str | None
    reason: str = ""
    marked: str | None = None

    @property
    def writes(self) -> bool:
        """Whether a commit touches the disk for it."""
        return self.before != self.after and self.outcome is not Outcome.CONFLICT


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """What a build does, all of it or nothing."""

    files: tuple[FileChange, ...]

    @property
    def writes(self) -> list[FileChange]:
        return [change for change in self.files if change.writes]

    @property
    def conflicts(self) -> list[FileChange]:
        return [change for change in self.files if change.outcome is Outcome.CONFLICT]

    def after(self) -> dict[str, str]:
        """The tree that the change leads to."""
        return {c.path: c.after for c in self.files if c.after is not None}

    def of(self, *outcomes: Outcome) -> list[FileChange]:
        return [change for change in self.files if change.outcome in outcomes]


def merge(
    *,
    base: Tree,
    ours: Tree,
    theirs: Tree,
    owners: Mapping[str, Owner],
    deleted: Collection[str] = (),
    wishes: Wishes = NOTHING,
) -> ChangeSet:
    """The change from ours to theirs; `deleted`: files whose absence is already on record."""
    base = {**base, **{path: theirs[path] for path in wishes.accept}}
    changes = []
    for path in sorted({*base, *theirs}):
        if owners.get(path) is Owner.USER:
            changes.append(_written_once(path, ours.get(path), theirs[path]))
        elif path in theirs and path not in ours and path not in wishes.restore and path in base:
            outcome = Outcome.KEPT if path in deleted else Outcome.REMOVED
            changes.append(FileChange(path, outcome, None, None, "deleted by hand"))
        elif path in theirs:
            changes.append(_rendered(path, base.get(path), ours.get(path), theirs[path]))
        elif path in ours:
            changes.append(_no_longer_rendered(path, base[path], ours[path]))
    return ChangeSet(tuple(changes))


def _written_once(path: str, ours: str | None, theirs: str) -> FileChange:
    if ours is None:
        return FileChange(path, Outcome.CREATED, None, theirs)
    return FileChange(path, Outcome.UNCHANGED, ours, ours)


def _rendered(path: str, base: str | None, ours: str | None, theirs: str) -> FileChange:
    if ours is None:
        return FileChange(path, Outcome.CREATED, None, theirs)
    if is_as_rendered(path, ours, theirs):
        return FileChange(path, Outcome.UNCHANGED, ours, ours)
    if base is not None and is_as_rendered(path, ours, base):
        return FileChange(path, Outcome.UPDATED, ours, theirs)
    if holds_markers(ours) and not holds_markers(theirs):
        return FileChange(path, Outcome.CONFLICT, ours, theirs, MARKED)
    if base == theirs:
        return FileChange(path, Outcome.KEPT, ours, ours, "edited by hand")
    if base is None:
        return FileChange(path, Outcome.CONFLICT, ours, theirs, "exists, and is not ours")
    own = without_results(path, ours, base)
    joined = join(base, own, theirs)
    if joined and joined.text == own:
        return FileChange(path, Outcome.KEPT, ours, ours, "edited by hand")
    return _merged(path, ours, theirs, joined)


def _merged(path: str, ours: str, theirs: str, joined: Joined | None) -> FileChange:
    if joined is None:
        reason = "edited by hand, and git, which would merge it, is missing or sees no text in it"
        return FileChange(path, Outcome.CONFLICT, ours, theirs, reason)
    if joined.clean:
        outcome = Outcome.UPDATED if joined.text == theirs else Outcome.MERGED
        return FileChange(path, outcome, ours, joined.text, "edited by hand")
    reason = "edited by hand where it is rendered differently now"
    return FileChange(path, Outcome.CONFLICT, ours, theirs, reason, joined.text)


def _no_longer_rendered(path: str, base: str, ours: str) -> FileChange:
    if is_as_rendered(path, ours, base):
        return FileChange(path, Outcome.REMOVED, ours, None, "no longer rendered")
    return FileChange(path, Outcome.ORPHANED, ours, ours, "no longer rendered, but edited by hand")


def overwrite(ours: Tree, theirs: Iterable[tuple[str, str | None]]) -> list[FileChange]:
    """Changes of files that are the builder's alone: its records."""
    changes = []
    for path, after in theirs:
        before = ours.get(path)
        outcome = Outcome.REMOVED if after is None else Outcome.UPDATED
        outcome = Outcome.CREATED if before is None and after is not None else outcome
        outcome = Outcome.UNCHANGED if before == after else outcome
        changes.append(FileChange(path, outcome, before, after))
    return changes
