"""Runs the staged project's tests in an isolated subprocess, and keeps what it reports."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import selectors
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from petsage_builder.checks import Observer, Questions
from petsage_builder.interrupts import temporary_folder
from petsage_builder.paths import OPENAPI
from petsage_builder.shards import WHOLE, Share
from petsage_builder.verify.postgres import Postgres, started
from petsage_builder.verify.transcript import Transcript, note

RUNNER = Path(__file__).with_name("runner.py")
CALLER = Path(__file__).with_name("caller.py")
BUBBLEWRAP = Path("/usr/bin/bwrap")
MOST_FAILURES = 50  # more of them tell nothing new, and each takes its time
TIME_LIMIT = 300.0  # seconds between the ends of two tests, however long all of them take
CPU_LIMIT = 3600  # seconds of a process
GRACE = 1.0  # seconds that the runner is given to go after its last event
TAIL = 4000  # characters of pytest's own output kept to explain a run that broke
# What the generated tests import: loaded once, before the suite and its controls fork off.
PRELOAD = ("pytest", "fastapi", "httpx", "pydantic_settings", "anyio.from_thread", "asyncio")
# What storing projects import as well; psycopg is met by one run only, so nothing would share it.
STORAGE = ("sqlalchemy.orm", "sqlalchemy.dialects.sqlite", "alembic.command")


@dataclass(frozen=True, slots=True)
class Control:
    """A fault to put at the end of `file` while the feature's `tests` run."""

    feature: str
    file: str
    code: str
    tests: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Order:
    """What to run, and with which interpreter; `postgres`: its programs, if it is to run there.

    `share`: the tests that are run, of all those that are collected; `calls`: what the app is
    asked before; without `tests`, it is only described.
    """

    stage: Path
    package: str
    python: str
    controls: tuple[Control, ...]
    stores: bool = False
    postgres: Path | None = None
    share: Share = WHOLE
    calls: Questions = ()
    tests: bool = True


def run(order: Order, observe: Observer) -> Transcript:
    """Runs the suite, and the controls if it is green; `observe` sees each test as it ends."""
    transcript = Transcript()
    with contextlib.ExitStack() as opened:
        scratch = opened.enter_context(temporary_folder("petsage-verify-"))
        server = opened.enter_context(started(order.postgres)) if order.postgres else None
        attempt = Attempt(order, scratch, server)
        for wrapper in wrappers(order.stage, scratch, *([server.folder] if server else [])):
            _run_once(attempt, wrapper, transcript, observe)
            if transcript.isolation:
                break
        transcript.server = server.name if server and server.used() else ""
    return transcript


def wrappers(stage: Path, scratch: Path, *shown: Path) -> Iterator[list[str]]:
    """Ways to start the runner, the strictest first; one that can't start says nothing."""
    if BUBBLEWRAP.is_file():
        binds = [part for path in (stage, scratch) for part in ("--bind", str(path), str(path))]
        binds += [part for path in shown for part in ("--ro-bind", str(path), str(path))]
        namespaces = ["--unshare-net", "--unshare-pid", "--unshare-ipc", "--die-with-parent"]
        yield [
            str(BUBBLEWRAP),
            *namespaces,
            "--ro-bind",
            "/",
            "/",
            "--dev",
            "/dev",
            "--proc",
            "/proc",
            *binds,
        ]
    yield []


@dataclass(frozen=True, slots=True)
class Attempt:
    """An order, and what was made to follow it."""

    order: Order
    scratch: Path
    server: Postgres | None


def _run_once(
    attempt: Attempt, wrapper: list[str], transcript: Transcript, observe: Observer
) -> None:
    order, scratch, server = attempt.order, attempt.scratch, attempt.server
    nonce = secrets.token_hex(16)
    reading, writing = os.pipe()
    try:
        process = _start(order, scratch, wrapper, writing)
    except OSError as error:
        os.close(writing)
        os.close(reading)
        transcript.suite.errors.append(f"{order.python}: {error.strerror}")
        return
    os.close(writing)
    with contextlib.closing(os.fdopen(reading, "rb", buffering=0)) as pipe:
        try:
            _say(process, json.dumps(_job(order, scratch, writing, nonce, wrapped=bool(wrapper))))
            for event in _events(pipe.fileno(), nonce):
                if server and event["event"] == "waits":
                    _say(process, server.url())
                note(transcript, event, observe)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(GRACE)
        except TimeoutError:
            transcript.suite.errors.append(f"no test ended for {TIME_LIMIT:.0f} s")
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
    if not transcript.isolation:
        transcript.suite.output = (scratch / "runner.txt").read_text(errors="replace")[-TAIL:]


def _start(
    order: Order, scratch: Path, wrapper: list[str], writing: int
) -> subprocess.Popen[bytes]:
    with (scratch / "runner.txt").open("ab") as said:
        return subprocess.Popen(
            [*wrapper, order.python, "-I", "-B", str(RUNNER)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=said,
            cwd=order.stage,
            env=environment(scratch),
            pass_fds=(writing,),
            start_new_session=True,
        )


def _say(process: subprocess.Popen[bytes], line: str) -> None:
    """Gives the runner a line of its input, if it is still there."""
    if process.stdin is None:  # pragma: no cover (it was asked for)
        return
    with contextlib.suppress(BrokenPipeError):
        process.stdin.write(line.encode() + b"\n")
        process.stdin.flush()


def _job(order: Order, scratch: Path, fd: int, nonce: str, *, wrapped: bool) -> dict[str, Any]:
    return {
        "nonce": nonce,
        "events": fd,
        "scratch": str(scratch),
        "stage": str(order.stage),
        "package": order.package,
        "openapi": OPENAPI,
        "tests": order.tests,
        "stores": order.stores,
        "caller": str(CALLER),
        "calls": [[asdict(call) for call in group] for group in order.calls],
        "preload": _shared(order),
        "isolation": "bubblewrap: no network, read-only but for the stage" if wrapped else "",
        "cpu_limit": CPU_LIMIT,
        "most_failures": MOST_FAILURES,
        "postgres": order.postgres is not None,
        "files": order.share.files,
        "rest": order.share.rest,
        "controls": [{"file": c.file, "code": c.code, "tests": c.tests} for c in order.controls],
    }


def _shared(order: Order) -> tuple[str, ...]:
    """The modules that several runs need, if there are several."""
    if not order.tests:
        return ()
    return (*PRELOAD, *STORAGE) if order.stores else PRELOAD


def environment(scratch: Path) -> dict[str, str]:
    """Nothing of the user's: no DATABASE_URL, no secret, no plugin."""
    return {
        "PATH": "/usr/bin:/bin",
        "HOME": str(scratch),
        "TMPDIR": str(scratch),
        "LANG": "C.UTF-8",
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def _events(fd: int, nonce: str) -> Iterator[dict[str, Any]]:
    """The events that carry the nonce; raises TimeoutError where the next one does not come."""
    buffer, deadline = b"", time.monotonic() + TIME_LIMIT
    with selectors.DefaultSelector() as selector:
        selector.register(fd, selectors.EVENT_READ)
        while True:
            if not selector.select(max(0.0, deadline - time.monotonic())):
                raise TimeoutError
            chunk = os.read(fd, 1 << 16)
            if not chunk:
                return
            *lines, buffer = (buffer + chunk).split(b"\n")
            for line in lines:
                with contextlib.suppress(ValueError):
                    event = json.loads(line)
                    if isinstance(event, dict) and event.get("nonce") == nonce:
                        yield event
                        deadline = time.monotonic() + TIME_LIMIT
