"""Edits by hand where the new render differs: merged, or refused with a way on."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest
from command_line import SERVICES, Door, own_template, tree

ROUTER = "petsage_api/features/smoke_test/router.py"
CONFLICTS = ".petsage/conflicts"
MINE = "MINE = 1\n"
TEMPLATE = "status/files/services.py.jinja"
OLD, NEW = "What the status says", "What it says"


@pytest.fixture
def edited(workspace: Path) -> Path:
    """A generated file with lines of the user's own at its end."""
    file = workspace / SERVICES
    file.write_text(file.read_text() + f"\n\n{MINE}")
    return file


@pytest.fixture
def clashing(workspace: Path) -> Path:
    """A generated file whose first line the user and the template changed, each in a way."""
    file = workspace / SERVICES
    file.write_text(file.read_text().replace(OLD, "What I say it says"))
    own_template(workspace, TEMPLATE, OLD, NEW)
    return file


def outcome(report: str, path: str) -> str:
    (found,) = (file["outcome"] for file in json.loads(report)["files"] if file["path"] == path)
    return str(found)


def test_edit_and_new_template_are_both_in_the_file(
    door: Door, workspace: Path, edited: Path
) -> None:
    own_template(workspace, TEMPLATE, OLD, NEW)
    done = door("build", "--report", "json")
    assert done.code == 0
    assert outcome(done.out, SERVICES) == "merged"
    assert NEW in edited.read_text()
    assert edited.read_text().endswith(MINE)
    assert door("check").code == 0
    assert outcome(door("build", "--report", "json").out, SERVICES) == "kept"


def test_merge_that_breaks_a_test_writes_nothing(door: Door, workspace: Path) -> None:
    file = workspace / SERVICES
    file.write_text(file.read_text() + "\n\nMESSAGE = 'broken'\n")
    own_template(workspace, TEMPLATE, OLD, NEW)
    before = tree(workspace)
    done = door("build")
    assert done.code == 1
    assert "BUILD FAILED: check tests" in done.out
    assert tree(workspace) == before


def test_conflict_leaves_the_sides_and_touches_nothing_else(
    door: Door, workspace: Path, clashing: Path
) -> None:
    before = tree(workspace)
    mine = clashing.read_text()
    done = door("build")
    assert done.code == 1
    assert f"BUILD FAILED: {SERVICES}: conflict: edited by hand where" in done.out
    assert f"--accept {SERVICES}" in done.out
    sides = {
        path.removeprefix(f"{CONFLICTS}/{SERVICES}."): content.decode()
        for path, content in tree(workspace).items()
        if path not in before and content != b"<folder>"
    }
    assert sides.keys() == {"base", "ours", "theirs", "proposal"}
    assert sides["ours"] == mine
    assert OLD in sides["base"]
    assert NEW in sides["theirs"]
    assert "<<<<<<< yours\n" in sides["proposal"]
    assert {path: text for path, text in tree(workspace).items() if path in before} == before


def test_second_refusal_leaves_the_sides_of_now(
    door: Door, workspace: Path, clashing: Path
) -> None:
    assert door("build").code == 1
    clashing.write_text(clashing.read_text().replace("What I say", "What we say"))
    assert door("build").code == 1
    assert "What we say" in (workspace / f"{CONFLICTS}/{SERVICES}.ours").read_text()


def test_accepted_file_is_the_answer_to_the_new_render(
    door: Door, workspace: Path, clashing: Path
) -> None:
    assert door("build").code == 1
    mine = clashing.read_text()
    done = door("build", "--accept", SERVICES, "--report", "json")
    assert done.code == 0
    assert outcome(done.out, SERVICES) == "kept"
    assert clashing.read_text() == mine
    assert not (workspace / CONFLICTS).exists()
    assert door("check", "--strict").code == 0
    assert door("build").code == 0


def test_conflict_that_went_away_leaves_no_proposals(
    door: Door, workspace: Path, clashing: Path
) -> None:
    before = clashing.read_text()
    assert door("build").code == 1
    clashing.write_text(before.replace("What I say it says", OLD))
    assert door("build").code == 0
    assert NEW in clashing.read_text()
    assert not (workspace / CONFLICTS).exists()


def test_markers_are_written_where_they_are_asked_for_and_nothing_else(
    door: Door, workspace: Path, clashing: Path
) -> None:
    untouched = {p: t for p, t in tree(workspace).items() if not p.startswith(".petsage")}
    done = door("build", "--write-conflicts")
    assert done.code == 1
    assert "Only markers of conflicts were written." in done.out
    assert clashing.read_text().count("<<<<<<< yours\n") == 1
    del untouched[SERVICES]
    assert untouched.items() <= tree(workspace).items()


@pytest.mark.usefixtures("clashing")
def test_file_that_still_holds_markers_is_refused(door: Door, workspace: Path) -> None:
    assert door("build", "--write-conflicts").code == 1
    before = tree(workspace)
    for command in (["build"], ["check", "--files-only"], ["accept", SERVICES]):
        done = door(*command)
        assert done.code == 1
        assert f"{SERVICES}: conflict: still holds the markers of a conflict" in done.out
        assert "Choose between the sides" in done.out
    assert {p: t for p, t in tree(workspace).items() if p in before} == before


