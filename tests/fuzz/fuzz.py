"""The generated app under schemathesis, all checks and phases, on both databases: `make fuzz`."""

from __future__ import annotations

import argparse
import ast
import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from ports import free_port
from rich.live import Live
from rich.table import Table

from petsage_builder import pipeline
from petsage_builder.entries import read_entries
from petsage_builder.verify import postgres

ROOT = Path(__file__).parents[2]
ASKED = ROOT / "generated/requests"
OWN = Path(__file__).parent / "requests"
# Two that people would ask for; then every type, and all that no JSON Schema can say.
REQUESTS = (
    *(ASKED / name for name in ("owners.json", "tags.json")),
    *(OWN / name for name in ("things.json", "bookings.json")),
)
# The whole application: entities that refer to each other, versions, deletions, many at once.
PETSAGE = tuple(sorted(ASKED.glob("*.json")))
# What it does not ask for: versions that must be named, many that are deleted at once.
RELATED = sorted((ROOT / "tests/generated_app/requests/related").glob("*.json"))
PACKAGE = "petsage_api"
CONFIGURATION = "schemathesis.toml"
SEEDS = (1, 2, 3)
EXAMPLES = 30
PHASES = "examples,coverage,fuzzing,stateful"
START_LIMIT = 60.0
# What would make a run say less than it seems to: patterns, formats or exceptions passed over.
NOT_FUZZED = ("unsupported_regex", "missing_deserializer", "unmatched_filter")
# The app as it is, but for the cost of a hash: thousands of secrets are hashed here.
APP = f"""
from contextlib import suppress

from {PACKAGE}.main import app

with suppress(ImportError):
    from {PACKAGE}.core.hashing import COST

    COST.update(n=2, p=1)
"""


# Stores the rows that those of the generated tests refer to.
PARENTS = f"""
import importlib, os, pkgutil
from sqlalchemy.orm import Session
from {PACKAGE}.core.db import make_engine
from {PACKAGE}.tests import factories

engine = make_engine(os.environ["DATABASE_URL"], pool_size=1)
with Session(engine.execution_options(writes=True)) as session:
    for found in pkgutil.iter_modules(factories.__path__):
        module = importlib.import_module(f"{{factories.__name__}}.{{found.name}}")
        for name in [name for name in vars(module) if name.startswith("store_")]:
            getattr(module, name)(session)
    session.commit()
"""
# Most ids of others are made up; some bodies name those that are there.
HOOKS = """
import json
from pathlib import Path
from uuid import UUID

import schemathesis

KNOWN = json.loads(Path("known.json").read_text())


def filled(value, known=None):
    if isinstance(value, dict):
        return {field: filled(one, KNOWN.get(field)) for field, one in value.items()}
    if isinstance(value, list):
        return [filled(one, known) for one in value]
    return one_of(value, known) if known and isinstance(value, str) else value


def one_of(value, known):
    try:
        asked = UUID(value)
    except ValueError:
        return value
    place = asked.int % (len(known) + 1)
    return value if place == len(known) or str(asked) != value else known[place]


@schemathesis.hook
def map_body(context, body):
    return filled(body)
"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one seed; `alarms` are the server's 500s and tracebacks."""

    cases: int
    failures: int
    failing: frozenset[str]
    alarms: int
    seconds: float
    said: str

    @property
    def ok(self) -> bool:
        return self.cases > 0 and self.failures == 0 and self.alarms == 0


@contextlib.contextmanager
def sqlite() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        yield f"sqlite:///{folder}/app.db"


@contextlib.contextmanager
def postgresql() -> Iterator[str]:
    with postgres.started(postgres.find_programs()) as server:
        yield server.url()


Database = Callable[[], contextlib.AbstractContextManager[str]]
DATABASES: Mapping[str, Database] = {"SQLite": sqlite, "PostgreSQL": postgresql}


@contextlib.contextmanager
def drawn(requests: Sequence[Path]) -> Iterator[Path]:
    """The project that the builder makes of the requests; its own tests are run elsewhere."""
    with tempfile.TemporaryDirectory() as folder:
        options = pipeline.Options(Path(folder) / "workspace")
        with pipeline.opened(options, "build", new=True) as workspace:
            draft = pipeline.make_draft(workspace, read_entries([*map(str, requests)]), options)
        with pipeline.written({**draft.rendered, "fuzzed.py": APP}) as project:
            yield project


