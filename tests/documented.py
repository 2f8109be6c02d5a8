"""Generated projects as their documentation says to use them: started, and called by curl."""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import readme
from command_line import write
from ports import free_port
from projects import BIN
from readme import Call, Readme, Section

PROGRAMS = BIN


@contextlib.contextmanager
def served(project: Path, database: str, programs: Path = PROGRAMS) -> Iterator[str]:
    """Where the project answers, served by the commands of its own README."""
    port = free_port()
    migrate, serve = commands(project)[-2:]
    environment = {
        **os.environ,
        "DATABASE_URL": database,
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
    }
    subprocess.run(migrate.split(), cwd=project, env=environment, check=True, capture_output=True)
    with subprocess.Popen(
        [*serve.split(), "--port", str(port)],
        cwd=project,
        env=environment,
        stderr=subprocess.DEVNULL,
    ) as running:
        try:
            wait(f"http://127.0.0.1:{port}/readyz", running)
            yield f"http://127.0.0.1:{port}"
        finally:
            running.terminate()


def wait(url: str, running: subprocess.Popen[bytes]) -> None:
    limit = time.monotonic() + 60
    while time.monotonic() < limit and running.poll() is None:
        with contextlib.suppress(httpx.TransportError):
            if httpx.get(url).is_success:
                return
        time.sleep(0.05)
    raise AssertionError("it did not answer")


def commands(project: Path) -> list[str]:
    """The first block of commands in the project's README."""
    text = (project / "README.md").read_text(encoding="utf-8")
    found = re.search(r"^## Start\n\n((?:    .*\n)+)", text, re.MULTILINE)
    assert found
    return [line.strip() for line in found[1].splitlines()]


def documented(project: Path, feature: str) -> Readme:
    return readme.read(project / f"petsage_api/features/{feature}/README.md")


def save_files(calls: tuple[Call, ...], folder: Path) -> None:
    for call in calls:
        if call.file:
            write(folder / call.file[0], json.dumps(call.file[1], ensure_ascii=False))


def by_curl(call: Call, server: str, folder: Path, known: dict[str, str]) -> tuple[int, str]:
    """What the lines answer in a shell; an id that they set is the one that was answered."""
    curl, *sets = call.shell.replace(readme.SERVER, server).splitlines()
    settings = write(folder / ".curlrc", 'silent\nshow-error\nwrite-out = "\\n%{http_code}"\n')
    done = subprocess.run(
        ["sh", "-euc", curl],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "CURL_HOME": str(settings.parent), **known},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    body, _, status = done.stdout.rpartition("\n")
    for line in sets:
        name, _, shown = line.partition("=")
        assert shown == readme.id_of(call.answer)
        known[name] = readme.id_of(json.loads(body))
    return int(status), body


# For each text that it is told: has the rows of the factories there whose ids the text names;
# for none, nothing.
KEEPER = """
import importlib, json, os, pkgutil, sys
import sqlalchemy as sa
from sqlalchemy.orm import Session
import petsage_api.features
from petsage_api.core.db import Base, make_engine
from petsage_api.tests import factories

names = [f"{factories.__name__}.{found.name}" for found in pkgutil.iter_modules(factories.__path__)]
modules = [importlib.import_module(name) for name in names]
engine = make_engine(os.environ["DATABASE_URL"], pool_size=1).execution_options(writes=True)


def store(session, told):
    for module in modules:
        for name in [name for name in vars(module) if name.startswith("store_")]:
            rows = getattr(module, name.removeprefix("store_").upper(), ())
            if any(str(row["id"]) in told for row in rows):
                getattr(module, name)(session)


def empty(session):
    for table in reversed(Base.metadata.sorted_tables):
        session.execute(table.delete())


for line in sys.stdin:
    with Session(engine) as session:
        if told := json.loads(line):
            store(session, told)
        else:
            empty(session)
        session.commit()
    print("done", flush=True)
"""
Keep = Callable[[str], None]


@contextlib.contextmanager
def keeping(project: Path, database: str) -> Iterator[Keep]:
    """Has the database hold what a text refers to; for no text, nothing."""
    with subprocess.Popen(
        [sys.executable, "-c", KEEPER],
        cwd=project,
        env={**os.environ, "DATABASE_URL": database, "PYTHONPATH": str(project)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    ) as process:

        def keep(said: str) -> None:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(f"{json.dumps(said)}\n")
            process.stdin.flush()
            assert process.stdout.readline() == "done\n"

        yield keep
        process.communicate()


@contextlib.contextmanager
def with_parents(keep: Keep, section: Section) -> Iterator[None]:
    """The database holds what the bodies refer to, and in the end nothing."""
    keep(section.text)
    yield
    keep("")


def check(call: Call, status: int, body: str) -> None:
    assert status == call.status, (call.title, body)
    if call.answer is None:
        assert not body, call.title
    else:
        assert readme.alike(call.answer, json.loads(body)), (call.title, body)
