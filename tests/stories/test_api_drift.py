"""The workspace's openapi.json: the app's own document, written by builds, held to it by checks."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from command_line import (
    SEED,
    SERVICES,
    Door,
    own_template,
    status_request,
    times,
    tree,
    write,
)

from petsage_builder import pipeline
from petsage_builder.report import BuildReport

DOCUMENT = "openapi.json"
RECORD = ".petsage/base/openapi.json.base"
ROUTER = "petsage_api/features/smoke_test/router.py"
MINE = """

@router.get("/mine")
async def get_mine() -> models.StatusResponse:
    \"\"\"An endpoint that nobody asked the builder for.\"\"\"
    return services.get_api_status()
"""
DRIFT = "openapi.json: API drift: it is not the app's own document any more."
EDITED = "openapi.json: hand-edited: it says what the app says, so an edit belongs into the code."
BUILD = "Run `petsage-builder build`, and commit what it changes."


def edit(file: Path, old: str, new: str) -> None:
    content = file.read_text()
    assert old in content
    file.write_text(content.replace(old, new))


def paths(workspace: Path) -> set[str]:
    return set(json.loads((workspace / DOCUMENT).read_text())["paths"])


@pytest.fixture(scope="module")
def grown(seed_build: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, BuildReport]:
    """The seed's workspace with an endpoint of one's own, built; and what the build said."""
    folder = shutil.copytree(seed_build, tmp_path_factory.mktemp("grown") / "generated")
    (folder / ROUTER).write_text((folder / ROUTER).read_text() + MINE)
    return folder, pipeline.build([], pipeline.Options(folder))


def test_endpoint_of_ones_own_is_drift(door: Door, workspace: Path) -> None:
    (workspace / ROUTER).write_text((workspace / ROUTER).read_text() + MINE)
    before = tree(workspace)
    done = door("check")
    assert done.code == 1
    assert f"{DRIFT} {BUILD}" in done.out
    assert "  api: GET /api/v1/mine added: takes nothing; answers 200 StatusResponse\n" in done.out
    assert tree(workspace) == before


def test_endpoint_of_ones_own_is_no_drift_once_it_is_built(
    door: Door, grown: tuple[Path, BuildReport]
) -> None:
    folder, built = grown
    assert (built.exit_code, built.committed) == (0, True)
    assert [one["operation"] for one in json.loads(built.json())["api"]] == ["GET /api/v1/mine"]
    assert paths(folder) == {"/api/v1/status", "/api/v1/mine"}
    assert (folder / ROUTER).read_text().endswith(MINE)
    done = door("check", "--report", "json", "--workspace", folder)
    assert (done.code, done.json()["api"]) == (0, [])


def test_build_of_a_drift_has_nothing_to_do_the_second_time(
    door: Door, grown: tuple[Path, BuildReport]
) -> None:
    folder, _ = grown
    before = times(folder)
    done = door("build", "--workspace", folder)
    assert "Nothing to do" in done.out
    assert times(folder) == before


def test_new_words_in_a_router_are_drift_too(door: Door, workspace: Path) -> None:
    edit(workspace / ROUTER, "Get API Health Status", "How it is")
    done = door("check")
    assert done.code == 1
    assert f"CHECK FAILED: {DRIFT}" in done.out
    assert '    -        "summary": "Get API Health Status",\n' in done.out
    assert "  api: " not in done.out, "no client notices"


def test_edit_that_the_api_does_not_show_is_no_drift(door: Door, workspace: Path) -> None:
    (workspace / SERVICES).write_text((workspace / SERVICES).read_text() + "\n# mine\n")
    assert door("check").code == 0


def spoil(workspace: Path) -> None:
    edit(workspace / DOCUMENT, '"/api/v1/status"', '"/api/v1/other"')


def empty(workspace: Path) -> None:
    (workspace / DOCUMENT).write_text("")


def make_binary(workspace: Path) -> None:
    (workspace / DOCUMENT).write_bytes(b"\x00")


@pytest.mark.parametrize("change", [spoil, empty, make_binary])
@pytest.mark.parametrize("options", [[], ["--files-only"]], ids=["whole", "files-only"])
def test_document_edited_by_hand_is_named(
    door: Door, workspace: Path, change: Callable[[Path], None], options: list[str]
) -> None:
    change(workspace)
    done = door("check", *options)
    assert done.code == 1
    assert f"CHECK FAILED: {EDITED} {BUILD}" in done.out


def test_build_writes_the_apps_document_over_a_hand_edit(door: Door, workspace: Path) -> None:
    before = (workspace / DOCUMENT).read_bytes()
    spoil(workspace)
    done = door("build")
    assert done.code == 0
    assert "  updated   openapi.json\n" in done.out
    assert (workspace / DOCUMENT).read_bytes() == before
    assert door("check").code == 0


@pytest.mark.parametrize("options", [[], ["--files-only"]], ids=["whole", "files-only"])
def test_missing_document_is_named(door: Door, workspace: Path, options: list[str]) -> None:
    (workspace / DOCUMENT).unlink()
    done = door("check", *options)
    assert done.code == 1
    said = "openapi.json: missing file: a build puts the app's own document there."
    assert f"CHECK FAILED: {said} {BUILD}" in done.out


def test_missing_document_is_built_again(door: Door, workspace: Path) -> None:
    before = (workspace / DOCUMENT).read_bytes()
    (workspace / DOCUMENT).unlink()
    assert door("build").code == 0
    assert (workspace / DOCUMENT).read_bytes() == before


@pytest.mark.usefixtures("workspace")
@pytest.mark.parametrize("command", [["check", "--files-only"], ["status"]])
def test_who_does_not_ask_the_app_says_so(door: Door, command: list[str]) -> None:
    said = "The app was not asked whether openapi.json is still true; a whole `check` asks it."
    assert said in door(*command).out


def test_document_of_a_stale_request_is_stale_and_no_drift(door: Door, workspace: Path) -> None:
    moved = {**SEED, "requirements": {"status": {"path": "/ready"}}}
    write(workspace / "requests/smoke_test.json", moved)
    done = door("check", "--report", "json")
    assert done.code == 1
    said = {problem["where"]: problem["message"] for problem in done.json()["problems"]}
    assert said[DOCUMENT] == "stale request: smoke_test asks for something else now."
    assert [one["outcome"] for one in done.json()["api"]] == ["moved"]


def test_changed_record_of_the_document_is_named(door: Door, workspace: Path) -> None:
    (workspace / RECORD).write_text("{}\n")
    done = door("check")
    assert done.code == 1
    assert f"{RECORD}: the record does not say what is true. {BUILD}" in done.out
    assert door("build").code == 0
    assert (workspace / RECORD).read_bytes() == (workspace / DOCUMENT).read_bytes()


def test_document_that_was_there_before_is_not_ours_to_overwrite(
    door: Door, tmp_path: Path, request_file: Path
) -> None:
    write(tmp_path / "generated" / DOCUMENT, "{}")
    before = tree(tmp_path / "generated")
    done = door(request_file)
    assert done.code == 1
    conflict = f"{DOCUMENT}: conflict: exists, and is not ours. Move it aside, and build again;"
    assert f"BUILD FAILED: {conflict}" in done.out
    assert "Nothing was written." in done.out
    assert tree(tmp_path / "generated") == before


def test_workspace_of_an_older_builder_gets_a_document(door: Door, workspace: Path) -> None:
    (workspace / DOCUMENT).unlink()
    (workspace / RECORD).unlink()
    assert door("check", "--files-only").code == 0
    done = door("check")
    assert done.code == 1
    assert f"CHECK FAILED: {DOCUMENT}: missing file" in done.out
    assert door("build").code == 0
    assert paths(workspace) == {"/api/v1/status"}


def test_app_that_cannot_tell_its_api_is_not_built(door: Door, workspace: Path) -> None:
    main = workspace / "petsage_api/main.py"
    edit(main, "return errors.add_problem_schemas(super().openapi())", 'return {"x": {1, 2}}')
    before = tree(workspace)
    done = door("build")
    assert done.code == 1
    assert "the app can't tell its API: TypeError: " in done.out
    assert tree(workspace) == before


def test_new_workspace_has_the_document_of_an_empty_api(door: Door, tmp_path: Path) -> None:
    assert door("init", "app").code == 0
    assert paths(tmp_path / "app") == set()
    assert door("check", "--workspace", tmp_path / "app").code == 0


def test_template_may_not_write_the_document(door: Door, workspace: Path) -> None:
    own_template(workspace, "status/pack.toml", "{feature}/README.md", "{feature}/README.md")
    pack = workspace / "templates/status/pack.toml"
    target = "{package}/features/{feature}/README.md"
    edit(pack, target, DOCUMENT)
    done = door("build")
    assert done.code == 2
    assert "openapi.json' is the app's own document, which no template writes" in done.err


def test_document_of_before_comes_back_with_an_undone_build(
    door: Door, workspace: Path, tmp_path: Path
) -> None:
    before = (workspace / DOCUMENT).read_bytes()
    assert door(write(tmp_path / "ready.json", status_request("ready", "/ready"))).code == 0
    assert (workspace / DOCUMENT).read_bytes() != before
    assert door("undo").code == 0
    assert (workspace / DOCUMENT).read_bytes() == before
    assert door("check").code == 0


def test_removed_feature_leaves_the_document(door: Door, workspace: Path) -> None:
    done = door("remove", "smoke_test")
    assert done.code == 0
    why = "clients that call it find nothing"
    assert f"  api: GET /api/v1/status removed  (breaking: {why})\n" in done.out
    assert paths(workspace) == set()


@pytest.mark.usefixtures("workspace")
def test_document_is_the_apps_to_every_command(door: Door) -> None:
    assert "What the app says of itself" in door("explain", f"{DOCUMENT}:5").out
    for command in (["accept", DOCUMENT], ["build", "--restore", DOCUMENT]):
        done = door(*command)
        assert done.code == 2
        assert f"{DOCUMENT}: is no generated file. Every build writes it anew." in done.err


def test_json_of_a_drift_names_what_changed(door: Door, workspace: Path) -> None:
    edit(workspace / "petsage_api/features/smoke_test/models.py", "message: str", "said: str")
    edit(workspace / SERVICES, "message=MESSAGE", "said=MESSAGE")
    report: dict[str, Any] = door("check", "--report", "json").json()
    assert {(one["change"], one["breaking"]) for one in report["api"]} == {
        ("answers said", False),
        ("no longer answers message", True),
    }
