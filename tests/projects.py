"""Generated projects as tests look at them: written without being verified, run, and checked."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from petsage_builder import pipeline
from petsage_builder.entries import read_entries
from petsage_builder.trees import write_tree

BIN = Path(sys.executable).parent
FEW = 4  # projects that pyright holds in its memory at once


def written_project(folder: Path, requests: Sequence[Path]) -> Path:
    """The project that the requests become; that it is verified is for other tests."""
    options = pipeline.Options(folder)
    with pipeline.opened(options, "build", new=True) as opened:
        entries = read_entries([str(request) for request in requests])
        tree = pipeline.make_draft(opened, entries, options).changes.after()
    write_tree(folder, tree)
    return folder


def verified_project(folder: Path, request: Path) -> Path:
    """The project, built as users do it."""
    report = pipeline.build([str(request)], pipeline.Options(folder))
    assert report.ok, report.text()
    assert report.verified
    return folder


def rebuilt(workspace: Path) -> Path:
    """The workspace after a build of what is on file."""
    report = pipeline.build([], pipeline.Options(workspace))
    assert report.ok, report.text()
    return workspace


def clean_project(folder: Path, asked: Sequence[Mapping[str, Any]], cache: Path) -> Path:
    """The project, built of the requests as users do it, and clean to every tool."""
    project = built_project(folder, asked)
    clean_to_all(folder, [project], cache)
    return project


def built_project(folder: Path, asked: Sequence[Mapping[str, Any]]) -> Path:
    """The project, built of the requests as users do it."""
    source = folder / "requests.json"
    source.write_text(json.dumps(asked), encoding="utf-8")
    project = folder / "generated"
    report = pipeline.build([str(source)], pipeline.Options(project))
    assert report.ok, f"{report.text()}\n{source.read_text(encoding='utf-8')}"
    assert report.verified
    return project


def clean_to_all(folder: Path, projects: Sequence[Path], cache: Path) -> None:
    """Each project in the folder is clean to every tool; pyright takes several at once."""
    for project in projects:
        clean_to_ruff(project)
        clean_to_mypy(project, cache)
    for first in range(0, len(projects), FEW):
        several = projects[first : first + FEW]
        roots = [project.relative_to(folder).as_posix() for project in several]
        parts = [f"{root}/{part}" for root in roots for part in ("petsage_api", "migrations")]
        settings = {"include": parts, "executionEnvironments": [{"root": root} for root in roots]}
        (folder / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
        clean_to_pyright(folder)


def openapi_of(project: Path) -> Mapping[str, Any]:
    """What the project says of itself."""
    script = "import json, petsage_api.main as m; print(json.dumps(m.create_app().openapi()))"
    document: Mapping[str, Any] = json.loads(run(sys.executable, "-c", script, cwd=project))
    return document


def run(*command: str | Path, cwd: Path, **environment: str) -> str:
    """What a command says that must succeed; nothing of ours is in its environment."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "PETSAGE"))}
    done = subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        env={**kept, "PYTHONDONTWRITEBYTECODE": "1", **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=1800,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def clean_to_ruff(project: Path) -> None:
    run(BIN / "ruff", "check", "--no-cache", ".", cwd=project)
    run(BIN / "ruff", "format", "--no-cache", "--check", ".", cwd=project)


def clean_to_mypy(project: Path, cache: Path) -> None:
    """As strict as the project's own pyproject.toml says."""
    said = run(sys.executable, "-m", "mypy", "--cache-dir", cache, cwd=project)
    assert "Success: no issues found" in said


def clean_to_pyright(folder: Path, *packages: str) -> None:
    """By its defaults; a warning is an error. Without packages, what `pyrightconfig.json` says."""
    python = ("--pythonpath", sys.executable, "--warnings")
    named = (*packages, "migrations") if packages else ()
    said = run(BIN / "pyright", *python, *named, cwd=folder)
    assert "0 errors, 0 warnings" in said
