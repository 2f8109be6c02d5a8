"""The recipe: how a request becomes a verified feature. Read this first."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from petsage_builder import drift
from petsage_builder.checks import Observer, Questions, Verification
from petsage_builder.entries import Entry, read_entries
from petsage_builder.errors import Problem, RequestError
from petsage_builder.interrupts import temporary_folder, uninterrupted
from petsage_builder.merge import NOTHING, ChangeSet, FileChange, Wishes
from petsage_builder.paths import BLUEPRINT
from petsage_builder.report import BuildReport, Mode, report_of, report_on, settled
from petsage_builder.shards import Shard
from petsage_builder.staging import commit, need_unchanged, project_after, recover
from petsage_builder.trees import Tree, write_tree
from petsage_builder.undo import undoable, undone
from petsage_builder.verdict import known_report, remember
from petsage_builder.workspace import Workspace, need_workspace, workspace_at

if TYPE_CHECKING:
    from petsage_builder.draft import Draft
    from petsage_builder.explain import Explanation
    from petsage_builder.recorded_requests import Removal


@dataclass(frozen=True, slots=True)
class Options:
    """What a command was told, beside its requests; `observe` sees each test as it ends.

    `calls`: what the staged app is asked while it is verified; `ending`: closed by a caller once
    it has told what was done, which nothing interrupts then.
    """

    root: Path
    wishes: Wishes = NOTHING
    removal: Removal | None = None
    write_conflicts: bool = False
    allow_destructive: bool = False
    keep_stage: bool = False
    shard: Shard | None = None
    observe: Observer = lambda _: None
    calls: Questions = ()
    ending: contextlib.ExitStack | None = None


def build(sources: Sequence[str], options: Options) -> BuildReport:
    """Builds the requests (none: those on file): one verified change, or none and the reasons."""
    entries = read_entries(sources)
    with opened(options, "build", new=bool(entries)) as workspace:
        known = None if options.wishes != NOTHING else known_report(workspace, entries)
        return known or change(workspace, entries, options)


def remove(options: Options) -> BuildReport:
    """Builds the project without a feature: its files, its request and its tables go."""
    with opened(options, "remove") as workspace:
        return change(workspace, [], options)


def init(options: Options, *, ci: bool = False) -> BuildReport:
    """Makes a workspace in which there is no feature yet; with `ci`, a workflow that checks it."""
    with opened(options, "init", new=True) as workspace:
        if not ci:
            return change(workspace, [], options)
        from petsage_builder.ci import moving, workflow

        report = change(workspace, [], options, workflow(workspace))
        return replace(report, next=(*moving(workspace.root), *report.next))


def change(
    workspace: Workspace,
    given: Sequence[Entry],
    options: Options,
    beside: Iterable[FileChange] = (),
) -> BuildReport:
    """Thinks a change through, proves it, and makes it: all of it or nothing.

    `beside`: files that no plan renders.
    """
    draft = make_draft(workspace, given, options)
    draft = replace(draft, changes=ChangeSet((*draft.changes.files, *beside)))
    if draft.changes.conflicts:
        return refuse(workspace, draft, options)
    staged = project_after(workspace, draft.changes)
    proof = prove(draft, staged, options)
    whole = draft.with_description(proof.described)
    report = report_on(whole, Mode.BUILD, proof)
    if report.ok:
        need_unchanged(workspace, draft.changes, staged)
        with last(options):
            apply(workspace, whole, report)
    return report


def refuse(workspace: Workspace, draft: Draft, options: Options) -> BuildReport:
    """Leaves proposals beside what stays as it is; or, where asked for, markers in the files."""
    from petsage_builder.conflicts import proposals, with_markers

    leave = with_markers if options.write_conflicts else proposals
    with last(options):
        commit(workspace, leave(workspace, draft))
    return report_on(draft, Mode.BUILD, marked=options.write_conflicts)


def undo(options: Options) -> BuildReport:
    """Brings back what stood before the last build, while nothing was edited since."""
    with opened(options, "undo") as workspace, last(options):
        recover(workspace)
        changes = undone(workspace)
        commit(workspace, changes)
    return report_of(changes, Mode.UNDO)


def rehearse(sources: Sequence[str], options: Options) -> BuildReport:
    """What `build` would change, and what it would refuse; nothing is verified or written."""
    entries = read_entries(sources)
    with opened(options, "build --dry-run", new=bool(entries)) as workspace:
        draft, losses = _draft_and_losses(workspace, entries, options)
        report = report_on(foresee(workspace, draft), Mode.DRY_RUN, problems=losses)
        return replace(report, exit_code=RequestError.exit_code) if losses else report


def _draft_and_losses(
    workspace: Workspace, given: Sequence[Entry], options: Options
) -> tuple[Draft, tuple[Problem, ...]]:
    """The draft, and what is lost with it without leave; raises what no leave would help."""
    try:
        return make_draft(workspace, given, options), ()
    except RequestError as error:
        with contextlib.suppress(RequestError):
            allowed = replace(options, allow_destructive=True)
            return make_draft(workspace, given, allowed), error.problems
        raise


def status(options: Options) -> BuildReport:
    """The features of the workspace, and what a build would change."""
    options = replace(options, allow_destructive=True)  # it is only told
    with opened(options, "status") as workspace:
        return report_on(make_draft(workspace, [], options), Mode.STATUS)


def check(options: Options, *, files_only: bool = False, strict: bool = False) -> BuildReport:
    """Whether the workspace is what its requests and templates say, and its tests pass."""
    options = replace(options, allow_destructive=True)  # nothing is built: the request is stale
    with opened(options, "check") as workspace:
        draft = make_draft(workspace, [], options)
        if files_only or draft.changes.conflicts:
            return report_on(draft, Mode.CHECK, problems=drift.find(draft, strict=strict))
        proof = prove(draft, project_after(workspace, draft.changes), options)
        draft = draft.with_description(proof.described)
        return report_on(draft, Mode.CHECK, proof, drift.find(draft, strict=strict))


def explain(place: str, options: Options) -> Explanation:
    """Which template and which keys of requests made a line, or that it is a hand edit."""
    from petsage_builder.explain import explained

    options = replace(options, allow_destructive=True)  # it is only told
    with opened(options, "explain") as workspace:
        draft = make_draft(workspace, [], options)
        return explained(place, Path.cwd(), workspace, draft)


def make_draft(workspace: Workspace, given: Sequence[Entry], options: Options) -> Draft:
    """Request, spec, plan, tree, merge: everything but the proof and the writing."""
    # Late, for pydantic and jinja2 come with them: a build with nothing to do needs neither.
    from petsage_builder import blueprint, draft, history, kinds, packs, plan, records, render, seen
    from petsage_builder.migrations import built_files, own_migrations
    from petsage_builder.recorded_requests import join, last_built

    with uninterrupted():
        recovered = recover(workspace)
    recorded = records.read_records(workspace.read)
    content = workspace.read(BLUEPRINT)
    records.need_blueprint(recorded, content)
    settings = blueprint.parse_blueprint(content)
    requests = join(workspace, given, recorded.manifest, options.removal)
    asked = kinds.validated(requests.entries, package=settings.package, removed=requests.removed)
    project = kinds.resolve(asked, blueprint.resolve_project(settings))
    built = last_built(workspace.read, recorded.manifest.features, requests.changed)
    evolved = kinds.evolve(asked, built, allowed=options.allow_destructive)
    own = own_migrations(workspace, recorded.manifest)
    project = history.with_migrations(project, recorded.manifest, evolved, own)
    templates = packs.find_templates(workspace, own=settings.templates.workspace)
    steps = plan.make_plan(project, templates)
    rendered = {
        **render.render(
            steps, templates, recorded.base, seen.seen_in(workspace.root, templates.own)
        ),
        **built_files(steps, recorded, workspace.read),
    }
    return draft.Draft(
        root=workspace.root,
        python=blueprint.interpreter(settings, workspace.root),
        plan=steps,
        records=recorded,
        rendered=rendered,
        changes=draft.change_set(
            workspace.read, steps, rendered, recorded, requests, options.wishes
        ),
        stale=requests.stale,
        recovered=recovered,
        documents=draft.documents_on(workspace.read),
    )


def prove(draft: Draft, staged: Tree, options: Options) -> Verification:
    """Runs every check on the project as it would become, in a folder of our own."""
    from petsage_builder.blueprint import parse_blueprint
    from petsage_builder.verify import Subject, controls_of, verify

    settings = parse_blueprint(staged.get(BLUEPRINT))
    with written(staged, keep=options.keep_stage) as folder:
        subject = Subject(
            stage=folder,
            rendered=draft.rendered,
            staged=staged,
            package=draft.plan.project.package,
            python=draft.python,
            controls=controls_of(draft.plan, staged),
            stores=draft.plan.project.stores,
            postgres=settings.verify.postgres,
            calls=options.calls,
        )
        proof = verify(subject, options.observe, options.shard)
        return replace(proof, kept=str(folder)) if options.keep_stage else proof


def foresee(workspace: Workspace, draft: Draft) -> Draft:
    """The draft, and what its app would say of its API; a first build's is what was asked for."""
    if draft.changes.conflicts or draft.is_first:
        return draft
    from petsage_builder import verify

    with written(project_after(workspace, draft.changes)) as folder:
        said = verify.describe(folder, draft.plan.project.package, draft.python)
    return draft.with_description(said)


def apply(workspace: Workspace, draft: Draft, report: BuildReport) -> None:
    """Commits the change, and notes what was verified."""
    with uninterrupted():
        commit(workspace, undoable(workspace, draft.changes))
        if draft.python == sys.executable:  # what another interpreter has installed is not known
            remember(workspace, report, settled(draft))


@contextlib.contextmanager
def last(options: Options) -> Iterator[None]:
    """Nothing interrupts what is done here; nor the telling of it, where the caller has an end."""
    with contextlib.ExitStack() as own:
        (options.ending or own).enter_context(uninterrupted())
        yield


@contextlib.contextmanager
def opened(options: Options, command: str, *, new: bool = False) -> Iterator[Workspace]:
    """The workspace, locked; only a `new` one may be missing."""
    if not new:
        need_workspace(options.root)
    with workspace_at(options.root, command) as workspace:
        yield workspace


@contextlib.contextmanager
def written(staged: Tree, *, keep: bool = False) -> Iterator[Path]:
    """A folder of our own that holds the staged project; removed again, unless it is to be kept."""
    with temporary_folder("petsage-stage-", keep=keep) as folder:
        write_tree(folder, staged)
        yield folder
