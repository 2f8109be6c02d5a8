"""The report for programs: one JSON document."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from petsage_builder.report import BuildReport

if TYPE_CHECKING:
    from petsage_builder.consequences import Consequences


def json_text(report: BuildReport) -> str:
    """The document of `--report json`: ASCII, so that no terminal can spoil it."""
    document = {
        "ok": report.ok,
        "exit_code": report.exit_code,
        "features": [
            {"feature": f.feature, "kind": f.kind, "request_id": f.request_id}
            for f in report.features
        ],
        "verified": report.verified,
        "committed": report.committed,
        "files": [{"path": f.path, "outcome": f.outcome, "diff": f.diff} for f in report.files],
        "database": [asdict(change) for change in report.database],
        **_follows(report.follows),
        "checks": [asdict(check) for check in report.checks],
        "problems": [asdict(problem) for problem in report.problems],
        "next": list(report.next),
    }
    return json.dumps(document, indent=2) + "\n"


def _follows(follows: Consequences | None) -> dict[str, object]:
    if follows is None:
        return {"api": [], "tests": {"added": [], "removed": []}, "dependents": []}
    known = asdict(follows)
    return {key: known[key] for key in ("api", "tests", "dependents")}
