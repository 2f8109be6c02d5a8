"""`serve` brings the database up to date, and only then starts the app."""

from __future__ import annotations

import contextlib
import os
import signal
import sqlite3
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from command_line import COMMAND, process, write
from ports import free_port

from petsage_builder.verify import postgres

ENV = """
import os

import sqlalchemy as sa
from alembic import context

print("a line of env.py")
engine = sa.create_engine(os.environ.get("DATABASE_URL") or "sqlite:///kept.db")
with engine.begin() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
"""
REVISION = """
import sqlalchemy as sa
from alembic import op

revision = "a1"
down_revision = None


def upgrade() -> None:
    op.create_table("pet", sa.Column("name", sa.Text))
"""
FIRST = "migrations/versions/a1_pets.py"
SAID = "Migrating the database: alembic upgrade head\n"


@pytest.fixture
def migrating(workspace: Path) -> Path:
    """The seed's workspace, with a migration put in by hand."""
    pyproject = workspace / "pyproject.toml"
    settings = '\n[tool.alembic]\nscript_location = "%(here)s/migrations"\n'
    write(pyproject, pyproject.read_text(encoding="utf-8") + settings)
    write(workspace / "migrations/env.py", ENV)
    write(workspace / FIRST, REVISION)
    return workspace


@contextlib.contextmanager
def serving(workspace: Path, **environment: str) -> Iterator[Callable[[], str]]:
    """The app, served from another folder, once it answers; gives what it said at its end."""
    port = free_port()
    with subprocess.Popen(
        [*COMMAND, "serve", "--workspace", workspace.name, "--port", str(port)],
        cwd=workspace.parent,
        env=os.environ | environment,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as running:

        def end() -> str:
            running.send_signal(signal.SIGTERM)
            return running.communicate(timeout=30)[1]

        try:
            wait(f"http://127.0.0.1:{port}/healthz", running)
            yield end
        finally:
            running.kill()


def wait(url: str, running: subprocess.Popen[str], seconds: float = 60.0) -> None:
    limit = time.monotonic() + seconds
    while time.monotonic() < limit and running.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=5):  # noqa: S310 (our own server)
            return
        time.sleep(0.05)
    raise AssertionError("it did not answer")


def columns(database: Path) -> list[str]:
    with contextlib.closing(sqlite3.connect(database)) as connection:
        return [row[1] for row in connection.execute("PRAGMA table_info(pet)")]


def test_database_is_migrated_before_the_app_is_served(migrating: Path) -> None:
    with serving(migrating) as end:
        assert columns(migrating / "kept.db") == ["name"]  # a relative path is the workspace's
        said = end()
    assert said.startswith(
        f"{SAID}The database is up to date; serving petsage_api.main:app.\nINFO: "
    )
    assert "Traceback" not in said


def test_second_start_finds_nothing_to_migrate(migrating: Path) -> None:
    for _ in range(2):
        with serving(migrating) as end:
            end()
    assert columns(migrating / "kept.db") == ["name"]


def test_postgres_is_migrated_where_the_environment_names_one(migrating: Path) -> None:
    with postgres.started(postgres.find_programs()) as server:
        url = server.url()
        with serving(migrating, DATABASE_URL=url) as end:
            end()
        with psycopg.connect(url.replace("postgresql+psycopg:", "postgresql:")) as connection:
            assert connection.execute("SELECT name FROM pet").fetchall() == []
    assert not (migrating / "kept.db").exists()


def test_app_without_migrations_is_just_served(workspace: Path) -> None:
    with serving(workspace) as end:
        assert end().startswith("INFO: ")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"a1"', "1 / 0", "ZeroDivisionError: division by zero"),
        ("down_revision = None", 'down_revision = "a0"', "a0"),
        ('op.create_table("pet"', 'op.add_column("pet"', "no such table: pet"),
        ("def upgrade", "def", "SyntaxError: "),
    ],
    ids=["broken", "unfounded", "refused by the database", "no Python"],
)
def test_failing_migration_serves_nothing_and_says_why(
    migrating: Path, old: str, new: str, words: str
) -> None:
    write(migrating / FIRST, REVISION.replace(old, new))
    done = process("serve", cwd=migrating)
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith(SAID)
    assert "migrations: alembic upgrade head failed, so nothing is served:" in done.err
    assert words in done.err
    assert "petsage_builder/" not in done.err
    assert len(done.err.splitlines()) < 12


def test_database_that_is_not_there_serves_nothing(migrating: Path) -> None:
    url = "postgresql+psycopg://me:secret@/pets?host=/no/such/folder"
    done = process("serve", cwd=migrating, DATABASE_URL=url)
    assert done.code == 1
    assert "/no/such/folder" in done.err
    assert "secret" not in done.err


def test_interpreter_without_alembic_is_told(migrating: Path, tmp_path: Path) -> None:
    script = write(tmp_path / "python", "#!/bin/sh\necho 'No module named alembic' >&2\nexit 1\n")
    script.chmod(0o755)
    write(migrating / "blueprint.toml", f'[verify]\npython = "{script}"\n')
    done = process("serve", cwd=migrating)
    assert done.code == 1
    assert "No module named alembic" in done.err
