"""The second door: the notebooks, and the sessions behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from petsage_builder.notebook.failure import BuildFailed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from petsage_builder.notebook.request_form import Form
    from petsage_builder.notebook.session import Session
    from petsage_builder.notebook.workspace_session import WorkspaceSession

__all__ = ["BuildFailed", "Session", "form", "start", "start_workspace"]


def start(namespace: Mapping[str, object]) -> Session:
    """The session of the builder notebook whose globals hold the parameters; raises BuildFailed."""
    from petsage_builder.notebook import session

    return session.start(namespace)


def start_workspace(namespace: Mapping[str, object]) -> WorkspaceSession:
    """The session of the notebook for a whole workspace; raises BuildFailed."""
    from petsage_builder.notebook import workspace_session

    return workspace_session.start(namespace)


def form(workspace: str = "", folder: str = ".") -> Form:
    """A form that writes a request into a folder; raises BuildFailed without its extra."""
    from petsage_builder.notebook.request_form import Form, need_ipywidgets

    need_ipywidgets()
    return Form(workspace, folder)


def __getattr__(name: str) -> object:
    """`Session`, imported only when it is asked for."""
    if name == "Session":
        from petsage_builder.notebook import session

        return session.Session
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
