"""A golden case is a folder: `request.json` (and `blueprint.toml`), and what must come of it.

`expected/` holds the whole rendered tree, the bases of `.petsage/base/` apart, and `openapi.json`,
which is the app's and not a template's; `expected_error.txt` the exit code and the report of a
request that is refused.
"""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from petsage_builder import pipeline
from petsage_builder.entries import read_entries
from petsage_builder.errors import BuilderError, Problem
from petsage_builder.paths import BASE
from petsage_builder.report import failure
from petsage_builder.trees import Tree, write_tree

FOLDER = Path(__file__).parent
ERROR = "expected_error.txt"


@dataclass(frozen=True, slots=True)
class GoldenCase:
    """One folder of `tests/golden/`."""

    folder: Path

    def outcome(self) -> Tree:
        """What the builder makes of the case now, by its path beside the request."""
        with tempfile.TemporaryDirectory() as folder:
            workspace = Path(folder)
            if (self.folder / "blueprint.toml").is_file():
                shutil.copy(self.folder / "blueprint.toml", workspace)
            return _outcome(str(self.folder / "request.json"), workspace)

    def expected(self) -> Tree:
        """What it must make of it."""
        error = [self.folder / ERROR] if (self.folder / ERROR).is_file() else []
        files = [file for file in (self.folder / "expected").rglob("*") if file.is_file()]
        return {
            file.relative_to(self.folder).as_posix(): file.read_bytes().decode()
            for file in (*error, *files)
            if "__pycache__" not in file.parts
        }

    def accept(self) -> None:
        """Makes what comes out now what must come out."""
        shutil.rmtree(self.folder / "expected", ignore_errors=True)
        (self.folder / ERROR).unlink(missing_ok=True)
        write_tree(self.folder, self.outcome())


def golden_cases() -> list[GoldenCase]:
    """Every case, by the name of its folder."""
    return [GoldenCase(file.parent) for file in sorted(FOLDER.glob("*/request.json"))]


def _outcome(source: str, workspace: Path) -> Tree:
    options = pipeline.Options(workspace)
    try:
        entries = read_entries([source])
        with pipeline.opened(options, "golden", new=True) as opened:
            after = pipeline.make_draft(opened, entries, options).changes.after()
    except BuilderError as error:
        error.problems = tuple(_short(problem, source) for problem in error.problems)
        return {ERROR: f"exit {error.exit_code}\n{failure(error, 'build').text()}"}
    return {f"expected/{p}": text for p, text in after.items() if not p.startswith(f"{BASE}/")}


def _short(problem: Problem, source: str) -> Problem:
    """The problem, told the same wherever the checkout is."""
    where, message = (
        said.replace(source, "request.json") for said in (problem.where, problem.message)
    )
    return replace(problem, where=where, message=message)
