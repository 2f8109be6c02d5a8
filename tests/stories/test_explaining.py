"""`explain PATH:LINE`: where a line of a generated file is from."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_line import SEED, SERVICES, Door, own_template, status_request, times, tree, write
from projects import written_project

ROUTER = "petsage_api/features/smoke_test/router.py"
REQUEST = "requests/smoke_test.json"


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with tables, whose first migration was built; only read."""
    request = Path(__file__).parents[1] / "golden/owners_and_tags/request.json"
    return written_project(tmp_path_factory.mktemp("stored"), [request])


def number(file: Path, line: str) -> int:
    """Where a line stands, counted from 1."""
    return file.read_text().splitlines().index(line) + 1


def test_line_is_told_with_its_template_and_its_key_and_nothing_is_written(
    door: Door, workspace: Path
) -> None:
    before = tree(workspace), times(workspace)
    line = '    operation_id="get_smoke_test_status",'
    at = number(workspace / ROUTER, line)
    done = door("explain", f"{ROUTER}:{at}")
    assert (done.code, done.err) == (0, "")
    assert done.out == (
        f"{ROUTER}:{at}\n"
        f"    {line}\n"
        "  feature   smoke_test\n"
        "  template  templates/status/files/router.py.jinja:12\n"
        f"  key       {REQUEST}:3:14 feature\n"
    )
    assert (tree(workspace), times(workspace)) == before


def test_key_of_the_blueprint_is_named(door: Door, workspace: Path) -> None:
    at = number(workspace / SERVICES, 'MESSAGE = "PetSage services are running smoothly!"')
    done = door("explain", f"{SERVICES}:{at}")
    assert "  key       blueprint.toml brand\n" in done.out


def test_line_of_the_template_alone_says_so(door: Door, workspace: Path) -> None:
    at = number(workspace / SERVICES, "def get_api_status() -> StatusResponse:")
    done = door("explain", f"{SERVICES}:{at}")
    assert "  template  templates/status/files/services.py.jinja:9\n" in done.out
    assert "  Of the template alone: no key of a request or of the blueprint" in done.out
    assert "  key " not in done.out


def test_field_of_an_entity_is_named_with_its_place_in_the_request(
    door: Door, stored: Path
) -> None:
    models = "petsage_api/features/owners/models.py"
    at = number(stored / models, "    phone: OwnerPhone | None = None")
    done = door("explain", f"{models}:{at}", "--workspace", stored)
    said = (stored / "requests/owners.json").read_text().splitlines()
    line = said.index('            "required": false,') + 1
    place = f"requests/owners.json:{line}:25 requirements.entities[0].fields[2].required"
    assert f"  key       {place}\n" in done.out


def test_part_that_is_included_is_told_with_what_includes_it(door: Door, stored: Path) -> None:
    router = "petsage_api/features/tags/router.py"
    at = number(stored / router, '    """A page of tags."""')
    done = door("explain", f"{router}:{at}", "--workspace", stored)
    parts = "templates/entities/files"
    included = f"{parts}/_parts/routes.py.jinja:4, included by {parts}/router.py.jinja:15"
    assert f"  template  {included}\n" in done.out


def test_hand_edit_is_named_and_lines_after_it_are_still_known(door: Door, workspace: Path) -> None:
    lines = (workspace / SERVICES).read_text().splitlines()
    at = lines.index("def get_api_status() -> StatusResponse:")
    mine = ["# mine", "# and mine", ""]
    (workspace / SERVICES).write_text("\r\n".join([*lines[:at], *mine, *lines[at:]]) + "\r\n")
    assert "  A hand edit: " in door("explain", f"{SERVICES}:{at + 1}").out
    after = door("explain", f"{SERVICES}:{at + 4}").out
    assert "  template  templates/status/files/services.py.jinja:9\n" in after
    whole = door("explain", SERVICES).out
    assert "  template  templates/status/files/services.py.jinja\n" in whole
    assert f"kept (edited by hand). Hand edits: {at + 1}-{at + 3}.\n" in whole


def test_line_that_the_next_build_changes_is_not_explained_by_today_s_templates(
    door: Door, workspace: Path
) -> None:
    own_template(
        workspace, "status/files/services.py.jinja", "What the status says", "What it says"
    )
    assert "  Of the last build; the next one makes another" in door("explain", f"{SERVICES}:1").out
    assert "  template  templates/status/" in door("explain", f"{SERVICES}:3").out


