"""Generated projects as tests look at them: written, without the builder's own verification."""

from __future__ import annotations

from pathlib import Path

from petsage_builder import pipeline
from petsage_builder.entries import read_entries
from petsage_builder.staging import project_after
from petsage_builder.trees import write_tree


def written_project(folder: Path, *requests: Path) -> Path:
    """The project that the requests become, in the folder."""
    options = pipeline.Options(folder / ".workspace")
    with pipeline.opened(options, "build", new=True) as workspace:
        entries = read_entries([str(request) for request in requests])
        draft = pipeline.make_draft(workspace, entries, options)
        staged = project_after(workspace, draft.changes)
    write_tree(folder, staged)
    return folder
