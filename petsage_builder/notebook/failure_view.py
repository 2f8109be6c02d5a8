"""How a failure looks: in which cell, why, what to do next, and what became of the project."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from petsage_builder.errors import Problem
from petsage_builder.notebook.blocks import View, banner, columns, table

HEAD = ("where", "why", "what to do next")


def failure_view(title: str, problems: Sequence[Problem], state: str, **content: object) -> View:
    """The title, every reason, and the state of the project as a last line."""
    told = 3 if any(problem.hint for problem in problems) else 2  # columns
    rows = [(problem.where, problem.message, problem.hint)[:told] for problem in problems]
    html = banner(title, "bad") + table(HEAD[:told], rows) + banner(state, "plain")
    lines = [title, columns([HEAD[:told], *rows]), state]
    known = {"title": title, "problems": [asdict(problem) for problem in problems], **content}
    return View("failure", "\n".join(lines), html, {"ok": False, "state": state, **known})
