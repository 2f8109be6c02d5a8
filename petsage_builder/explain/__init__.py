"""Says of a line which template and which keys of requests made it, or that it is a hand edit."""

from __future__ import annotations

from pathlib import Path

from petsage_builder.draft import Draft
from petsage_builder.errors import Problem, RequestError
from petsage_builder.explain.explanation import Explanation
from petsage_builder.explain.lines import lines_of
from petsage_builder.explain.one_line import of_line
from petsage_builder.explain.place import Place, place_in
from petsage_builder.explain.whole_file import not_rendered, of_file
from petsage_builder.names import did_you_mean
from petsage_builder.spec import Owner
from petsage_builder.workspace import Workspace

__all__ = ["Explanation", "explained"]


def explained(words: str, start: Path, workspace: Workspace, draft: Draft) -> Explanation:
    """What is known of `PATH:LINE` or `PATH`, seen from the folder `start` or the workspace."""
    place = place_in(words, workspace.root, start)
    lines = lines_of(_on_disk(place, workspace, draft))
    if place.line is not None and not 0 < place.line <= len(lines):
        message = f"the file has {len(lines)} lines."
        raise RequestError(Problem(str(place), message, "They are counted from 1."))
    step = next((step for step in draft.plan.steps if step.target == place.path), None)
    if step is None or step.built or step.owner is Owner.USER:
        return not_rendered(place, step, draft)
    if place.line is None:
        return of_file(place, step, lines, draft)
    return of_line(place, step, lines, workspace, draft)


def _on_disk(place: Place, workspace: Workspace, draft: Draft) -> str:
    """The text of the file; RequestError without one."""
    content = workspace.read(place.path)
    if content is None:
        hint = did_you_mean(place.path, draft.rendered)
        if place.path in draft.rendered:
            hint = f"`petsage-builder build --restore {place.path}` makes it."
        raise RequestError(Problem(place.path, "there is no such file.", hint))
    return content
