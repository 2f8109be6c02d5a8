"""Makes the N-th call that changes the disk fail, or kill its process."""

from __future__ import annotations

import contextlib
import errno
import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import IO, Any, Self

import pytest

from petsage_builder import staging

CALLS = ("link", "rename", "unlink", "mkdir", "rmdir", "fchmod", "fsync")
NEVER = 1 << 30
KILLED = -signal.SIGKILL


@dataclass(slots=True)
class Faults:
    """Notes the calls; from the `first` to the `last` one, counted from 1, each has a fault."""

    first: int
    last: int
    fault: Callable[[], None]
    names: list[str] = field(default_factory=list)

    @property
    def calls(self) -> int:
        return len(self.names)

    def call(self, name: str, real: Callable[..., object]) -> Callable[..., object]:
        """`real`, counted; a sync is only counted, for no crash here takes the machine down."""

        def counted(*arguments: Any, **named: Any) -> object:  # noqa: ANN401 (any call of os)
            if name == "mkdir" and _is_there(*arguments, **named):
                raise FileExistsError
            if name != "open" or arguments[1] & (os.O_CREAT | os.O_WRONLY):
                self.meet(name)
            return None if name == "fsync" else real(*arguments, **named)

        return counted

    def meet(self, name: str) -> None:
        self.names.append(name)
        if self.first <= self.calls <= self.last:
            self.fault()


def _is_there(path: str, _: int = 0, *, dir_fd: int | None = None) -> bool:
    """Whether a mkdir would change nothing."""
    try:
        os.stat(path, dir_fd=dir_fd, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class TornFile:
    """A file whose fault comes in the middle of a write."""

    file: IO[bytes]
    faults: Faults

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()

    def write(self, content: bytes) -> None:
        self.file.write(content[: len(content) // 2])
        self.file.flush()
        if content:
            self.faults.meet("write")
        self.file.write(content[len(content) // 2 :])

    def flush(self) -> None:
        self.file.flush()

    def fileno(self) -> int:
        return self.file.fileno()


def refusal(code: int) -> Callable[[], None]:
    """A fault: the disk says no."""

    def refuse() -> None:
        raise OSError(code, os.strerror(code))

    return refuse


def crash() -> None:
    """A fault: the process is gone, as by kill -9."""
    os.kill(os.getpid(), signal.SIGKILL)


def nothing() -> None:
    """No fault."""


@contextlib.contextmanager
def faults(
    first: int = NEVER, *, fault: Callable[[], None] = nothing, last: int | None = None
) -> Iterator[Faults]:
    """Staging on a disk with faults: at the `first` call only, unless `last` says till when."""
    found = Faults(first, first if last is None else last, fault)
    with pytest.MonkeyPatch.context() as patch:
        for name in (*CALLS, "open"):
            patch.setattr(os, name, found.call(name, getattr(os, name)))

        def torn(descriptor: int, mode: str) -> TornFile:
            return TornFile(os.fdopen(descriptor, mode), found)

        patch.setattr(staging, "open", torn, raising=False)
        yield found


REFUSALS = (errno.ENOSPC, errno.EIO, errno.EACCES)
