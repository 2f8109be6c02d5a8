"""The short report for people, line by line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from petsage_builder.checks import CONTROL, CheckResult
from petsage_builder.merge import Outcome
from petsage_builder.paths import OPENAPI, RECORDS
from petsage_builder.report import BuildReport, Mode

if TYPE_CHECKING:
    from petsage_builder.consequences import Consequences

STYLES = {
    Outcome.CREATED: "green",
    Outcome.UPDATED: "cyan",
    Outcome.MERGED: "cyan",
    Outcome.KEPT: "yellow",
    Outcome.CONFLICT: "red",
    Outcome.REMOVED: "magenta",
    Outcome.ORPHANED: "yellow",
    Outcome.UNCHANGED: "dim",
}


def text_lines(report: BuildReport) -> Iterator[tuple[str, str]]:
    """The short report for people: lines, each with its style on a terminal."""
    for feature in report.features:
        yield f"{feature.feature}  ({feature.kind}, request {feature.request_id})", "bold"
        if report.mode is Mode.STATUS:
            yield from ((f"  {route.method} {route.url}", "") for route in feature.routes)
    yield from _file_lines(report)
    for change in report.database:
        lost = "  (destructive)" if change.destructive else ""
        style = "bold yellow" if change.destructive else "cyan"
        yield f"  database: {change.change}{lost}", style
    if report.follows:
        yield from _consequence_lines(report.follows)
    yield from _check_lines(report.checks)
    for note in report.notes:
        yield f"  {note}", "yellow"
    for problem in report.problems:
        first, *rest = str(problem).splitlines()
        yield f"  ✗ {first}", "red"
        yield from ((f"    {line}", "") for line in rest)
    for step in report.next:
        yield f"  next: {step}", "dim"
    yield report.banner, "bold green" if report.ok else "bold red"


def _consequence_lines(follows: Consequences) -> Iterator[tuple[str, str]]:
    for change in follows.api:
        breaks = f"  (breaking: {change.why})" if change.breaking else ""
        style = "bold yellow" if change.breaking else "cyan"
        yield f"  api: {change.operation} {change.change}{breaks}", style
    if told := follows.tests.told:
        yield f"  tests: {told}", "cyan"
    for dependent in follows.dependents:
        yield f"  {dependent.told}", "yellow"


def _check_lines(checks: tuple[CheckResult, ...]) -> Iterator[tuple[str, str]]:
    """A line a check; the controls that are well are one line, however many features there are."""
    controls = [check for check in checks if check.name.startswith(CONTROL)]
    well = [check for check in controls if check.ok]
    for check in checks:
        name, said = check.name, check.detail.partition("\n")[0]
        if check in well:
            if check is not well[-1]:
                continue
            name, said = CONTROL, f"{len(well)} of {len(controls)} features: {said}"
        if name == "tests":
            said = f"{check.passed} passed, {check.failed} failed, {check.skipped} skipped; {said}"
        mark, style = ("ok  ", "green") if check.ok else ("FAIL", "red")
        yield f"  {mark}  {name:<9} {said}".rstrip(), style


def _file_lines(report: BuildReport) -> Iterator[tuple[str, str]]:
    records = 0
    with_diffs = report.mode in (Mode.DRY_RUN, Mode.CHECK)
    told = report.follows is not None and bool(report.follows.api)  # what the document's diff tells
    for file in report.files:
        if file.outcome is Outcome.UNCHANGED:
            continue
        if file.path.startswith(f"{RECORDS}/"):
            records += 1
            continue
        reason = f"  ({file.reason})" if file.reason else ""
        yield f"  {file.outcome.value:<9} {file.path}{reason}", STYLES[file.outcome]
        if with_diffs and not (told and file.path == OPENAPI):
            yield from (_diff_line(line) for line in file.diff.splitlines())
    if records:
        yield f"  {'records':<9} {records} in {RECORDS}/", "dim"


def _diff_line(line: str) -> tuple[str, str]:
    return f"    {line}".rstrip(), {"+": "green", "-": "red", "@": "cyan"}.get(line[:1], "dim")
