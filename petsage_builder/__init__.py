"""A JSON request in, a FastAPI feature out that has been proven to work."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from petsage_builder.errors import BuilderError
    from petsage_builder.kinds import load_request
    from petsage_builder.pipeline import Options, build, check
    from petsage_builder.report import BuildReport

__version__ = "0.1.0"
__all__ = ["BuildReport", "BuilderError", "Options", "build", "check", "load_request"]

_HOMES = {
    "BuildReport": "report",
    "BuilderError": "errors",
    "Options": "pipeline",
    "build": "pipeline",
    "check": "pipeline",
    "load_request": "kinds",
}


def __getattr__(name: str) -> object:
    """A public name, imported when it is first asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def load_ipython_extension(ipython: InteractiveShell) -> None:
    """`%load_ext petsage_builder`: makes `%%feature` known to a notebook."""
    from petsage_builder.notebook.magic import register

    register(ipython)
