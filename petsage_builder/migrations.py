"""The files of the database's history: those built before, and the user's own; none is run."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from pydantic import ValidationError

from petsage_builder.errors import Problem, WorkspaceError
from petsage_builder.paths import base_path
from petsage_builder.plan import Plan
from petsage_builder.records import Manifest, MigrationRecord, Records
from petsage_builder.trees import Tree, digest
from petsage_builder.workspace import Workspace

VERSIONS = "migrations/versions"
SAYS = frozenset(MigrationRecord.model_fields)


def built_files(plan: Plan, records: Records, read: Callable[[str], str | None]) -> Tree:
    """The files of migrations that were built before, as they were rendered then.

    Raises a WorkspaceError where neither the record nor an unedited file is left of one.
    """
    found: dict[str, str] = {}
    lost = []
    for step in plan.steps:
        if step.built:
            content = records.base.get(step.target) or _unedited(step.target, records, read)
            if content is None:
                lost.append(step.target)
            else:
                found[step.target] = content
    if lost:
        message = "is the record of a migration that was built, and not what the manifest says."
        hint = "Restore it from git: what was built once is never rendered anew."
        raise WorkspaceError(*(Problem(base_path(path), message, hint) for path in lost))
    return found


def _unedited(path: str, records: Records, read: Callable[[str], str | None]) -> str | None:
    """The file itself, if it is as it was rendered."""
    content, record = read(path), records.manifest.files.get(path)
    known = content is not None and record is not None and digest(content) == record.sha256
    return content if known else None


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
