"""The database's history: which migration made a feature's tables, in one chain."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from graphlib import TopologicalSorter

from petsage_builder.errors import Problem, RequestError
from petsage_builder.names import Revision
from petsage_builder.records import FeatureRecord, MigrationRecord
from petsage_builder.spec import FeatureSpec, Migration, ProjectSpec, Steps


def with_migrations(project: ProjectSpec, known: Mapping[str, FeatureRecord]) -> ProjectSpec:
    """The project with a migration for every feature that stores data.

    What was built keeps its place in the chain; what is new comes after it. Raises a RequestError
    where tables that were built would change.
    """
    kept = {name: record.migration for name, record in known.items() if record.migration}
    problems = [
        _changed(spec.feature)
        for spec in project.features
        if spec.feature in kept and kept[spec.feature].schema_digest != spec.schema
    ]
    if problems:
        raise RequestError(*problems)
    head = _head(kept)
    steps: dict[str, Migration] = {}
    for spec in _in_order(project.features):
        if spec.creation:
            step = _step(spec, spec.creation, kept.get(spec.feature), head)
            head = head if spec.feature in kept else step.revision
            steps[spec.feature] = step
    features = (replace(spec, migration=steps.get(spec.feature)) for spec in project.features)
    return replace(project, features=tuple(features))


def _in_order(features: Sequence[FeatureSpec]) -> list[FeatureSpec]:
    """Each feature after those whose tables its own refer to, else in the order given."""
    named = {spec.feature: spec for spec in features}
    order = TopologicalSorter({spec.feature: spec.needs for spec in features}).static_order()
    return [named[feature] for feature in order]


def _step(
    spec: FeatureSpec, steps: Steps, kept: MigrationRecord | None, head: Revision | None
) -> Migration:
    if kept is not None:
        down = kept.down_revision
        return Migration(Revision(kept.revision), None if down is None else Revision(down), steps)
    content = f"{head}\n{spec.feature}\n{spec.schema}"
    return Migration(Revision(hashlib.sha256(content.encode()).hexdigest()[:12]), head, steps)


def _head(kept: Mapping[str, MigrationRecord]) -> Revision | None:
    """The last step of the chain."""
    followed = {record.down_revision for record in kept.values()}
    heads = sorted(r.revision for r in kept.values() if r.revision not in followed)
    return Revision(heads[-1]) if heads else None


def _changed(feature: str) -> Problem:
    message = f"feature '{feature}' is built, and this request would change its tables."
    hint = "Keep its fields, constraints and indexes: tables that were built can't be changed yet."
    return Problem(f"requests/{feature}.json", message, hint)
