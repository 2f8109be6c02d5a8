"""What is generated for stored data is clean: to ruff, to mypy --strict and to pyright."""

from __future__ import annotations

from pathlib import Path

import pytest
from projects import clean_to_mypy, clean_to_pyright, clean_to_ruff, written_project

TESTS = Path(__file__).parents[1]
# Those that people would ask for; every type with every constraint; each kind of page and rule.
REQUESTS = (
    TESTS / "golden/owners_and_tags/request.json",
    TESTS / "generated_app/requests/crates.json",
    *sorted((TESTS / "fuzz/requests").glob("*.json")),
)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written_project(tmp_path_factory.mktemp("static") / "generated", REQUESTS)


def test_ruff_finds_nothing(project: Path) -> None:
    clean_to_ruff(project)


def test_mypy_finds_nothing(project: Path, mypy_cache: Path) -> None:
    clean_to_mypy(project, mypy_cache)


def test_pyright_finds_nothing(project: Path) -> None:
    clean_to_pyright(project, "petsage_api")


def test_pyright_would_find_something(tmp_path: Path) -> None:
    project = written_project(tmp_path / "generated", REQUESTS[:1])
    services = project / "petsage_api/features/owners/services.py"
    code = services.read_text()
    services.write_text(code.replace("-> models.OwnerRead", "-> models.OwnerCreate"))
    with pytest.raises(AssertionError, match="is not assignable to"):
        clean_to_pyright(project, "petsage_api/features/owners")
