"""The second door: the builder notebook, and the session behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from petsage_builder.notebook.failure import BuildFailed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from petsage_builder.notebook.session import Session

__all__ = ["BuildFailed", "Session", "start"]


def start(namespace: Mapping[str, object]) -> Session:
    """The session of a notebook whose globals hold the parameters; raises BuildFailed."""
    from petsage_builder.notebook import session

    return session.start(namespace)


def __getattr__(name: str) -> object:
    """`Session`, imported only when it is asked for."""
    if name == "Session":
        from petsage_builder.notebook import session

        return session.Session
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
