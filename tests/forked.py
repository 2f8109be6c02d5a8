"""Work in forked processes, warm: what it needs is loaded. It is killed or ended as a test says."""

from __future__ import annotations

import gc
import os
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec

from petsage_builder import cli

Work = ParamSpec("Work")


def started(work: Callable[Work, int | None], *given: Work.args, **named: Work.kwargs) -> int:
    """Starts the work in a forked process; gives back its number."""
    child = os.fork()
    if child == 0:
        code = 70
        try:
            code = work(*given, **named) or 0
        finally:
            os._exit(code)
    return child


def ended(child: int) -> int:
    """Waits for a process; gives back its exit code, negative if it was killed."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def in_child(work: Callable[Work, int | None], *given: Work.args, **named: Work.kwargs) -> int:
    """Does the work in a forked process; gives back its exit code, negative if it was killed."""
    return ended(started(work, *given, **named))


def command(folder: Path, *arguments: str | Path) -> int:
    """For a forked process: the command line; what it says and its temporary files go to `folder`.

    Gives back the exit code.
    """
    folder.mkdir()
    (folder / "temporary").mkdir()
    tempfile.tempdir = str(folder / "temporary")
    gc.disable()  # as the console script does: an interrupt in a collector's callback would be lost
    sys.unraisablehook = sys.__unraisablehook__  # pytest's own can break an `ast.parse` under way
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with (folder / "said.txt").open("w", encoding="utf-8") as said:
        sys.stdout = sys.stderr = said
        try:
            return cli.main([str(argument) for argument in arguments])
        except BaseException:
            traceback.print_exc()
            raise
