"""What was verified is not verified twice, and what changed is verified again."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from command_line import SEED, SERVICES, own_template, times, tree, write
from faults import KILLED, NEVER, crash, faults
from forked import in_child

from petsage_builder import pipeline, shipped, verdict
from petsage_builder.errors import WorkspaceError
from petsage_builder.merge import ChangeSet, FileChange, Outcome
from petsage_builder.report import BuildReport
from petsage_builder.seen import builder_files
from petsage_builder.staging import commit
from petsage_builder.workspace import workspace_at

OWN_TEST = "petsage_api/tests/test_mine.py"
TESTS = 4  # of the feature


def build(workspace: Path, *sources: Path) -> tuple[BuildReport, int]:
    """A build, and how many tests it ran."""
    seen: list[str] = []
    options = pipeline.Options(workspace, observe=lambda test: seen.append(test.id))
    return pipeline.build([str(source) for source in sources], options), len(seen)


@pytest.fixture
def small(lean_build: Path, tmp_path: Path) -> Path:
    """The seed's workspace with the tests of its feature, verified by the builder as it is now."""
    folder = Path(shutil.copytree(lean_build, tmp_path / "generated"))
    assert build(folder)[0].ok
    return folder


def test_second_build_runs_no_test_and_says_so(small: Path, request_file: Path) -> None:
    report, ran = build(small, request_file)
    (tests,) = report.checks
    assert (report.ok, report.verified, report.committed, ran) == (True, True, False, 0)
    assert tests.detail == verdict.AGAIN
    assert tests.passed == TESTS


def test_second_build_writes_nothing(small: Path, request_file: Path) -> None:
    before = tree(small), times(small)
    assert build(small, request_file)[0].ok
    after = tree(small), times(small)
    assert after == before


