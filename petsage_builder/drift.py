"""Says of each file that is not what it should be: how, and what mends it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from petsage_builder.errors import Problem
from petsage_builder.merge import FileChange, Outcome
from petsage_builder.paths import RECORDS
from petsage_builder.spec import project_digest

if TYPE_CHECKING:
    from petsage_builder.draft import Draft

BUILD = "Run `petsage-builder build`, and commit what it changes."


def find(draft: Draft, *, strict: bool) -> tuple[Problem, ...]:
    """Every way in which the workspace differs from what its requests and templates say."""
    found = [_hand_edit(change) for change in _edited(draft)] if strict else []
    found += [problem for c in draft.changes.files if (problem := _drift(draft, c))]
    return tuple(found) or tuple(_records(draft))


def _edited(draft: Draft) -> Iterator[FileChange]:
    """The hand edits that nobody has accepted."""
    for change in draft.changes.of(Outcome.KEPT):
        record = draft.records.manifest.files.get(change.path)
        if change.after is None or record is None or not record.accepts(change.after):
            yield change


def _hand_edit(change: FileChange) -> Problem:
    said = "deleted by hand." if change.after is None else "hand-edited."
    accept = f"`petsage-builder accept {change.path}` allows this one"
    return Problem(change.path, said, f"--strict refuses hand edits; {accept}.")


def _drift(draft: Draft, change: FileChange) -> Problem | None:
    if change.path.startswith(f"{RECORDS}/"):
        return _tampered(draft, change)
    match change.outcome:
        case Outcome.UNCHANGED | Outcome.KEPT | Outcome.CONFLICT:
            return None  # a conflict is a problem of every command, and said by the report
        case Outcome.REMOVED if change.before is None:
            bring_back = f"`petsage-builder build --restore {change.path}` brings it back"
            hint = f"{bring_back}; a plain build records that it is gone."
            return Problem(change.path, "missing file.", hint)
        case Outcome.CREATED:
            return Problem(change.path, f"missing file: {_cause(draft, change)}.", BUILD)
        case Outcome.UPDATED | Outcome.MERGED | Outcome.REMOVED:
            return Problem(change.path, f"{_cause(draft, change)}.", BUILD)
        case Outcome.ORPHANED:
            return Problem(change.path, f"orphan: {change.reason}.", "Delete it, or move it.")


def _cause(draft: Draft, change: FileChange) -> str:
    feature = next(
        (s.spec.feature for s in draft.plan.steps if s.target == change.path and s.spec), None
    )
    if feature in draft.stale or (feature is None and draft.stale):
        return f"stale request: {', '.join(sorted(draft.stale))} asks for something else now"
    if draft.records.manifest.project != project_digest(draft.plan.project):
        return "stale blueprint: the project's settings are others now"
    return "stale template: it is rendered differently now"


def _tampered(draft: Draft, change: FileChange) -> Problem | None:
    if change.path not in draft.records.tampered:
        return None
    hint = "Restore it from git; or build, if the file it belongs to is as it should be."
    return Problem(change.path, "tampered record: it is not what the manifest says.", hint)


def _records(draft: Draft) -> Iterator[Problem]:
    """Records that differ though no file does."""
    stale = f" (stale request: {', '.join(sorted(draft.stale))})" if draft.stale else ""
    for change in draft.changes.writes:
        yield Problem(change.path, f"the record does not say what is true{stale}.", BUILD)
