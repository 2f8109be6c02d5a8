"""The guides are run from their first cell to their last: they are the documentation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from nbclient import NotebookClient

from petsage_builder.notebook import make
from petsage_builder.notebook.blocks import MIME
from petsage_builder.notebook.guide_cells import REFUSED
from petsage_builder.notebook.make import Notebook

BUILT, BANNER = "%%feature build", "BUILD COMPLETE."


@pytest.mark.parametrize(
    ("guide", "builds", "refusals"),
    [(make.TOUR, 10, 2), (make.TEMPLATES, 4, 2)],
    ids=lambda value: getattr(value, "name", None),
)
def test_guide_does_what_it_says(
    guide: Notebook, builds: int, refusals: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))  # where the guide makes its workspace
    run = guide.made()
    NotebookClient(run, extra_arguments=["--log-level=50"]).execute()
    ended = [last(cell) for cell in run.cells if cell.source.startswith(BUILT)]
    failures = [
        last(cell)["ename"] for cell in run.cells if REFUSED in cell.metadata.get("tags", ())
    ]
    shown = [output["data"][MIME] for output in ended if output["output_type"] != "error"]
    assert [content["banner"] for content in shown] == [BANNER] * builds
    assert len(failures) == refusals
    assert set(failures) <= {"BuildFailed", "InputRefused"}
    (workspace,) = tmp_path.glob(f"{'tour' if guide is make.TOUR else 'packs'}-*")
    assert (workspace / "petsage_api/main.py").is_file()


def last(cell: Any) -> Any:  # noqa: ANN401 (a notebook's cell and its output)
    return cell.outputs[-1]
