"""The report in Markdown: the eight sections of a build, feature by feature."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from petsage_builder import filters
from petsage_builder.merge import Outcome
from petsage_builder.paths import RECORDS
from petsage_builder.report import BuildReport, FeatureReport
from petsage_builder.spec import Section
from petsage_builder.text import Text

if TYPE_CHECKING:
    from petsage_builder.api import ApiChange

SECTIONS = (
    ("3. Pydantic Models", Section.MODELS),
    ("4. Service Logic", Section.SERVICES),
    ("5. API Endpoint", Section.ROUTER),
    ("6. Unit Tests", Section.TESTS),
    ("7. Orchestration & Integration", Section.INTEGRATION),
    ("8. Documentation", Section.DOCUMENTATION),
)


def markdown(report: BuildReport) -> str:
    """One document: what was built, in full, and what was verified."""
    blocks = [block for feature in report.features for block in _feature(report, feature)]
    blocks += _database(report)
    blocks += _consequences(report)
    blocks += _verification(report)
    blocks += [f"- {filters.md(Text(str(problem)))}" for problem in report.problems]
    blocks += [f"- {note}" for note in report.notes]
    blocks.append(f"**{filters.md(Text(report.banner))}**")
    return "\n\n".join(blocks) + "\n"


def _feature(report: BuildReport, feature: FeatureReport) -> Iterator[str]:
    yield f"# {feature.title}: `{feature.feature}` Feature Module"
    yield f"Request ID: `{feature.request_id}` (kind: {feature.kind})"
    yield "## 1. Feature Overview"
    yield filters.md(Text(feature.description))
    yield "\n".join(f"- `{r.method} {r.url}` (authentication: {r.auth})" for r in feature.routes)
    yield "## 2. Generated File Structure"
    yield fence("\n".join(_outcomes(report, feature)))
    for title, section in SECTIONS:
        for path, content in section_files(feature, section):
            yield f"## {title} (`{path}`)"
            yield fence(content, "markdown" if path.endswith(".md") else "python")


def section_files(feature: FeatureReport, section: Section) -> list[tuple[str, str]]:
    return [(path, content) for where, path, content in feature.files if where is section]


def _outcomes(report: BuildReport, feature: FeatureReport) -> Iterator[str]:
    outcomes = {file.path: file.outcome for file in report.files}
    for _, path, _ in feature.files:
        yield f"{outcomes.get(path, Outcome.UNCHANGED).value:<9} {path}"


def _database(report: BuildReport) -> Iterator[str]:
    if report.database:
        yield "# Database"
        yield "\n".join(
            f"- {filters.md(Text(change.change))}{' (destructive)' if change.destructive else ''}"
            for change in report.database
        )


def _consequences(report: BuildReport) -> Iterator[str]:
    if report.follows and report.follows.api:
        yield "# API"
        yield "\n".join(map(_api_line, report.follows.api))
    if report.follows and report.follows.tests.told:
        yield "# Tests"
        yield f"{report.follows.tests.told}."
    if report.follows and report.follows.dependents:
        yield "# Features built on what changes"
        yield "\n".join(f"- {dependent.told}" for dependent in report.follows.dependents)


def _api_line(change: ApiChange) -> str:
    breaks = f" (**breaking**: {change.why})" if change.breaking else ""
    said = filters.md(Text(f"{change.operation} {change.change}"))
    return f"- {said}{breaks}"


def _verification(report: BuildReport) -> Iterator[str]:
    changed = [f for f in report.files if f.outcome is not Outcome.UNCHANGED]
    others = [f for f in changed if not f.path.startswith(f"{RECORDS}/")]
    yield "# Verification"
    yield f"{len(others)} files changed; verified: {json.dumps(report.verified)}."
    for check in report.checks:
        mark = "passed" if check.ok else "FAILED"
        yield (
            f"- {check.name}: {mark}\n\n{fence(check.detail)}"
            if check.detail
            else f"- {check.name}: {mark}"
        )


def fence(content: str, language: str = "") -> str:
    """A fenced block that its content cannot end."""
    longest = max((len(run) for run in re.findall(r"`{3,}", content)), default=2)
    ticks = "`" * (longest + 1)
    return f"{ticks}{language}\n{content.rstrip()}\n{ticks}"
