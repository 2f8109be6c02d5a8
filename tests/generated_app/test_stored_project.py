"""A project that keeps data, by itself: what its README says of databases is true."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import tempfile
import venv
from collections.abc import Iterator
from pathlib import Path

import httpx
import projects
import pytest
from command_line import tree
from documented import PROGRAMS, served
from projects import written_project

from petsage_builder.verify import postgres

REQUESTS = Path(__file__).parents[1] / "golden/owners_and_tags/request.json"
OWNER = {"full_name": "Ada Byron", "email": "ada@example.com"}


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project, ejected: nothing that the builder keeps is left."""
    project = written_project(tmp_path_factory.mktemp("stored") / "generated", [REQUESTS])
    shutil.rmtree(project / ".petsage")
    shutil.rmtree(project / "requests")
    (project / "blueprint.toml").unlink()
    return project


@pytest.fixture(scope="module")
def postgres_url() -> Iterator[str]:
    with postgres.started(postgres.find_programs()) as server:
        yield server.url()


def run(command: str, folder: Path, programs: Path = PROGRAMS, **environment: str) -> str:
    """What a command says that must succeed, typed as the README has it."""
    path = f"{programs}{os.pathsep}{os.environ['PATH']}"
    return projects.run("sh", "-euc", command, cwd=folder, PATH=path, **environment)


def passed(said: str) -> int:
    """How many tests passed, if nothing else happened to any of them."""
    found = re.fullmatch(r"([0-9]+) passed in .*", said.splitlines()[-1])
    assert found, said
    return int(found[1])


def test_readme_names_its_commands(stored: Path) -> None:
    said = (stored / "README.md").read_text(encoding="utf-8")
    assert re.findall(r"^    (.*)$", said, re.MULTILINE) == [
        "python -m venv .venv && . .venv/bin/activate",
        "pip install -e '.[test,dev]'",
        "pytest",
        "alembic upgrade head",
        "uvicorn petsage_api.main:app --no-access-log",
        "pip install -e '.[postgres]'",
        "export DATABASE_URL=postgresql://user:password@host/name",
        "alembic upgrade head",
        "pip install -e '.[test,test-postgres]'",
        "pytest --postgres",
        "TEST_DATABASE_URL=postgresql://user:password@host/scratch pytest",
    ]


def test_files_of_the_layout_are_there(stored: Path) -> None:
    said = (stored / "README.md").read_text(encoding="utf-8")
    layout = said.partition("## Layout")[2]
    rows = [row for row in layout.splitlines() if row.startswith("| `")]
    names = [name for row in rows for name in re.findall(r"`([\w./]+)`", row.split("|")[1])]
    assert "core/db.py" in names
    assert [name for name in names if not (stored / "petsage_api" / name).exists()] == []
    assert (stored / "migrations").is_dir()


def test_settings_of_the_readme_are_those_of_the_app(stored: Path) -> None:
    said = (stored / "README.md").read_text(encoding="utf-8").partition("## Settings")[2]
    names = re.findall(r"^\| `([A-Z_]+)` \|", said.partition("## Layout")[0], re.MULTILINE)
    script = "from petsage_api.core.settings import Settings as S; print(*S.model_fields)"
    found = run(f'{sys.executable} -B -c "{script}"', stored).split()
    assert sorted(names) == sorted(name.upper() for name in found)


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_history_goes_up_and_down_and_is_whole(
    stored: Path, tmp_path: Path, postgres_url: str, database: str
) -> None:
    url = postgres_url if database == "postgres" else f"sqlite:///{tmp_path}/kept.db"
    run("alembic upgrade head", stored, DATABASE_URL=url)
    assert "No new upgrade operations detected." in run("alembic check", stored, DATABASE_URL=url)
    run("alembic downgrade -1 && alembic downgrade base", stored, DATABASE_URL=url)


def test_tests_pass_on_a_database_that_is_named(stored: Path, postgres_url: str) -> None:
    before = tree(stored)
    said = run(
        "pytest -q -p no:cacheprovider petsage_api/tests/features",
        stored,
        TEST_DATABASE_URL=postgres_url.replace("postgresql+psycopg", "postgresql"),
    )
    assert passed(said) > 60
    assert tree(stored) == before


@pytest.fixture
def environment() -> Iterator[Path]:
    """The programs of a new environment with pip alone, which every user may enter."""
    # Not in pytest's folder: run by root, PostgreSQL is another user, and reads files in here.
    with tempfile.TemporaryDirectory(prefix="environment-") as folder:
        Path(folder).chmod(0o755)
        venv.create(folder, with_pip=True)
        yield Path(folder) / "bin"


def test_it_installs_migrates_starts_and_passes_on_both_where_nothing_else_is_installed(
    stored: Path, tmp_path: Path, postgres_url: str, environment: Path
) -> None:
    run(f"python -m pip install -q -e '{stored}[test,test-postgres]'", tmp_path, environment)
    listed = "python -m pip list --format=json --disable-pip-version-check"
    packages = json.loads(run(listed, tmp_path, environment))
    assert "petsage-builder" not in {package["name"] for package in packages}
    for url in (f"sqlite:///{tmp_path}/kept.db", postgres_url):
        with served(stored, url, environment) as server:
            made = httpx.post(f"{server}/api/v1/owners", json=OWNER)
            assert made.status_code == 201
            assert httpx.get(f"{server}{made.headers['Location']}").json() == made.json()
    on_sqlite = passed(run("python -W error -m pytest -q", stored, environment))
    assert on_sqlite > 400
    assert passed(run("python -W error -m pytest -q --postgres", stored, environment)) == on_sqlite
