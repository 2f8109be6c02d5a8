"""Runs the tests of a part against one mutant after the other, forked from a warm process.

Started in the generated project: reads the mutants as JSON lines, writes how each run ended.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import sys
import time
import traceback
from pathlib import Path

from _pytest.config import default_plugins

sys.dont_write_bytecode = True
QUIET = "ignore::pytest.PytestAssertRewriteWarning"  # the process has loaded the plugins before
PLUGINS = ["--disable-plugin-autoload", "-p", "anyio", "-p", "no:cacheprovider"]
# What every run would import: once is enough.
LIBRARIES = (
    "alembic.command",
    "anyio._backends._asyncio",
    "anyio.pytest_plugin",
    "fastapi.middleware.cors",
    "httpx",
    "pydantic.v1",
    "pydantic_settings",
    "pytest",
    "sqlalchemy.dialects.sqlite",
    "sqlalchemy.orm",
    "sqlite3",
)
OPTIONS = ["-x", "-q", "--tb=line", *PLUGINS, "-W", QUIET]


def main() -> None:
    sys.path.insert(0, str(Path.cwd()))
    for name in (*LIBRARIES, *(f"_pytest.{plugin}" for plugin in default_plugins)):
        importlib.import_module(name)
    compile_all()
    gc.collect()
    gc.freeze()  # no run looks for garbage in what is loaded here; pytest does so often
    for line in sys.stdin:
        sys.stdout.write(json.dumps(ended(**json.loads(line))) + "\n")
        sys.stdout.flush()


def compile_all() -> None:
    """Has Python and pytest keep what they compile; later, nothing is kept, for files change.

    A second at least has passed then since they were written, so no change goes unseen.
    """
    sys.dont_write_bytecode = False
    time.sleep(1)
    forked(["--collect-only", *OPTIONS])
    sys.dont_write_bytecode = True


def ended(package: str, part: str, file: str, old: str, new: str, only: str) -> object:
    """Pytest's status for the mutant, and what it said; None where there is nothing to change."""
    path = Path(package, file)
    tests = "" if file.startswith("core/") else f"features/test_{part}.py"
    kept = path.read_text()
    if old not in kept:
        return None
    path.write_text(kept.replace(old, new))
    try:
        return forked([*OPTIONS, "-k", only, f"{package}/tests/{tests}"])
    finally:
        path.write_text(kept)


def forked(arguments: list[str]) -> tuple[int, str]:
    """The exit status and the output of pytest in a process of its own."""
    out, into = os.pipe()
    child = os.fork()
    if not child:
        os.close(out)
        os.dup2(into, 1)
        os.dup2(into, 2)
        status = 99
        try:
            import pytest

            status = int(pytest.main(arguments))
        except BaseException:  # noqa: BLE001 (whatever it is, it is told)
            traceback.print_exc()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
    os.close(into)
    with os.fdopen(out) as said:
        text = said.read()
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), text


if __name__ == "__main__":
    main()
