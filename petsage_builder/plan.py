"""Spec and packs in, steps out: which template becomes which file."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

from petsage_builder.errors import PackError, Problem
from petsage_builder.packs import Pack, PackFile, Templates
from petsage_builder.paths import path_problem
from petsage_builder.shipped import APP
from petsage_builder.spec import FeatureSpec, Owner, ProjectSpec, Section


@dataclass(frozen=True, slots=True)
class Step:
    """Render `template` to `target`; `spec` is None for the files of the project itself."""

    template: str
    target: str
    owner: Owner
    section: Section | None
    spec: FeatureSpec | None


@dataclass(frozen=True, slots=True)
class Plan:
    project: ProjectSpec
    steps: tuple[Step, ...]

    def by_feature(self) -> dict[str, list[Step]]:
        """The steps of each feature, and under '' those of the project itself."""
        steps: dict[str, list[Step]] = {"": [], **{f.feature: [] for f in self.project.features}}
        for step in self.steps:
            steps[step.spec.feature if step.spec else ""].append(step)
        return steps


def make_plan(project: ProjectSpec, templates: Templates) -> Plan:
    """Every step of the whole workspace, in the order of targets; targets are checked."""
    packs = {name: templates.find_pack(name) for name in {APP, *(s.pack for s in project.features)}}
    steps = [*_steps(packs[APP], project, None)]
    for spec in project.features:
        steps += _steps(packs[spec.pack], project, spec)
    steps.sort(key=lambda step: step.target)
    for before, step in itertools.pairwise(steps):
        if before.target == step.target:
            message = f"{before.template} and this one both make {step.target}."
            raise PackError(Problem(f"templates/{step.template}", message))
    return Plan(project, tuple(steps))


def _steps(pack: Pack, project: ProjectSpec, spec: FeatureSpec | None) -> Iterator[Step]:
    for row in pack.files:
        if row.condition is None or (spec and row.condition in spec.conditions):
            target = _target(pack, row, project, spec)
            template = f"{pack.name}/files/{row.source}"
            yield Step(template, target, row.owner, row.section, spec)


def _target(pack: Pack, row: PackFile, project: ProjectSpec, spec: FeatureSpec | None) -> str:
    target = row.target.replace("{package}", project.package)
    target = target.replace("{feature}", spec.feature) if spec else target
    if problem := path_problem(target):
        where = f"templates/{pack.name}/pack.toml"
        raise PackError(Problem(where, f"the target {target!r} {problem}."))
    return target
