"""What was verified here, so that it is not verified twice: `.petsage/verified.json`, local.

The key is one digest of everything that could change a build's outcome: the project's files and
records, the builder's code and templates, the interpreter and what is installed beside it. While
it stands, a build of the requests on file has nothing to do, and none of it is done again.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
import sysconfig
from collections.abc import Iterable, Sequence
from typing import Any

from petsage_builder import __version__, strict_json
from petsage_builder.checks import CheckResult
from petsage_builder.entries import Entry, canonical
from petsage_builder.errors import BuilderError
from petsage_builder.merge import Outcome
from petsage_builder.paths import (
    CONFLICTS,
    JOURNAL,
    STAGE,
    VERIFIED,
    request_path,
)
from petsage_builder.report import (
    BuildReport,
    FeatureReport,
    FileReport,
    Mode,
    after_build,
)
from petsage_builder.report_notes import NOTHING_TO_DO
from petsage_builder.seen import builder_files
from petsage_builder.spec import Route, Section
from petsage_builder.workspace import Workspace

AGAIN = "not run again: nothing that could change their outcome has changed"


def known_report(workspace: Workspace, given: Sequence[Entry]) -> BuildReport | None:
    """The report of a build that has nothing to do, if that is certain without building."""
    if _interrupted(workspace) or not all(_on_file(workspace, entry) for entry in given):
        return None
    with contextlib.suppress(ValueError, KeyError, TypeError, AttributeError):
        record = json.loads(workspace.read(VERIFIED) or "{}")
        if record["key"] == _key(workspace):
            return _report(workspace, record)
    return None


def remember(workspace: Workspace, report: BuildReport, settled: Iterable[FileReport]) -> None:
    """Notes a green verification of the workspace as it is now on disk, if the disk lets us.

    `settled`: the files as a build shows them that has nothing to do.
    """
    features = [
        {
            "feature": feature.feature,
            "kind": feature.kind,
            "request_id": feature.request_id,
            "title": feature.title,
            "description": feature.description,
            "routes": [[r.method, r.url, r.auth, r.request, r.responses] for r in feature.routes],
            "files": [[section, path] for section, path, _ in feature.files],
        }
        for feature in report.features
    ]
    record = {
        "key": _key(workspace),
        "passed": sum(check.passed for check in report.checks),
        "features": features,
        "files": [[file.path, file.outcome, file.reason, file.diff] for file in settled],
        "python": sys.version,
        "packages": _installed(),
    }
    with contextlib.suppress(OSError), workspace.parent(VERIFIED) as (folder, name):
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
        with open(os.open(name, flags, 0o644, dir_fd=folder), "w", encoding="utf-8") as file:
            file.write(json.dumps(record, indent=1) + "\n")


def _interrupted(workspace: Workspace) -> bool:
    """Whether a commit is to be finished or dropped first, or proposals are to be tidied up."""
    left = workspace.folder(STAGE, "") or workspace.below(CONFLICTS)
    return bool(left) or workspace.read(JOURNAL) is not None


def _on_file(workspace: Workspace, entry: Entry) -> bool:
    """Whether this very request is the one in `requests/`."""
    name = entry.payload.get("feature")
    if not isinstance(name, str) or not name.isidentifier():
        return False
    try:
        content = workspace.read_bytes(request_path(name))
        on_file = strict_json.parse(content, "") if content else None
    except BuilderError:
        return False
    return on_file is not None and canonical(on_file.value) == canonical(entry.payload)


def _report(workspace: Workspace, record: dict[str, Any]) -> BuildReport:
    features = tuple(_feature(workspace, feature) for feature in record["features"])
    tests = CheckResult("tests", ok=True, detail=AGAIN, passed=int(record["passed"]))
    return BuildReport(
        mode=Mode.BUILD,
        exit_code=0,
        features=features,
        verified=True,
        files=tuple(
            FileReport(path, Outcome(outcome), reason, diff)
            for path, outcome, reason, diff in record["files"]
        ),
        checks=(tests,),
        next=tuple(after_build(workspace.root, features)),
        notes=(NOTHING_TO_DO,),
    )


def _feature(workspace: Workspace, record: dict[str, Any]) -> FeatureReport:
    files = [(Section(section), path) for section, path in record.pop("files")]
    routes = tuple(Route(*route) for route in record.pop("routes"))
    texts = tuple((section, path, workspace.read(path) or "") for section, path in files)
    return FeatureReport(**record, routes=routes, files=texts)


def _key(workspace: Workspace) -> str:
    total = hashlib.sha256(json.dumps([__version__, sys.version, *_installed()]).encode())
    for name, content in builder_files():
        total.update(f"{name}\0{len(content)}\0".encode() + content)
    for path in (*workspace.tracked(), *workspace.records()):
        content = workspace.read_bytes(path) or b""
        total.update(f"{path}\0{len(content)}\0".encode("utf-8", "surrogateescape") + content)
    return total.hexdigest()


def _installed() -> list[str]:
    """What is installed beside this interpreter: distributions by name and version."""
    places = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    names = [name for place in places for name in os.listdir(place)]
    return sorted(name for name in names if name.endswith((".dist-info", ".pth")))
