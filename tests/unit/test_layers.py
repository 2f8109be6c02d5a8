"""Imports go downward only: the architecture, held by a test."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import petsage_builder

PACKAGE = Path(petsage_builder.__file__).parent
# The lowest first. A module imports from its own row or from those above it here.
LAYERS = (
    ("errors", "checks", "text", "paths", "toml", "trees", "expected", "interrupts", "shards"),
    ("names", "bounded_read", "shipped", "ruff", "patterns"),
    (
        "api",
        "strict_json",
        "python_code",
        "markdown",
        "playground",
        "journal",
        "joining",
        "workspace",
    ),
    ("printing", "field_types", "spec"),
    ("filters", "entries", "merge"),
    ("request", "packs", "seen"),
    ("blueprint", "kinds", "plan"),
    ("render", "records", "verify"),
    ("ci", "recorded_requests", "history", "migrations", "staging"),
    ("draft", "undo"),
    ("consequences",),
    ("conflicts", "drift", "explain"),
    ("report", "report_json", "report_markdown", "report_notes", "report_text"),
    ("verdict",),
    ("pipeline", "serve"),
    ("notebook",),
    ("arguments", "cli", "__main__"),
)
LEVEL = {name: level for level, row in enumerate(LAYERS) for name in row}


def modules() -> dict[str, list[Path]]:
    """The files of each module or package of the builder."""
    found: dict[str, list[Path]] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        name = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
        if not name.startswith("_") or name == "__main__":
            found.setdefault(name, []).append(path)
    return found


def imported(path: Path) -> Iterator[str]:
    """The builder's modules that a file imports when it runs, late imports included."""
    for node in running(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "petsage_builder":
            yield from (alias.name for alias in node.names if alias.name in LEVEL)
        elif isinstance(node, ast.ImportFrom) and node.module:
            package, _, module = node.module.partition(".")
            if package == "petsage_builder":
                yield module.partition(".")[0]


def running(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes that run: not those for type checkers only."""
    for child in ast.iter_child_nodes(node):
        if not (isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING"):
            yield child
            yield from running(child)


def test_every_module_has_its_layer() -> None:
    assert modules().keys() == LEVEL.keys()


def test_imports_go_downward_only() -> None:
    upward = [
        f"{name} imports {other}"
        for name, paths in modules().items()
        for path in paths
        for other in imported(path)
        if LEVEL[other] > LEVEL[name]
    ]
    assert upward == []


def test_a_late_import_counts_and_one_for_types_does_not(tmp_path: Path) -> None:
    late = "def f():\n    from petsage_builder.pipeline import build\n"
    types = "if TYPE_CHECKING:\n    from petsage_builder.cli import main\n"
    (tmp_path / "module.py").write_text(late + types)
    assert list(imported(tmp_path / "module.py")) == ["pipeline"]
