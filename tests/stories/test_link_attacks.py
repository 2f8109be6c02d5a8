"""Links and paths that lead out of a workspace: nothing out there is written, nor told."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from command_line import SERVICES, Door, own_template, times, tree, write
from figures import Tell

from petsage_builder.paths import MANIFEST, base_path
from petsage_builder.trees import digest

CANARY = "what another project holds\n"
PLACES = [
    *(".petsage", ".petsage/lock", MANIFEST, ".petsage/verified.json", ".petsage/journal.json"),
    *(".petsage/base", ".petsage/base/petsage_api", base_path(SERVICES), ".petsage/stage"),
    *(".petsage/undo", ".petsage/undo/journal.json", ".petsage/undo/0", ".petsage/undo/more"),
    *(".petsage/conflicts", ".petsage/conflicts/petsage_api", ".petsage/conflicts/README.md.ours"),
    *("requests", "requests/smoke_test.json", "requests/more.json", "blueprint.toml", "templates"),
    *("petsage_api", "petsage_api/features", "petsage_api/features/smoke_test", SERVICES),
    *("README.md", "openapi.json", ".gitignore", "petsage_api/tests"),
]
COMMANDS = [
    ["build"],  # it is refused: there is a conflict, so proposals are written
    ["build", "--write-conflicts"],
    ["undo"],
    ["check", "--files-only"],
    ["remove", "smoke_test", "--dry-run"],
]
Attack = Callable[[Path, Path], None]


def link(place: str, root: Path, outside: Path) -> None:
    """What stands at a place stands outside now, and a link leads there."""
    inside, there = root / place, outside / "there"
    inside.parent.mkdir(parents=True, exist_ok=True)
    if inside.exists():
        inside.rename(there)
    elif inside.suffix or inside.name == "0":
        there.write_text(CANARY)
    else:
        write(there / "secret.txt", CANARY)
    inside.symlink_to(there)


def manifest(path: str, root: Path, outside: Path) -> None:
    """A file that is no longer rendered: if it were inside, it would go, for nobody edited it."""
    record = json.loads((root / MANIFEST).read_text())
    record["files"][path] = {"owner": "builder", "sha256": digest(CANARY)}
    write(root / MANIFEST, record)
    write(outside / "x", CANARY)
    (root / "linked").symlink_to(outside)
    if ".." not in path and not path.startswith("/"):
        write(root / base_path(path), CANARY)


def undo_record(path: str, root: Path, outside: Path) -> None:
    """A way back that leads to a file outside: to what the last build is said to have left."""
    write(outside / "x", CANARY)
    (root / "linked").symlink_to(outside)
    write(root / ".petsage/undo/0", "overwritten\n")
    row = {"path": path, "new": None, "old": ".petsage/undo/0"}
    row |= {"before": digest("overwritten\n"), "after": digest(CANARY)}
    record = {"direction": "back", "moves": [row], "folders": []}
    write(root / ".petsage/undo/journal.json", record)


def kept_text(path: str, root: Path, outside: Path) -> None:
    """A way back whose old text is a file outside: it would be told in a file of the project."""
    write(outside / "x", CANARY)
    (root / ".petsage/undo/linked").symlink_to(outside)
    now = (root / "README.md").read_text()
    row = {"path": "README.md", "new": None, "old": path}
    row |= {"before": digest(CANARY), "after": digest(now)}
    record = {"direction": "back", "moves": [row], "folders": []}
    write(root / ".petsage/undo/journal.json", record)


def attacks(outside: Path) -> Iterator[Attack]:
    yield from (partial(link, place) for place in PLACES)
    paths = ("../outside/x", str(outside / "x"), "linked/x", "petsage_api/../../outside/x")
    yield from (partial(attack, path) for attack in (manifest, undo_record) for path in paths)
    kept = ("../outside/x", ".petsage/undo/../../../outside/x", ".petsage/undo/linked/x")
    yield from (partial(kept_text, path) for path in kept)


@pytest.fixture
def clashing(workspace: Path) -> Path:
    """A workspace in which a build has a conflict, so it needs no verification to write."""
    file = workspace / SERVICES
    file.write_text(file.read_text().replace("What the status says", "What I say it says"))
    own_template(workspace, "status/files/services.py.jinja", "What the status says", "What it is")
    return workspace


def test_no_attack_leads_out_of_the_workspace(
    door: Door, clashing: Path, tmp_path: Path, tell: Tell
) -> None:
    outside, root = tmp_path / "outside", tmp_path / "attacked/generated"
    counts = Counter({"attacks": 0, "escapes": 0})
    for attack in attacks(outside):
        for command in COMMANDS:
            shutil.copytree(clashing, root)
            outside.mkdir()
            attack(root, outside)
            before = tree(outside), times(outside)
            done = door(*command, "--workspace", root)
            found = (path.read_text(errors="replace") for path in files(root))
            told = any(CANARY.strip() in text for text in (done.out, done.err, *found))
            written = (tree(outside), times(outside)) != before
            counts.update(attacks=1, escapes=told or written)
            assert done.code in {0, 1, 2}
            assert not told, (attack, command, done)
            assert not written, (attack, command, done)
            shutil.rmtree(root.parent)
            shutil.rmtree(outside)
    tell("links and paths that lead outside", counts)
    assert counts["attacks"] > 100


def files(root: Path) -> Iterator[Path]:
    """The project's own files, not those behind a link."""
    paths = (path for path in root.rglob("*") if path.is_file() and not path.is_symlink())
    return (path for path in paths if ".petsage" not in path.relative_to(root).parts)
