"""A notebook's parameters, read from its globals and refused when they are not what they seem."""

from __future__ import annotations

import enum
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from petsage_builder.entries import STANDARD_INPUT
from petsage_builder.errors import Problem, RequestError
from petsage_builder.names import did_you_mean
from petsage_builder.paths import BLUEPRINT
from petsage_builder.report import Mode
from petsage_builder.text import show
from petsage_builder.workspace import DEFAULT, find_workspace

NAMES = ("request_path", "workspace", "mode")
OF_WORKSPACE = ("workspace",)
OF_IPYTHON = frozenset({"In", "Out"})
# papermill writes nothing else into a notebook; what else a notebook defines is no parameter.
PLAIN = (str, int, float, list, dict, tuple, type(None))


class NotebookMode(enum.StrEnum):
    """What a run is to do."""

    PLAN = "plan"
    BUILD = "build"
    CHECK = "check"

    @property
    def word(self) -> str:
        """The banner's word."""
        return self.value.upper()

    @property
    def banner(self) -> str:
        """What the last cell says of a run that is done."""
        return f"{self.word} COMPLETE."

    @property
    def of_report(self) -> Mode:
        reports = {self.PLAN: Mode.DRY_RUN, self.BUILD: Mode.BUILD, self.CHECK: Mode.CHECK}
        return reports[self]


@dataclass(frozen=True, slots=True)
class Parameters:
    """`sources` are as the builder reads them: none means every request on file."""

    sources: tuple[str, ...]
    root: Path
    mode: NotebookMode


def read_parameters(namespace: Mapping[str, object], *, again: bool) -> Parameters:
    """The parameters among a notebook's globals; raises RequestError with every problem.

    `again`: the notebook was started before, so a person's own variables are to be expected.
    """
    no_text = list(_no_text(namespace, NAMES))
    wrong = no_text or list(_wrong(namespace))
    if problems := [*_unknown(namespace, NAMES, again=again), *wrong]:
        raise RequestError(*problems)
    source, workspace = str(namespace["request_path"]), str(namespace["workspace"])
    return Parameters(
        sources=(source,) if source else (),
        root=_root(workspace),
        mode=NotebookMode(str(namespace["mode"])),
    )


def read_workspace(namespace: Mapping[str, object], *, again: bool) -> Path:
    """The folder of the workspace, the only parameter; raises RequestError with every problem."""
    unknown = _unknown(namespace, OF_WORKSPACE, again=again)
    if problems := [*unknown, *_no_text(namespace, OF_WORKSPACE)]:
        raise RequestError(*problems)
    return _root(str(namespace["workspace"]))


def _unknown(
    namespace: Mapping[str, object], names: Sequence[str], *, again: bool
) -> Iterator[Problem]:
    for name, value in namespace.items():
        if name in names or name in OF_IPYTHON or name.startswith("_"):
            continue
        near = did_you_mean(name, names)
        if isinstance(value, PLAIN) and (near or not again):
            hint = near or f"Parameters: {', '.join(names)}."
            yield Problem(name, "is no parameter of this notebook.", hint)


def _no_text(namespace: Mapping[str, object], names: Sequence[str]) -> Iterator[Problem]:
    for name in names:
        if name not in namespace:
            yield Problem(name, "is missing.", "Run the `parameters` cell first.")
        elif not isinstance(value := namespace[name], str):
            hint = f'Put it between quotes (papermill: -r {name} "...").'
            yield Problem(name, f"must be text, not {type(value).__name__}.", hint)


def _wrong(namespace: Mapping[str, object]) -> Iterator[Problem]:
    if namespace["request_path"] == STANDARD_INPUT:
        yield Problem("request_path", "a notebook has no standard input.", "Name a file.")
    mode = str(namespace["mode"])
    modes = [known.value for known in NotebookMode]
    if mode not in modes:
        hint = did_you_mean(mode, modes) or f"Modes: {', '.join(modes)}."
        yield Problem("mode", f"must be a mode, not {show(mode)}.", hint)


def _root(workspace: str) -> Path:
    """The workspace as the command line finds it, or a `generated/` that lies further up."""
    if workspace:
        return Path(workspace)
    here = Path.cwd()
    upward = (here, *here.parents)
    start = next((f for f in upward if (f / DEFAULT / BLUEPRINT).is_file()), here)
    own = find_workspace(None, here)
    found = own if (own / BLUEPRINT).is_file() else find_workspace(None, start)
    return Path(os.path.relpath(found, here))
