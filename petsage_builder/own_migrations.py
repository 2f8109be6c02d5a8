"""The user's own steps of the database's history: files that Alembic made, read and never run."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from pydantic import ValidationError

from petsage_builder.records import Manifest, MigrationRecord
from petsage_builder.workspace import Workspace

VERSIONS = "migrations/versions"
SAYS = frozenset(MigrationRecord.model_fields)


def own_migrations(workspace: Workspace, manifest: Manifest) -> tuple[MigrationRecord, ...]:
    """The steps in files that the builder did not write; one that can't be read is left out."""
    paths = [path for path in workspace.folder(VERSIONS, ".py") if path not in manifest.files]
    return tuple(step for path in paths for step in _steps(workspace.read(path) or ""))


def _steps(content: str) -> Iterator[MigrationRecord]:
    try:
        yield MigrationRecord.model_validate(dict(_said(ast.parse(content))))
    except (SyntaxError, ValueError, ValidationError, RecursionError, MemoryError):
        return


def _said(module: ast.Module) -> Iterator[tuple[str, object]]:
    """What the file says at its top of its revision, and of the one before it."""
    for statement in module.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.expr() as value):
                pass
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                pass
            case _:
                continue
        if name in SAYS:
            yield name, ast.literal_eval(value)
