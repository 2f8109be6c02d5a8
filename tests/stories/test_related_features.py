"""Features that refer to each other: batches, their order, and what is told of what is missing."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from command_line import Done, Door, process, tree, write
from evolutions import build, entity, request

PETSAGE = Path(__file__).parents[2] / "generated/requests"
ORDER = ("owners", "tags", "pets", "clinics", "appointments", "health_records", "photos")
NEEDS = {
    "pets": ("owners", "tags"),
    "appointments": ("pets", "clinics"),
    "health_records": ("pets", "clinics"),
    "photos": ("pets",),
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Done]:
    """The PetSage back end: eight requests, one command."""
    folder = tmp_path_factory.mktemp("petsage")
    done = process(*sorted(PETSAGE.glob("*.json")), cwd=folder)
    return folder, done


def test_eight_requests_are_one_verified_change(built: tuple[Path, Done]) -> None:
    _, done = built
    assert done.code == 0, done.err
    assert done.out.endswith("BUILD COMPLETE.\n")
    assert re.search(r"  ok    tests     [0-9]+ passed, 0 failed, 0 skipped", done.out)
    assert "8 of 8 features: a fault put in was noticed" in done.out


def test_same_requests_again_have_nothing_to_do(built: tuple[Path, Done]) -> None:
    folder, _ = built
    before = tree(folder)
    again = process(*sorted(PETSAGE.glob("*.json")), cwd=folder)
    assert again.code == 0
    assert "Nothing to do" in again.out
    assert tree(folder) == before


def test_migrations_come_in_the_order_of_references(built: tuple[Path, Done]) -> None:
    folder, _ = built
    found = {}
    for file in (folder / "generated/migrations/versions").glob("*.py"):
        text = file.read_text()
        [own] = re.findall(r'^revision = "(\w+)"$', text, re.MULTILINE)
        [down] = re.findall(r'^down_revision = (?:"(\w+)"|None)$', text, re.MULTILINE)
        found[down] = (own, file.stem.partition("_")[2])
    order, last = [], ""
    while last in found:
        last, feature = found[last]
        order.append(feature)
    assert sorted(order) == sorted(ORDER)
    for feature, needed in NEEDS.items():
        assert all(order.index(one) < order.index(feature) for one in needed)


def test_feature_is_added_to_those_that_it_refers_to(tmp_path: Path, door: Door) -> None:
    to_owner = {"name": "owner", "kind": "belongs_to", "target": "owners.owner"}
    tags = {"name": "tags", "kind": "many_to_many", "target": "tags.tag"}
    to_pet = {"name": "pet", "kind": "belongs_to", "target": "pets.pet"}
    cascade = {"on_delete": "cascade"}
    build(
        tmp_path / "generated",
        [
            request("owners", entity("owner", "name:string")),
            request("tags", entity("tag", "label:string")),
            request("pets", entity("pet", "name:string", relations=[to_owner | cascade, tags])),
        ],
    )
    bath = entity("bath", "minutes:integer{5,90}", relations=[to_pet | cascade], include=["pet"])
    write(tmp_path / "grooming.json", request("grooming", bath))
    done = door("grooming.json")
    assert done.code == 0, done.err
    assert "4 of 4 features" in done.out


def test_reference_to_what_is_not_built_says_what_to_build_first(tmp_path: Path) -> None:
    shutil.copy(PETSAGE / "pets.json", tmp_path)
    done = process("pets.json", cwd=tmp_path)
    assert done.code == 2
    for feature in ("owners", "tags"):
        assert f"feature '{feature}' is not built, and its request is not given." in done.err
        assert f"Build the request of '{feature}' first, or give both" in done.err
    assert not (tmp_path / "generated/petsage_api").exists()


def test_request_that_removes_what_others_refer_to_is_refused(
    built: tuple[Path, Done], tmp_path: Path, door: Door
) -> None:
    shutil.copytree(built[0], tmp_path, dirs_exist_ok=True)
    tags = json.loads((PETSAGE / "tags.json").read_text())
    tags["requirements"]["entities"][0] |= {"name": "label", "plural": "labels"}
    write(tmp_path / "tags.json", tags)
    before = tree(tmp_path)
    done = door("tags.json")
    assert done.code == 2
    assert "feature 'tags' has no entity 'tag'." in done.err
    assert tree(tmp_path) == before


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": "tag", "plural": "marks"}, "the table 'tag' belongs to feature 'tags'."),
        (
            {"name": "mark", "plural": "tags"},
            "the route GET /api/v1/tags belongs to feature",
        ),
    ],
)
def test_table_and_route_of_another_feature_are_refused(
    tmp_path: Path, change: dict[str, str], said: str
) -> None:
    other = {
        "feature": "marks",
        "description": "Marks.",
        "requirements": {"entities": [{"fields": ["text:string"], **change}]},
    }
    write(tmp_path / "marks.json", other)
    done = process(PETSAGE / "tags.json", "marks.json", cwd=tmp_path)
    assert done.code == 2
    assert said in done.err
