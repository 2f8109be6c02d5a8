"""The report of a build, a rehearsal or a check: one value, shown as text, Markdown or JSON."""

from __future__ import annotations

import enum
import json
import shlex
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from petsage_builder.checks import CheckResult, TestEvent, Verification
from petsage_builder.drift import orphan_hint
from petsage_builder.errors import BuilderError, Problem
from petsage_builder.merge import MARKED, ChangeSet, FileChange, Outcome
from petsage_builder.paths import CONFLICTS, OPENAPI, RECORDS
from petsage_builder.spec import FeatureSpec, Route, Section

if TYPE_CHECKING:
    from petsage_builder.consequences import Consequences
    from petsage_builder.draft import Draft


class Mode(enum.StrEnum):
    """What was asked for; its value is the banner's word."""

    BUILD = "BUILD"
    DRY_RUN = "DRY RUN"
    CHECK = "CHECK"
    STATUS = "STATUS"
    EXPLAIN = "EXPLAIN"
    UNDO = "UNDO"


@dataclass(frozen=True, slots=True)
class FeatureReport:
    """A feature as people read it: its texts by section."""

    feature: str
    kind: str
    request_id: str
    title: str
    description: str
    routes: tuple[Route, ...]
    files: tuple[tuple[Section, str, str], ...]


@dataclass(frozen=True, slots=True)
class DatabaseReport:
    """One change of the database; a destructive one loses what rows hold."""

    feature: str
    change: str
    destructive: bool


@dataclass(frozen=True, slots=True)
class FileReport:
    path: str
    outcome: Outcome
    reason: str
    diff: str


@dataclass(frozen=True, slots=True)
class BuildReport:
    """Everything there is to say; `exit_code` is the command's."""

    mode: Mode
    exit_code: int
    features: tuple[FeatureReport, ...] = ()
    verified: bool = False
    committed: bool = False
    files: tuple[FileReport, ...] = ()
    database: tuple[DatabaseReport, ...] = ()
    follows: Consequences | None = None
    checks: tuple[CheckResult, ...] = ()
    tests: tuple[TestEvent, ...] = ()
    problems: tuple[Problem, ...] = ()
    next: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        return self.exit_code == 0

    @property
    def banner(self) -> str:
        """`BUILD COMPLETE.`, or `BUILD FAILED: ` and the first reason."""
        if not self.ok:
            reason = str(self.problems[0]).splitlines()[0] if self.problems else "see above"
            more = f" (and {len(self.problems) - 1} more)" if len(self.problems) > 1 else ""
            return f"{self.mode.value} FAILED: {reason}{more}"
        return f"{self.mode.value} COMPLETE."

    def text(self) -> str:
        from petsage_builder.report_text import text_lines

        return "".join(f"{line}\n" for line, _ in text_lines(self))

    def json(self) -> str:
        """The JSON document of `--report json`: ASCII, so that no terminal can spoil it."""
        return json.dumps(_as_json(self), indent=2) + "\n"

    def markdown(self) -> str:
        from petsage_builder.report_markdown import markdown

        return markdown(self)


def report_on(
    draft: Draft,
    mode: Mode,
    proof: Verification | None = None,
    problems: tuple[Problem, ...] = (),
    *,
    marked: bool = False,
) -> BuildReport:
    """The report of a draft and its proof; `problems` are what the mode itself found.

    `marked`: files that have conflicts were written, with markers.
    """
    from petsage_builder.consequences import consequences_of

    follows = consequences_of(draft)
    wrong = (*problems, *_problems(draft, proof, marked=marked))
    green = proof is not None and proof.ok
    return BuildReport(
        mode=mode,
        exit_code=1 if wrong else 0,
        features=tuple(_features(draft)),
        verified=proof is not None and proof.ok and not proof.partial,
        committed=mode is Mode.BUILD and green and not wrong and bool(draft.changes.writes),
        files=tuple(_files(draft)),
        database=tuple(_database(draft)),
        follows=follows,
        checks=proof.checks if proof else (),
        tests=proof.tests if proof else (),
        problems=wrong,
        next=tuple(_next(draft, mode, ok=not wrong)),
        notes=(*_notes(draft, mode, proof, marked=marked), *_api_notes(draft, mode, follows)),
    )


