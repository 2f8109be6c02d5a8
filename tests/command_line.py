"""The command line as tests use it, and what they look at before and after."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

SEED: Mapping[str, Any] = {
    "request_id": "c4a8-f9b2-4d01-a3e9-b5d7e6f1c2a0",
    "feature": "smoke_test",
    "description": "Ensure builder functional",
    "requirements": "none",
}
COMMAND = (sys.executable, "-m", "petsage_builder")
SERVICES = "petsage_api/features/smoke_test/services.py"
TEMPLATES = Path(__file__).parents[1] / "templates"


@dataclass(frozen=True, slots=True)
class Done:
    """A command that ended."""

    code: int
    out: str
    err: str

    def json(self) -> Any:  # noqa: ANN401 (whatever the document holds)
        return json.loads(self.out)


class Door(Protocol):
    """The command line: arguments in, what it said out."""

    def __call__(self, *arguments: str | Path, stdin: bytes = b"") -> Done: ...


def process(*arguments: str | Path, cwd: Path, **environment: str) -> Done:
    """One command in a process of its own."""
    done = subprocess.run(
        [*COMMAND, *map(str, arguments)],
        cwd=cwd,
        env=os.environ | environment,
        capture_output=True,
        encoding="utf-8",
        timeout=1800,  # against hanging, not to measure: a machine may have much else to do
        check=False,
    )
    return Done(done.returncode, done.stdout, done.stderr)


def tree(folder: Path) -> dict[str, bytes]:
    """Every file and folder below a folder; the lock says who held it last, so it is apart."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else b"<folder>"
        for path in sorted(folder.rglob("*"))
        if path.name != "lock"
    }


def times(folder: Path) -> dict[str, int]:
    """When each file and folder was last written; the lock is apart."""
    return {
        str(path): path.stat().st_mtime_ns
        for path in sorted(folder.rglob("*"))
        if path.name != "lock"
    }


def write(file: Path, content: str | Mapping[str, Any] | list[Any]) -> Path:
    """A file, with its folders; what is no text is written as JSON."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content if isinstance(content, str) else json.dumps(content))
    return file


def status_request(feature: str, path: str | None = None, **more: str) -> dict[str, Any]:
    """A status request; `path` is its own path."""
    requirements = {} if path is None else {"requirements": {"status": {"path": path}}}
    return {"feature": feature, "description": f"The {feature} check.", **requirements, **more}


def own_template(workspace: Path, name: str, old: str, new: str) -> Path:
    """Gives a workspace a template of its own, which differs from the shipped one."""
    write(workspace / "blueprint.toml", "[templates]\nworkspace = true\n")
    shipped = (TEMPLATES / name).read_text()
    assert old in shipped
    return write(workspace / "templates" / name, shipped.replace(old, new))


def break_service(workspace: Path) -> None:
    """A template of its own whose service says something that the tests refuse."""
    own_template(workspace, "status/files/services.py.jinja", "message=MESSAGE", 'message="broken"')
