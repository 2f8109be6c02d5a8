"""The notebook's session and its parts, without a kernel."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import Any

import pytest

from petsage_builder import notebook
from petsage_builder.notebook import BuildFailed, make
from petsage_builder.notebook.blocks import MIME, View
from petsage_builder.notebook.failure import AGAIN, UNTOUCHED, InputRefused, WorkspaceBusy
from petsage_builder.notebook.make import Notebook
from petsage_builder.notebook.parameters import read_parameters
from petsage_builder.notebook.session import Session
from petsage_builder.workspace import workspace_at

REQUEST = {"feature": "smoke_test", "description": "Ensure it <b>runs</b>", "requirements": "none"}
MOST = 3  # statements in a cell
NOTHING: dict[str, bytes] = {}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "request.json").write_text(json.dumps(REQUEST))
    return tmp_path


def start(folder: Path, mode: str = "build", **more: object) -> Session:
    names = {"request_path": str(folder / "request.json"), "workspace": str(folder / "app")}
    return notebook.start({**names, "mode": mode, **more})


def run(session: Session, *steps: str) -> View:
    views: list[View] = [getattr(session, step)() for step in steps]
    return views[-1]


def shown(view: View) -> dict[str, Any]:
    content: dict[str, Any] = view._repr_mimebundle_()[MIME]  # type: ignore[assignment]
    return content


def tree(folder: Path) -> dict[str, bytes]:
    """Every file's bytes, but for those of the lock, which names its last holder."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != "lock")
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


@pytest.mark.parametrize("made", make.NOTEBOOKS, ids=lambda made: made.name)
def test_committed_notebook_is_what_the_builder_makes(made: Notebook) -> None:
    assert made.path().read_text(encoding="utf-8") == made.text()


def test_every_committed_notebook_is_made() -> None:
    folder = make.BUILD.path().parent
    assert {path.name for path in folder.glob("*.ipynb")} == {n.name for n in make.NOTEBOOKS}


@pytest.mark.parametrize("made", make.NOTEBOOKS, ids=lambda made: made.name)
def test_cells_are_short_and_without_outputs(made: Notebook) -> None:
    cells = [cell for cell in made.made().cells if cell.cell_type == "code"]
    for cell in cells:
        assert cell.outputs == []
        assert cell.execution_count is None
        if not cell.source.startswith("%%"):  # a request, or a file
            plain = re.sub(r"(?m)^%.*$", "", cell.source)
            assert len(ast.parse(plain).body) <= MOST


def test_unknown_parameter_is_refused_with_the_name_that_was_meant(folder: Path) -> None:
    with pytest.raises(InputRefused, match=r"Did you mean 'request_path'\?"):
        start(folder, request_pth="other.json")


def test_parameter_of_another_type_is_refused(folder: Path) -> None:
    with pytest.raises(InputRefused, match="workspace: must be text, not int"):
        start(folder, workspace=5)


def test_unknown_mode_is_refused_with_the_one_that_was_meant(folder: Path) -> None:
    with pytest.raises(InputRefused, match=r"mode: must be a mode, not .*Did you mean 'build'\?"):
        start(folder, mode="biuld")


def test_what_ipython_and_the_notebook_define_is_no_parameter(folder: Path) -> None:
    start(folder, In=[""], Out={}, exit=exit, _i1="x", notebook=notebook, open=open)


def test_own_variables_of_a_person_are_allowed_when_the_cell_is_run_again(folder: Path) -> None:
    session = start(folder)
    start(folder, session=session, limit=3)
    with pytest.raises(BuildFailed, match="worksapce"):
        start(folder, session=session, worksapce="elsewhere")


def test_every_reason_is_in_the_one_text_that_ipython_shows(folder: Path) -> None:
    with pytest.raises(BuildFailed) as caught:
        start(folder, request_pth="x", workspace=5)
    text = "\n".join(caught.value._render_traceback_())
    assert text == str(caught.value)
    assert text.startswith("BUILD FAILED: 2 reasons\n- request_pth: ")
    assert text.endswith(f"Cell `start`. {UNTOUCHED}")