def fuzz(project: Path, database: Database, seed: int, examples: int) -> Outcome:
    """One seed, on an empty database to which rows are added first."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as name, database() as url:
        folder = Path(name)
        (folder / "known.json").write_text(json.dumps(known_ids(project)))
        (folder / "hooks.py").write_text(HOOKS)
        with served(project, url, folder / "log") as base:
            add_rows(project, url, base)
            said = attack(project, base, folder / "report.json", seed, examples)
        report = json.loads((folder / "report.json").read_text())
        alarms = list(alarming((folder / "log").read_text()))
    return Outcome(
        cases=report["test_cases"]["generated"],
        failures=count_failures(report),
        failing=frozenset(name for one in report["failures"] for name in one["operations"]),
        alarms=len(alarms),
        seconds=time.monotonic() - started,
        said="\n".join([said, *alarms]),
    )


@contextlib.contextmanager
def served(project: Path, url: str, log: Path) -> Iterator[str]:
    """Where the app answers; its database is migrated."""
    environment = {**os.environ, "DATABASE_URL": url}
    port = free_port()
    # Every filter at once makes a URL longer than what h11 takes by default.
    where = ["--port", str(port), "--h11-max-incomplete-event-size", "1000000"]
    uvicorn = [sys.executable, "-m", "uvicorn", "fuzzed:app", "--no-access-log", *where]
    run([sys.executable, "-m", "alembic", "upgrade", "head"], project, environment)
    with (
        log.open("wb") as out,
        subprocess.Popen(uvicorn, cwd=project, env=environment, stdout=out, stderr=out) as server,
    ):
        try:
            base = f"http://127.0.0.1:{port}"
            await_answer(f"{base}/readyz", server, log)
            yield base
        finally:
            server.terminate()


def run(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> None:
    """Runs a command that must succeed."""
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=False
    )
    if done.returncode != 0:
        raise RuntimeError(f"{command} failed:\n{done.stdout}{done.stderr}")


def await_answer(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    limit = time.monotonic() + START_LIMIT
    while time.monotonic() < limit and server.poll() is None:
        with contextlib.suppress(httpx.TransportError):
            if httpx.get(url).is_success:
                return
        time.sleep(0.1)
    raise RuntimeError(f"{url} does not answer:\n{log.read_text()}")


def add_rows(project: Path, url: str, base: str) -> None:
    """Stores the rows of the generated tests, so that lists, pages and reads find something."""
    run([sys.executable, "-c", PARENTS], project, {**os.environ, "DATABASE_URL": url})
    with httpx.Client(base_url=base) as client:
        for said in tested(project):
            for row in said["ROWS"]:
                added = client.post(said["URL"], json=row)
                if added.status_code != httpx.codes.CONFLICT:  # what is unique is taken by parents
                    added.raise_for_status()


def known_ids(project: Path) -> dict[str, list[str]]:
    """The ids of rows that are there, by the fields that refer to them."""
    found: dict[str, dict[str, None]] = {}
    for said in tested(project):
        for field, value in (pair for row in said["ROWS"] for pair in row.items()):
            ids = value if isinstance(value, list) else [value]
            if field.endswith(("_id", "_ids")) and value:
                found.setdefault(field, {}).update(dict.fromkeys(ids))
    return {field: sorted(ids) for field, ids in found.items()}


def tested(project: Path) -> Iterator[dict[str, Any]]:
    """What the tests of each entity say: rows, and where clients create them."""
    for module in sorted((project / PACKAGE / "tests/features").glob("test_*.py")):
        said = constants(module.read_text())
        if "ROWS" in said:
            yield said


def constants(code: str) -> dict[str, Any]:
    """The literal values that a module gives names to."""
    found = {}
    for node in ast.parse(code).body:
        match node:
            case ast.Assign([ast.Name(name)], ast.expr() as value) | ast.AnnAssign(
                ast.Name(name), _, ast.expr() as value
            ):
                with contextlib.suppress(ValueError):
                    found[name] = ast.literal_eval(value)
    return found


def attack(project: Path, base: str, report: Path, seed: int, examples: int) -> str:
    """What schemathesis says after every check in every phase; the rest is in its report."""
    program = Path(sys.executable).with_name("schemathesis")
    configured = [str(program), "--config-file", str(project / CONFIGURATION)]
    how = ["--checks", "all", "--phases", PHASES, "--continue-on-failure", "--no-color"]
    # How fast a request with forty fields is drawn is no word about the app.
    drawn = ["--seed", str(seed), "--max-examples", str(examples), "--suppress-health-check", "all"]
    drawn += ["--generation-database", ":memory:"]
    told = ["--report", "json", "--report-json-path", str(report)]
    environment = {
        "SCHEMATHESIS_HOOKS": "hooks",
        "PYTHONPATH": str(report.parent),
        "HYPOTHESIS_STORAGE_DIRECTORY": str(ROOT / ".hypothesis"),  # what it knows of Unicode
    }
    done = subprocess.run(
        [*configured, "run", f"{base}/openapi.json", *how, *drawn, *told],
        cwd=report.parent,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    if done.returncode not in {0, 1}:
        raise RuntimeError(f"schemathesis ended with {done.returncode}:\n{done.stdout}")
    return done.stdout


def count_failures(report: Mapping[str, Any]) -> int:
    """What a report finds wrong; what was not looked at counts too."""
    asked = report["operations"]
    passed_over = [warning for kind in NOT_FUZZED for warning in report["warnings"][kind]]
    phases = [phase for phase in report["phases"].values() if phase["skip_reason"]]
    unsure = asked["total"] - asked["tested"] + len(passed_over) + len(phases)
    found = sum(one["count"] for one in report["failures"]) + len(report["errors"]) + unsure
    return found or int(report["exit_code"] != 0 or not report["complete"])


def alarming(log: str) -> Iterator[str]:
    """The lines of the server's log that tell of a 500 or a crash."""
    for line in log.splitlines():
        said = json.loads(line) if line.startswith("{") else {}
        failed = said.get("status", 0) >= 500 or "exception" in said
        if failed or "Traceback" in line or line.startswith("ERROR"):
            yield line


