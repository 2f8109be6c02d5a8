"""The manifest and the bases: the same everywhere, and input from a repository when read."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from command_line import SERVICES, Done, Door, process, write

from petsage_builder import __version__
from petsage_builder.errors import WorkspaceError
from petsage_builder.paths import MANIFEST, base_path
from petsage_builder.records import FeatureRecord, FileRecord, Manifest, read_records, record_files
from petsage_builder.spec import Owner
from petsage_builder.trees import digest

BASES = {"app/main.py": "main\n", "README.md": "readme\r\n\udcff"}
MANY = Manifest(
    features={"pets": FeatureRecord(kind="status", pack="status", request="0" * 64)},
    files={
        **{path: FileRecord(owner=Owner.BUILDER, sha256=digest(t)) for path, t in BASES.items()},
        "gone.py": FileRecord(owner=Owner.BUILDER, sha256=digest("gone\n"), deleted=True),
        "blueprint.toml": FileRecord(owner=Owner.USER, sha256=digest("mine\n")),
    },
)
DISK = {
    MANIFEST: MANY.text(),
    base_path("gone.py"): "gone\n",
    **{base_path(path): text for path, text in BASES.items()},
}


def manifest(**changes: object) -> str:
    return json.dumps({**json.loads(MANY.text()), **changes})


def read(disk: Mapping[str, str]) -> Callable[[str], str | None]:
    return disk.get


def test_manifest_survives_a_round_trip() -> None:
    records = read_records(read(DISK))
    assert records.manifest == MANY
    assert records.base == {**BASES, "gone.py": "gone\n"}
    assert records.tampered == ()


def test_workspace_without_a_manifest_has_empty_records() -> None:
    records = read_records(read({}))
    assert (records.manifest, records.base, records.tampered) == (Manifest(), {}, ())


def test_removed_feature_keeps_its_steps_in_the_history() -> None:
    step = {"revision": "0" * 12, "down_revision": None}
    content = manifest(removed={"tags": [step]})
    read_back = read_records(read({MANIFEST: content})).manifest
    assert list(read_back.past) == ["tags"]
    assert json.loads(read_back.text())["removed"] == {"tags": [step]}
    assert "removed" not in json.loads(MANY.text())


def test_text_depends_on_no_order() -> None:
    backwards = Manifest(
        features=dict(reversed(MANY.features.items())), files=dict(reversed(MANY.files.items()))
    )
    assert backwards.text() == MANY.text()


def test_text_is_sorted_and_ends_in_a_newline() -> None:
    content = json.loads(MANY.text())
    assert MANY.text().endswith("}\n")
    assert list(content["files"]) == sorted(content["files"])
    assert "deleted" not in content["files"]["README.md"]
    assert content["files"]["gone.py"]["deleted"] is True


def test_builds_in_two_folders_write_the_same_records(seed_build: Path, tmp_path: Path) -> None:
    request = seed_build / "requests/smoke_test.json"
    done = process(request, "--workspace", "elsewhere/deep", cwd=tmp_path, PYTHONHASHSEED="7")
    assert done.code == 0, done.err
    there = tmp_path / "elsewhere/deep" / MANIFEST
    assert there.read_bytes() == (seed_build / MANIFEST).read_bytes()


@pytest.mark.parametrize("builder", ["99.0.0", f"{__version__}.1", "0.99.0"])
def test_manifest_of_a_newer_builder_is_refused(builder: str) -> None:
    with pytest.raises(WorkspaceError, match=f"petsage-builder {builder}.*Upgrade"):
        read_records(read({MANIFEST: manifest(builder=builder)}))


def test_manifest_of_an_older_builder_is_read() -> None:
    assert read_records(read({**DISK, MANIFEST: manifest(builder="0.0.1")})).base


def test_manifest_of_another_format_is_refused() -> None:
    with pytest.raises(WorkspaceError, match="Upgrade"):
        read_records(read({MANIFEST: manifest(format=2)}))


HOSTILE_PATHS = [
    *("../x", "/etc/passwd", "a/../../x", "..", ".", "", "a//b", "a/", "/", "./a", "a/./b"),
    *(".git/config", ".GIT/hooks/x", ".petsage/lock", ".Petsage/x", ".petsage"),
    *("a\\b", "a\0b", "a\nb", "a b", "é", "x" * 121, "~/x", "C:/x", "\u202ea"),
]


@pytest.mark.parametrize("path", HOSTILE_PATHS, ids=ascii)
def test_hostile_path_is_refused(path: str) -> None:
    record = {"owner": "builder", "sha256": "0"}
    with pytest.raises(WorkspaceError, match="can't be read"):
        read_records(read({MANIFEST: manifest(files={path: record})}))


@pytest.mark.parametrize("key", ["features", "removed"])
@pytest.mark.parametrize("name", ["../x", "", "a/b", "Pets", "\0"], ids=ascii)
def test_hostile_name_of_a_feature_is_refused(key: str, name: str) -> None:
    value = json.loads(MANY.text())["features"]["pets"] if key == "features" else []
    with pytest.raises(WorkspaceError, match="can't be read"):
        read_records(read({MANIFEST: manifest(**{key: {name: value}})}))


BROKEN = [
    *("", "{", "[]", "null", "1", '"x"', "{}x", "[" * 100_000, "\0", "<<<<<<< ours\n{}\n"),
    *('{"format": null}', '{"builder": 1}', '{"more": 1}'),
    *('{"features": []}', '{"files": {"a": 1}}', '{"files": {"a": {"owner": "me"}}}'),
    '{"files": {"a": {"owner": "user", "sha256": 1}}}',
]


@pytest.mark.parametrize("content", BROKEN, ids=lambda content: ascii(content)[:40])
def test_broken_manifest_is_one_clear_problem(content: str) -> None:
    with pytest.raises(WorkspaceError) as refused:
        read_records(read({MANIFEST: content}))
    (problem,) = refused.value.problems
    assert problem.where == MANIFEST
    assert "\n" not in str(problem)
    assert problem.hint


@pytest.mark.parametrize("content", ["tampered\n", "", None])
def test_tampered_base_is_named_and_not_believed(content: str | None) -> None:
    disk = {**DISK, base_path("app/main.py"): content}
    records = read_records(disk.get)
    assert records.tampered == (base_path("app/main.py"),)
    assert "app/main.py" not in records.base


def test_files_of_the_user_have_no_base() -> None:
    after = dict(record_files(read_records(read(DISK)), MANY, {**BASES, "gone.py": "gone\n"}, {}))
    assert after[base_path("blueprint.toml")] is None


def test_base_of_a_file_that_is_no_longer_rendered_goes() -> None:
    files = {path: record for path, record in MANY.files.items() if path != "README.md"}
    new = Manifest(files=files)
    after = dict(record_files(read_records(read(DISK)), new, {**BASES, "gone.py": "gone\n"}, {}))
    assert after == {
        MANIFEST: new.text(),
        base_path("README.md"): None,
        base_path("app/main.py"): "main\n",
        base_path("gone.py"): "gone\n",
        base_path("blueprint.toml"): None,
    }


# At the command line.


def check(door: Door, workspace: Path) -> Done:
    return door("check", "--files-only", "--workspace", workspace)


def test_tampered_base_is_told_by_check(door: Door, workspace: Path) -> None:
    write(workspace / base_path(SERVICES), "tampered\n")
    done = check(door, workspace)
    assert done.code == 1
    assert f"{base_path(SERVICES)}: tampered record" in done.out


@pytest.mark.parametrize("content", ["{", "[" * 100_000, '{"files": {"../x": {}}}'])
def test_broken_manifest_is_told_without_a_traceback(
    door: Door, workspace: Path, content: str
) -> None:
    write(workspace / MANIFEST, content)
    done = check(door, workspace)
    assert done.code == 1
    assert f"{MANIFEST}: can't be read" in done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize("path", [MANIFEST, ".petsage/base", base_path(SERVICES), ".petsage"])
def test_record_behind_a_link_is_refused(
    door: Door, workspace: Path, tmp_path: Path, path: str
) -> None:
    (workspace / path).rename(tmp_path / "outside")
    (workspace / path).symlink_to(tmp_path / "outside")
    done = check(door, workspace)
    assert done.code == 1
    assert "never follows links" in done.err
    assert "Traceback" not in done.err