def test_resolved_markers_are_an_edit_like_any_other(door: Door, clashing: Path) -> None:
    assert door("build", "--write-conflicts").code == 1
    text = clashing.read_text()
    before, _, rest = text.partition("<<<<<<< yours\n")
    mine, _, rest = rest.partition("||||||| the last build\n")
    after = rest.partition(">>>>>>> this build\n")[2]
    clashing.write_text(before + mine + after)
    done = door("build", "--report", "json")
    assert done.code == 0
    assert outcome(done.out, SERVICES) == "kept"
    assert "What I say it says" in clashing.read_text()
    assert door("check").code == 0


def test_markers_in_a_description_are_text(door: Door, request_file: Path) -> None:
    asked = json.loads(request_file.read_text())
    asked["description"] = "<<<<<<< a\n=======\n>>>>>>> b\nmore"
    request_file.write_text(json.dumps(asked))
    assert door(request_file).code == 0
    assert door("check").code == 0


def test_file_that_is_not_ours_can_be_accepted(
    door: Door, tmp_path: Path, request_file: Path
) -> None:
    file = tmp_path / "generated/README.md"
    file.parent.mkdir()
    file.write_text("# Mine\n")
    done = door(request_file)
    assert done.code == 1
    assert "README.md: conflict: exists, and is not ours" in done.out
    assert (tmp_path / f"generated/{CONFLICTS}/README.md.theirs").is_file()
    assert door(request_file, "--accept", "README.md").code == 0
    assert file.read_text() == "# Mine\n"
    assert door("check", "--strict").code == 0


def test_accepted_edit_is_no_difference_any_more(door: Door, edited: Path) -> None:
    assert door("check", "--strict", "--files-only").code == 1
    done = door("accept", SERVICES)
    assert (done.code, done.err) == (0, "")
    assert door("check", "--strict").code == 0
    edited.write_text(edited.read_text() + "MORE = 2\n")
    done = door("check", "--strict", "--files-only")
    assert done.code == 1
    assert f"petsage-builder accept {SERVICES}" in done.out


def test_accepted_edit_stays_accepted_through_a_merge(
    door: Door, workspace: Path, edited: Path
) -> None:
    assert door("accept", SERVICES).code == 0
    own_template(workspace, TEMPLATE, OLD, NEW)
    assert door("build").code == 0
    assert edited.read_text().endswith(MINE)
    assert door("check", "--strict", "--files-only").code == 0


@pytest.mark.parametrize(
    ("path", "said"),
    [
        (ROUTER, "is as it is rendered, so there is no edit to accept"),
        ("petsage_api/nothing.py", "is no generated file"),
        ("../elsewhere.py", "is no generated file"),
    ],
)
def test_what_can_t_be_accepted_is_told(door: Door, workspace: Path, path: str, said: str) -> None:
    before = tree(workspace)
    done = door("accept", path)
    assert done.code == 2
    assert said in done.err
    assert tree(workspace) == before


def test_deleted_file_can_t_be_accepted(door: Door, workspace: Path) -> None:
    (workspace / SERVICES).unlink()
    done = door("accept", SERVICES)
    assert done.code == 2
    assert "is not there, so there is no edit to accept" in done.err


def test_accept_runs_the_tests(door: Door, edited: Path) -> None:
    edited.write_text(edited.read_text() + "\nMESSAGE = 'broken'\n")
    assert door("accept", SERVICES).code == 1
    assert door("check", "--strict", "--files-only").code == 1


def test_dos_line_ends_and_a_missing_final_newline_stay(door: Door, workspace: Path) -> None:
    file, other = workspace / SERVICES, workspace / ROUTER
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    other.write_text(other.read_text().removesuffix("\n"))
    own_template(workspace, TEMPLATE, OLD, NEW)
    own_template(workspace, "status/files/router.py.jinja", "Where the status is", "Where it is")
    assert door("build").code == 0
    assert NEW.encode() in file.read_bytes()
    assert file.read_bytes().count(b"\r\n") == file.read_bytes().count(b"\n") > 0
    assert other.read_text().startswith('"""Where it is')
    assert not other.read_text().endswith("\n")


def test_permissions_stay(door: Door, workspace: Path, edited: Path) -> None:
    edited.chmod(0o755)
    own_template(workspace, TEMPLATE, OLD, NEW)
    assert door("build").code == 0
    assert NEW in edited.read_text()
    assert stat.S_IMODE(edited.stat().st_mode) == 0o755


def test_without_git_a_merge_is_a_conflict(
    door: Door, workspace: Path, edited: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own_template(workspace, TEMPLATE, OLD, NEW)
    monkeypatch.setenv("PATH", os.devnull)
    before = edited.read_bytes()
    done = door("build")
    assert done.code == 1
    assert "git, which would merge it, is missing" in done.out
    assert edited.read_bytes() == before
