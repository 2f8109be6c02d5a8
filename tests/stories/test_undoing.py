"""Undo: back to what stood before the last build, byte for byte, while nothing was edited since."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from command_line import SERVICES, Door, status_request, tree, write
from projects import verified_project

PULSE = status_request("pulse", "/pulse")
KEPT = (".petsage/undo", ".petsage/verified.json")


def bytes_of(workspace: Path) -> dict[str, bytes]:
    """The project, without what only this machine keeps."""
    return {path: text for path, text in tree(workspace).items() if not path.startswith(KEPT)}


@pytest.fixture
def second(tmp_path: Path) -> Path:
    """The request of one more feature."""
    return write(tmp_path / "pulse.json", PULSE)


@pytest.fixture(scope="module")
def grown(seed_build: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The seed's workspace after the build of that feature."""
    folder = tmp_path_factory.mktemp("grown")
    workspace = shutil.copytree(seed_build, folder / "generated")
    return verified_project(workspace, write(folder / "pulse.json", PULSE))


@pytest.fixture
def twice(grown: Path, tmp_path: Path) -> Path:
    """A copy of it, where commands find it by default."""
    return Path(shutil.copytree(grown, tmp_path / "generated"))


def test_undo_brings_back_every_byte(door: Door, workspace: Path, second: Path) -> None:
    edited = workspace / SERVICES
    edited.write_text(edited.read_text() + "\n# mine\n")
    before = bytes_of(workspace)
    assert door(second).code == 0
    assert (workspace / "petsage_api/features/pulse").is_dir()
    done = door("undo")
    assert (done.code, done.err) == (0, "")
    assert "UNDO COMPLETE." in done.out
    assert "nothing was verified anew" in done.out
    assert bytes_of(workspace) == before
    assert door("check").code == 0


def test_undo_of_the_first_build_leaves_nothing(
    door: Door, tmp_path: Path, request_file: Path
) -> None:
    assert door(request_file).code == 0
    assert door("undo", "--workspace", tmp_path / "generated").code == 0
    assert bytes_of(tmp_path / "generated") == {".petsage": b"<folder>"}


def test_build_after_an_undo_is_the_same_again(door: Door, twice: Path, second: Path) -> None:
    after = bytes_of(twice)
    assert door("undo").code == 0
    assert bytes_of(twice) != after
    assert door(second).code == 0
    assert bytes_of(twice) == after


def test_undo_is_refused_where_a_file_was_edited_since(door: Door, twice: Path) -> None:
    file = twice / "petsage_api/features/pulse/services.py"
    file.write_text(file.read_text() + "\n# mine\n")
    before = tree(twice)
    done = door("undo")
    assert done.code == 1
    assert "petsage_api/features/pulse/services.py: was changed since the last build" in done.err
    assert tree(twice) == before


@pytest.mark.usefixtures("twice")
def test_second_undo_has_nothing_to_undo(door: Door) -> None:
    assert door("undo").code == 0
    done = door("undo")
    assert done.code == 1
    assert "there is nothing to undo" in done.err


def test_build_with_nothing_to_do_leaves_the_last_one_to_undo(
    door: Door, seed_build: Path, twice: Path
) -> None:
    assert door("build").code == 0
    assert door("undo").code == 0
    assert bytes_of(twice) == bytes_of(seed_build)


def test_accepted_edit_can_be_undone(door: Door, workspace: Path) -> None:
    edited = workspace / SERVICES
    edited.write_text(edited.read_text() + "\n# mine\n")
    before = bytes_of(workspace)
    assert door("accept", SERVICES).code == 0
    assert door("undo").code == 0
    assert bytes_of(workspace) == before


@pytest.mark.parametrize(
    "move",
    [
        {"path": "../outside", "old": ".petsage/undo/0"},
        {"path": "README.md", "old": "../../etc/passwd"},
        {"path": "README.md", "old": "README.md"},
        {"path": ".git/config", "old": ".petsage/undo/0"},
    ],
)
def test_record_from_elsewhere_leads_nowhere(
    door: Door, workspace: Path, move: dict[str, str]
) -> None:
    row = {"new": None, "before": None, "after": None, **move}
    record = {"direction": "back", "moves": [row], "folders": []}
    write(workspace / ".petsage/undo/journal.json", json.dumps(record))
    before = tree(workspace)
    done = door("undo")
    assert done.code == 1
    assert "is no journal of this builder" in done.err
    assert tree(workspace) == before


def test_text_that_was_tampered_with_is_not_brought_back(door: Door, twice: Path) -> None:
    (kept, *_) = sorted((twice / ".petsage/undo").glob("[0-9]*"))
    kept.write_text("other\n")
    before = tree(twice)
    done = door("undo")
    assert done.code == 1
    assert "is not what" in done.err
    assert tree(twice) == before
