"""The signals that end a command, where one may not come between two steps."""

from __future__ import annotations

import contextlib
import shutil
import signal
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextlib.contextmanager
def uninterrupted() -> Iterator[None]:
    """What would end us is ignored: when a commit ends, the build is done, and says so."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, signal.SIG_IGN) for number in ENDS}
    try:
        yield
    finally:
        for number, end in before.items():
            signal.signal(number, end)


@contextlib.contextmanager
def held() -> Iterator[None]:
    """What would end us waits: in the midst of a start, nobody knows yet what to stop."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    before = {end: signal.signal(end, lambda number, _: came.append(number)) for end in ENDS}
    try:
        yield
    finally:
        for end, usual in before.items():
            signal.signal(end, usual)
        for number in came:
            signal.raise_signal(number)


@contextlib.contextmanager
def temporary_folder(prefix: str, *, keep: bool = False) -> Iterator[Path]:
    """A new folder, gone afterwards, whatever ends us and when; unless it is to be kept."""
    with contextlib.ExitStack() as made:
        with held():
            folder = Path(tempfile.mkdtemp(prefix=prefix))
            for _ in () if keep else range(2):  # an end may come just before the first
                made.callback(_remove, folder)
        yield folder


def _remove(folder: Path) -> None:
    with held():
        shutil.rmtree(folder, ignore_errors=True)
