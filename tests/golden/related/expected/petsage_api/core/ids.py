"""Identifiers that sort by the time they were made."""

import secrets
import threading
import time
from uuid import UUID

_lock = threading.Lock()
_last = 0


def uuid7() -> UUID:
    """A UUID of version 7 (RFC 9562), greater than all that this process has made before."""
    global _last  # noqa: PLW0603 - the order is that of the process
    seconds_4096 = time.time_ns() * 4096 // 1_000_000  # milliseconds, and 12 bits of their fraction
    with _lock:
        _last = stamp = max(seconds_4096, _last + 1)
    milliseconds, fraction = divmod(stamp, 4096)
    return UUID(
        int=milliseconds << 80 | 7 << 76 | fraction << 64 | 0b10 << 62 | secrets.randbits(62)
    )
