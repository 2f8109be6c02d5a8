"""The database's history: which migration made and changed a feature's tables, in one chain."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from graphlib import CycleError, TopologicalSorter

from petsage_builder import filters
from petsage_builder.errors import Problem, RequestError
from petsage_builder.names import Ident, Revision
from petsage_builder.paths import request_path
from petsage_builder.python_code import Name, calls, imports_of
from petsage_builder.records import Manifest, MigrationRecord, Past
from petsage_builder.spec import (
    Built,
    Evolution,
    FeatureSpec,
    History,
    Migration,
    ProjectSpec,
    Steps,
)
from petsage_builder.text import Text

Evolved = Mapping[Ident, Evolution]
ASKS = "on"
JOINS = Text("Join the branches of the database's history.")


def with_migrations(
    project: ProjectSpec,
    manifest: Manifest,
    evolved: Evolved,
    own: Sequence[MigrationRecord],
) -> ProjectSpec:
    """The project with the next migration of every feature whose tables are new, changed or gone.

    What was built keeps its place in the chain, whatever became of its feature; what is new comes
    after it, and after the steps that are the user's `own`. Branches, such as git merges bring,
    are joined first. Raises a RequestError where this builder would make other tables of a
    request that has not changed.
    """
    problems = [_other_tables(s) for s in project.features if _differs(s, manifest, evolved)]
    if problems:
        raise RequestError(*problems)
    specs = {spec.feature: spec for spec in project.features}
    past = manifest.past
    heads = _heads([*(step for steps in past.values() for step in steps), *manifest.joins, *own])
    join = _join(heads) if len(heads) > 1 else None
    head = join.revision if join else next(iter(heads), None)
    histories = []
    for feature in _in_order(project, past, evolved):
        step = _next(feature, specs.get(feature), manifest, evolved)
        migration = _migration(feature, specs.get(feature), step, head) if step else None
        head = migration.revision if migration else head
        histories.append(
            History(
                feature=feature,
                built=_as_built(past.get(feature, ())),
                migration=migration,
                changes=evolved[feature].changes if feature in evolved else (),
            )
        )
    return replace(
        project,
        history=tuple(one for one in histories if one.steps or one.changes),
        joins=replace(project.joins, built=_as_built(manifest.joins), migration=join),
    )


def _differs(spec: FeatureSpec, manifest: Manifest, evolved: Evolved) -> bool:
    record = manifest.features.get(spec.feature)
    if record is None or not record.migrations or spec.feature in evolved:
        return False
    return record.schema_digest != spec.schema


def _in_order(project: ProjectSpec, past: Past, evolved: Evolved) -> list[Ident]:
    """Each feature after those whose tables its own refer to, else in the order given.

    One that stops referring to tables that go comes before the feature that drops them. Those
    that were removed come last.
    """
    first: dict[Ident, set[Ident]] = {spec.feature: set(spec.needs) for spec in project.features}
    for feature in past:
        first.setdefault(Ident(feature), set())
    for feature, evolution in evolved.items():
        for follower in evolution.followers:
            first[follower].add(feature)
    try:
        # Sorted, for the order of a set is another one each day.
        before = {feature: sorted(others) for feature, others in first.items()}
        return list(TopologicalSorter(before).static_order())
    except CycleError as error:
        raise RequestError(_circle(error.args[1])) from error


def _next(
    feature: Ident, spec: FeatureSpec | None, manifest: Manifest, evolved: Evolved
) -> Steps | None:
    """What is to be done to the tables of a feature; None where they are as they should be."""
    record = manifest.features.get(feature)
    if record is not None and record.migrations:
        return evolved[feature].steps if feature in evolved else None
    return spec.creation if spec else None


def _as_built(steps: Iterable[MigrationRecord]) -> tuple[Built, ...]:
    return tuple(Built(step.revision, step.down_revision) for step in steps)


def _migration(
    feature: Ident, spec: FeatureSpec | None, steps: Steps, head: Revision | None
) -> Migration:
    content = f"{head}\n{feature}\n{spec.schema if spec else ''}"
    if spec is None or steps is not spec.creation:
        content += f"\n{filters.py((steps.upgrade, steps.downgrade))}"
    statements = (*steps.upgrade, *steps.downgrade)
    return Migration(
        revision=Revision(hashlib.sha256(content.encode()).hexdigest()[:12]),
        down_revision=head,
        steps=steps,
        imports=imports_of(Name("op", "alembic"), statements, package=""),
        asks=ASKS in calls(statements),
    )


def _heads(steps: Sequence[MigrationRecord]) -> tuple[Revision, ...]:
    """The steps that none follows: one, unless the history has branches."""
    downs = [step.down_revision for step in steps]
    followed = {one for down in downs for one in (down if isinstance(down, tuple) else (down,))}
    return tuple(sorted({step.revision for step in steps if step.revision not in followed}))


def _join(heads: tuple[Revision, ...]) -> Migration:
    """The step that follows all of them, and changes nothing."""
    revision = hashlib.sha256("\n".join(heads).encode()).hexdigest()[:12]
    steps = Steps(JOINS, (), ())
    return Migration(Revision(revision), heads, steps, imports=(), asks=False)


def _other_tables(spec: FeatureSpec) -> Problem:
    message = f"feature '{spec.feature}' was built with other tables than this builder makes of it."
    hint = "Build it with the version that it was built with, or change its request."
    return Problem(request_path(spec.feature), message, hint)


def _circle(features: Sequence[Ident]) -> Problem:
    named = " -> ".join(reversed(features))
    message = f"no order of their changes works: {named}."
    return Problem(request_path(features[0]), message, "Build the changes one after another.")
