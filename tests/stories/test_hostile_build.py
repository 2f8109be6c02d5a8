"""One verified build of every hostile text that is accepted: text goes in, and stays text."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from command_line import write
from hostile import cases
from projects import openapi_of, verified_project

from petsage_builder import pipeline, ruff
from petsage_builder.text import clean

TEXTS = {
    f"h{number}": str(case.value)
    for number, case in enumerate(cases("text", "embed", "strip"), start=1)
}

PYTEST = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider")


def normalised(text: str) -> str:
    """The text as it is promised: NFC, with LF line ends."""
    lines = text.replace("\r\n", "\n")
    for end in "\r\v\f\x85\u2028\u2029":
        lines = lines.replace(end, "\n")
    return unicodedata.normalize("NFC", lines)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A feature per text, built and verified together."""
    folder = tmp_path_factory.mktemp("hostile")
    asked = [
        {"feature": name, "description": text, "requirements": {"status": {"path": f"/{name}"}}}
        for name, text in TEXTS.items()
    ]
    source = write(folder / "requests.json", asked)
    return verified_project(folder / "generated", source)


@pytest.fixture(scope="module")
def openapi(project: Path) -> Mapping[str, Any]:
    return openapi_of(project)


def test_every_accepted_text_is_in_the_build() -> None:
    assert len(TEXTS) > 40


def test_normalised_text_is_what_the_builder_makes_of_it() -> None:
    assert {name: clean(text).value for name, text in TEXTS.items()} == {
        name: normalised(text) for name, text in TEXTS.items()
    }


def test_openapi_descriptions_are_the_texts(openapi: Mapping[str, Any]) -> None:
    described = {name: openapi["paths"][f"/api/v1/{name}"]["get"]["description"] for name in TEXTS}
    # FastAPI itself takes the white space off both ends of every description.
    assert described == {name: normalised(text).strip() for name, text in TEXTS.items()}


def test_docstrings_are_the_texts(project: Path) -> None:
    for name, text in TEXTS.items():
        source = (project / f"petsage_api/features/{name}/__init__.py").read_text()
        (only,) = ast.parse(source).body
        assert isinstance(only, ast.Expr)
        assert isinstance(only.value, ast.Constant)
        lines = normalised(text).split("\n")
        quiet = [
            line.replace(">>>", "\\>>>", 1) if line.lstrip(" \t").startswith(">>>") else line
            for line in lines
        ]
        assert only.value.value == "\n".join(quiet)


def test_no_doctest_is_found_in_the_texts(project: Path) -> None:
    script = """
import doctest, pathlib, ast
finder = doctest.DocTestParser()
for file in pathlib.Path().rglob("*.py"):
    text = ast.get_docstring(ast.parse(file.read_text()), clean=False) or ""
    assert not finder.get_examples(text), file
"""
    subprocess.run([sys.executable, "-I", "-c", script], cwd=project, check=True)


def test_pytest_collects_no_doctest(project: Path) -> None:
    done = subprocess.run(
        [*PYTEST, "--doctest-modules", "--collect-only", "petsage_api/features"],
        cwd=project,
        env=os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert "no tests collected" in done.stdout


def test_readmes_hold_the_texts_as_utf_8_without_hidden_characters(project: Path) -> None:
    for name in TEXTS:
        readme = (project / f"petsage_api/features/{name}/README.md").read_text(encoding="utf-8")
        assert readme.startswith(f"# {name.capitalize()} Feature\n\n## Overview\n\n")
        assert all(char == "\n" or char.isprintable() for char in readme)
        assert readme.count("\n## ") == 2


def test_requests_on_file_hold_the_texts_as_they_were_given(project: Path) -> None:
    for name, text in TEXTS.items():
        on_file = json.loads((project / f"requests/{name}.json").read_text(encoding="utf-8"))
        assert on_file["description"] == text


def test_code_is_clean_and_compiles(project: Path) -> None:
    assert ruff.ruff("check", "--no-cache", ".", cwd=project).returncode == 0
    assert ruff.ruff("format", "--no-cache", "--check", ".", cwd=project).returncode == 0
    for file in project.rglob("*.py"):
        compile(file.read_bytes(), str(file), "exec", dont_inherit=True)


def test_nothing_of_the_texts_was_run(project: Path) -> None:
    for place in (project, project.parent, Path.cwd(), Path("/tmp")):  # noqa: S108 (where payloads would write)
        assert not list(place.glob("*PWNED*"))
    assert not list(project.rglob("*PWNED*"))


def test_second_build_has_nothing_to_do(project: Path) -> None:
    report = pipeline.rehearse([], pipeline.Options(project))
    assert not [file for file in report.files if file.outcome != "unchanged"]


def test_project_checks_clean(project: Path) -> None:
    report = pipeline.check(pipeline.Options(project), files_only=True, strict=True)
    assert report.ok, report.text()
