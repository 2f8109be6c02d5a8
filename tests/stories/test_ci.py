"""The check where others run it: as a workflow on GitHub, and as a hook of pre-commit."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]
from command_line import Done, Door, process, tree

from petsage_builder import __version__
from petsage_builder.arguments import parse

ROOT = Path(__file__).parents[2]
WORKFLOW = ".github/workflows/petsage.yml"
SERVICES = "petsage_api/features/smoke_test/services.py"


def git(*arguments: str, cwd: Path) -> Done:
    """A git command, in which the builder that is tested can be found."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    author = {
        f"GIT_{who}_{what}": "a@b" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
    }
    done = subprocess.run(
        ["git", *arguments],
        cwd=cwd,
        env={**os.environ, **author, "PATH": path, "GIT_CONFIG_GLOBAL": os.devnull},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return Done(done.returncode, done.stdout, done.stderr)


def read(file: Path) -> Any:  # noqa: ANN401 (whatever YAML holds)
    return yaml.safe_load(file.read_text(encoding="utf-8"))


def job(workspace: Path) -> dict[str, Any]:
    found: dict[str, Any] = read(workspace / WORKFLOW)["jobs"]["check"]
    return found


def test_init_writes_a_workflow_with_the_least_rights_and_a_limit_of_time(
    door: Door, tmp_path: Path
) -> None:
    git("init", cwd=tmp_path)
    done = door("init", "--ci", "--report", "json")
    assert done.code == 0
    assert done.json()["next"] == ["petsage-builder serve --workspace ."]
    workflow = read(tmp_path / WORKFLOW)
    assert workflow[True] == ["push", "pull_request"]  # YAML takes `on` for a yes
    assert workflow["permissions"] == {"contents": "read"}
    assert job(tmp_path)["timeout-minutes"] == 20
    assert job(tmp_path)["defaults"]["run"]["working-directory"] == "."
    used = [step["uses"] for step in job(tmp_path)["steps"] if "uses" in step]
    assert used == ["actions/checkout@v5", "actions/setup-python@v6"]


def test_commands_of_the_workflow_are_the_shards_of_a_whole_check(
    door: Door, workspace: Path
) -> None:
    assert door("init", "generated", "--ci").code == 0
    install, check = (step["run"] for step in job(workspace)["steps"] if "run" in step)
    assert install == f'pip install "petsage-builder[postgres]=={built_with()}"'
    shards = job(workspace)["strategy"]["matrix"]["shard"]
    assert shards == list(range(1, 1 + int(check.rpartition("/")[2])))
    for shard in shards:
        words = shlex.split(check.replace("${{ matrix.shard }}", str(shard)))
        assert process(*words[1:], cwd=workspace).code == 0


def built_with() -> str:
    """What says the version in a shell, where the manifest does."""
    return "$(jq --raw-output .builder .petsage/manifest.json)"


def test_manifest_says_the_version_that_the_workflow_installs(workspace: Path) -> None:
    assert read(workspace / ".petsage/manifest.json")["builder"] == __version__


def test_workflow_comes_to_a_workspace_that_is_there_and_changes_nothing_else(
    door: Door, workspace: Path
) -> None:
    before = tree(workspace)
    assert door("init", "generated", "--ci").code == 0
    after = tree(workspace)
    new = {path for path in after.keys() - before.keys() if not path.startswith(".petsage/")}
    assert new == {".github", ".github/workflows", WORKFLOW}
    assert door("check", "--files-only", "--strict").code == 0


def test_workflow_is_the_users_once_it_is_written(door: Door, workspace: Path) -> None:
    assert door("init", "generated", "--ci").code == 0
    (workspace / WORKFLOW).write_text("name: mine\n")
    assert door("init", "generated", "--ci").code == 0
    assert door("build").code == 0
    assert (workspace / WORKFLOW).read_text() == "name: mine\n"


def test_plain_init_writes_no_workflow(door: Door, tmp_path: Path) -> None:
    assert door("init", "other").code == 0
    assert not (tmp_path / "other/.github").exists()


def test_workspace_below_the_repositorys_top_says_how_the_workflow_gets_there(
    door: Door, tmp_path: Path
) -> None:
    git("init", cwd=tmp_path)
    done = door("init", 'the "back" end', "--ci", "--report", "json")
    assert done.code == 0
    assert not (tmp_path / ".github").exists()
    folder = job(tmp_path / 'the "back" end')["defaults"]["run"]["working-directory"]
    assert folder == 'the "back" end'
    subprocess.run(["/bin/sh", "-c", done.json()["next"][0]], cwd=tmp_path, check=True)
    assert (tmp_path / WORKFLOW).is_file()
    again = door("init", 'the "back" end', "--ci", "--report", "json")
    assert again.code == 0
    assert not any("mv" in step for step in again.json()["next"])
    assert not (tmp_path / 'the "back" end' / WORKFLOW).exists()


def test_workflow_is_not_written_through_a_link(door: Door, workspace: Path) -> None:
    outside = workspace.parent / "outside"
    outside.mkdir()
    (workspace / ".github").symlink_to(outside)
    done = door("init", "generated", "--ci")
    assert done.code == 1
    assert f"{WORKFLOW}: is, or lies behind, a link or a file." in done.err
    assert list(outside.iterdir()) == []


@pytest.fixture
def hooked(workspace: Path) -> Path:
    """A workspace under git, in which every commit runs the hook as pre-commit would."""
    [hook] = read(ROOT / ".pre-commit-hooks.yaml")
    git("init", cwd=workspace)
    git("add", ".", cwd=workspace)
    assert git("commit", "-m", "built", cwd=workspace).code == 0
    script = workspace / ".git/hooks/pre-commit"
    script.parent.mkdir(exist_ok=True)
    script.write_text(f"#!/bin/sh\nexec {hook['entry']}\n")
    script.chmod(0o755)
    return workspace


def test_hook_is_one_that_pre_commit_takes() -> None:
    [hook] = read(ROOT / ".pre-commit-hooks.yaml")
    name, *words = shlex.split(hook["entry"])
    assert (name, hook["language"]) == ("petsage-builder", "python")
    assert parse(words).command == "check"
    # Whatever is committed, also where files only go: then pre-commit has no names to pass.
    assert (hook["pass_filenames"], hook["always_run"]) == (False, True)
    assert {"id", "name", "description"} <= hook.keys()


def test_hook_lets_a_hand_edit_pass(hooked: Path) -> None:
    (hooked / SERVICES).write_text((hooked / SERVICES).read_text() + "\n# mine\n")
    done = git("commit", "-am", "mine", cwd=hooked)
    assert (done.code, git("status", "--short", cwd=hooked).out) == (0, ""), done.err


def test_hook_refuses_a_commit_that_deletes_a_generated_file(hooked: Path) -> None:
    git("rm", SERVICES, cwd=hooked)
    done = git("commit", "-m", "gone", cwd=hooked)
    assert done.code == 1
    assert f"{SERVICES}: missing file." in done.out + done.err