def report_of(changes: ChangeSet, mode: Mode) -> BuildReport:
    """The report of a change that was made and needed no proof."""
    back = "These are the bytes that stood here before the last build; nothing was verified anew."
    return BuildReport(
        mode=mode,
        exit_code=0,
        committed=True,
        files=tuple(_file(c, None) for c in changes.files),
        notes=(back,),
    )


def failure(error: BuilderError, command: str) -> BuildReport:
    """The report of a command that an error stopped."""
    modes = {mode.value.lower(): mode for mode in Mode}
    mode = modes.get(command, Mode.BUILD)
    return BuildReport(mode=mode, exit_code=error.exit_code, problems=error.problems)


def _problems(draft: Draft, proof: Verification | None, *, marked: bool) -> Iterator[Problem]:
    for change in draft.changes.conflicts:
        hint = _mending(draft, change, marked=marked)
        yield Problem(change.path, f"conflict: {change.reason}.", hint)
    red = [check for check in proof.checks if not check.ok] if proof else []
    for change in draft.changes.of(Outcome.ORPHANED):
        if any(change.path in check.detail for check in red):
            message = "is kept, for it was edited by hand; but what it needs is there no more."
            yield Problem(change.path, message, orphan_hint(draft, change.path, "run this again"))
    yield from (Problem(f"check {check.name}", check.detail) for check in red)


def _mending(draft: Draft, change: FileChange, *, marked: bool) -> str:
    if change.reason == MARKED or (marked and change.marked is not None):
        return "Choose between the sides where the markers stand, then build again."
    if change.path in draft.rendered:
        sides = f"Both sides and a proposal are in {CONFLICTS}/{change.path}.*"
        again = f"build again with --accept {change.path}"
        return f"{sides}: edit the file as you want it, then {again}; or with --write-conflicts."
    return "`petsage-builder build` builds what is on file; or take your edit out."


NOTHING_TO_DO = "Nothing to do: every file is as it should be."


def _features(draft: Draft) -> Iterator[FeatureReport]:
    after, steps = draft.changes.after(), draft.plan.by_feature()
    shared = [step for step in steps[""] if step.section is Section.INTEGRATION]
    for spec in draft.plan.project.features:
        shown = [*steps[spec.feature], *shared]
        yield FeatureReport(
            feature=str(spec.feature),
            kind=spec.kind,
            request_id=spec.request_id,
            title=spec.title.value,
            description=spec.description.value,
            routes=spec.routes,
            files=tuple(
                (s.section, s.target, after[s.target])
                for s in shown
                if s.section and s.target in after
            ),
        )


def _files(draft: Draft) -> Iterator[FileReport]:
    for change in draft.changes.files:
        if change.outcome is not Outcome.UNCHANGED or not change.path.startswith(f"{RECORDS}/"):
            yield _file(change, draft.rendered.get(change.path))


def settled(draft: Draft) -> Iterator[FileReport]:
    """The files as the next build shows them, which changes nothing: a hand edit stays one."""
    for change in draft.changes.files:
        gone = change.outcome is Outcome.REMOVED
        if not gone and not change.path.startswith(f"{RECORDS}/"):
            yield _file(_settled(change), draft.rendered.get(change.path))


def _settled(change: FileChange) -> FileChange:
    match change.outcome:
        case Outcome.MERGED:
            return replace(change, outcome=Outcome.KEPT, before=change.after)
        case Outcome.KEPT | Outcome.ORPHANED:
            return change
        case _:
            return FileChange(change.path, Outcome.UNCHANGED, change.after, change.after)


def _file(change: FileChange, rendered: str | None) -> FileReport:
    return FileReport(change.path, change.outcome, change.reason, _diff(change, rendered))


def _database(draft: Draft) -> Iterator[DatabaseReport]:
    for one in draft.plan.project.history:
        for change in one.changes:
            yield DatabaseReport(str(one.feature), change.change, change.destructive)


def _diff(change: FileChange, rendered: str | None) -> str:
    """What changes; for a hand edit, how the file differs from the render."""
    before, after = change.before, change.after
    if change.outcome is Outcome.KEPT:
        before, after = rendered, change.after
    elif change.outcome is Outcome.REMOVED and change.before is None:
        before, after = None, rendered
    if before == after:
        return ""
    from difflib import unified_diff

    names = ("/dev/null" if before is None else f"a/{change.path}", f"b/{change.path}")
    old, new = (before or "").splitlines(keepends=True), (after or "").splitlines(keepends=True)
    lines = unified_diff(old, new, names[0], "/dev/null" if after is None else names[1])
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline\n" for line in lines)


