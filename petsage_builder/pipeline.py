"""The recipe: how a request becomes a verified feature. Read this first."""

from __future__ import annotations

import contextlib
import shutil
import sys
import tempfile
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from petsage_builder import drift, recorded_requests
from petsage_builder.blueprint import FILE, parse_blueprint, resolve_project
from petsage_builder.draft import Draft, change_set
from petsage_builder.kinds import resolve, validated
from petsage_builder.packs import Templates, own_templates, shipped
from petsage_builder.paths import TEMPLATES
from petsage_builder.plan import make_plan
from petsage_builder.records import read_records
from petsage_builder.render import Tree, render, write_tree
from petsage_builder.report import BuildReport, Mode, report_on
from petsage_builder.request import Entry, read_entries
from petsage_builder.staging import commit, project_after, recover
from petsage_builder.verify import Observer, Subject, Verification, verify
from petsage_builder.verify.control import controls_of
from petsage_builder.verify.verdict import known_verdict, write_verdict
from petsage_builder.workspace import Workspace, need_workspace, workspace_at


@dataclass(frozen=True, slots=True)
class Options:
    """What a command was told, beside its requests; `observe` sees each test as it ends."""

    root: Path
    restore: Collection[str] = ()
    keep_stage: bool = False
    observe: Observer = lambda _: None


def build(sources: Sequence[str], options: Options) -> BuildReport:
    """Builds the requests (none: those on file): one verified change, or none and the reasons."""
    entries = read_entries(sources)
    with _open(options, "build", new=bool(entries)) as workspace:
        return change(workspace, entries, options)


def init(options: Options) -> BuildReport:
    """Makes a workspace in which there is no feature yet."""
    with _open(options, "init", new=True) as workspace:
        return change(workspace, [], options)


def change(workspace: Workspace, entries: Sequence[Entry], options: Options) -> BuildReport:
    """Thinks a change through, proves it, and makes it: all of it or nothing."""
    draft = make_draft(workspace, entries, options)
    if draft.changes.conflicts:
        return report_on(draft, Mode.BUILD)
    staged = project_after(workspace, draft.changes)
    proof = known_verdict(workspace, draft, staged) or prove(draft, staged, options)
    if proof.ok:
        apply(workspace, draft, staged, proof)
    return report_on(draft, Mode.BUILD, proof)


def rehearse(sources: Sequence[str], options: Options) -> BuildReport:
    """What `build` would change; nothing is verified, nothing is written."""
    entries = read_entries(sources)
    with _open(options, "build --dry-run", new=bool(entries)) as workspace:
        return report_on(make_draft(workspace, entries, options), Mode.DRY_RUN)


def status(options: Options) -> BuildReport:
    """The features of the workspace, and what a build would change."""
    with _open(options, "status") as workspace:
        return report_on(make_draft(workspace, [], options), Mode.STATUS)


def check(options: Options, *, files_only: bool = False, strict: bool = False) -> BuildReport:
    """Whether the workspace is what its requests and templates say, and its tests pass."""
    with _open(options, "check") as workspace:
        draft = make_draft(workspace, [], options)
        found = drift.find(draft, strict=strict)
        if files_only or draft.changes.conflicts:
            return report_on(draft, Mode.CHECK, problems=found)
        proof = prove(draft, project_after(workspace, draft.changes), options)
        return report_on(draft, Mode.CHECK, proof, found)


def make_draft(workspace: Workspace, given: Sequence[Entry], options: Options) -> Draft:
    """Request, spec, plan, tree, merge: everything but the proof and the writing."""
    recovered = recover(workspace)
    blueprint = parse_blueprint(workspace.read(FILE))
    records = read_records(workspace.read)
    requests = recorded_requests.join(workspace, given, records.manifest.features)
    asked = validated(requests.entries, package=blueprint.package)
    project = resolve(asked, resolve_project(blueprint))
    own = own_templates(workspace) if blueprint.templates.workspace else {}
    templates = Templates(shipped(TEMPLATES), own)
    plan = make_plan(project, templates)
    rendered = render(plan, templates)
    return Draft(
        root=workspace.root,
        python=blueprint.verify.python or sys.executable,
        plan=plan,
        records=records,
        rendered=rendered,
        changes=change_set(workspace.read, plan, rendered, records, requests, options.restore),
        stale=requests.stale,
        recovered=recovered,
    )


def prove(draft: Draft, staged: Tree, options: Options) -> Verification:
    """Runs every check on the project as it would become, in a folder of our own."""
    with _folder(keep=options.keep_stage) as folder:
        write_tree(folder, staged)
        subject = Subject(
            stage=folder,
            rendered=draft.rendered,
            staged=staged,
            package=draft.plan.project.package,
            python=draft.python,
            controls=controls_of(draft.plan, draft.changes),
        )
        proof = verify(subject, options.observe)
        return replace(proof, kept=str(folder)) if options.keep_stage else proof


def apply(workspace: Workspace, draft: Draft, staged: Tree, proof: Verification) -> None:
    """Commits the change, and notes what was verified."""
    commit(workspace, draft.changes)
    write_verdict(workspace, draft, staged, proof)


@contextlib.contextmanager
def _open(options: Options, command: str, *, new: bool = False) -> Iterator[Workspace]:
    if not new:
        need_workspace(options.root)
    with workspace_at(options.root, command) as workspace:
        yield workspace


@contextlib.contextmanager
def _folder(*, keep: bool) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="petsage-stage-"))
    try:
        yield folder
    finally:
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)
