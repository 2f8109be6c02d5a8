"""Building: what goes in, what comes out, what stays as it was."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from command_line import (
    SEED,
    SERVICES,
    TEMPLATES,
    Done,
    Door,
    break_service,
    own_template,
    status_request,
    times,
    tree,
    write,
)

from petsage_builder import packs

FAILING = (
    "petsage_api/tests/features/test_smoke_test.py::test_status_is_answered_without_credentials"
)

BAD_IS_RED = """\
pytestmark = pytest.mark.anyio


def test_name() -> None:
    assert ".bad." not in services.__name__
"""


def outcomes(done: Done) -> dict[str, str]:
    return {file["path"]: file["outcome"] for file in done.json()["files"]}


def rendered(workspace: Path) -> dict[str, bytes]:
    """The rendered files, apart from the records of what was asked for."""
    return {
        path: content
        for path, content in tree(workspace).items()
        if not path.startswith((".petsage", "requests", "openapi.json")) and content != b"<folder>"
    }


def test_seed_request_becomes_the_seeds_tree(door: Door, request_file: Path) -> None:
    done = door(request_file)
    assert done.code == 0
    assert done.out.count("BUILD COMPLETE.\n") == 1
    for path in (
        "features/smoke_test/__init__.py",
        "features/smoke_test/models.py",
        "features/smoke_test/services.py",
        "features/smoke_test/router.py",
        "features/smoke_test/README.md",
        "tests/features/test_smoke_test.py",
        "main.py",
    ):
        assert (request_file.parent / "generated/petsage_api" / path).is_file()


@pytest.mark.parametrize(
    "requirements",
    [
        pytest.param({"requirements": "none"}, id="none"),
        pytest.param({"requirements": None}, id="null"),
        pytest.param({}, id="absent"),
        pytest.param({"requirements": {"status": {}}}, id="status"),
        pytest.param({"requirements": {"status": {"path": "/status"}}}, id="path"),
    ],
)
def test_every_form_of_the_status_request_makes_the_same_feature(
    door: Door, seed_build: Path, tmp_path: Path, requirements: dict[str, object]
) -> None:
    asked = {"feature": SEED["feature"], "description": SEED["description"], **requirements}
    done = door(write(tmp_path / "r.json", asked), "--dry-run", "--report", "json")
    files = {file["path"]: file["diff"] for file in done.json()["files"]}
    for path, content in rendered(seed_build).items():
        assert [line[1:] for line in files[path].splitlines()[3:]] == content.decode().splitlines()


def test_request_without_an_id_is_given_one(door: Door, tmp_path: Path) -> None:
    asked = write(tmp_path / "r.json", status_request("smoke_test"))
    first = door(asked, "--dry-run", "--report", "json").json()["features"][0]["request_id"]
    again = door(asked, "--dry-run", "--report", "json").json()["features"][0]["request_id"]
    assert first == again
    assert len(first) == 36


def test_request_comes_from_standard_input(door: Door) -> None:
    done = door("-", "--dry-run", "--report", "json", stdin=json.dumps(SEED).encode())
    assert done.code == 0
    assert done.json()["features"][0]["feature"] == "smoke_test"


def test_folder_of_requests_is_one_change(door: Door, tmp_path: Path) -> None:
    write(tmp_path / "asked/ready.json", status_request("ready", "/ready"))
    write(tmp_path / "asked/live.json", status_request("live", "/live"))
    write(tmp_path / "asked/notes.txt", "no request")
    done = door("asked", "--report", "json")
    assert done.code == 0
    assert [feature["feature"] for feature in done.json()["features"]] == ["live", "ready"]
    assert (tmp_path / "generated/requests/live.json").is_file()


def test_file_may_hold_a_list_of_requests(door: Door, tmp_path: Path) -> None:
    asked = [status_request("ready", "/ready"), status_request("live", "/live")]
    done = door(write(tmp_path / "both.json", asked), "--dry-run", "--report", "json")
    assert [feature["feature"] for feature in done.json()["features"]] == ["live", "ready"]


def test_request_file_named_like_a_command_is_built(door: Door, tmp_path: Path) -> None:
    write(tmp_path / "build", SEED)
    assert door("./build", "--dry-run").code == 0
    assert door("build", "build", "--dry-run").code == 0


def test_one_red_request_of_several_keeps_all_of_them_out(
    door: Door, workspace: Path, tmp_path: Path
) -> None:
    own_template(
        workspace,
        "status/files/test_feature.py.jinja",
        "pytestmark = pytest.mark.anyio",
        BAD_IS_RED,
    )
    before = tree(workspace)
    asked = [status_request("good", "/good"), status_request("bad", "/bad")]
    done = door(write(tmp_path / "both.json", asked), "--report", "json")
    assert done.code == 1
    assert "test_bad.py::test_name" in done.json()["problems"][0]["message"]
    assert tree(workspace) == before


def test_second_build_has_nothing_to_do_and_writes_no_byte(
    door: Door, workspace: Path, request_file: Path
) -> None:
    before = times(workspace)
    done = door(request_file)
    assert done.code == 0
    assert "Nothing to do" in done.out
    assert "BUILD COMPLETE.\n" in done.out
    assert times(workspace) == before


def test_second_build_without_the_note_of_the_first_writes_no_byte_of_the_project(
    door: Door, workspace: Path, request_file: Path
) -> None:
    (workspace / ".petsage/verified.json").unlink()
    before = tree(workspace)
    stamps = {path: t for path, t in times(workspace).items() if not path.endswith(".petsage")}
    done = door(request_file)
    assert "Nothing to do" in done.out
    (workspace / ".petsage/verified.json").unlink()
    assert tree(workspace) == before
    assert {path: t for path, t in times(workspace).items() if path in stamps} == stamps


def test_copied_workspace_names_its_own_place_in_what_comes_next(
    door: Door, workspace: Path, request_file: Path
) -> None:
    done = door(request_file, "--workspace", workspace)
    assert f"next: petsage-builder serve --workspace {workspace}\n" in done.out


def test_build_without_requests_builds_those_on_file(door: Door, workspace: Path) -> None:
    write(workspace / "requests/ready.json", status_request("ready", "/ready"))
    done = door("build", "--report", "json")
    assert done.code == 0
    assert [feature["feature"] for feature in done.json()["features"]] == ["ready", "smoke_test"]
    assert (workspace / "petsage_api/features/ready/router.py").is_file()


def test_dry_run_shows_real_diffs_and_says_that_nothing_was_verified(
    door: Door, workspace: Path, tmp_path: Path
) -> None:
    before = tree(workspace), times(workspace)
    asked = {**SEED, "description": "It lives."}
    done = door(write(tmp_path / "r.json", asked), "--dry-run")
    assert done.code == 0
    assert '    -"""Ensure builder functional"""\n    +"""It lives."""\n' in done.out
    assert "Nothing was verified, and nothing was written." in done.out
    assert "DRY RUN COMPLETE.\n" in done.out
    assert (tree(workspace), times(workspace)) == before


def test_dry_run_in_an_empty_folder_leaves_it_empty(door: Door, tmp_path: Path) -> None:
    done = door("-", "--dry-run", stdin=json.dumps(SEED).encode())
    assert f"created   {SERVICES}" in done.out
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("form", ["text", "markdown", "json"])
def test_red_test_and_its_assertion_are_in_the_report(
    door: Door, tmp_path: Path, request_file: Path, form: str
) -> None:
    break_service(tmp_path / "generated")
    before = tree(tmp_path)
    done = door(request_file, "--report", form)
    assert done.code == 1
    plain = done.out.replace("\\\\", "").replace("\\", "").replace("&#92;", "")
    assert FAILING in plain
    assert "assert response.json() == STATUS" in plain
    assert tree(tmp_path) == before


def test_red_build_of_a_new_workspace_leaves_no_folder(
    door: Door, tmp_path: Path, request_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = Path(shutil.copytree(TEMPLATES, tmp_path / "broken"))
    service = broken / "status/files/services.py.jinja"
    service.write_text(service.read_text().replace("message=MESSAGE", 'message="broken"'))
    monkeypatch.setattr(packs, "shipped", lambda _: broken)
    done = door(request_file, "--workspace", "deep/down/generated")
    assert done.code == 1
    assert "BUILD FAILED: check tests: " in done.out
    assert not (tmp_path / "deep").exists()


def test_changed_description_updates_what_it_is_in(
    door: Door, workspace: Path, tmp_path: Path
) -> None:
    asked = {**SEED, "description": "It lives."}
    done = door(write(tmp_path / "r.json", asked), "--report", "json")
    assert done.code == 0
    changed = [path for path, outcome in outcomes(done).items() if outcome == "updated"]
    feature = "petsage_api/features/smoke_test"
    assert [path for path in changed if path.startswith("petsage_api")] == [
        f"{feature}/README.md",
        f"{feature}/__init__.py",
        f"{feature}/router.py",
    ]
    assert json.loads((workspace / "requests/smoke_test.json").read_text()) == asked


def test_keep_stage_names_a_folder_that_exists(
    door: Door, tmp_path: Path, request_file: Path
) -> None:
    break_service(tmp_path / "generated")
    done = door(request_file, "--keep-stage")
    kept = Path(done.out.split("The verified copy was kept: ")[1].splitlines()[0])
    assert (kept / SERVICES).is_file()
    shutil.rmtree(kept)


def test_init_makes_a_workspace_that_builds_stand_in(
    door: Door, tmp_path: Path, request_file: Path
) -> None:
    done = door("init", "shop")
    assert done.code == 0
    assert (tmp_path / "shop/petsage_api/main.py").is_file()
    done = door(request_file, "--workspace", "shop")
    assert done.code == 0
    assert (tmp_path / "shop" / SERVICES).is_file()


def test_init_without_a_folder_is_here(door: Door, tmp_path: Path) -> None:
    assert door("init", "--quiet").code == 0
    assert (tmp_path / "blueprint.toml").is_file()


def test_workspace_of_a_newer_builder_is_refused(
    door: Door, workspace: Path, request_file: Path
) -> None:
    manifest = workspace / ".petsage/manifest.json"
    manifest.write_text(manifest.read_text().replace('"builder": "', '"builder": "9'))
    before = tree(workspace)
    for command in ([request_file], ["check"], ["status"]):
        done = door(*command)
        assert done.code == 1
        assert "Upgrade petsage-builder." in done.err
    assert tree(workspace) == before


def test_workspace_that_is_a_file_is_refused(
    door: Door, tmp_path: Path, request_file: Path
) -> None:
    write(tmp_path / "taken", "mine")
    done = door(request_file, "--workspace", "taken")
    assert done.code == 1
    assert "taken: is a file, and a workspace is a folder." in done.err
    assert (tmp_path / "taken").read_text() == "mine"
