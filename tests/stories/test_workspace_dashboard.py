"""The notebook for a whole workspace as CI runs it: real papermill, a real kernel, real tests."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import pytest
from projects import verified_project

from petsage_builder.notebook import make
from petsage_builder.notebook.blocks import MIME
from petsage_builder.notebook.failure import UNTOUCHED
from petsage_builder.notebook.record import Verified, scrub, verify_record

SHOP = {"name": "shop", "kind": "belongs_to", "target": "shop", "on_delete": "cascade"}
SHOPS = {
    "feature": "shops",
    "description": "Shops, and who sells there.",
    "requirements": {
        "entities": [
            {"name": "shop", "fields": ["name:string{1,40}"]},
            {"name": "clerk", "fields": ["name:string{1,40}"], "relations": [SHOP]},
        ]
    },
}
PARAMETERS = ("workspace", "project")


@dataclass(frozen=True, slots=True)
class Ran:
    folder: Path
    done: subprocess.CompletedProcess[str]
    record: Path

    def shown(self, cell_id: str) -> Mapping[str, Any]:
        """What a cell shows, by its type."""
        cells = {cell["id"]: cell for cell in json.loads(self.record.read_text())["cells"]}
        (output,) = cells[cell_id]["outputs"]
        data: Mapping[str, Any] = output["data"]
        return data

    def text(self, cell_id: str, kind: str = "plain") -> str:
        return "".join(self.shown(cell_id)[f"text/{kind}"])


def papermill(folder: Path, name: str = PARAMETERS[0], value: str = PARAMETERS[1]) -> Ran:
    notebook, record = str(make.WORKSPACE.path()), folder / "out.ipynb"
    command = [sys.executable, "-m", "papermill", notebook, "out.ipynb", "-p", name, value]
    done = subprocess.run(
        [*command, "--no-progress-bar"], cwd=folder, capture_output=True, text=True, check=False
    )
    return Ran(folder, done, record)


def tree(folder: Path) -> dict[str, bytes]:
    """Every file's bytes, but for those of the lock, which names its last holder."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != "lock")
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built")
    (folder / "request.json").write_text(json.dumps(SHOPS))
    return verified_project(folder / "project", folder / "request.json")


@pytest.fixture(scope="module")
def green(project: Path) -> Ran:
    """A run on a workspace that is as it should be."""
    return papermill(project.parent)


@pytest.fixture
def folder(project: Path, tmp_path: Path) -> Path:
    shutil.copytree(project, tmp_path / "project")
    return tmp_path


def test_dashboard_of_a_workspace_that_is_as_it_should_be(green: Ran) -> None:
    assert green.done.returncode == 0, green.done.stderr
    assert green.text("verdict") == "CHECK COMPLETE."
    assert green.shown("verdict")[MIME]["ok"] is True
    assert verify_record(green.record) == Verified([], "CHECK COMPLETE.")
    assert green.shown("tests")[MIME]["ok"]
    assert len(green.shown("tests")[MIME]["tests"]) > 20
    assert green.text("relations", "html").startswith('<img alt="2 tables: shop, clerk')


def test_records_of_two_folders_are_the_same_bytes(green: Ran, folder: Path) -> None:
    before = tree(folder / "project")
    records = []
    for ran in (green, papermill(folder)):
        record: Any = nbformat.from_dict(json.loads(ran.record.read_text()))  # type: ignore[no-untyped-call]
        scrub(record)
        records.append(make.notebook_text(record))
    assert records[0] == records[1]
    assert str(green.folder) not in records[0]
    assert tree(folder / "project") == before


def test_deleted_file_fails_the_run_and_is_named_at_its_end(folder: Path) -> None:
    (folder / "project/README.md").unlink()
    before = tree(folder / "project")
    ran = papermill(folder)
    assert ran.done.returncode != 0
    *_, why, last = ran.done.stderr.strip().splitlines()
    assert why.startswith("CHECK FAILED: README.md: missing file. `petsage-builder build --re")
    assert last == f"Cell `verdict`. {UNTOUCHED}"
    assert "Traceback" not in ran.done.stderr.partition("CHECK FAILED")[2]
    assert tree(folder / "project") == before


def test_misspelt_parameter_is_refused(tmp_path: Path) -> None:
    ran = papermill(tmp_path, "worksapce")
    assert ran.done.returncode != 0
    hint = "is no parameter of this notebook. Did you mean 'workspace'?"
    assert f"CHECK FAILED: worksapce: {hint}\nCell `start`." in ran.done.stderr


def test_papermill_lists_the_parameter() -> None:
    command = [sys.executable, "-m", "papermill", "--help-notebook", str(make.WORKSPACE.path())]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert 'workspace: str (default "")' in said
    assert "its folder" in said
