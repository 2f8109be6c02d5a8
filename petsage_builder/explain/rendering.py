"""One file, rendered again of payloads that may say something else than those on disk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from petsage_builder import kinds
from petsage_builder.blueprint import Blueprint, resolve_project
from petsage_builder.entries import Entry
from petsage_builder.errors import Problem, WorkspaceError
from petsage_builder.explain.keys import Payloads, Probe
from petsage_builder.kinds import Asked
from petsage_builder.packs import Templates
from petsage_builder.paths import BLUEPRINT, request_path
from petsage_builder.plan import Plan, Step, make_plan
from petsage_builder.render import printed
from petsage_builder.request import validate
from petsage_builder.spec import ProjectSpec

if TYPE_CHECKING:
    from jinja2 import Environment


@dataclass(frozen=True, slots=True)
class File:
    """A file of a plan, and all that it is rendered from.

    `entries`: the requests and the blueprint, by their paths; `asked`: the requests as they are
    read.
    """

    step: Step
    plan: Plan
    entries: Mapping[str, Entry]
    asked: Mapping[str, Asked]
    templates: Templates
    environment: Environment

    @property
    def own(self) -> str:
        """The request of the feature that the file belongs to; empty for the project itself."""
        return request_path(self.step.spec.feature) if self.step.spec else ""

    @property
    def payloads(self) -> Payloads:
        """What the requests and the blueprint say."""
        return {source: entry.payload for source, entry in self.entries.items()}

    def text(self, payloads: Payloads) -> str:
        """What is printed for the payloads; nothing, if the file is not made for them.

        Raises a BuilderError whose problems tell their places as keys.
        """
        plan = make_plan(self._project(payloads), self.templates)
        step = next(filter(self._makes_it, plan.steps), None)
        return printed(self.environment, plan, step) if step else ""

    def _project(self, payloads: Payloads) -> ProjectSpec:
        """The project; of a feature's file, the other features stay as they are: it costs less."""
        probes = {source: self._probe(source, payload) for source, payload in payloads.items()}
        blueprint = probes.pop(BLUEPRINT)
        settings, problems = validate(Blueprint, blueprint.payload, blueprint)
        if settings is None:
            raise WorkspaceError(*problems)
        asked = kinds.validated(probes.values(), package=settings.package, read=self._read)
        needed = [one for one in asked if self.own in {"", one.entry.document.source}]
        project = kinds.resolve(needed, resolve_project(settings))
        project = replace(project, history=self.plan.project.history)
        return self._with_others(project) if self.own else project

    def _probe(self, source: str, payload: Mapping[str, Any]) -> Probe:
        entry = self.entries[source]
        return Probe(entry.document, entry.at, payload)

    def _read(self, entry: Entry, package: str) -> tuple[Asked | None, list[Problem]]:
        """What is asked; a request that says what it says on disk is not read again."""
        known = self.asked[entry.document.source]
        if entry.payload is known.entry.payload and package == self.plan.project.package:
            return known, []
        return kinds.read(entry, package)

    def _with_others(self, project: ProjectSpec) -> ProjectSpec:
        [own] = project.features
        known = self.plan.project.features
        return replace(project, features=tuple(own if s is self.step.spec else s for s in known))

    def _makes_it(self, step: Step) -> bool:
        """Whether a step of another plan makes this file."""
        if step.template != self.step.template or step.built or self._is_of_another(step):
            return False
        if not (step.spec and step.part and self.step.spec and self.step.part):
            return True
        before, after = self.step.spec.parts, step.spec.parts
        same_place = before.index(self.step.part) == after.index(step.part)
        return step.part.file == self.step.part.file or (len(before) == len(after) and same_place)

    def _is_of_another(self, step: Step) -> bool:
        """Whether the step belongs to a feature that stayed as it is."""
        return any(step.spec is spec for spec in self.plan.project.features)
