"""Says of each file that is not what it should be: how, and what mends it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from petsage_builder.errors import Problem
from petsage_builder.merge import FileChange, Outcome
from petsage_builder.paths import MANIFEST, OPENAPI, RECORDS, base_path
from petsage_builder.spec import project_digest

if TYPE_CHECKING:
    from petsage_builder.draft import Draft

BUILD = "Run `petsage-builder build`, and commit what it changes."


def find(draft: Draft, *, strict: bool) -> tuple[Problem, ...]:
    """Every way in which the workspace differs from what its requests and templates say."""
    found = [_hand_edit(change) for change in _edited(draft)] if strict else []
    found += [problem for c in draft.changes.files if (problem := _drift(draft, c))]
    found += _document(draft)
    if draft.records.unmerged:
        found.insert(
            0, Problem(MANIFEST, "unmerged: git left the markers of a merge in it.", BUILD)
        )
    return tuple(found) or tuple(_records(draft))


def _edited(draft: Draft) -> Iterator[FileChange]:
    """The hand edits that nobody has accepted."""
    for change in draft.changes.of(Outcome.KEPT):
        record = draft.records.manifest.files.get(change.path)
        if change.after is None or record is None or not record.accepts(change.path, change.after):
            yield change


def _hand_edit(change: FileChange) -> Problem:
    said = "deleted by hand." if change.after is None else "hand-edited."
    accept = f"`petsage-builder accept {change.path}` allows this one"
    return Problem(change.path, said, f"--strict refuses hand edits; {accept}.")


def _drift(draft: Draft, change: FileChange) -> Problem | None:
    if change.path.startswith(f"{RECORDS}/"):
        return _tampered(draft, change)
    if change.path == OPENAPI:
        return None  # see _document
    match change.outcome:
        case Outcome.UNCHANGED | Outcome.KEPT | Outcome.CONFLICT:
            return None  # a conflict is a problem of every command, and said by the report
        case Outcome.REMOVED if change.before is None:
            bring_back = f"`petsage-builder build --restore {change.path}` brings it back"
            hint = f"{bring_back}; a plain build records that it is gone."
            return Problem(change.path, "missing file.", hint)
        case Outcome.CREATED:
            return Problem(change.path, f"missing file: {_cause(draft, change.path)}.", BUILD)
        case Outcome.UPDATED | Outcome.MERGED | Outcome.REMOVED:
            return Problem(change.path, f"{_cause(draft, change.path)}.", BUILD)
        case Outcome.ORPHANED:
            hint = orphan_hint(draft, change.path)
            return Problem(change.path, f"orphan: {change.reason}.", hint)


def orphan_hint(draft: Draft, orphan: str, then: str = "build") -> str:
    """What to do about a file that is no longer rendered, but was edited by hand."""
    feature = draft.records.manifest.files[orphan].feature
    if feature and feature not in {spec.feature for spec in draft.plan.project.features}:
        return f"`petsage-builder remove {feature} --force` removes it; or move it, then {then}."
    return f"Delete it, or move it; then {then}."


def _document(draft: Draft) -> Iterator[Problem]:
    """What is wrong with openapi.json; only an app that was asked tells all of it."""
    document, built = draft.documents.get(OPENAPI), draft.documents.get(base_path(OPENAPI))
    own = draft.described.document or built
    if own is None or any(change.path == OPENAPI for change in draft.changes.conflicts):
        return
    if document is None:
        yield Problem(OPENAPI, "missing file: a build puts the app's own document there.", BUILD)
    elif document not in (own, built):
        message = "hand-edited: it says what the app says, so an edit belongs into the code."
        yield Problem(OPENAPI, message, BUILD)
    elif document != own:
        yield Problem(OPENAPI, f"{_api_cause(draft)}.", BUILD)


def _api_cause(draft: Draft) -> str:
    others = (c.path for c in draft.changes.writes if not c.path.startswith(f"{RECORDS}/"))
    if set(others) - {OPENAPI}:
        return _cause(draft, OPENAPI)
    return "API drift: it is not the app's own document any more"


def _cause(draft: Draft, path: str) -> str:
    feature = next((s.spec.feature for s in draft.plan.steps if s.target == path and s.spec), None)
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
