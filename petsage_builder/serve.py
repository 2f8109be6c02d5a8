"""How to run the generated app."""

from __future__ import annotations

from pathlib import Path

from petsage_builder.blueprint import interpreter, parse_blueprint
from petsage_builder.paths import BLUEPRINT
from petsage_builder.workspace import need_workspace, unlocked

DRAIN = 10  # seconds that requests under way are given when the server stops


def server_command(root: Path, host: str, port: int) -> list[str]:
    """Uvicorn's command line for the workspace's app (whose own access log replaces uvicorn's)."""
    need_workspace(root)
    with unlocked(root) as workspace:
        blueprint = parse_blueprint(workspace.read(BLUEPRINT))
    python = interpreter(blueprint, root)
    where = ["--app-dir", str(root), "--host", host, "--port", str(port)]
    how = ["--no-access-log", "--timeout-graceful-shutdown", str(DRAIN)]
    return [python, "-m", "uvicorn", f"{blueprint.package}.main:app", *where, *how]
