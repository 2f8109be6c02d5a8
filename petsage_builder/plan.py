"""Spec and packs in, steps out: which template becomes which file."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

from petsage_builder import text
from petsage_builder.errors import PackError, Problem
from petsage_builder.packs import Pack, PackFile, Templates
from petsage_builder.paths import target_problem
from petsage_builder.shipped import APP, INDEX, STORAGE
from petsage_builder.spec import FeatureSpec, Migration, Owner, Part, ProjectSpec, Section


@dataclass(frozen=True, slots=True)
class Step:
    """Render `template` to `target`.

    `spec` is None for the files of the project itself; `part` is the one that the file is about.
    A step of the database's history has its `migration`, or was `built`: then the file is kept as
    it was rendered.
    """

    template: str
    target: str
    owner: Owner
    section: Section | None
    spec: FeatureSpec | None
    part: Part | None = None
    migration: Migration | None = None
    built: bool = False

    @property
    def feature(self) -> str:
        """The feature that the file goes with; '' for the project's own and the history's."""
        history = self.built or self.migration
        return self.spec.feature if self.spec and not history else ""


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
    app = templates.find_pack(APP)
    packs = {name: templates.find_pack(name) for name in sorted({s.pack for s in project.features})}
    steps = [*_steps(app, project, None)]
    problems = [*_wrong_kind(app, APP)]
    if project.stores:
        storage = templates.find_pack(STORAGE)
        steps += _steps(storage, project, None)
        problems += _wrong_kind(storage, STORAGE)
    for spec in project.features:
        own = [*_steps(packs[spec.pack], project, spec)]
        steps += own
        problems += [*_wrong_kind(packs[spec.pack], spec.kind), *_unproven(spec, own)]
    steps.sort(key=lambda step: step.target)
    if problems := [*_twice(steps), *dict.fromkeys(problems)]:
        raise PackError(*problems)
    return Plan(project, tuple(steps))


def _twice(steps: list[Step]) -> Iterator[Problem]:
    for before, step in itertools.pairwise(steps):
        if before.target == step.target:
            message = f"{before.template} and this one both make {step.target}."
            yield Problem(f"templates/{step.template}", message)


def _wrong_kind(pack: Pack, kind: str) -> Iterator[Problem]:
    if pack.kind != kind:
        message = f"must be {kind!r}, not {text.show(pack.kind)}."
        yield Problem(f"{_index(pack.name)} kind", message)


def _unproven(spec: FeatureSpec, steps: list[Step]) -> Iterator[Problem]:
    """What verification needs of a feature's files: a place for the fault, and tests."""
    fault = spec.fault.file
    if not any(step.target.endswith(f"/{fault}") for step in steps):
        message = f"the pack makes no {fault}, in which a fault is put to prove the tests."
        yield Problem(_index(spec.pack), message)
    if not any(step.section is Section.TESTS for step in steps):
        message = f'the pack has no file of section = "{Section.TESTS}", so nothing would prove it.'
        yield Problem(_index(spec.pack), message)


def _index(pack: str) -> str:
    return f"templates/{pack}/{INDEX}"


def _steps(pack: Pack, project: ProjectSpec, spec: FeatureSpec | None) -> Iterator[Step]:
    for row in pack.files:
        if row.condition is None or row.condition in (spec or project).conditions:
            template = f"{pack.name}/files/{row.source}"
            if row.each and spec is None:
                yield from _migrations(pack, row, project)
                continue
            for part in spec.parts if spec and row.each else (None,):
                target = _target(pack, row, _words(project, spec, part))
                yield Step(template, target, row.owner, row.section, spec, part)


def _migrations(pack: Pack, row: PackFile, project: ProjectSpec) -> Iterator[Step]:
    """A step for each migration, those of features that were removed, too.

    Only the new ones are rendered, and only those of features that are there are shown.
    """
    template = f"{pack.name}/files/{row.source}"
    specs = {spec.feature: spec for spec in project.features}
    for one in (*project.history, project.joins):
        spec = specs.get(one.feature)
        words = {"package": project.package, "feature": one.feature}
        section = row.section if spec else None
        for step in one.steps:
            target = _target(pack, row, {**words, "revision": step.revision})
            new = one.migration if step is one.migration else None
            yield Step(template, target, row.owner, section, spec, migration=new, built=not new)


def _words(project: ProjectSpec, spec: FeatureSpec | None, part: Part | None) -> dict[str, str]:
    """What stands for the words in braces of a target."""
    words: dict[str, str] = {"package": project.package}
    if spec:
        words["feature"] = spec.feature
    if part:
        words["part"] = part.file
    return words


def _target(pack: Pack, row: PackFile, words: dict[str, str]) -> str:
    target = row.target
    for word, meant in words.items():
        target = target.replace(f"{{{word}}}", meant)
    if problem := target_problem(target):
        raise PackError(Problem(_index(pack.name), f"the target {target!r} {problem}."))
    return target
