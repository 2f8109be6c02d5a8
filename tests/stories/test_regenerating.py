"""The PetSage features, edited by hand in every way, and built again: what was written stays."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest
from command_line import Door, own_template, tree, write
from projects import written_project

ROOT = Path(__file__).parents[2]
REQUESTS = ROOT / "generated/requests"
FEW = ("owners", "pets", "tags")  # those that `pets` needs
PETS = "petsage_api/features/pets"
ROUTER, SERVICES, TABLES = f"{PETS}/router.py", f"{PETS}/services.py", f"{PETS}/tables.py"
MODELS, GUIDE = f"{PETS}/models.py", f"{PETS}/README.md"
TESTS = "petsage_api/tests/features/test_pets.py"
DELETED = "petsage_api/features/tags/README.md"
OWN_TESTS = "petsage_api/tests/features/test_oldest_pet.py"
ERRORS = "petsage_api/core/domain_errors.py"
OLD, NEW = "What services raise", "Whatever services raise"

ENDPOINT = '''@pets.get("/oldest", operation_id="get_oldest_pet", summary="Get the oldest pet")
async def get_oldest_pet() -> dict[str, str]:
    """The name of the oldest pet."""
    return {"name": services.OLDEST}
'''
ENDPOINT_TEST = '''"""The oldest pet."""

import pytest
from httpx import AsyncClient

pytestmark = pytest.mark.anyio


async def test_oldest_pet_is_told(client: AsyncClient) -> None:
    assert (await client.get("/api/v1/pets/oldest")).json() == {"name": "Methuselah"}
'''


# What is put in front of a line of each file, and stays there.
EDITS = {
    f"{PETS}/__init__.py": ('"""', "# Mine.\n"),
    ROUTER: ('@pets.get(\n    "/{pet_id:uuid}"', f"{ENDPOINT}\n\n"),
    SERVICES: ("def ", 'OLDEST = "Methuselah"\n\n\n'),
    MODELS: ("from ", "# Ask Ada before you touch this.\n"),
    TABLES: ("from ", "# The tables of pets: handle with care.\n"),
    GUIDE: ("## ", "Mine: pets are fed at noon.\n\n"),
    TESTS: ("async def ", "async def test_of_my_own() -> None:\n    assert True\n\n\n"),
}


@pytest.fixture
def asked(pytestconfig: pytest.Config) -> list[Path]:
    """The requests of PetSage; by default, those of a few features."""
    names = None if pytestconfig.getoption("whole_petsage") else FEW
    return [file for file in sorted(REQUESTS.glob("*.json")) if not names or file.stem in names]


@pytest.fixture
def petsage(asked: list[Path], tmp_path: Path) -> Path:
    """The workspace of those features, where commands find it by default."""
    return written_project(tmp_path / "generated", asked)


def with_field(folder: Path, feature: str, field: str) -> Path:
    """The request of a feature with one more field, in a file of its own."""
    request: dict[str, Any] = json.loads((REQUESTS / f"{feature}.json").read_text())
    request["requirements"]["entities"][0]["fields"].append(field)
    return write(folder / f"{feature}.json", request)


def edit_everything(workspace: Path) -> None:
    """Hand edits of every kind in every generated file of `pets`, and a test of their own."""
    for path, (line, text) in EDITS.items():
        file = workspace / path
        before, found, after = file.read_text().partition(f"\n{line}")
        assert found or file.read_text().startswith(line)
        file.write_text(f"{before}\n{text}{line}{after}" if found else f"{text}{before}")
    write(workspace / OWN_TESTS, ENDPOINT_TEST)
    services, guide = workspace / SERVICES, workspace / GUIDE
    services.write_bytes(services.read_bytes().replace(b"\n", b"\r\n"))
    guide.write_text(guide.read_text().rstrip("\n"))
    (workspace / MODELS).chmod(0o755)
    (workspace / DELETED).unlink()


def test_every_hand_edit_is_kept_when_a_field_and_a_template_change(
    door: Door, petsage: Path, tmp_path: Path
) -> None:
    edit_everything(petsage)
    own_template(petsage, "storage/files/package/core/domain_errors.py.jinja", OLD, NEW)
    before = tree(petsage)
    done = door(with_field(tmp_path, "pets", "mood:string{1,30}?"), "--report", "json")
    assert done.code == 0, done.out
    outcomes = {file["path"]: file["outcome"] for file in done.json()["files"]}
    assert {outcomes[path] for path in EDITS} == {"merged", "kept"}
    after = {path: content.decode() for path, content in tree(petsage).items()}
    plain = {path: content.replace("\r\n", "\n") for path, content in after.items()}
    assert [path for path, (_, text) in EDITS.items() if text not in plain[path]] == []
    for path in (MODELS, TABLES, GUIDE, TESTS):
        assert outcomes[path] == "merged"
        assert "mood" in after[path]
    assert after[SERVICES].count("\n") == after[SERVICES].count("\r\n")
    assert not after[GUIDE].endswith("\n")
    assert stat.S_IMODE((petsage / MODELS).stat().st_mode) == 0o755
    assert DELETED not in after
    assert NEW in after[ERRORS]
    detail = next(check["detail"] for check in done.json()["checks"] if check["name"] == "tests")
    assert "2 of them your own" in detail
    assert door("check", "--files-only").code == 0
    settled = tree(petsage)
    assert door("build").code == 0
    assert tree(petsage) == settled
    assert door("undo").code == 0
    assert {path: tree(petsage).get(path) for path in before} == before
