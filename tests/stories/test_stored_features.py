"""Features that store data: one chain of migrations, and tables that stay as they were built."""

from __future__ import annotations

import json
import re
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
from command_line import Door, tree, write
from evolutions import build
from projects import run, verified_project, written_project

from petsage_builder.field_types import FIELD_TYPES


def request(feature: str, *fields: str | dict[str, Any], **more: object) -> dict[str, Any]:
    """A feature of one small entity of the same name."""
    operations = ["create", "read"]
    entity = {"name": feature, "fields": [*fields], "operations": operations, **more}
    return {
        "feature": f"{feature}s",
        "description": f"All about each {feature}.",
        "requirements": {"entities": [entity]},
    }


def item_of(kind: str) -> dict[str, Any]:
    """What a list of values of a type holds."""
    return {"type": kind, **({"values": ["dog", "cat"]} if kind == "enum" else {})}


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
    asked = write(folder / "pets.json", request("pet", "name:string{1,80}"))
    verified_project(folder / "generated", asked)
    return folder


@pytest.fixture
def pets(built: Path, tmp_path: Path) -> Path:
    shutil.copytree(built, tmp_path, dirs_exist_ok=True)
    return tmp_path


def test_migrations_are_one_chain_in_the_order_of_building(pets: Path) -> None:
    build(pets / "generated", [request("bee", "name:string"), request("ant", "name:string")])
    made = chain(pets)
    assert made["pets"][1] is None
    assert made["ants"][1] == made["pets"][0]
    assert made["bees"][1] == made["ants"][0]


def test_revision_follows_from_the_content(pets: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    written_project(other / "generated", [pets / "pets.json"])
    assert chain(other) == chain(pets)


def test_feature_is_verified_on_both_databases(door: Door, tmp_path: Path) -> None:
    write(tmp_path / "generated/blueprint.toml", "[verify]\npostgres = true\n")
    write(tmp_path / "pets.json", request("pet", "name:string{1,80}"))
    done = door("pets.json", "--report", "json")
    assert done.code == 0, done.err
    tests = next(check for check in done.json()["checks"] if check["name"] == "tests")
    half = tests["passed"] // 2
    assert half > 60
    assert f"{half} on SQLite, {half} on PostgreSQL" in tests["detail"]


def test_list_of_any_type_is_the_same_when_it_is_sent_again(door: Door, tmp_path: Path) -> None:
    """Else the row would change, and what is immutable in it be refused."""
    kinds = [name for name, kind in FIELD_TYPES.items() if kind.in_lists]
    lists = [
        {"name": f"{name}s", "type": "array", "items": item_of(name), "immutable": True}
        for name in kinds
    ]
    asked = request("pet", "name:string", *lists, operations=["create", "read", "update"])
    done = door(write(tmp_path / "pets.json", asked), "--report", "json")
    assert done.code == 0, done.out
    tests = (tmp_path / "generated/petsage_api/tests/features/test_pets.py").read_text()
    before, _, _ = tests.partition("async def test_update_refuses_to_change_immutable(")
    parameters = before.rpartition("@pytest.mark.parametrize")[2]
    assert len(kinds) > 15
    assert set(re.findall(r'"(\w+)s"', parameters)) == set(kinds)


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


def test_project_that_stores_nothing_has_no_database_code(seed_build: Path) -> None:
    files = tree(seed_build)
    assert not [path for path in files if "migration" in path or "core/db" in path]
    generated = {path: text for path, text in files.items() if not path.startswith(".petsage/")}
    assert not [path for path, text in generated.items() if b"sqlalchemy" in text.lower()]


def test_manifest_remembers_the_migration(pets: Path) -> None:
    manifest = json.loads((pets / "generated/.petsage/manifest.json").read_text())
    [step] = manifest["features"]["pets"]["migrations"]
    assert step == {"revision": chain(pets)["pets"][0], "down_revision": None}


def own_migration(folder: Path, name: str, *options: str) -> Path:
    """A step that the user made with Alembic: it changes every row."""
    command = ("alembic", "revision", "--rev-id", name, "--message", "Shout", *options)
    run(sys.executable, "-m", *command, cwd=folder / "generated")
    [file] = (folder / "generated/migrations/versions").glob(f"{name}_*.py")
    statement = """op.execute("UPDATE pet SET name = upper(name)")"""
    file.write_text(
        file.read_text().replace(
            "upgrade() -> None:\n    pass", f"upgrade() -> None:\n    {statement}"
        )
    )
    assert statement in file.read_text()
    return file


def test_next_migration_follows_the_users_own(pets: Path, door: Door) -> None:
    own_migration(pets, "mine_1")
    write(pets / "ants.json", request("ant", "name:string"))
    done = door("ants.json")
    assert done.code == 0, done.out
    [ants] = (pets / "generated/migrations/versions").glob("*_ants.py")
    assert 'down_revision = "mine_1"' in ants.read_text()
    assert door("check", "--strict").code == 0
    before = tree(pets / "generated")
    assert door("ants.json").code == 0
    assert tree(pets / "generated") == before


def test_branches_of_the_users_own_are_joined(pets: Path, door: Door) -> None:
    before = chain(pets)["pets"][0]
    own_migration(pets, "mine_1")
    own_migration(pets, "mine_2", "--head", before, "--splice")
    done = door("build")
    assert done.code == 0, done.out
    heads = run(sys.executable, "-m", "alembic", "heads", cwd=pets / "generated").split()
    [joined] = (pets / "generated/migrations/versions").glob(f"{heads[0]}_*.py")
    assert 'down_revision = ("mine_1", "mine_2")' in joined.read_text()


@pytest.mark.parametrize("down", ["str(1)", "1 +"], ids=["computed", "broken"])
def test_own_migration_that_says_nothing_is_left_to_the_tests(
    pets: Path, door: Door, down: str
) -> None:
    file = own_migration(pets, "mine_1")
    file.write_text(
        re.sub(
            r"^down_revision = .*$", f"down_revision = {down}", file.read_text(), flags=re.MULTILINE
        )
    )
    write(pets / "ants.json", request("ant", "name:string"))
    before = tree(pets / "generated")
    assert door("ants.json").code == 1
    assert tree(pets / "generated") == before
