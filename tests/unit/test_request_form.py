"""The form that writes a request, with real widgets and without a browser."""

from __future__ import annotations

import html
import json
from pathlib import Path
from typing import Any

import pytest
from command_line import SEED, tree

from petsage_builder import load_request, notebook
from petsage_builder.field_types import FIELD_TYPES
from petsage_builder.notebook.request_form import DATA, STATUS, Form


@pytest.fixture
def form(tmp_path: Path) -> Form:
    return notebook.form(workspace=str(tmp_path / "app"), folder=str(tmp_path))


def fill(form: Form, feature: str, kind: str = STATUS) -> None:
    form.feature.value, form.description.value = feature, str(SEED["description"])
    form.kind.value = kind


def field(form: Form, name: str, kind: str, rules: str = "", **ticks: bool) -> None:
    """Fills the last row, and adds one to fill next."""
    row: Any = form.rows[-1]
    row.name.value, row.type.value, row.rules.value = name, kind, rules
    for tick, value in ticks.items():
        getattr(row, tick).value = value
    form.add.click()


def test_empty_form_says_what_is_missing(form: Form) -> None:
    assert "feature" in "".join(map(str, form.problems()))
    assert "Not yet a request" in form.said.value
    assert form.save.disabled
    assert form.plan.disabled


def test_every_change_is_judged(form: Form) -> None:
    fill(form, "Smoke test")
    assert "Not yet a request" in form.said.value
    fill(form, "smoke_test")
    assert form.problems() == ()
    assert "A request" in form.said.value
    assert not form.save.disabled
    form.path.value = "ready"
    assert "requirements.status.path" in form.said.value
    form.path.value = "/ready"
    assert form.payload()["requirements"] == {"status": {"path": "/ready"}}


def test_what_is_typed_is_only_text(form: Form) -> None:
    fill(form, "smoke_test")
    form.description.value = "<script>alert(1)</script>"
    assert "<script>" not in form.said.value
    assert "&lt;script&gt;" in form.said.value


def test_rows_are_fields_in_the_short_form(form: Form) -> None:
    fill(form, "pets", DATA)
    form.entity.value = "pet"
    field(form, "name", "string", "{1,80}", unique=True)
    field(form, "species", "enum", "(dog,cat)")
    field(form, "born_on", "date", optional=True)
    assert "requirements.entities[0].fields[3]" in form.said.value  # the row that is empty
    form.rows[-1].remove.click()
    assert form.problems() == ()
    (entity,) = form.payload()["requirements"]["entities"]  # type: ignore[index]
    shorts = ["name:string{1,80}:unique", "species:enum(dog,cat)", "born_on:date?"]
    assert entity == {"name": "pet", "fields": shorts}
    assert [row.box for row in form.rows] == list(form.box.children[3].children[1].children)


def test_every_type_can_be_chosen(form: Form) -> None:
    assert list(form.rows[0].type.options) == list(FIELD_TYPES)


def test_plan_is_shown_and_nothing_is_written(form: Form, tmp_path: Path) -> None:
    fill(form, "pets", DATA)
    form.entity.value = "pet"
    field(form, "name", "string")
    form.rows[-1].remove.click()
    form.plan.click()
    assert "62 created" in form.shown.value
    assert "tables.py" in form.shown.value
    assert tree(tmp_path) == {}
    form.rows[0].name.value = "title"
    assert form.shown.value == ""  # it was the plan of another request


def test_plan_that_fails_says_why(form: Form, tmp_path: Path) -> None:
    (tmp_path / "app").write_text("no folder")
    fill(form, "smoke_test")
    form.plan.click()
    assert "PLAN FAILED" in form.shown.value
    assert "Traceback" not in form.shown.value


def test_what_is_saved_is_the_request(form: Form, tmp_path: Path) -> None:
    fill(form, "smoke_test")
    form.save.click()
    saved = tmp_path / "smoke_test.json"
    assert json.loads(saved.read_text()) == form.payload()
    assert "Saved as" in form.shown.value
    assert load_request(str(saved))
    form.path.value = "/ready"
    form.save.click()  # its own file may be written again
    assert json.loads(saved.read_text()) == form.payload()


def test_file_of_somebody_else_stays(form: Form, tmp_path: Path) -> None:
    (tmp_path / "smoke_test.json").write_text("{}")
    fill(form, "smoke_test")
    form.save.click()
    assert "is there already" in form.shown.value
    assert (tmp_path / "smoke_test.json").read_text() == "{}"


def test_edit_of_a_saved_request_stays(form: Form, tmp_path: Path) -> None:
    fill(form, "smoke_test")
    form.save.click()
    (tmp_path / "smoke_test.json").write_text("mine")
    form.save.click()
    assert "is there already" in form.shown.value
    assert (tmp_path / "smoke_test.json").read_text() == "mine"


@pytest.mark.parametrize("feature", ["../evil", "", "a\ud800b"])
def test_what_is_no_request_is_not_saved_by_a_button_that_was_pressed_early(
    form: Form, tmp_path: Path, feature: str
) -> None:
    fill(form, feature)
    form.write()
    form.show_plan()
    assert form.shown.value == ""
    assert "Not yet a request" in form.said.value
    assert list(tmp_path.parent.glob("*.json")) == []
    assert tree(tmp_path) == {}


def test_command_builds_in_the_workspace_of_the_form(tmp_path: Path) -> None:
    (tmp_path / "my folder").mkdir()
    form = notebook.form(workspace="my app", folder=str(tmp_path / "my folder"))
    fill(form, "smoke_test")
    form.write()
    command = f"petsage_builder '{tmp_path}/my folder/smoke_test.json' --workspace 'my app'"
    assert command in html.unescape(form.shown.value)


def test_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    form = notebook.form(folder=str(tmp_path / "nowhere"))
    fill(form, "smoke_test")
    form.save.click()
    assert "can&#x27;t be written: No such file or directory." in form.shown.value
    assert tree(tmp_path) == {}
