"""The database's history: which migration made and changed a feature's tables, in one chain."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from graphlib import CycleError, TopologicalSorter

from petsage_builder import filters
from petsage_builder.errors import Problem, RequestError
from petsage_builder.names import Ident, Revision
from petsage_builder.paths import request_path
from petsage_builder.python_code import Name, calls, imports_of
from petsage_builder.records import FeatureRecord
from petsage_builder.spec import (
    Built,
    Evolution,
    FeatureSpec,
    Migration,
    ProjectSpec,
    Steps,
)

Known = Mapping[str, FeatureRecord]
Evolved = Mapping[Ident, Evolution]
ASKS = "on"


def with_migrations(project: ProjectSpec, known: Known, evolved: Evolved) -> ProjectSpec:
    """The project with the next migration of every feature whose tables are new or changed.

    What was built keeps its place in the chain; what is new comes after it. Raises a RequestError
    where this builder would make other tables of a request that has not changed.
    """
    problems = [_other_tables(s) for s in project.features if _differs(s, known, evolved)]
    if problems:
        raise RequestError(*problems)
    head = _head(known)
    specs: dict[Ident, FeatureSpec] = {}
    for spec in _in_order(project.features, evolved):
        step = _next(spec, known, evolved)
        migration = _migration(spec, step, head) if step else None
        head = migration.revision if migration else head
        specs[spec.feature] = replace(
            spec,
            history=_history(known.get(spec.feature)),
            migration=migration,
            changes=evolved[spec.feature].changes if spec.feature in evolved else (),
        )
    return replace(project, features=tuple(specs[spec.feature] for spec in project.features))


def _differs(spec: FeatureSpec, known: Known, evolved: Evolved) -> bool:
    record = known.get(spec.feature)
    built = record is not None and bool(record.migrations)
    return (
        built and spec.feature not in evolved and known[spec.feature].schema_digest != spec.schema
    )


def _in_order(features: Sequence[FeatureSpec], evolved: Evolved) -> list[FeatureSpec]:
    """Each feature after those whose tables its own refer to, else in the order given.

    One that stops referring to tables that go comes before the feature that drops them.
    """
    named = {spec.feature: spec for spec in features}
    first: dict[Ident, set[Ident]] = {spec.feature: set(spec.needs) for spec in features}
    for feature, evolution in evolved.items():
        for follower in evolution.followers:
            first[follower].add(feature)
    try:
        # Sorted, for the order of a set is another one each day.
        before = {feature: sorted(others) for feature, others in first.items()}
        order = list(TopologicalSorter(before).static_order())
    except CycleError as error:
        raise RequestError(_circle(error.args[1])) from error
    return [named[feature] for feature in order]


def _next(spec: FeatureSpec, known: Known, evolved: Evolved) -> Steps | None:
    """What is to be done to the tables of a feature; None where they are as they should be."""
    record = known.get(spec.feature)
    if record is not None and record.migrations:
        return evolved[spec.feature].steps if spec.feature in evolved else None
    return spec.creation


def _history(record: FeatureRecord | None) -> tuple[Built, ...]:
    steps = record.migrations if record else ()
    return tuple(Built(step.revision, step.down_revision) for step in steps)


def _migration(spec: FeatureSpec, steps: Steps, head: Revision | None) -> Migration:
    content = f"{head}\n{spec.feature}\n{spec.schema}"
    if steps is not spec.creation:
        content += f"\n{filters.py((steps.upgrade, steps.downgrade))}"
    statements = (*steps.upgrade, *steps.downgrade)
    return Migration(
        revision=Revision(hashlib.sha256(content.encode()).hexdigest()[:12]),
        down_revision=head,
        steps=steps,
        imports=imports_of(Name("op", "alembic"), statements, package=""),
        asks=ASKS in calls(statements),
    )


def _head(known: Known) -> Revision | None:
    """The last step of the chain."""
    steps = [step for record in known.values() for step in record.migrations]
    followed = {step.down_revision for step in steps}
    heads = sorted(step.revision for step in steps if step.revision not in followed)
    return heads[-1] if heads else None


def _other_tables(spec: FeatureSpec) -> Problem:
    message = f"feature '{spec.feature}' was built with other tables than this builder makes of it."
    hint = "Build it with the version that it was built with, or change its request."
    return Problem(request_path(spec.feature), message, hint)


def _circle(features: Sequence[Ident]) -> Problem:
    named = " -> ".join(reversed(features))
    message = f"no order of their changes works: {named}."
    return Problem(request_path(features[0]), message, "Build the changes one after another.")
