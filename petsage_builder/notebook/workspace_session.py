"""The session behind the notebook for a whole workspace: a check, one step a cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from petsage_builder import drift, pipeline
from petsage_builder.checks import Verification
from petsage_builder.draft import Draft
from petsage_builder.notebook import workspace_views
from petsage_builder.notebook.blocks import View
from petsage_builder.notebook.cells import cell, need, shortly
from petsage_builder.notebook.failure import RECOVERED, UNTOUCHED, BuildFailed
from petsage_builder.notebook.live import LiveTests, proven
from petsage_builder.notebook.parameters import NotebookMode, read_workspace
from petsage_builder.notebook.reasons import reasons
from petsage_builder.notebook.relations import relations_of
from petsage_builder.notebook.views import note_view
from petsage_builder.report import BuildReport, Mode, report_on
from petsage_builder.staging import project_after, recover
from petsage_builder.trees import Tree

COMMAND = "notebook"
CHECK = NotebookMode.CHECK


def start(namespace: Mapping[str, object]) -> WorkspaceSession:
    """The session for the workspace that a notebook's globals name; raises BuildFailed."""
    again = isinstance(namespace.get("session"), WorkspaceSession)
    with shortly(CHECK.word, "start"):
        return WorkspaceSession(read_workspace(namespace, again=again))


class WorkspaceSession:
    """One look at a workspace: a cell is a method; none of them writes anything of its own."""

    word = CHECK.word

    def __init__(self, root: Path) -> None:
        # What would be lost by a build is only told.
        self._options = pipeline.Options(root, allow_destructive=True)
        self.state = UNTOUCHED
        self._draft: Draft | None = None
        self._staged: Tree | None = None
        self._proof: Verification | None = None

    @cell
    def features(self) -> View:
        """Reads the workspace, and shows its features."""
        self._draft, self._staged, self._proof = None, None, None
        with pipeline.opened(self._options, COMMAND) as workspace:
            if did := recover(workspace):
                self.state = RECOVERED.format(did)
            draft = replace(pipeline.make_draft(workspace, [], self._options), recovered=did)
            if not draft.changes.conflicts:
                self._staged = project_after(workspace, draft.changes)
        self._draft = draft
        return workspace_views.features_view(draft)

    @cell
    def routes(self) -> View:
        """Shows every route."""
        return workspace_views.routes_view(self._known().plan.project.features)

    @cell
    def relations(self) -> View:
        """Shows the entities, and what joins them, in a picture and in words."""
        return workspace_views.relations_view(relations_of(self._known().plan.project.features))

    @cell
    def drift(self) -> View:
        """Shows what differs from what requests and templates say, as far as files tell."""
        draft = self._known()
        found = drift.find(draft, strict=False)
        edits = [p for p in drift.find(draft, strict=True) if p not in found]
        problems = report_on(draft, Mode.CHECK, problems=found).problems
        return workspace_views.drift_view(problems, edits)

    @cell
    def tests(self) -> None:
        """Proves the workspace as a build would leave it, and shows every test as it ends."""
        draft = self._known()
        if self._staged is None:
            LiveTests("Not run: there are conflicts, see the `drift` cell.")
            return
        self._proof = proven(draft, self._staged, self._options)

    @cell
    def verdict(self) -> View:
        """Raises BuildFailed with every reason there is."""
        report = self._report()
        if problems := reasons(report, self._proof):
            raise BuildFailed(self.word, *problems)
        return note_view("verdict", CHECK.banner, "good", ok=True, banner=CHECK.banner)

    def _report(self) -> BuildReport:
        draft = self._known()
        if self._staged is not None:
            proof = need(self._proof, "tests", self.word)
            draft = draft.with_description(proof.described)
        found = drift.find(draft, strict=False)
        return report_on(draft, Mode.CHECK, self._proof, found)

    def _known(self) -> Draft:
        return need(self._draft, "features", self.word)
