"""The generated app under schemathesis, all checks and phases, on both databases: `make fuzz`."""

from __future__ import annotations

import argparse
import ast
import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from rich.console import Console
from rich.table import Table

from petsage_builder import pipeline
from petsage_builder.entries import read_entries
from petsage_builder.trees import write_tree
from petsage_builder.verify import postgres

ROOT = Path(__file__).parents[2]
# Two that people would ask for; then every type, and all that no JSON Schema can say.
REQUESTS = (
    *(ROOT / "generated/requests" / name for name in ("owners.json", "tags.json")),
    *(Path(__file__).parent / "requests" / name for name in ("things.json", "bookings.json")),
)
PACKAGE = "petsage_api"
SEEDS = (1, 2, 3)
EXAMPLES = 100
PHASES = "examples,coverage,fuzzing,stateful"
START_LIMIT = 60.0
# The app as it is, but for the cost of a hash: thousands of secrets are hashed here.
APP = f"""
from {PACKAGE}.core import hashing

hashing.COST.update(n=2, p=1)

from {PACKAGE}.main import app  # noqa: E402
"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one seed on one database; `said` is what schemathesis and the server wrote."""

    database: str
    seed: int
    cases: int
    failures: int
    server_errors: int
    seconds: float
    said: str

    @property
    def ok(self) -> bool:
        return self.cases > 0 and self.failures == 0 and self.server_errors == 0


def draw(folder: Path, requests: Sequence[Path]) -> Path:
    """The project that the builder makes of the requests; its own tests are run elsewhere."""
    options = pipeline.Options(folder / "workspace")
    with pipeline.opened(options, "build", new=True) as workspace:
        draft = pipeline.make_draft(workspace, read_entries(list(map(str, requests))), options)
    write_tree(folder / "project", draft.rendered)
    (folder / "project/fuzzed.py").write_text(APP)
    return folder / "project"


def fuzz(project: Path, url: str, database: str, seed: int, examples: int) -> Outcome:
    """One seed against the project's app, on an empty database to which rows are added first."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        started = time.monotonic()
        with served(project, url, folder / "log") as base:
            add_rows(project, base)
            code, said = attack(project, base, folder / "report.json", seed, examples)
        seconds = time.monotonic() - started
        report = json.loads((folder / "report.json").read_text())
        errors = list(server_errors((folder / "log").read_text()))
    failures = len(report["failures"])
    if code != 0 or failures or errors:
        said = "\n".join([said, *errors])
    return Outcome(database, seed, 0, failures or code, len(errors), seconds, said)


@contextlib.contextmanager
def served(project: Path, url: str, log: Path) -> Iterator[str]:
    """Where the app answers, its database migrated."""
    environment = {**os.environ, "DATABASE_URL": url, "PYTHONPATH": str(project)}
    alembic = [sys.executable, "-m", "alembic", "upgrade", "head"]
    subprocess.run(alembic, cwd=project, env=environment, check=True, capture_output=True)
    port = free_port()
    # Every filter at once makes a URL longer than h11 takes by default.
    where = ["--port", str(port), "--h11-max-incomplete-event-size", "1000000"]
    uvicorn = [sys.executable, "-m", "uvicorn", "fuzzed:app", "--no-access-log", *where]
    with (
        log.open("wb") as output,
        subprocess.Popen(uvicorn, cwd=project, env=environment, stderr=output) as server,
    ):
        try:
            base = f"http://127.0.0.1:{port}"
            need_answer(f"{base}/readyz", server)
            yield base
        finally:
            server.terminate()


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def need_answer(url: str, server: subprocess.Popen[bytes]) -> None:
    limit = time.monotonic() + START_LIMIT
    while time.monotonic() < limit and server.poll() is None:
        with contextlib.suppress(httpx.TransportError):
            if httpx.get(url).is_success:
                return
        time.sleep(0.1)
    raise RuntimeError(f"{url} did not answer")


def add_rows(project: Path, base: str) -> None:
    """Stores the rows of the generated tests, so that lists and reads have something to find."""
    with httpx.Client(base_url=base) as client:
        for module in sorted((project / PACKAGE / "tests/features").glob("test_*.py")):
            said = constants(module.read_text())
            for row in said["ROWS"]:
                client.post(said["URL"], json=row).raise_for_status()


def constants(code: str) -> dict[str, Any]:
    """The literal values that a module gives names to."""
    found = {}
    for node in ast.parse(code).body:
        match node:
            case ast.Assign([ast.Name(name)], value) | ast.AnnAssign(ast.Name(name), _, value):
                with contextlib.suppress(ValueError):
                    found[name] = ast.literal_eval(value)
    return found


def attack(project: Path, base: str, report: Path, seed: int, examples: int) -> tuple[int, str]:
    """Schemathesis with every check: its exit code, and what it said."""
    configured = ["--config-file", str(project / "schemathesis.toml")]
    how = ["--checks", "all", "--phases", PHASES, "--continue-on-failure"]
    drawn = ["--seed", str(seed), "--max-examples", str(examples)]
    told = ["--report", "json", "--report-json-path", str(report), "--no-color"]
    done = subprocess.run(
        [
            *(sys.executable, "-m", "schemathesis.cli", *configured),
            *("run", f"{base}/openapi.json", *how, *drawn, *told),
        ],
        cwd=report.parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    return done.returncode, done.stdout
