"""What users really do to a project: verified for what it is, and never a traceback."""

from __future__ import annotations

import subprocess
import venv
from pathlib import Path

import pytest
from command_line import SERVICES, Done, Door, own_template, tree, write

FEATURE_TESTS = "petsage_api/tests/features/test_smoke_test.py"
APP_TESTS = "petsage_api/tests/test_http.py"
BROKEN = {
    "a half-written function": b"def test_x(:\n",
    "a NUL byte": b"x = 1\0\n",
    "an endless sum": b"x = " + b"1+" * 100_000 + b"1\n",
    "endless signs": b"x = " + b"-" * 200_000 + b"1\n",
}
READABLE = {
    "a byte order mark": b"\xef\xbb\xbfdef test_mine() -> None:\n    assert True\n",
    "another encoding": b"# -*- coding: latin-1 -*-\ndef test_mine() -> None:\n    assert '\xe9'\n",
}


def check_of(done: Done, name: str) -> tuple[bool, str]:
    found = next(check for check in done.json()["checks"] if check["name"] == name)
    return found["ok"], found["detail"]


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN.keys())
def test_test_file_that_python_cannot_read_is_a_red_check(
    door: Door, workspace: Path, content: bytes
) -> None:
    (workspace / "petsage_api/tests/test_mine.py").write_bytes(content)
    done = door("build", "--report", "json")
    assert done.code == 1
    ok, detail = check_of(done, "compile")
    assert not ok
    assert "petsage_api/tests/test_mine.py" in detail


@pytest.mark.parametrize("content", READABLE.values(), ids=READABLE.keys())
def test_test_file_in_any_encoding_that_python_reads_is_run(
    door: Door, workspace: Path, content: bytes
) -> None:
    (workspace / "petsage_api/tests/test_mine.py").write_bytes(content)
    done = door("build", "--report", "json")
    assert done.code == 0, done.out
    assert "1 of them your own" in check_of(done, "tests")[1]


def test_tests_outside_the_projects_testpaths_are_named(door: Door, workspace: Path) -> None:
    write(workspace / "tests/test_never.py", "def test_never() -> None:\n    assert False\n")
    done = door("build", "--report", "json")
    assert "so not run: tests/test_never.py" in check_of(done, "tests")[1]


@pytest.mark.usefixtures("workspace")
def test_ignored_files_are_not_staged_from_a_relative_workspace(door: Door, tmp_path: Path) -> None:
    write(tmp_path / "generated/.env", "SECRET=1\n")
    looks = "def test_env() -> None:\n    assert not Path('.env').exists()\n"
    probe = f"from pathlib import Path\n\n\n{looks}"
    write(tmp_path / "generated/petsage_api/tests/test_probe.py", probe)
    for place in ("generated", str(tmp_path / "generated")):
        assert door("check", "--workspace", place).code == 0


def test_deleted_test_file_is_a_hand_edit_that_is_kept(door: Door, workspace: Path) -> None:
    (workspace / APP_TESTS).unlink()
    done = door("build")
    assert done.code == 0, done.out
    assert f"{APP_TESTS} was deleted by hand" in done.out
    assert door("check").code == 0
    strict = door("check", "--strict", "--files-only", "--report", "json")
    assert strict.code == 1
    assert strict.json()["problems"] == [
        {
            "where": APP_TESTS,
            "message": "deleted by hand.",
            "hint": "--strict refuses hand edits; "
            f"`petsage-builder accept {APP_TESTS}` allows this one.",
        }
    ]
    outcomes = {file["path"]: file["outcome"] for file in strict.json()["files"]}
    assert outcomes[APP_TESTS] == "kept"


def test_feature_without_its_tests_is_refused_with_the_way_back(
    door: Door, workspace: Path
) -> None:
    (workspace / FEATURE_TESTS).unlink()
    done = door("build")
    assert done.code == 1
    assert "check control smoke_test: it has no tests left" in done.out
    assert door("build", "--restore", FEATURE_TESTS).code == 0


