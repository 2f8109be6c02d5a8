"""The session behind the builder notebook: the steps of the pipeline, one a cell."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import TypeVar

from petsage_builder import drift, pipeline, recorded_requests
from petsage_builder.blueprint import parse_blueprint
from petsage_builder.checks import Verification
from petsage_builder.consequences import consequences_of
from petsage_builder.draft import Draft
from petsage_builder.entries import Entry, read_entries
from petsage_builder.errors import Problem, WorkspaceError
from petsage_builder.kinds import validated
from petsage_builder.merge import Outcome
from petsage_builder.notebook import proof_views, report_view, views
from petsage_builder.notebook.blocks import View
from petsage_builder.notebook.cells import cell, need, shortly
from petsage_builder.notebook.demo import Groups, answered, questions, shown_calls
from petsage_builder.notebook.failure import RECOVERED, UNTOUCHED, BuildFailed
from petsage_builder.notebook.live import LiveTests, proven
from petsage_builder.notebook.parameters import NotebookMode, Parameters, read_parameters
from petsage_builder.notebook.reasons import reasons
from petsage_builder.notebook.request_view import request_view
from petsage_builder.paths import BLUEPRINT
from petsage_builder.records import read_records
from petsage_builder.report import BuildReport, report_on, settled
from petsage_builder.spec import FeatureSpec
from petsage_builder.staging import project_after, recover
from petsage_builder.trees import Tree
from petsage_builder.workspace import Workspace

COMMAND = "notebook"
WRITTEN = "The change was written by the `apply` cell."
Shown = TypeVar("Shown")


def start(namespace: Mapping[str, object]) -> Session:
    """The session for the parameters among a notebook's globals; raises BuildFailed."""
    again = isinstance(namespace.get("session"), Session)
    with shortly(NotebookMode.BUILD.word, "start"):
        return Session(read_parameters(namespace, again=again))


@dataclass(frozen=True, slots=True)
class Change:
    """The change thought through; nothing is staged where it conflicts."""

    draft: Draft
    features: tuple[FeatureSpec, ...]
    staged: Tree | None


