"""Template packs: finds and reads them. A pack is a folder of templates and its pack.toml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from petsage_builder.errors import PackError, Problem
from petsage_builder.paths import TEMPLATES, path_problem
from petsage_builder.shipped import INDEX, shipped
from petsage_builder.spec import Owner, Section
from petsage_builder.toml import read_toml
from petsage_builder.workspace import Workspace


class PackFile(BaseModel):
    """One row of a pack: a template, and where its text goes.

    `each`: once for every part; in a pack of the project itself, for every migration.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    source: str
    target: str
    owner: Owner = Owner.BUILDER
    condition: str | None = None
    each: bool = False
    section: Section | None = None


class Pack(BaseModel):
    """A pack as its pack.toml describes it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    kind: str
    description: str
    files: tuple[PackFile, ...]


@dataclass(frozen=True, slots=True)
class Templates:
    """The template files: a workspace's own (in memory, by name) win over the shipped ones."""

    shipped: Path
    own: Mapping[str, str]

    def read(self, name: str) -> str:
        """The text of `<pack>/...`, or a PackError."""
        if problem := path_problem(name):
            raise PackError(Problem(f"templates/{name}", f"{problem}."))
        if (own := self.own.get(name)) is not None:
            return own
        try:
            return (self.shipped / name).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            message = f"can't be read: {getattr(error, 'strerror', None) or error}."
            raise PackError(Problem(f"templates/{name}", message)) from error

    def find_pack(self, name: str) -> Pack:
        """The pack of that name, its rows checked."""
        where = f"templates/{name}/{INDEX}"
        try:
            return Pack.model_validate({"name": name, **read_toml(self.read(f"{name}/{INDEX}"))})
        except ValidationError as error:
            raise PackError(*_problems(where, error)) from error
        except ValueError as error:
            raise PackError(Problem(where, str(error))) from error


def find_templates(workspace: Workspace, *, own: bool) -> Templates:
    """The shipped templates, and the workspace's own if its blueprint allows them."""
    return Templates(shipped(TEMPLATES), _own(workspace) if own else {})


def _own(workspace: Workspace) -> dict[str, str]:
    """The workspace's own templates, by name (`<pack>/files/...`); links are left out."""
    inside = [path for path in workspace.tracked() if path.startswith(f"{TEMPLATES}/")]
    texts = {path.removeprefix(f"{TEMPLATES}/"): workspace.read(path) for path in inside}
    return {name: content for name, content in texts.items() if content is not None}


def _problems(where: str, error: ValidationError) -> list[Problem]:
    return [
        Problem(f"{where} {'.'.join(map(str, details['loc']))}", f"{details['msg']}.")
        for details in error.errors()
    ]
