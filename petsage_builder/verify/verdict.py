"""What was verified here, so that it is not verified twice: `.petsage/verified.json`, local."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
import sysconfig
from functools import cache

from petsage_builder import __version__
from petsage_builder.draft import Draft
from petsage_builder.paths import VERIFIED
from petsage_builder.render import Tree
from petsage_builder.verify import CheckResult, Verification
from petsage_builder.workspace import Workspace

AGAIN = "not run again: nothing that could change their outcome has changed"


def known_verdict(workspace: Workspace, draft: Draft, staged: Tree) -> Verification | None:
    """The green verdict on exactly this project in exactly this environment, if there is one."""
    if draft.changes.writes or draft.python != sys.executable:
        return None  # what another interpreter has installed is not known here
    with contextlib.suppress(ValueError, KeyError, TypeError):
        record = json.loads(workspace.read(VERIFIED) or "{}")
        if record["key"] == _key(draft, staged):
            tests = CheckResult("tests", ok=True, detail=AGAIN, passed=int(record["passed"]))
            return Verification((tests,))
    return None


def write_verdict(workspace: Workspace, draft: Draft, staged: Tree, proof: Verification) -> None:
    """Notes a green verification, unless it is the one on record."""
    tests = next(check for check in proof.checks if check.name == "tests")
    if tests.detail == AGAIN or draft.python != sys.executable:
        return
    record = {
        "key": _key(draft, staged),
        "passed": tests.passed,
        "python": sys.version,
        "packages": installed(),
    }
    with workspace.parent(VERIFIED) as (folder, name):
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
        with open(os.open(name, flags, 0o644, dir_fd=folder), "w", encoding="utf-8") as file:
            file.write(json.dumps(record, indent=1) + "\n")


def _key(draft: Draft, staged: Tree) -> str:
    total = hashlib.sha256(json.dumps([__version__, sys.version, *installed()]).encode())
    for path, content in sorted(staged.items()):
        total.update(f"{path}\0{content}\0".encode("utf-8", "surrogateescape"))
    return total.hexdigest()


@cache
def installed() -> tuple[str, ...]:
    """What is installed beside this interpreter: distributions by name and version."""
    places = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    names = [name for place in places for name in os.listdir(place)]
    return tuple(sorted(name for name in names if name.endswith((".dist-info", ".pth"))))
