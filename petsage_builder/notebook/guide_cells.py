"""What guides are made of: text, and requests that are really built."""

from __future__ import annotations

from petsage_builder.playground import Cell

REFUSED = "raises-exception"  # Jupyter's tag for a cell that is to fail, and does not stop a run


def said(name: str, text: str) -> Cell:
    """Markdown."""
    return Cell(name, text, markdown=True)


def built(name: str, request: str, *tags: str) -> Cell:
    """A request, built in the folder that the guide calls `workspace`."""
    return Cell(name, f"%%feature build {{workspace}}\n{request}", tags=tags)


def workspace(prefix: str) -> Cell:
    """The start of a guide: a temporary folder to build in."""
    return Cell(
        "workspace",
        f"""\
%load_ext petsage_builder
from tempfile import mkdtemp

workspace = mkdtemp(prefix="{prefix}")""",
    )