def test_second_build_reports_what_the_first_did(
    workspace: Path, request_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert build(workspace)[0].ok
    known, ran = build(workspace, request_file)
    assert ran == 0
    monkeypatch.setattr(verdict, "_installed", list)
    again, ran = build(workspace, request_file)
    assert ran > 50
    assert (known.features, known.next, known.notes) == (again.features, again.next, again.notes)
    assert [file.path for file in known.files] == [file.path for file in again.files]


def edited(workspace: Path) -> None:
    with (workspace / SERVICES).open("a", encoding="utf-8") as file:
        file.write("\n# mine\n")


def added(workspace: Path) -> None:
    write(workspace / OWN_TEST, "def test_mine() -> None: ...\n")


def deleted(workspace: Path) -> None:
    (workspace / "README.md").unlink()


def another_template(workspace: Path) -> None:
    own_template(workspace, "status/files/services.py.jinja", "What the", "What our")


def another_record(workspace: Path) -> None:
    file = workspace / ".petsage/base" / f"{SERVICES}.base"
    file.write_text(file.read_text(encoding="utf-8") + "\n", encoding="utf-8")


def record_is_gone(workspace: Path) -> None:
    (workspace / ".petsage/verified.json").unlink()


def record_is_cut(workspace: Path) -> None:
    file = workspace / ".petsage/verified.json"
    file.write_text(file.read_text(encoding="utf-8")[:-40], encoding="utf-8")


def record_is(content: object) -> Callable[[Path], None]:
    def corrupt(workspace: Path) -> None:
        write(workspace / ".petsage/verified.json", json.dumps(content))

    return corrupt


def record_without(key: str) -> Callable[[Path], None]:
    def corrupt(workspace: Path) -> None:
        file = workspace / ".petsage/verified.json"
        content = json.loads(file.read_text(encoding="utf-8"))
        del content[key]
        write(file, content)

    return corrupt


def test_second_build_names_what_the_user_deleted_as_any_build_does(
    small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known, ran = build(small)
    assert ran == 0
    monkeypatch.setattr(verdict, "_installed", list)
    again, ran = build(small)
    assert ran == TESTS
    assert [file for file in again.files if file.reason == "deleted by hand"]
    assert known.files == again.files


CHANGES: dict[str, Callable[[Path], None]] = {
    "a file edited": edited,
    "a file added": added,
    "a file deleted": deleted,
    "a template of the workspace's own": another_template,
    "a record edited": another_record,
    "no verdict": record_is_gone,
    "a verdict cut short": record_is_cut,
}


@pytest.mark.parametrize("change", CHANGES)
def test_change_is_verified_again(small: Path, change: str) -> None:
    CHANGES[change](small)
    report, ran = build(small)
    assert report.ok, report.text()
    assert ran == TESTS + (change == "a file added")
    assert build(small)[1] == 0


NO_VERDICT: tuple[object, ...] = (None, [], 1, "x", {}, [{}])
CORRUPT: dict[str, Callable[[Path], None]] = {
    **{f"it is {json.dumps(value)}": record_is(value) for value in NO_VERDICT},
    "its key is another": record_is({"key": "", "passed": 1, "features": [], "files": []}),
    **{f"it has no {key}": record_without(key) for key in ("key", "passed", "features", "files")},
    "it is cut short": record_is_cut,
}


@pytest.mark.parametrize("corrupt", CORRUPT)
def test_corrupt_verdict_is_ignored(small: Path, corrupt: str) -> None:
    CORRUPT[corrupt](small)
    with workspace_at(small, "build") as workspace:
        assert verdict.known_report(workspace, []) is None


def test_upgraded_package_is_verified_again(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verdict, "_installed", lambda: ["fastapi-99.dist-info"])
    assert build(small)[1] == TESTS
    assert build(small)[1] == 0


def test_changed_builder_is_verified_again(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verdict, "builder_files", lambda: iter([("merge.py", b"other code")]))
    assert build(small)[1] == TESTS


def test_builder_is_its_code_and_its_templates() -> None:
    names = {name for name, _ in builder_files()}
    assert {"verdict.py", "verify/runner.py", "status/pack.toml"} <= names
    assert shipped.shipped("templates").is_dir()


def test_another_request_is_built(small: Path, request_file: Path) -> None:
    write(request_file, {**SEED, "description": "Something else"})
    report, ran = build(small, request_file)
    assert report.ok
    assert ran == TESTS


def test_red_build_is_not_remembered(small: Path) -> None:
    write(small / OWN_TEST, "def test_mine() -> None:\n    assert False\n")
    assert [build(small)[0].ok, build(small)[0].ok] == [False, False]


def test_file_edited_during_verification_is_not_taken_for_verified(small: Path) -> None:
    added(small)

    def edit(_: object) -> None:
        write(small / OWN_TEST, "def test_mine() -> None:\n    assert False\n")

    with pytest.raises(WorkspaceError, match=f"{OWN_TEST}: was changed while the build ran"):
        pipeline.build([], pipeline.Options(small, observe=edit))
    assert not build(small)[0].ok


def test_interrupted_commit_is_finished_before_anything_is_believed(small: Path) -> None:
    """It died right after its commit point: every file still is as it was when verified."""
    journal = small / ".petsage/journal.json"
    change = ChangeSet((FileChange("notes.txt", Outcome.CREATED, None, "new\n"),))

    def fault() -> None:
        if journal.exists():
            crash()

    def interrupted() -> None:
        with workspace_at(small, "build") as workspace, faults(1, last=NEVER, fault=fault):
            commit(workspace, change)

    assert in_child(interrupted) == KILLED
    report, ran = build(small)
    assert not journal.exists()
    assert (small / "notes.txt").read_text(encoding="utf-8") == "new\n"
    assert ran == TESTS
    assert any("finished an interrupted commit" in note for note in report.notes)


def test_verdict_that_can_not_be_written_does_not_undo_the_build(
    small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edited(small)
    monkeypatch.setattr(verdict, "VERIFIED", ".petsage/missing/verified.json")
    assert build(small)[0].ok
