"""How to run the generated app: its database is brought up to date first, then it is served."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from petsage_builder.blueprint import interpreter, parse_blueprint
from petsage_builder.errors import Problem, WorkspaceError
from petsage_builder.paths import BLUEPRINT
from petsage_builder.workspace import need_workspace, unlocked

DRAIN = 10  # seconds that requests under way are given when the server stops
MIGRATIONS = "migrations"
UPGRADE = ("alembic", "upgrade", "head")
TAIL = 5  # lines of alembic's own that say what is wrong


@dataclass(frozen=True, slots=True)
class App:
    """A workspace's app, and the interpreter that runs it; `migrates`: it has a database."""

    root: Path
    package: str
    python: str
    migrates: bool


def served(root: Path) -> App:
    """The app of the workspace."""
    root = root.absolute()  # what runs it does so in that folder
    need_workspace(root)
    with unlocked(root) as workspace:
        blueprint = parse_blueprint(workspace.read(BLUEPRINT))
    python = interpreter(blueprint, root)
    return App(root, blueprint.package, python, (root / MIGRATIONS).is_dir())


def migrate(app: App, say: Callable[[str], None]) -> None:
    """Brings the database that DATABASE_URL names up to date, or raises a WorkspaceError."""
    if not app.migrates:
        return
    say(f"Migrating the database: {' '.join(UPGRADE)}")
    try:
        done = subprocess.run(
            [app.python, "-m", *UPGRADE],
            cwd=app.root,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
    except OSError as error:
        raise WorkspaceError(Problem(app.python, f"{error.strerror}.")) from error
    if done.returncode != 0:
        raise WorkspaceError(_failed(done.stdout))
    say(f"The database is up to date; serving {app.package}.main:app.")


def _failed(said: str) -> Problem:
    """What alembic said last: the end of a traceback is its error."""
    lines = [line.strip() for line in said.splitlines() if line.strip()] or ["it said nothing."]
    message = f"{' '.join(UPGRADE)} failed, so nothing is served:"
    return Problem(MIGRATIONS, "\n".join((message, *lines[-TAIL:])))


def server_command(app: App, host: str, port: int) -> list[str]:
    """Uvicorn's command line (the app's own access log replaces uvicorn's)."""
    where = ["--app-dir", str(app.root), "--host", host, "--port", str(port)]
    how = ["--no-access-log", "--timeout-graceful-shutdown", str(DRAIN)]
    return [app.python, "-m", "uvicorn", f"{app.package}.main:app", *where, *how]
