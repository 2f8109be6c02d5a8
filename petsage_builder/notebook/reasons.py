"""Why a change is not made, in short: what the cells above show at length is only named."""

from __future__ import annotations

from petsage_builder.checks import CheckResult, TestEvent, Verification
from petsage_builder.errors import Problem
from petsage_builder.notebook.blocks import steady
from petsage_builder.report import BuildReport

DIFFERS = "Differing items:"  # what pytest puts above them
IN_FULL = "`tests` shows all of it."
MOST = 12  # lines of what one check says


def reasons(report: BuildReport, proof: Verification | None) -> tuple[Problem, ...]:
    """Every problem of the report; those of red checks without their tracebacks."""
    red = [check for check in report.checks if not check.ok]
    places = {f"check {check.name}" for check in red}
    others = (problem for problem in report.problems if problem.where not in places)
    tests = proof.tests if proof else ()
    return (*others, *(Problem(f"check {c.name}", _brief(c, tests), IN_FULL) for c in red))


def _brief(check: CheckResult, tests: tuple[TestEvent, ...]) -> str:
    text = check.detail or "failed"
    for test in tests:
        said = f"{test.id}: {test.outcome}"
        text = text.replace(f"{said}\n{test.detail}".rstrip(), f"{said}{_assertion(test)}")
    lines = _without_tracebacks(steady(text).splitlines())
    more = [f"... and {len(lines) - MOST} lines more"]
    return "\n".join(lines[:MOST] + (more if len(lines) > MOST else []))


def _without_tracebacks(lines: list[str]) -> list[str]:
    """Of what pytest says about a file that can't be imported: the file, and the error."""
    if not any(line.startswith("E ") for line in lines):
        return lines
    return [line for line in lines if line.startswith("E ") or line.endswith(".py")]


def _assertion(test: TestEvent) -> str:
    """Of what pytest marks as the error the first line, or what differs in two that it compares."""
    marked = [line[1:].strip() for line in test.detail.splitlines() if line.startswith("E ")]
    differs = marked.index(DIFFERS) + 1 if DIFFERS in marked else 0
    return f": {marked[differs]}" if marked[differs:] else ""
