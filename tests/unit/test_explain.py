"""What made a line: known of every line that is rendered, and exact."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from posixpath import normpath
from typing import TypeAlias

import pytest
from projects import written_project

from petsage_builder import pipeline
from petsage_builder.draft import Draft
from petsage_builder.entries import dotted
from petsage_builder.explain.causes import causes
from petsage_builder.explain.lines import lines_of
from petsage_builder.explain.marks import TemplateLine, marking
from petsage_builder.explain.one_line import rendered_file, template_lines
from petsage_builder.explain.origins import LOOSE
from petsage_builder.explain.rendering import File
from petsage_builder.packs import Templates
from petsage_builder.plan import Step
from petsage_builder.ruff import format_python

ROOT = Path(__file__).parents[2]
CASES = sorted(folder.parent for folder in ROOT.glob("tests/golden/*/expected"))
OWNERS = "petsage_api/features/owners"
TAGS = "petsage_api/features/tags"
ENTITY = "requirements.entities[0]"
Golden: TypeAlias = "Callable[[Path], Project]"


@dataclass(frozen=True, slots=True)
class Project:
    """A project on disk, thought through once."""

    draft: Draft
    first: File

    def file(self, path: str) -> File:
        """One file, with all that it is made from."""
        return replace(self.first, step=self.step(path))

    def step(self, path: str) -> Step:
        return next(step for step in self.draft.plan.steps if step.target == path)

    def lines(self) -> Iterator[tuple[str, tuple[TemplateLine, ...], Templates]]:
        """Every line that is rendered, and the lines of templates that printed it."""
        marked = marking(self.first.environment)
        for step in self.draft.plan.steps:
            if not step.built:
                file, text = self.file(step.target), self.draft.rendered[step.target]
                printers = template_lines(marked, file, text)
                for line, printed_by in zip(lines_of(text), printers, strict=True):
                    yield line, printed_by, file.templates


def project(folder: Path) -> Project:
    options = pipeline.Options(folder)
    with pipeline.opened(options, "test") as workspace:
        draft = pipeline.make_draft(workspace, [], options)
        return Project(draft, rendered_file(draft.plan.steps[0], workspace, draft))


@pytest.fixture(scope="module")
def golden(tmp_path_factory: pytest.TempPathFactory) -> Golden:
    """The project of a golden case, made once."""

    @cache
    def made(case: Path) -> Project:
        folder = tmp_path_factory.mktemp(case.name)
        if (case / "blueprint.toml").is_file():
            shutil.copy(case / "blueprint.toml", folder)
        return project(written_project(folder, [case / "request.json"]))

    return made


@pytest.fixture
def owners_and_tags(golden: Golden) -> Project:
    return golden(ROOT / "tests/golden/owners_and_tags")


def firm(text: str) -> str:
    return "".join(char for char in text if char not in LOOSE)


def check_every_line(found: Project) -> int:
    """How many lines there are; each is printed by lines that are there, and that say it."""
    count = 0
    for line, printed_by, templates in found.lines():
        assert printed_by, line
        sources = [lines_of(templates.read(one.template))[one.line - 1] for one in printed_by]
        if not any("{" in source for source in sources):
            assert firm(line) in firm("".join(sources))
        for one in filter(None, (one.included_by for one in printed_by)):
            assert "{% include " in lines_of(templates.read(one.template))[one.line - 1]
        count += 1
    return count


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_line_of_every_golden_case_is_printed_by_a_line_of_a_template(
    golden: Golden, case: Path
) -> None:
    assert check_every_line(golden(case)) > 1000


def test_every_line_of_petsage_is_printed_by_a_line_of_a_template(tmp_path: Path) -> None:
    copy = shutil.copytree(ROOT / "generated", tmp_path / "generated")
    assert check_every_line(project(copy)) > 15000


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_file_of_unchanged_payloads_is_the_one_that_is_rendered(golden: Golden, case: Path) -> None:
    found = golden(case)
    paths = [step.target for step in found.draft.plan.steps if not step.built]
    again = {path: (file := found.file(path)).text(file.payloads) for path in paths}
    rendered = {path: found.draft.rendered[path] for path in paths}
    assert {**again, **format_python(again)} == rendered


def keys_of(found: Project, path: str, line: str) -> list[str]:
    """The keys that made a line of a file, each as its file and its path there."""
    file, lines = found.file(path), lines_of(found.draft.rendered[path])
    keys = causes(file, lines, lines.index(line))
    return sorted(f"{key.source} {dotted(key.path)}".rstrip() for key in keys)


@pytest.mark.parametrize(
    ("path", "line", "keys"),
    [
        ("owners/__init__.py", '"""The people who care for pets."""', ["owners description"]),
        ("owners/models.py", '    """Which owners are meant."""', ["owners E.plural"]),
        (
            "owners/models.py",
            '    """A person who cares for one or more pets."""',
            ["owners E.description"],
        ),
        ("owners/models.py", "class OwnerRead(types.ReadModel):", ["owners E.name"]),
        ("owners/models.py", "    id: UUID", ["owners E"]),
        (
            "owners/models.py",
            "    phone: OwnerPhone | None = None",
            ["owners E.fields[2].name", "owners E.fields[2].required", "owners E.name"],
        ),
        (
            "owners/models.py",
            "    newsletter: types.Bool = False",
            ["owners E.fields[4].default", "owners E.fields[4].name"],
        ),
        (
            "owners/models.py",
            '    newsletter: bool | None = types.optional("newsletter is this.")',
            ["owners E.fields[4].name", "owners E.list.filters.newsletter[0]"],
        ),
        (
            "owners/models.py",
            (
                "    limit: int = Field("
                'default=20, ge=1, le=100, description="The most items on a page.")'
            ),
            ["owners E.list.default_size", "owners E.list.max_size"],
        ),
        ("tags/models.py", "    label: str", ["tags E.fields[0]"]),
        (
            "tags/router.py",
            '    operation_id="create_tag",',
            ["tags E.name", "tags E.operations[1]"],
        ),
        (
            "__init__.py",
            "from petsage_api.features.tags import router as tags_router",
            ["blueprint.toml package", "tags feature"],
        ),
        ("__init__.py", "    tags_router.tags,", ["tags feature", "tags E.plural"]),
        ("__init__.py", "from fastapi import APIRouter", []),
        ("../core/pagination.py", "class CursorQuery(types.ApiModel):", []),
    ],
)
def test_keys_of_a_line_are_those_that_would_change_it(
    owners_and_tags: Project, path: str, line: str, keys: list[str]
) -> None:
    found = keys_of(owners_and_tags, normpath(f"petsage_api/features/{path}"), line)
    short = [re.sub(r"requests/(\w+)\.json", r"\1", key) for key in found]
    assert [key.replace("requirements.entities[0]", "E") for key in short] == keys
