"""The negative controls: a fault for each feature that changes, which its tests must notice."""

from __future__ import annotations

from petsage_builder.merge import ChangeSet
from petsage_builder.packs import Section
from petsage_builder.plan import Plan
from petsage_builder.spec import FeatureSpec
from petsage_builder.verify.subprocess_run import Control


def controls_of(plan: Plan, changes: ChangeSet) -> tuple[Control, ...]:
    """One control a feature; all of them when nothing changes (a check), else of what changes."""
    written = {change.path for change in changes.writes}
    changed = [s for s in plan.project.features if written & {step.target for step in plan.of(s)}]
    return tuple(_control(plan, spec) for spec in changed or plan.project.features)


def _control(plan: Plan, spec: FeatureSpec) -> Control:
    steps = plan.of(spec)
    file = next(step.target for step in steps if step.target.endswith(f"/{spec.fault.file}"))
    tests = tuple(step.target for step in steps if step.section is Section.TESTS)
    return Control(spec.feature, file, spec.fault.code, tests)
