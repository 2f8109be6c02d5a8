"""Runs the ruff that was installed beside this interpreter."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
from functools import cache
from pathlib import Path

from petsage_builder.errors import Problem, RenderError
from petsage_builder.interrupts import temporary_folder
from petsage_builder.trees import Tree, write_tree

LINE_LENGTH = 100


def format_python(tree: Tree) -> Tree:
    """The tree's Python, that of its Markdown and notebooks, too, as `ruff format` leaves it."""
    paths = [path for path in tree if path.endswith((".py", ".md", ".ipynb"))]
    if not paths:
        return {}
    with temporary_folder("petsage-format-") as folder:
        write_tree(folder, {path: tree[path] for path in paths})
        options = ("--isolated", f"--line-length={LINE_LENGTH}", "--target-version=py311")
        done = ruff("format", "--no-cache", *options, ".", cwd=folder)
        if done.returncode != 0:
            raise RenderError(Problem("ruff format", done.stderr.strip() or "failed."))
        return {path: (folder / path).read_text(encoding="utf-8") for path in paths}


def ruff(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """One run of ruff in `cwd`."""
    command = [ruff_path(), *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, encoding="utf-8", check=False)


@cache
def ruff_path() -> str:
    """Ruff beside the interpreter, never one that PATH happens to name."""
    path = Path(sysconfig.get_path("scripts")) / "ruff"
    if not path.is_file():
        message = f"is not installed beside {sys.executable}."
        raise RenderError(Problem("ruff", message, "Install petsage-builder again."))
    return str(path)
