"""Hand edits and deletions: kept, told, never overwritten."""

from __future__ import annotations

from pathlib import Path

from command_line import SERVICES, Done, Door


def outcomes(done: Done) -> dict[str, str]:
    return {file["path"]: file["outcome"] for file in done.json()["files"]}


def test_hand_edit_survives_a_build_that_renders_the_same(
    door: Door, workspace: Path, request_file: Path
) -> None:
    edited = workspace / SERVICES
    edited.write_text(edited.read_text() + "\n# mine\n")
    done = door(request_file, "--report", "json")
    assert done.code == 0
    assert outcomes(done)[SERVICES] == "kept"
    assert edited.read_text().endswith("# mine\n")


def test_deleted_file_stays_away_and_that_is_on_record(door: Door, workspace: Path) -> None:
    readme = workspace / "petsage_api/features/smoke_test/README.md"
    readme.unlink()
    done = door("build")
    assert done.code == 0
    assert "README.md was deleted by hand; that is on record now" in done.out
    assert not readme.exists()
    assert door("check", "--files-only").code == 0


def test_restore_brings_a_deleted_file_back(door: Door, workspace: Path) -> None:
    readme = workspace / "petsage_api/features/smoke_test/README.md"
    before = readme.read_bytes()
    readme.unlink()
    assert door("build").code == 0
    done = door("build", "--restore", "petsage_api/features/smoke_test/README.md")
    assert done.code == 0
    assert readme.read_bytes() == before


def test_restore_takes_a_path_with_a_dot_in_front(door: Door, workspace: Path) -> None:
    (workspace / "README.md").unlink()
    assert door("build", "--restore", "./README.md").code == 0
    assert (workspace / "README.md").is_file()


def test_restore_of_a_path_that_is_not_generated_says_so(door: Door, workspace: Path) -> None:
    done = door("build", "--restore", "petsage_api/nothing.py", "--workspace", workspace)
    assert done.code == 2
    assert "petsage_api/nothing.py" in done.err


def test_third_build_still_names_the_hand_edit(
    door: Door, workspace: Path, request_file: Path
) -> None:
    (workspace / SERVICES).write_text((workspace / SERVICES).read_text() + "\n# mine\n")
    assert outcomes(door(request_file, "--report", "json"))[SERVICES] == "kept"
    done = door(request_file, "--report", "json")
    assert outcomes(done)[SERVICES] == "kept"
    assert "+# mine" in next(f["diff"] for f in done.json()["files"] if f["path"] == SERVICES)