def _next(draft: Draft, mode: Mode, *, ok: bool) -> Iterator[str]:
    if not ok or mode in (Mode.CHECK, Mode.STATUS):
        return
    if mode is Mode.DRY_RUN:
        yield "run the same command without --dry-run"
        return
    yield from after_build(draft.root, draft.plan.project.features)


def after_build(root: Path, features: Iterable[FeatureSpec | FeatureReport]) -> Iterator[str]:
    """The commands that show what was built."""
    yield f"petsage-builder serve --workspace {shlex.quote(str(root))}"
    urls = [route.url for feature in features for route in feature.routes]
    yield from (f"curl http://127.0.0.1:8000{url}" for url in urls[:1])


def _notes(draft: Draft, mode: Mode, proof: Verification | None, *, marked: bool) -> Iterator[str]:
    if draft.recovered:
        yield f"An earlier command was interrupted: {draft.recovered}."
    if mode is Mode.DRY_RUN:
        yield "Nothing was verified, and nothing was written."
    elif mode is Mode.STATUS:
        changed = len(draft.changes.writes)
        yield (
            f"A build would change {changed} files." if changed else "A build would change nothing."
        )
    elif mode is Mode.CHECK and proof is None:
        yield "The tests were not run."
    elif mode is Mode.BUILD and (draft.changes.conflicts or not (proof and proof.ok)):
        yield "Only markers of conflicts were written." if marked else "Nothing was written."
    elif mode is Mode.BUILD and not draft.changes.writes:
        yield NOTHING_TO_DO
    if proof and proof.kept:
        yield f"The verified copy was kept: {proof.kept}"
    if mode is Mode.BUILD and proof and proof.ok:
        yield from _leavings(draft)


def _leavings(draft: Draft) -> Iterator[str]:
    """What is gone, and what is left of it."""
    there = {spec.feature for spec in draft.plan.project.features}
    gone = sorted(draft.records.manifest.features.keys() - there)
    yield from (f"Feature '{feature}' was removed." for feature in gone)
    for change in draft.changes.of(Outcome.ORPHANED):
        yield f"{change.path} is kept: {change.reason}. {orphan_hint(draft, change.path)}"
    for change in draft.changes.of(Outcome.REMOVED):
        if change.before is None:
            known = "that is on record now (--restore brings it back)"
            yield f"{change.path} was deleted by hand; {known}."


def _api_notes(draft: Draft, mode: Mode, follows: Consequences) -> Iterator[str]:
    """How what is said of the API is known, or why it is not."""
    if follows.unknown:
        yield f"What changes in the API is not known: {follows.unknown}."
    elif mode is Mode.DRY_RUN and draft.described.document:
        yield f"The app was imported to tell its API ({draft.described.isolation})."
    elif mode is Mode.DRY_RUN and draft.is_first:
        yield f"Nothing is built here yet: the API is what is asked for; {OPENAPI} is new as well."
    elif mode in (Mode.STATUS, Mode.CHECK) and not draft.described.document:
        yield f"The app was not asked whether {OPENAPI} is still true; a whole `check` asks it."


def _as_json(report: BuildReport) -> dict[str, object]:
    return {
        "ok": report.ok,
        "exit_code": report.exit_code,
        "features": [
            {"feature": f.feature, "kind": f.kind, "request_id": f.request_id}
            for f in report.features
        ],
        "verified": report.verified,
        "committed": report.committed,
        "files": [{"path": f.path, "outcome": f.outcome, "diff": f.diff} for f in report.files],
        "database": [asdict(change) for change in report.database],
        **_follows(report.follows),
        "checks": [asdict(check) for check in report.checks],
        "problems": [asdict(problem) for problem in report.problems],
        "next": list(report.next),
    }


def _follows(follows: Consequences | None) -> dict[str, object]:
    if follows is None:
        return {"api": [], "tests": {"added": [], "removed": []}, "dependents": []}
    known = asdict(follows)
    return {key: known[key] for key in ("api", "tests", "dependents")}