def needless(project: Path, seed: int, examples: int) -> set[str]:
    """The operations that schemathesis.toml excepts, and for which nothing would be found."""
    configured = project / CONFIGURATION
    excepted = tomllib.loads(configured.read_text()).get("operations", [])
    configured.write_text("")
    return {one["include-name"] for one in excepted} - fuzz(project, sqlite, seed, examples).failing


def main() -> None:
    """Every seed on every database, as a table; exit code 1 if anything was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, nargs="+", default=SEEDS)
    parser.add_argument("--examples", type=int, default=EXAMPLES, help="of each operation, at most")
    parser.add_argument("--requests", type=Path, nargs="+", action="append")
    given = parser.parse_args()
    table = Table("database", "seed", "cases", "failures", "500s, tracebacks", "seconds")
    with Live(table) as live:
        asked = given.requests or [REQUESTS, PETSAGE, RELATED]
        green = [attacked(one, given, table, live) for one in asked]
    sys.exit(not all(green))


def attacked(requests: Sequence[Path], given: argparse.Namespace, table: Table, live: Live) -> bool:
    """Whether nothing is found in the project of these requests, and nothing excepted in vain."""
    green = True
    with drawn(requests) as project:
        for name, database in DATABASES.items():
            for seed in given.seeds:
                came = fuzz(project, database, seed, given.examples)
                green = green and came.ok
                if not came.ok:
                    live.console.print(came.said, markup=False, highlight=False)
                counts = map(str, (seed, came.cases, came.failures, came.alarms))
                table.add_row(name, *counts, f"{came.seconds:.0f}")
        unneeded = needless(project, given.seeds[0], given.examples)
    for operation in sorted(unneeded):
        live.console.print(f"{CONFIGURATION} excepts {operation}, and need not.")
    return green and not unneeded


if __name__ == "__main__":
    main()
