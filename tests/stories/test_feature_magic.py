"""`%%feature`: a request in a cell of somebody's own notebook, in a real kernel."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

from petsage_builder.notebook.blocks import MIME
from petsage_builder.notebook.failure import UNTOUCHED

REQUEST = {"feature": "alive", "description": "Says it is alive.", "requirements": "none"}


def run(folder: Path, *cells: str) -> list[list[Any]]:
    """The outputs of each cell."""
    v4: Any = nbformat.v4
    sources = ["%load_ext petsage_builder", *cells]
    notebook = v4.new_notebook(cells=[v4.new_code_cell(source) for source in sources])
    client = NotebookClient(
        notebook,
        allow_errors=True,
        resources={"metadata": {"path": str(folder)}},
        extra_arguments=["--log-level=50"],
    )
    client.execute()
    return [cell.outputs for cell in notebook.cells[1:]]


def views(outputs: list[Any]) -> list[str]:
    return [output["data"][MIME]["view"] for output in outputs]


def test_request_in_a_cell_is_planned_then_built(tmp_path: Path) -> None:
    request = json.dumps(REQUEST)
    plan, build, twice = run(
        tmp_path,
        f"%%feature\n{request}",
        f"%%feature build\n{request}",
        f"%%feature build\n{request}",
    )
    assert views(plan) == ["plan", "diff", "tests", "api", "demo", "complete"]
    assert plan[-1]["data"]["text/plain"].endswith("PLAN COMPLETE.")
    assert views(build) == views(plan)
    assert build[-1]["data"]["text/plain"].endswith("BUILD COMPLETE.")
    assert (tmp_path / "generated/petsage_api/features/alive/router.py").is_file()
    assert "Nothing to do" in twice[-1]["data"]["text/plain"]


def test_what_is_wrong_is_one_short_text(tmp_path: Path) -> None:
    bad = json.dumps({**REQUEST, "feature": "Al ive"})
    wrong = run(tmp_path, f"%%feature build\n{bad}", "%%feature biuld\n{}", "%%feature a b c\n{}")
    texts = ["\n".join(error["traceback"]) for _, error in wrong]
    assert texts[0].startswith("BUILD FAILED: cell:1:13 feature: ")
    assert "Did you mean 'build'?" in texts[1]
    assert "%%feature [plan|build|check] [WORKSPACE]" in texts[2]
    assert [error["ename"] for _, error in wrong] == ["InputRefused"] * 3
    assert [view["data"][MIME]["cell"] for view, _ in wrong] == ["%%feature"] * 3
    assert all(text.endswith(f"Cell `%%feature`. {UNTOUCHED}") for text in texts)
    assert list(tmp_path.iterdir()) == []
