"""Ports for the servers that tests start.

They are below those that the kernel gives to whoever asks for any, so that nobody gets one of them
between the moment it is found free and the moment its server has it.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import socket

FIRST, LAST = 10_000, 32_000
# Processes that look at the same time look at different ones.
_candidates = (
    FIRST + (os.getpid() * 100 + number) % (LAST - FIRST) for number in itertools.count()
)


def free_port() -> int:
    """A port of this machine on which nobody listens."""
    return next(filter(_is_free, _candidates))


def _is_free(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
        return True
    return False
