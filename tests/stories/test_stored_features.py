"""Features that store data: one chain of migrations, and tables that stay as they were built."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from command_line import Door, process, tree, write


def request(feature: str, *fields: str, **more: object) -> dict[str, Any]:
    """A feature of one small entity of the same name."""
    operations = ["create", "read"]
    entity = {"name": feature, "fields": [*fields], "operations": operations, **more}
    return {
        "feature": f"{feature}s",
        "description": f"All about each {feature}.",
        "requirements": {"entities": [entity]},
    }


def chain(folder: Path) -> dict[str, tuple[str, str | None]]:
    """The revision of each feature, and the one before it."""
    found = {}
    for file in sorted((folder / "generated/migrations/versions").glob("*.py")):
        text = file.read_text()
        [revision] = re.findall(r'^revision = "(\w+)"$', text, re.MULTILINE)
        [down] = re.findall(r'^down_revision = (?:"(\w+)"|None)$', text, re.MULTILINE)
        assert file.name.startswith(f"{revision}_")
        found[file.stem.partition("_")[2]] = (revision, down or None)
    return found


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with one feature, which is copied for each test."""
    folder = tmp_path_factory.mktemp("pets")
    write(folder / "pets.json", request("pet", "name:string{1,80}"))
    done = process("pets.json", cwd=folder)
    assert done.code == 0, done.err
    return folder


@pytest.fixture
def pets(built: Path, tmp_path: Path) -> Path:
    shutil.copytree(built, tmp_path, dirs_exist_ok=True)
    return tmp_path


def test_migrations_are_one_chain_in_the_order_of_building(pets: Path, door: Door) -> None:
    write(pets / "ants.json", request("ant", "name:string"))
    write(pets / "bees.json", request("bee", "name:string"))
    assert door("bees.json", "ants.json").code == 0
    made = chain(pets)
    assert made["pets"][1] is None
    assert made["ants"][1] == made["pets"][0]
    assert made["bees"][1] == made["ants"][0]


def test_revision_follows_from_the_content(pets: Path, door: Door, tmp_path: Path) -> None:
    first = chain(pets)
    other = tmp_path / "other"
    assert door("pets.json", "--workspace", str(other / "generated")).code == 0
    assert chain(other) == first


def test_feature_is_verified_on_both_databases(door: Door, tmp_path: Path) -> None:
    write(tmp_path / "generated/blueprint.toml", "[verify]\npostgres = true\n")
    write(tmp_path / "pets.json", request("pet", "name:string{1,80}"))
    done = door("pets.json", "--report", "json")
    assert done.code == 0, done.err
    tests = next(check for check in done.json()["checks"] if check["name"] == "tests")
    half = tests["passed"] // 2
    assert half > 60
    assert f"{half} on SQLite, {half} on PostgreSQL" in tests["detail"]


def test_second_build_has_nothing_to_do(pets: Path, door: Door) -> None:
    before = tree(pets / "generated")
    assert door("build").code == 0
    assert tree(pets / "generated") == before
    assert door("check", "--files-only", "--strict").code == 0


def test_request_that_leaves_the_table_as_it_is_is_built(pets: Path, door: Door) -> None:
    before = chain(pets)
    asked = request("pet", "name:string{0,80}", operations=["list", "create", "read", "delete"])
    write(pets / "pets.json", asked)
    done = door("pets.json")
    assert done.code == 0, done.err
    assert chain(pets) == before


def test_two_features_cannot_have_one_table(door: Door, tmp_path: Path) -> None:
    other = request("pet", "name:string", plural="animals") | {"feature": "animals"}
    write(tmp_path / "both.json", [request("pet", "name:string"), other])
    done = door("both.json")
    assert done.code == 2
    assert "the table 'pet' belongs to feature 'pets'." in done.err


def test_two_features_cannot_have_one_route(door: Door, tmp_path: Path) -> None:
    other = request("animal", "name:string", plural="pets")
    write(tmp_path / "both.json", [request("pet", "name:string"), other])
    done = door("both.json")
    assert done.code == 2
    assert "the route POST /api/v1/pets belongs to feature 'pets'." in done.err


def test_project_that_stores_nothing_has_no_database_code(door: Door, tmp_path: Path) -> None:
    write(tmp_path / "ready.json", {"feature": "ready", "description": "Is it?"})
    assert door("ready.json").code == 0
    files = tree(tmp_path / "generated")
    assert not [path for path in files if "migration" in path or "core/db" in path]
    generated = {path: text for path, text in files.items() if not path.startswith(".petsage/")}
    assert not [path for path, text in generated.items() if b"sqlalchemy" in text.lower()]


def test_manifest_remembers_the_migration(pets: Path) -> None:
    manifest = json.loads((pets / "generated/.petsage/manifest.json").read_text())
    [step] = manifest["features"]["pets"]["migrations"]
    assert step == {"revision": chain(pets)["pets"][0], "down_revision": None}