def test_deleted_documentation_is_no_empty_section_of_the_report(
    door: Door, workspace: Path
) -> None:
    (workspace / "petsage_api/features/smoke_test/README.md").unlink()
    assert door("build").code == 0
    assert "## 8. Documentation" not in door("build", "--report", "markdown").out


def test_service_renamed_by_hand_everywhere_is_still_verified(door: Door, workspace: Path) -> None:
    for path in (SERVICES, "petsage_api/features/smoke_test/router.py", FEATURE_TESTS):
        file = workspace / path
        file.write_text(file.read_text().replace("get_api_status", "read_status"))
    done = door("build", "--report", "json")
    assert done.code == 0, done.out
    assert check_of(done, "control smoke_test")[0]


def test_verdict_on_another_interpreter_is_not_kept(door: Door, workspace: Path) -> None:
    venv.create(workspace / ".venv", with_pip=False)
    python = str(workspace / ".venv/bin/python")
    lend = "import sysconfig; print(sysconfig.get_path('purelib'))"
    site = subprocess.run([python, "-c", lend], capture_output=True, text=True, check=True)
    lent = Path(pytest.__file__).parents[1]
    path_file = Path(site.stdout.strip()) / "lent.pth"
    path_file.write_text(f"{lent}\n")
    write(workspace / "blueprint.toml", '[verify]\npython = ".venv/bin/python"\n')
    assert door("build").code == 0
    path_file.unlink()
    done = door("build")
    assert done.code == 1
    assert "BUILD FAILED: check import: ModuleNotFoundError" in done.out
    assert "No module named 'pytest'" in done.out


def test_changed_blueprint_is_called_a_stale_blueprint(door: Door, workspace: Path) -> None:
    write(workspace / "blueprint.toml", 'title = "Other API"\n')
    done = door("check", "--files-only")
    assert done.code == 1
    assert "stale blueprint" in done.out
    assert "stale template" not in done.out


def test_lost_blueprint_of_a_built_project_is_refused(
    door: Door, workspace: Path, request_file: Path
) -> None:
    (workspace / "blueprint.toml").unlink()
    before = tree(workspace)
    done = door(request_file, "--workspace", workspace)
    assert done.code == 1
    assert "blueprint.toml: is missing." in done.err
    assert tree(workspace) == before


def test_file_in_the_way_of_a_new_project_is_a_conflict_that_says_so(
    door: Door, tmp_path: Path
) -> None:
    write(tmp_path / "mine/README.md", "# Mine\n")
    done = door("init", tmp_path / "mine")
    assert done.code == 1
    assert "README.md: conflict: exists, and is not ours. Both sides are in" in done.out
    assert "move yours aside and run this again, or build again with --accept" in done.out
    assert "Nothing was written." in done.out
    left = tree(tmp_path / "mine")
    sides = {path for path in left if path.startswith(".petsage")}
    assert left.keys() - sides == {"README.md"}
    assert left["README.md"] == left[".petsage/conflicts/README.md.ours"] == b"# Mine\n"
    (tmp_path / "mine/README.md").rename(tmp_path / "README.md")
    assert door("init", tmp_path / "mine").code == 0
    assert not (tmp_path / "mine/.petsage/conflicts").exists()


def test_conflict_is_told_once_by_check(door: Door, workspace: Path) -> None:
    file = workspace / SERVICES
    file.write_text(file.read_text() + "\n# mine\n")
    own_template(workspace, "status/files/services.py.jinja", "What the status", "What it")
    problems = door("check", "--report", "json").json()["problems"]
    assert [p["where"] for p in problems if p["where"] == SERVICES] == [SERVICES]


def test_next_command_can_be_pasted_whatever_the_folder_is_called(
    door: Door, request_file: Path, tmp_path: Path
) -> None:
    done = door(request_file, "--workspace", tmp_path / "my dir é")
    assert f"next: petsage-builder serve --workspace '{tmp_path}/my dir é'\n" in done.out


@pytest.mark.usefixtures("workspace")
def test_failed_status_says_status(door: Door, tmp_path: Path) -> None:
    write(tmp_path / "generated/requests/smoke_test.json", "{")
    assert "STATUS FAILED:" in door("status").err
