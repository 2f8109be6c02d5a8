"""The workflow by which GitHub checks a workspace: written once, and the user's from then on."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path

from petsage_builder.merge import FileChange, Outcome
from petsage_builder.packs import Templates
from petsage_builder.paths import TEMPLATES
from petsage_builder.render import make_environment
from petsage_builder.shipped import shipped
from petsage_builder.text import Text
from petsage_builder.workspace import Workspace

WORKFLOW = ".github/workflows/petsage.yml"
TEMPLATE = "ci/files/petsage.yml.jinja"


def workflow(workspace: Workspace) -> Iterator[FileChange]:
    """The new file, unless it is there or at the top of the repository; it names the workspace."""
    root = workspace.root.resolve()
    top = _repository(root)
    if workspace.read(WORKFLOW) is None and not (top / WORKFLOW).exists():
        template = make_environment(Templates(shipped(TEMPLATES), {})).get_template(TEMPLATE)
        folder = Text(root.relative_to(top).as_posix())
        yield FileChange(WORKFLOW, Outcome.CREATED, None, template.render(folder=folder))


def moving(root: Path) -> Iterator[str]:
    """The command that puts the workflow where GitHub looks for it, if it is not there.

    It is for the user to give: the builder writes nothing outside of a workspace.
    """
    source, target = root / WORKFLOW, _repository(root.resolve()) / WORKFLOW
    if source.exists() and not target.exists():
        folder = shlex.quote(str(target.parent))
        yield f"mkdir -p {folder} && mv {shlex.quote(str(source))} {folder}"


def _repository(root: Path) -> Path:
    """The top of the git repository that a workspace lies in; without one, the workspace."""
    return next((folder for folder in (root, *root.parents) if (folder / ".git").exists()), root)
