"""The generated project by itself: installed, tested, linted and typed as its users would."""

from __future__ import annotations

import json
import shutil
import sys
import venv
from collections.abc import Mapping
from pathlib import Path

import pytest
from command_line import SERVICES, status_request, tree, write
from projects import clean_to_mypy, clean_to_ruff, run

from petsage_builder import pipeline

LIST = ("pip", "list", "--format=json", "--disable-pip-version-check")
PYTEST = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider")
ASK = """
import asyncio, httpx
from petsage_api.main import create_app

async def ask():
    transport = httpx.ASGITransport(create_app())
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        print((await client.get("/api/v1/status")).text)

asyncio.run(ask())
"""
FORTY_EIGHT = "a_name_that_is_as_long_as_a_name_may_be_" + "x" * 8
MATRIX: Mapping[str, tuple[str, list[str]]] = {
    "another package and brand": ('package = "zoo_api"\nbrand = "The \\"Zoo\\""', ["ready"]),
    "no prefix": ('api_prefix = ""', ["ready"]),
    "a long prefix": ('api_prefix = "/a/b-c/v1"', ["ready"]),
    "names of modules": ("", ["json", "list", "typing", "fastapi"]),
    "names that sort as numbers": ("", ["a10", "a2", "a_2", "a1b"]),
    "the longest name": ("", [FORTY_EIGHT]),
    "the longest package": (f'package = "{FORTY_EIGHT}"', [FORTY_EIGHT[:-1]]),
}


def passed(said: str) -> int:
    """How many tests passed, if nothing else happened to any of them."""
    number, _, rest = said.splitlines()[-1].partition(" passed in ")
    assert rest, said
    return int(number)


def test_ruff_and_mypy_find_nothing(workspace: Path, mypy_cache: Path) -> None:
    clean_to_ruff(workspace)
    clean_to_mypy(workspace, mypy_cache)
    assert "strict = true" in (workspace / "pyproject.toml").read_text()


def test_mypy_would_find_something(workspace: Path, mypy_cache: Path) -> None:
    services = workspace / SERVICES
    services.write_text(services.read_text().replace("-> StatusResponse", "-> int"))
    with pytest.raises(AssertionError, match="Incompatible return value type"):
        clean_to_mypy(workspace, mypy_cache)


def test_its_tests_pass_with_every_warning_an_error(workspace: Path) -> None:
    assert passed(run(*PYTEST, cwd=workspace, PYTHONWARNINGS="error")) > 50


def test_its_tests_pass_from_outside_of_it(workspace: Path) -> None:
    inside = passed(run(*PYTEST, cwd=workspace))
    assert passed(run(*PYTEST, "generated", cwd=workspace.parent)) == inside


def test_tests_of_a_feature_pass_without_the_others(workspace: Path) -> None:
    alone = run(*PYTEST, "petsage_api/tests/features", cwd=workspace)
    assert passed(alone) == 4


def test_its_tests_write_nothing(workspace: Path) -> None:
    before = tree(workspace)
    run(*PYTEST, cwd=workspace)
    assert tree(workspace) == before


def test_it_answers_the_seeds_exact_json(workspace: Path) -> None:
    assert run(sys.executable, "-W", "error", "-c", ASK, cwd=workspace).splitlines()[-1] == (
        '{"status":"ok","message":"PetSage services are running smoothly!","version":"0.1.0"}'
    )


def test_ejected_project_still_passes(workspace: Path) -> None:
    shutil.rmtree(workspace / ".petsage")
    shutil.rmtree(workspace / "requests")
    (workspace / "blueprint.toml").unlink()
    assert passed(run(*PYTEST, cwd=workspace)) > 50


def test_it_depends_on_no_part_of_the_builder(workspace: Path) -> None:
    for path, content in tree(workspace / "petsage_api").items():
        assert b"petsage_builder" not in content, path
    assert "petsage_builder" not in (workspace / "pyproject.toml").read_text()


def test_it_installs_and_passes_where_nothing_else_is_installed(
    workspace: Path, tmp_path: Path
) -> None:
    venv.create(tmp_path / "venv", with_pip=True)
    python = tmp_path / "venv/bin/python"
    run(python, "-m", "pip", "install", "-q", "-e", f"{workspace}[test]", cwd=tmp_path)
    installed = json.loads(run(python, "-m", *LIST, cwd=tmp_path))
    assert "petsage-builder" not in {package["name"] for package in installed}
    run(python, "-c", "import petsage_api.main", cwd=tmp_path)
    assert passed(run(python, "-W", "error", "-m", "pytest", "-q", "generated", cwd=tmp_path)) > 50


def test_project_without_features_is_clean(tmp_path: Path, mypy_cache: Path) -> None:
    report = pipeline.init(pipeline.Options(tmp_path / "empty"))
    assert report.ok, report.text()
    clean_to_ruff(tmp_path / "empty")
    clean_to_mypy(tmp_path / "empty", mypy_cache)


@pytest.mark.parametrize("name", MATRIX)
def test_every_blueprint_and_name_makes_a_clean_project(
    tmp_path: Path, mypy_cache: Path, name: str
) -> None:
    blueprint, features = MATRIX[name]
    write(tmp_path / "shop/blueprint.toml", blueprint)
    asked = [status_request(feature, f"/{feature.replace('_', '-')}") for feature in features]
    source = write(tmp_path / "r.json", asked)
    report = pipeline.build([str(source)], pipeline.Options(tmp_path / "shop"))
    assert report.ok, report.text()
    clean_to_ruff(tmp_path / "shop")
    clean_to_mypy(tmp_path / "shop", mypy_cache)