class Session:
    """One run of the notebook: a cell is a method, and a cell run again does no harm."""

    def __init__(
        self, parameters: Parameters, read: Callable[[], list[Entry]] | None = None
    ) -> None:
        self.mode = parameters.mode
        self._read = read or functools.partial(read_entries, parameters.sources)
        self._options = pipeline.Options(root=parameters.root)
        self._entries: list[Entry] | None = None
        self._change: Change | None = None
        self._proof: Verification | None = None
        self._applied = False
        self.state = UNTOUCHED

    @property
    def word(self) -> str:
        """What fails when a cell fails."""
        return self.mode.word

    @cell
    def request(self) -> View:
        """Reads the request, and shows what was asked for."""
        entries, self.state = self._read(), UNTOUCHED
        with self._opened(entries) as workspace:
            package = parse_blueprint(workspace.read(BLUEPRINT)).package
            manifest = read_records(workspace.read).manifest
            every = recorded_requests.join(workspace, entries, manifest).entries
        given = {entry.payload.get("feature") for entry in entries or every}
        asked = validated(every, package=package)
        self._entries = entries
        return request_view([one for one in asked if one.request.feature in given], self.mode)

    @cell
    def plan(self) -> View:
        """Thinks the change through, and shows the tree that it leads to."""
        entries = self._need(self._entries, "request")
        self._change, self._proof, self._applied = None, None, False
        self.state = UNTOUCHED
        with self._opened(entries) as workspace:
            did = self._recover(workspace)
            draft = replace(pipeline.make_draft(workspace, entries, self._options), recovered=did)
            if self.mode is NotebookMode.PLAN:
                draft = pipeline.foresee(workspace, draft)
            staged = None if draft.changes.conflicts else project_after(workspace, draft.changes)
        self._change = Change(
            draft=draft,
            features=_asked_for(draft, entries),
            staged=staged,
        )
        return views.plan_view(draft, [self.state] if did else [])

    @cell
    def files(self) -> View:
        """Shows every file in full."""
        change = self._planned()
        return views.files_view(change.draft, change.features)

    @cell
    def diff(self) -> View:
        """Shows what changes on disk, and which hand edits are kept."""
        draft = self._planned().draft
        merged = {change.path for change in draft.changes.of(Outcome.MERGED)}
        edits = {file.path: file.diff for file in settled(draft) if file.path in merged}
        sides = {c.path: c.marked for c in draft.changes.conflicts if c.marked is not None}
        return views.diff_view(report_on(draft, self.mode.of_report).files, edits, sides)

    @cell
    def tests(self) -> None:
        """Proves the change, and shows every test as it ends."""
        change = self._planned()
        if self.mode is NotebookMode.PLAN or change.staged is None:
            LiveTests(f"Not run: {self._why_unproven()}")
            return
        asked = replace(self._options, calls=questions(self._shown_calls()))
        self._proof = proven(change.draft, change.staged, asked)

    @cell
    def api(self) -> View:
        """Shows the routes, and what changes for clients."""
        return views.api_view(self._planned().features, consequences_of(self._whole()).api)

    @cell
    def demo(self) -> View:
        """Shows calls to the staged app as a user makes them, asked while it was proven."""
        change = self._planned()
        if self.mode is NotebookMode.PLAN or change.staged is None:
            return proof_views.demo_view((), f"Not called: {self._why_unproven()}")
        answers = self._need(self._proof, "tests").answers
        return proof_views.demo_view(answered(self._shown_calls(), answers))

    @cell
    def gate(self) -> View:
        """Raises BuildFailed with every reason there is."""
        self._passed()
        said = "The gate is open: nothing speaks against it, and nothing was written up to here."
        return views.note_view("gate", said, "good", open=True)

    @cell
    def apply(self) -> View:
        """Makes the change: all of it, or nothing."""
        change = self._passed()
        if self.mode is not NotebookMode.BUILD:
            said = f"Nothing was written: this is a {self.mode}."
            return views.note_view("apply", said, "plain", applied=False, files=[])
        if not self._applied:
            self._commit(change)
            self._applied = True
            self.state = WRITTEN
        return views.apply_view(self._whole())

    @cell
    def complete(self) -> View:
        """Shows the report of what is done."""
        self._passed()
        if self.mode is NotebookMode.BUILD:
            self._need(self._applied or None, "apply")
        shown = {spec.feature for spec in self._planned().features}
        report = self._report()
        features = tuple(feature for feature in report.features if feature.feature in shown)
        return report_view.report_view(replace(report, features=features), self.mode)

    def _shown_calls(self) -> Groups:
        change = self._planned()
        return shown_calls(change.features, change.draft.plan.project.api_prefix.value)

    def _opened(self, entries: list[Entry]) -> AbstractContextManager[Workspace]:
        new = bool(entries) and self.mode is not NotebookMode.CHECK
        return pipeline.opened(self._options, COMMAND, new=new)

    def _commit(self, change: Change) -> None:
        """Commits under the lock, unless the project is no longer the one that was verified."""
        staged = self._need(change.staged, "plan")
        with pipeline.opened(self._options, COMMAND, new=True) as workspace:
            self._recover(workspace)
            if project_after(workspace, change.draft.changes) != staged:
                message = "was changed since the `plan` cell ran; nothing was written."
                where = str(self._options.root)
                raise WorkspaceError(Problem(where, message, "Run the notebook again."))
            self.state = ""  # what a disk that refuses leaves, the reason tells
            pipeline.apply(workspace, self._whole(), self._report())

    def _recover(self, workspace: Workspace) -> str:
        """Finishes or drops an interrupted commit; says what it did, here and in the state."""
        if did := recover(workspace):
            self.state = RECOVERED.format(did)
        return did

    def _passed(self) -> Change:
        """The change, with nothing speaking against it."""
        change = self._planned()
        if self.mode is not NotebookMode.PLAN and change.staged is not None:
            self._need(self._proof, "tests")
        if problems := reasons(self._report(), self._proof):
            raise BuildFailed(self.word, *problems)
        return change

    def _report(self) -> BuildReport:
        draft = self._whole()
        found = drift.find(draft, strict=False) if self.mode is NotebookMode.CHECK else ()
        return report_on(draft, self.mode.of_report, self._proof, found)

    def _whole(self) -> Draft:
        """The draft, and in it what the proof was told by the app."""
        draft = self._planned().draft
        return draft.with_description(self._proof.described) if self._proof else draft

    def _why_unproven(self) -> str:
        if self.mode is NotebookMode.PLAN:
            return "a plan verifies nothing."
        return "there are conflicts, see the `diff` cell."

    def _planned(self) -> Change:
        return self._need(self._change, "plan")

    def _need(self, value: Shown | None, step: str) -> Shown:
        return need(value, step, self.word)


def _asked_for(draft: Draft, entries: list[Entry]) -> tuple[FeatureSpec, ...]:
    """The features of the given requests; without any, all of them."""
    names = {entry.payload.get("feature") for entry in entries}
    return tuple(s for s in draft.plan.project.features if not names or s.feature in names)
