"""The CI regeneration check, and the status: each difference named, nothing written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_line import SEED, SERVICES, Door, own_template, status_request, times, tree, write

README = "petsage_api/features/smoke_test/README.md"


def change_template(workspace: Path) -> None:
    own_template(
        workspace, "status/files/services.py.jinja", "What the status says", "What it says"
    )


def test_clean_workspace_passes_and_its_tests_were_run(door: Door, workspace: Path) -> None:
    before = tree(workspace), times(workspace)
    done = door("check", "--strict", "--report", "json")
    assert done.code == 0
    assert done.json()["verified"]
    assert not done.json()["committed"]
    assert next(c for c in done.json()["checks"] if c["name"] == "tests")["passed"] > 50
    assert (tree(workspace), times(workspace)) == before


def test_files_only_leaves_the_tests_out_and_says_so(door: Door, workspace: Path) -> None:
    done = door("check", "--files-only", "--workspace", workspace)
    assert done.code == 0
    assert "The tests were not run." in done.out
    assert "CHECK COMPLETE.\n" in done.out


def test_deleted_file_is_named_with_a_diff(door: Door, workspace: Path) -> None:
    (workspace / SERVICES).unlink()
    before = tree(workspace)
    done = door("check", "--files-only")
    assert done.code == 1
    assert f"{SERVICES}: missing file." in done.out
    assert "    +def get_api_status() -> StatusResponse:\n" in done.out
    assert tree(workspace) == before


def test_deleted_file_fails_the_whole_check_too(door: Door, workspace: Path) -> None:
    (workspace / README).unlink()
    done = door("check")
    assert done.code == 1
    assert f"CHECK FAILED: {README}: missing file." in done.out


def test_changed_request_is_stale_and_named_with_a_diff(door: Door, workspace: Path) -> None:
    write(workspace / "requests/smoke_test.json", {**SEED, "description": "It lives."})
    before = tree(workspace)
    done = door("check", "--files-only")
    assert done.code == 1
    assert f"{README}: stale request: smoke_test asks for something else now." in done.out
    assert "    +It lives.\n" in done.out
    assert tree(workspace) == before


def test_request_that_says_the_same_in_other_words_is_not_stale(
    door: Door, workspace: Path
) -> None:
    reordered = dict(reversed(list(SEED.items())))
    (workspace / "requests/smoke_test.json").write_text(json.dumps(reordered, indent=8))
    assert door("check", "--files-only", "--strict").code == 0


def test_new_request_on_file_is_named(door: Door, workspace: Path) -> None:
    write(workspace / "requests/ready.json", status_request("ready", "/ready"))
    done = door("check", "--files-only")
    assert done.code == 1
    assert "petsage_api/features/ready/router.py: missing file: stale request: ready" in done.out


def test_request_that_is_gone_is_named(door: Door, workspace: Path) -> None:
    (workspace / "requests/smoke_test.json").unlink()
    done = door("check", "--files-only")
    assert done.code == 1
    assert "requests/smoke_test.json: is missing" in done.err


def test_changed_template_is_named_with_a_diff(door: Door, workspace: Path) -> None:
    change_template(workspace)
    before = tree(workspace)
    done = door("check", "--files-only")
    assert done.code == 1
    assert f"{SERVICES}: stale template" in done.out
    assert '    -"""What the status says."""\n    +"""What it says."""\n' in done.out
    assert tree(workspace) == before


def test_templates_of_the_workspace_are_not_read_without_its_leave(
    door: Door, workspace: Path
) -> None:
    blueprint = (workspace / "blueprint.toml").read_text()
    change_template(workspace)
    (workspace / "blueprint.toml").write_text(blueprint)
    assert door("check", "--files-only").code == 0


def test_pack_without_a_file_for_the_fault_is_refused_by_the_rehearsal_too(
    door: Door, workspace: Path
) -> None:
    own_template(workspace, "status/pack.toml", "{feature}/services.py", "{feature}/logic.py")
    for command in (["build", "--dry-run"], ["build"], ["check"], ["status"]):
        done = door(*command)
        assert done.code == 2
        assert "templates/status/pack.toml: the pack makes no services.py" in done.err


def test_hand_edit_is_named_and_allowed(door: Door, workspace: Path) -> None:
    (workspace / SERVICES).write_text((workspace / SERVICES).read_text() + "\n# mine\n")
    done = door("check", "--files-only")
    assert done.code == 0
    assert f"kept      {SERVICES}  (edited by hand)\n" in done.out
    assert "    +# mine\n" in done.out


def test_strict_refuses_a_hand_edit(door: Door, workspace: Path) -> None:
    (workspace / SERVICES).write_text((workspace / SERVICES).read_text() + "\n# mine\n")
    done = door("check", "--files-only", "--strict")
    assert done.code == 1
    assert f"CHECK FAILED: {SERVICES}: hand-edited." in done.out


def test_changed_byte_of_every_generated_file_is_noticed(door: Door, workspace: Path) -> None:
    manifest = json.loads((workspace / ".petsage/manifest.json").read_text())
    for path, record in manifest["files"].items():
        if record["owner"] == "builder":
            with (workspace / path).open("ab") as file:
                file.write(b"\n")
    done = door("check", "--files-only", "--strict", "--report", "json")
    named = {problem["where"] for problem in done.json()["problems"]}
    builders = {p for p, record in manifest["files"].items() if record["owner"] == "builder"}
    assert named == builders


def test_hand_edit_that_breaks_a_test_fails_the_check(door: Door, workspace: Path) -> None:
    edited = workspace / SERVICES
    edited.write_text(edited.read_text().replace("message=MESSAGE", 'message="broken"'))
    done = door("check", "--report", "json")
    assert done.code == 1
    assert "test_status_is_answered_without_credentials" in done.json()["problems"][0]["message"]


@pytest.mark.parametrize("content", ["changed", None], ids=["changed", "deleted"])
def test_tampered_record_is_named(door: Door, workspace: Path, content: str | None) -> None:
    base = workspace / f".petsage/base/{SERVICES}.base"
    base.unlink()
    if content:
        base.write_text(content)
    done = door("check", "--files-only")
    assert done.code == 1
    assert f".petsage/base/{SERVICES}.base: tampered record" in done.out


def test_deleted_manifest_is_named(door: Door, workspace: Path) -> None:
    (workspace / ".petsage/manifest.json").unlink()
    done = door("check", "--files-only")
    assert done.code == 1
    assert ".petsage/manifest.json" in done.out


def test_check_where_there_is_no_workspace_says_what_to_do(door: Door, tmp_path: Path) -> None:
    for command in ("check", "status", "build"):
        done = door(command)
        assert done.code == 1
        assert "is no workspace: it has no blueprint.toml. Build a request, or" in done.err
    assert not list(tmp_path.iterdir())


def test_status_names_the_features_and_that_nothing_would_change(
    door: Door, workspace: Path
) -> None:
    before = tree(workspace), times(workspace)
    done = door("status")
    assert done.code == 0
    assert f"smoke_test  (status, request {SEED['request_id']})\n" in done.out
    assert "A build would change nothing." in done.out
    assert (tree(workspace), times(workspace)) == before


def test_status_says_what_a_build_would_change(door: Door, workspace: Path) -> None:
    change_template(workspace)
    done = door("status")
    assert done.code == 0
    assert f"updated   {SERVICES}\n" in done.out
    assert "A build would change 3 files." in done.out