def test_failure_is_shown_once_with_its_cell_and_what_to_do_next(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(BuildFailed) as caught:
        start(folder, mode="biuld")
    for _ in range(2):  # IPython asks twice
        caught.value._render_traceback_()
    shown = capsys.readouterr().out.splitlines()
    assert shown[0] == "BUILD FAILED in the cell `start`"
    assert shown[1].split("  ")[0] == "where"
    assert re.fullmatch(r"mode +must be a mode, not 'biuld'\. +Did you mean 'build'\?", shown[2])
    assert shown[3:] == [f"{UNTOUCHED} {AGAIN}"]


def test_session_tells_what_has_become_of_the_project(folder: Path) -> None:
    session = start(folder)
    run(session, "request", "plan", "tests")
    assert session.state == UNTOUCHED
    run(session, "apply")
    assert session.state == "The change was written by the `apply` cell."
    run(session, "plan")
    assert session.state == UNTOUCHED


def test_what_an_interrupted_command_left_is_told_by_the_plan_and_by_the_report(
    folder: Path,
) -> None:
    (folder / "app/.petsage/stage").mkdir(parents=True)
    (folder / "app/.petsage/stage/0").write_text("half")
    session = start(folder, mode="plan")
    told = run(session, "request", "plan").text
    assert "interrupted, and this dropped an unfinished stage; nothing else was written." in told
    assert session.state in told
    assert "An earlier command was interrupted: dropped" in run(session, *make.BUILD.steps[2:]).text


def test_request_is_shown_entity_by_entity(folder: Path) -> None:
    fields = ["name:string{1,80}:unique", {"name": "born_on", "type": "date", "required": False}]
    relation = {"name": "owner", "kind": "belongs_to", "target": "owner", "on_delete": "cascade"}
    owner = {"name": "owner", "fields": ["name:string"]}
    pet = {"name": "pet", "fields": fields, "relations": [relation], "soft_delete": True}
    asked = {"feature": "pets", "description": "x", "requirements": {"entities": [owner, pet]}}
    (folder / "request.json").write_text(json.dumps(asked))
    lines = [" ".join(line.split()) for line in str(start(folder).request()).splitlines()]
    assert lines[-7:-1] == [
        "field type rules",
        "name string min_length 1, max_length 80, unique true",
        "born_on date required false",
        'owner belongs_to target "owner", on_delete "cascade"',
        "field value",
        "soft_delete true",
    ]
    assert 'description "x"' in lines


def test_view_escapes_what_the_request_says(folder: Path) -> None:
    bundle = start(folder).request()._repr_mimebundle_()
    assert "&lt;b&gt;runs&lt;/b&gt;" in str(bundle["text/html"])
    assert "<b>" not in str(bundle["text/html"])
    assert "<b>runs</b>" in str(bundle["text/plain"])


def test_cells_run_out_of_order_say_what_to_run_first(folder: Path) -> None:
    session = start(folder)
    with pytest.raises(BuildFailed, match="the `request` cell has not run"):
        session.plan()
    run(session, "request", "plan")
    with pytest.raises(BuildFailed, match="the `tests` cell has not run"):
        session.apply()
    assert tree(folder / "app") == NOTHING


def test_plan_verifies_and_writes_nothing_and_says_so(folder: Path) -> None:
    session = start(folder, mode="plan")
    view = run(session, *make.BUILD.steps)
    assert view.text.endswith("Nothing was verified, and nothing was written.\nPLAN COMPLETE.")
    assert not (folder / "app").exists()


def test_cells_run_twice_do_no_harm(folder: Path) -> None:
    session = start(folder)
    for step in make.BUILD.steps:
        run(session, step, step)
    after = tree(folder / "app")
    assert run(session, "apply", "complete").text.endswith("BUILD COMPLETE.")
    assert tree(folder / "app") == after


def test_check_names_what_differs_and_leaves_it(folder: Path) -> None:
    run(start(folder), *make.BUILD.steps)
    assert run(start(folder, mode="check"), *make.BUILD.steps).text.endswith("CHECK COMPLETE.")
    (folder / "app/README.md").unlink()
    before = tree(folder / "app")
    session = start(folder, mode="check")
    run(session, "request", "plan", "tests")
    with pytest.raises(BuildFailed, match=r"CHECK FAILED: README\.md: missing file"):
        session.gate()
    assert tree(folder / "app") == before


def test_workspace_that_changed_since_the_plan_is_refused(folder: Path) -> None:
    session = start(folder)
    run(session, "request", "plan", "tests", "gate")
    (folder / "app").mkdir()
    (folder / "app/notes.txt").write_text("mine")
    with pytest.raises(BuildFailed, match="was changed since the `plan` cell ran"):
        session.apply()
    assert tree(folder / "app") == {"notes.txt": b"mine"}


def test_workspace_that_another_build_holds_is_left_alone(folder: Path) -> None:
    with workspace_at(folder / "app", "build"), pytest.raises(WorkspaceBusy, match="is busy"):
        start(folder).request()


def test_workspace_beside_the_notebooks_folder_is_found(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in ("notebooks/_", "generated/blueprint.toml"):
        (folder / path).parent.mkdir()
        (folder / path).touch()
    monkeypatch.chdir(folder / "notebooks")
    given = {"request_path": "", "workspace": "", "mode": "check"}
    assert read_parameters(given, again=False).root == Path("../generated")


def test_every_step_shows_its_data_under_its_own_name(folder: Path) -> None:
    session = start(folder, mode="plan")
    views = {step: run(session, step) for step in make.BUILD.steps}
    assert {step: shown(view)["view"] for step, view in views.items() if step != "tests"} == {
        step: step for step in make.BUILD.steps if step != "tests"
    }
