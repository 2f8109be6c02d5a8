"""Two branches, each with a feature of its own, merged by git: a build makes them one project."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from command_line import Door, status_request, write
from evolutions import build, entity, request
from projects import run

from petsage_builder.joining import holds_markers


def stored(feature: str, *fields: str) -> dict[str, Any]:
    """A request with a table."""
    return request(feature, entity(feature[:-1], *(fields or ("name:string{1,80}",))))


def git(workspace: Path, *words: str) -> int:
    identity = ("-c", "user.name=Ada", "-c", "user.email=ada@example.com")
    command = ["git", *identity, *words]
    return subprocess.run(command, cwd=workspace, capture_output=True, check=False).returncode


def commit_all(workspace: Path, message: str) -> None:
    assert git(workspace, "add", "--all") == 0
    assert git(workspace, "commit", "--quiet", "--message", message) == 0


def heads(workspace: Path) -> list[str]:
    """The last steps of the database's history."""
    return run(sys.executable, "-m", "alembic", "heads", cwd=workspace).split()[::2]


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace in the midst of a merge: both sides built a feature that stores data.

    A database is there that was upgraded on one of the sides.
    """
    workspace = tmp_path_factory.mktemp("branches") / "generated"
    build(workspace, [stored("owners")])
    assert git(workspace, "init", "--quiet", "--initial-branch=main") == 0
    commit_all(workspace, "owners")
    for feature in ("visits", "tags"):
        assert git(workspace, "checkout", "--quiet", "-b", feature, "main") == 0
        build(workspace, [stored(feature)])
        commit_all(workspace, feature)
    run(sys.executable, "-m", "alembic", "upgrade", "head", cwd=workspace)
    assert git(workspace, "merge", "--quiet", "visits") == 1
    assert holds_markers((workspace / ".petsage/manifest.json").read_text())
    return workspace


@pytest.fixture
def merged(both: Path, tmp_path: Path) -> Path:
    """A copy of it for each test."""
    return Path(shutil.copytree(both, tmp_path / "generated"))


def test_check_names_the_merge_and_a_build_joins_both_sides(door: Door, merged: Path) -> None:
    done = door("check", "--files-only")
    assert done.code == 1
    assert ".petsage/manifest.json: unmerged: git left the markers of a merge in it." in done.out
    done = door("build")
    assert (done.code, done.err) == (0, ""), done.out
    assert len(heads(merged)) == 1
    run(sys.executable, "-m", "alembic", "upgrade", "head", cwd=merged)
    run(sys.executable, "-m", "alembic", "check", cwd=merged)
    manifest = json.loads((merged / ".petsage/manifest.json").read_text())
    assert [*manifest["features"]] == ["owners", "tags", "visits"]
    assert len(manifest["joins"]) == 1
    commit_all(merged, "merged")
    assert door("check", "--strict", "--files-only").code == 0


def test_feature_that_is_built_then_follows_the_join(
    door: Door, merged: Path, tmp_path: Path
) -> None:
    assert door(write(tmp_path / "photos.json", stored("photos"))).code == 0
    assert len(heads(merged)) == 1
    assert len([*(merged / "migrations/versions").glob("*.py")]) == 5


def test_hand_edits_of_both_sides_are_there_after_the_build(door: Door, tmp_path: Path) -> None:
    workspace = tmp_path / "generated"
    services = "petsage_api/features/{}/services.py"
    build(workspace, [status_request("alive", "/alive")])
    assert git(workspace, "init", "--quiet", "--initial-branch=main") == 0
    commit_all(workspace, "first")
    for feature in ("beat", "calm"):
        assert git(workspace, "checkout", "--quiet", "-b", feature, "main") == 0
        build(workspace, [status_request(feature, f"/{feature}")])
        file = workspace / services.format(feature)
        file.write_text(file.read_text() + f"\n\nMINE = '{feature}'\n")
        commit_all(workspace, feature)
    git(workspace, "merge", "--quiet", "beat")
    assert door("build").code == 0
    for feature in ("beat", "calm"):
        assert f"MINE = '{feature}'" in (workspace / services.format(feature)).read_text()
    assert door("check").code == 0


def test_feature_that_both_sides_changed_is_refused_by_name(door: Door, tmp_path: Path) -> None:
    workspace = tmp_path / "generated"
    build(workspace, [stored("owners")])
    assert git(workspace, "init", "--quiet", "--initial-branch=main") == 0
    commit_all(workspace, "first")
    for branch, field in (("one", "phone:string?"), ("two", "email:string?")):
        assert git(workspace, "checkout", "--quiet", "-b", branch, "main") == 0
        build(workspace, [stored("owners", "name:string{1,80}", field)])
        commit_all(workspace, branch)
    assert git(workspace, "merge", "--quiet", "one") == 1
    done = door("build")
    assert done.code == 1
    assert "feature 'owners' was built on both sides of a merge" in done.err
