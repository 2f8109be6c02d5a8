"""The bytes of a request, read up to a limit and never further."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import BinaryIO, Final

from petsage_builder.errors import Problem, RequestError
from petsage_builder.names import nearest

MAX_BYTES: Final = 1024 * 1024


def read_file(path: Path) -> bytes:
    """The bytes of a regular file of at most MAX_BYTES."""
    source = str(path)
    try:
        # Not blocking: opening a FIFO would wait for a writer.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY)
        try:
            _check_file(os.fstat(descriptor), source)
            with open(descriptor, "rb", closefd=False) as stream:
                return _limited(stream, source)
        finally:
            os.close(descriptor)
    except FileNotFoundError as error:
        message = "can't be read: there is no such file."
        raise RequestError(Problem(source, message, _file_meant(path))) from error
    except OSError as error:
        raise _unreadable(source, error) from error
    except ValueError as error:  # a NUL or half a character in the path
        raise RequestError(Problem(source, "is no file name.")) from error


def read_stream(stream: BinaryIO, source: str = "<stdin>") -> bytes:
    """The bytes of a stream that ends within MAX_BYTES."""
    try:
        return _limited(stream, source)
    except OSError as error:
        raise _unreadable(source, error) from error


def _check_file(status: os.stat_result, source: str) -> None:
    if not stat.S_ISREG(status.st_mode):
        kind = "a folder" if stat.S_ISDIR(status.st_mode) else "a device or a pipe"
        raise RequestError(Problem(source, f"is {kind}, not a file."))
    if status.st_size > MAX_BYTES:
        raise _too_large(source, f"{status.st_size} bytes")


def _limited(stream: BinaryIO, source: str) -> bytes:
    """What the stream holds, read up to the limit and one byte more."""
    data = b""
    while len(data) <= MAX_BYTES and (chunk := stream.read(MAX_BYTES + 1 - len(data))):
        data += chunk
    if len(data) > MAX_BYTES:
        raise _too_large(source, f"more than {MAX_BYTES} bytes")
    return data


def _too_large(source: str, size: str) -> RequestError:
    return RequestError(
        Problem(source, f"holds {size}; at most {MAX_BYTES} are read.", "Split it into files.")
    )


def _unreadable(source: str, error: OSError) -> RequestError:
    return RequestError(Problem(source, f"can't be read: {error.strerror}."))


def _file_meant(path: Path) -> str:
    """A question that offers the file of the nearest name in the same folder, or nothing."""
    try:
        files = {Path(name).stem: name for name in sorted(os.listdir(path.parent))}
    except OSError:
        return ""
    near = files.get(nearest(path.stem, files), "")
    return f"Did you mean '{path.with_name(near)}'?" if near and near.isprintable() else ""
