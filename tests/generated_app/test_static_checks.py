"""What is generated for stored data is clean: to ruff, to mypy --strict and to pyright."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from command_line import write
from projects import clean_to_mypy, clean_to_pyright, clean_to_ruff, written_project

TESTS = Path(__file__).parents[1]
# Those that people would ask for; every type with every constraint; each kind of page and rule;
# every relation, deletion, version, and what is done with many.
REQUESTS = (
    TESTS / "golden/owners_and_tags/request.json",
    TESTS / "generated_app/requests/plain/crates.json",
    *sorted((TESTS / "generated_app/requests/related").glob("*.json")),
    *sorted((TESTS / "fuzz/requests").glob("*.json")),
)
OPERATIONS = ("list", "create", "read", "update", "replace", "delete", "count")
PIN: Mapping[str, object] = {"type": "string", "secret": True, "hash": True, "required": False}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written_project(tmp_path_factory.mktemp("static") / "generated", REQUESTS)


def test_ruff_finds_nothing(project: Path) -> None:
    clean_to_ruff(project)


def test_mypy_finds_nothing(project: Path, mypy_cache: Path) -> None:
    clean_to_mypy(project, mypy_cache)


def test_pyright_finds_nothing(project: Path) -> None:
    clean_to_pyright(project, "petsage_api")


def test_any_choice_of_operations_is_clean(tmp_path: Path) -> None:
    choices = (c for n in range(1, 8) for c in combinations(OPERATIONS, n))
    asked = [asking(number, list(choice)) for number, choice in enumerate(choices)]
    assert len(asked) == 127
    clean_to_ruff(written_project(tmp_path / "generated", [write(tmp_path / "all.json", asked)]))


def test_any_choice_of_operations_is_clean_where_rows_are_related_and_versioned(
    tmp_path: Path,
) -> None:
    asked = [RELATED, *(related(number) for number in range(len(CHOICES) * 2))]
    clean_to_ruff(written_project(tmp_path / "generated", [write(tmp_path / "all.json", asked)]))


RELATED: Mapping[str, object] = {
    "feature": "kinds",
    "description": "What others refer to.",
    "requirements": {"entities": [{"name": "kind", "fields": ["name:string"]}]},
}
MORE = (*OPERATIONS, "restore", "bulk_create", "bulk_delete")
# Each operation alone, each pair, and all but one.
CHOICES = tuple(c for n in (1, 2, len(MORE) - 1) for c in combinations(MORE, n))


def related(number: int) -> dict[str, Any]:
    """A feature of entities with these operations, or as many of them as go together."""
    choice, lone = CHOICES[number // 2], number % 2
    ends = bool({"delete", "bulk_delete"} & set(choice))
    if not ends:  # nothing would be there to restore
        choice = tuple({**dict.fromkeys(choice), "list": None}.keys() - {"restore"})
    soft = ends and ("restore" in choice or bool(lone))
    locking: list[object] = [False, True, "bulk_delete" in choice or "required"]
    relations = [
        {"name": "one", "kind": "belongs_to", "target": "kinds.kind", "on_delete": "restrict"},
        {"name": "all", "kind": "many_to_many", "target": "kinds.kind"},
    ]
    return {
        "feature": f"things{number}",
        "description": "Some operations.",
        "requirements": {
            "entities": [
                {
                    "name": f"thing{number}",
                    "fields": ["a:integer:unique"],
                    "relations": relations[lone:] if number % 3 else relations,
                    "soft_delete": soft,
                    "optimistic_lock": locking[number % 3],
                    "timestamps": bool(number % 4),
                    "operations": sorted(choice),
                }
            ]
        },
    }


def asking(number: int, operations: list[str]) -> dict[str, Any]:
    """A feature of an entity with these operations."""
    checks = [{"code": "b_follows_a", "left": "a", "op": "lt", "right": "b"}]
    fields = ["a:integer", "b:integer:immutable", {**PIN, "name": "pin"}]
    entity = {"name": f"thing{number}", "fields": fields, "checks": checks}
    return {
        "feature": f"things{number}",
        "description": "Some operations.",
        "requirements": {"entities": [{**entity, "operations": operations}]},
    }


def test_pyright_would_find_something(tmp_path: Path) -> None:
    project = written_project(tmp_path / "generated", REQUESTS[:1])
    services = project / "petsage_api/features/owners/services.py"
    code = services.read_text()
    services.write_text(code.replace("-> models.OwnerRead", "-> models.OwnerCreate"))
    with pytest.raises(AssertionError, match="is not assignable to"):
        clean_to_pyright(project, "petsage_api/features/owners")