def test_template_whose_lines_can_not_be_followed_is_told(door: Door, workspace: Path) -> None:
    own_template(workspace, "status/files/services.py.jinja", "MESSAGE =", "OLD = u'x'\nMESSAGE =")
    at = number(workspace / SERVICES, "def get_api_status() -> StatusResponse:")
    done = door("explain", f"{SERVICES}:{at}")
    assert done.code == 1
    assert "templates/status/files/services.py.jinja: its lines can't be followed" in done.err


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("blueprint.toml:3", "Yours: written once from templates/app/files/blueprint.toml.jinja"),
        ("requests/tags.json", "Yours: the request that the feature is built from."),
        ("openapi.json:1", "What the app says of itself"),
        (".petsage/manifest.json", "A record of the builder's."),
        ("notes.txt:1", "Yours: no template makes it."),
        ("migrations", "is a folder. Name a file in it."),
    ],
)
def test_what_is_not_rendered_says_whose_it_is(
    door: Door, stored: Path, path: str, said: str
) -> None:
    write(stored / "notes.txt", "mine\n")
    write(stored / "openapi.json", "{}\n")
    done = door("explain", path, "--workspace", stored)
    assert said in done.out + done.err


def test_migration_that_was_built_is_history(door: Door, stored: Path) -> None:
    [migration] = (stored / "migrations/versions").glob("*_tags.py")
    done = door("explain", f"{migration}:3", "--workspace", stored)
    assert done.code == 0
    assert "  feature   tags\n  History: a migration that was built before" in done.out


def test_orphan_is_named(door: Door, workspace: Path) -> None:
    write(workspace.parent / "ready.json", status_request("ready", "/ready"))
    assert door("ready.json").code == 0
    orphan = workspace / "petsage_api/features/ready/services.py"
    orphan.write_text(orphan.read_text() + "# mine\n")
    manifest = json.loads((workspace / ".petsage/manifest.json").read_text())
    del manifest["features"]["ready"]
    write(workspace / ".petsage/manifest.json", manifest)
    (workspace / "requests/ready.json").unlink()
    assert "An orphan: no template renders it" in door("explain", f"{orphan}:1").out


@pytest.mark.parametrize("place", ["generated/{}", "{}", "../{}"], ids=["cwd", "root", "above"])
def test_path_is_seen_from_the_folder_or_from_the_workspace(
    door: Door, workspace: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    if place.startswith(".."):
        monkeypatch.chdir(workspace / "requests")
    done = door("explain", place.format(SERVICES))
    assert done.out.startswith(f"{SERVICES}\n"), done.err


def test_place_may_be_one_that_a_linter_has_printed(door: Door, workspace: Path) -> None:
    assert door("explain", f"{workspace / SERVICES}:1:5:").out.startswith(f"{SERVICES}:1\n")


@pytest.mark.usefixtures("workspace")
@pytest.mark.parametrize(
    ("place", "said"),
    [
        (f"{SERVICES}:0", f"{SERVICES}:0: the file has 11 lines."),
        (f"{SERVICES}:12", f"{SERVICES}:12: the file has 11 lines."),
        ("petsage_api/py.typed:1", "petsage_api/py.typed:1: the file has 0 lines."),
        ("petsage_api/nothing.py:1", "petsage_api/nothing.py: there is no such file."),
        ("petsage_api/man.py:1", "no such file. Did you mean 'petsage_api/main.py'?"),
        ("petsage_api", "petsage_api: is a folder. Name a file in it."),
        ("../out.py:3", "../out.py: lies outside the workspace"),
        ("", "explain: names no file. Say PATH:LINE, or PATH."),
    ],
)
def test_place_that_is_not_there_is_refused_in_one_line(door: Door, place: str, said: str) -> None:
    done = door("explain", place)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert done.err.splitlines()[-1].startswith("EXPLAIN FAILED: ")


def test_file_that_was_deleted_says_how_it_comes_back(door: Door, workspace: Path) -> None:
    (workspace / SERVICES).unlink()
    done = door("explain", f"{SERVICES}:1")
    assert done.code == 2
    assert f"`petsage-builder build --restore {SERVICES}`" in done.err


def test_link_is_never_followed_out_of_the_workspace(door: Door, workspace: Path) -> None:
    write(workspace.parent / "secret.txt", "secret\n")
    (workspace / "link.txt").symlink_to(workspace.parent / "secret.txt")
    done = door("explain", "link.txt:1")
    assert done.code != 0
    assert "secret" not in done.out


def test_json_answer_holds_the_same(door: Door, workspace: Path) -> None:
    at = number(workspace / ROUTER, '    operation_id="get_smoke_test_status",')
    assert door("explain", f"{ROUTER}:{at}", "--report", "json").json() == {
        "ok": True,
        "exit_code": 0,
        "place": f"{ROUTER}:{at}",
        "said": "",
        "content": '    operation_id="get_smoke_test_status",',
        "feature": SEED["feature"],
        "templates": [["templates/status/files/router.py.jinja:12"]],
        "keys": [f"{REQUEST}:3:14 feature"],
    }
    wrong = door("explain", f"{ROUTER}:900", "--report", "json")
    assert wrong.json()["problems"][0]["where"] == f"{ROUTER}:900"
    assert (wrong.code, wrong.err) == (2, "")


def test_workspace_that_is_missing_is_said(door: Door) -> None:
    done = door("explain", "a.py:1")
    assert done.code == 1
    assert "is no workspace: it has no blueprint.toml." in done.err
