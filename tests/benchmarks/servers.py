"""Servers under load: their start, the CPU time that they use, and their end."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ports import free_port

START_LIMIT = 60.0
_PROCESS_CLOCK = 2  # Linux makes the clock of a process of its id and this; to the nanosecond


@dataclass(frozen=True, slots=True)
class Server:
    port: int
    process: subprocess.Popen[bytes]

    def cpu(self) -> float:
        """CPU seconds of all its threads so far."""
        return time.clock_gettime(~self.process.pid << 3 | _PROCESS_CLOCK)


@contextmanager
def served(folder: Path, module: str, database_url: str, log: Path) -> Iterator[Server]:
    """The application in the folder, served as `petsage-builder serve` would, on one core."""
    port = free_port()
    where = ["--app-dir", str(folder), "--port", str(port)]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "uvicorn", f"{module}:app", *where, "--no-access-log"],
            env={**os.environ, "DATABASE_URL": database_url},
            stdout=output,
            stderr=output,
        )
    try:
        os.sched_setaffinity(process.pid, {min(os.sched_getaffinity(0))})
        _wait_for(process, port, log)
        yield Server(port, process)
    finally:
        process.terminate()
        process.wait()


def leave_first_core() -> None:
    """Keep this process, and what it starts, off the servers' core where there is another one."""
    if others := sorted(os.sched_getaffinity(0))[1:]:
        os.sched_setaffinity(0, others)


def _wait_for(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    limit = time.monotonic() + START_LIMIT
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            if process.poll() is not None or time.monotonic() > limit:
                sys.exit(f"A server did not start:\n{log.read_text(encoding='utf-8')}")
            time.sleep(0.05)
        else:
            return
