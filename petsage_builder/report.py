"""The report of a build, a rehearsal or a check: one value, shown as text, Markdown or JSON."""

from __future__ import annotations

import enum
import shlex
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
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
        from petsage_builder.report_json import json_text

        return json_text(self)

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
    from petsage_builder.report_notes import notes

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
        notes=tuple(notes(draft, mode, proof, follows, marked=marked)),
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
        where = f"are in {CONFLICTS}/{change.path}.*"
        again = f"build again with --accept {change.path}"
        if change.marked is None:
            return f"Both sides {where}: move yours aside and run this again, or {again}."
        edit = f"edit the file as you want it, then {again}; or with --write-conflicts."
        return f"Both sides and a proposal {where}: {edit}"
    if change.path == OPENAPI:
        return "Move it aside, and build again; or name another --workspace."
    return "`petsage-builder build` builds what is on file; or take your edit out."


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
        gone = change.outcome is Outcome.REMOVED and change.before is not None  # by this build
        if not gone and not change.path.startswith(f"{RECORDS}/"):
            yield _file(_settled(change), draft.rendered.get(change.path))


def _settled(change: FileChange) -> FileChange:
    match change.outcome:
        case Outcome.MERGED | Outcome.REMOVED:  # removed by hand, and noted by this build
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
