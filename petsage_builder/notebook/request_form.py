"""A form that writes a request: what is wrong is said as it is typed, and the plan is shown.

It asks for what most features begin with; the file that it saves is a request like any other.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from petsage_builder import strict_json
from petsage_builder.entries import Entry, entries_in
from petsage_builder.errors import BuilderError, Problem, RequestError
from petsage_builder.field_types import FIELD_TYPES
from petsage_builder.kinds import validated
from petsage_builder.notebook.blocks import banner, pre
from petsage_builder.notebook.failure import BuildFailed, InputRefused
from petsage_builder.notebook.parameters import NotebookMode, read_parameters
from petsage_builder.notebook.session import Session

NAME = "request"  # where a problem is said to be: the text that the form shows
STATUS, DATA = "a status endpoint", "stored data"
HINT = "{1,80} or (dog,cat)"
Widget = Any  # ipywidgets leaves its classes untyped


def need_ipywidgets() -> None:
    """Raises InputRefused where there is nothing to make a form with."""
    if importlib.util.find_spec("ipywidgets") is None:
        hint = "pip install 'petsage-builder[form]'; or write the request into a %%feature cell."
        problem = Problem("form", "needs ipywidgets, which is not installed.", hint)
        raise InputRefused(NotebookMode.PLAN.word, problem)


@dataclass(frozen=True, slots=True)
class Row:
    """A field of the entity: its widgets."""

    name: Widget
    type: Widget
    rules: Widget
    optional: Widget
    unique: Widget
    remove: Widget
    box: Widget

    def short(self) -> str:
        """The field as requests write it: `name:type{1,80}?:unique`."""
        optional = "?" if self.optional.value else ""
        unique = ":unique" if self.unique.value else ""
        rules = self.rules.value.strip()
        return f"{self.name.value.strip()}:{self.type.value}{rules}{optional}{unique}"


class Form:
    """The form; `folder` is where it saves, and `workspace` what its plan is for."""

    def __init__(self, workspace: str, folder: str) -> None:
        self._make: Any = importlib.import_module("ipywidgets")  # an extra
        self._workspace, self._folder, self._saved = workspace, Path(folder), dict[Path, str]()
        self.feature = self._text("feature", "pets")
        self.description = self._text("description", "The animals in care.")
        self.kind = self._make.ToggleButtons(options=[STATUS, DATA], value=STATUS)
        self.path = self._text("path", "/status")
        self.entity = self._text("entity", "pet")
        self.rows: list[Row] = []
        self.add = self._make.Button(description="Add a field", icon="plus")
        self.save = self._make.Button(description="Save", button_style="primary")
        self.plan = self._make.Button(description="Show the plan")
        self.said, self.shown = self._make.HTML(), self._make.HTML()
        self._fields, self._asked = self._make.VBox(), self._make.VBox()
        self.box = self._make.VBox(
            [
                *(self.feature, self.description, self.kind, self._asked),
                self._make.HBox([self.plan, self.save]),
                *(self.said, self.shown),
            ]
        )
        self._listen()
        self.add_field()

    def _ipython_display_(self) -> None:
        from IPython.display import display

        show: Any = display  # IPython leaves it untyped
        show(self.box)

    def payload(self) -> dict[str, object]:
        """The request, as far as it is filled in."""
        asked: object = "none"
        if self.kind.value == DATA:
            fields = [row.short() for row in self.rows]
            asked = {"entities": [{"name": self.entity.value.strip(), "fields": fields}]}
        elif path := self.path.value.strip():
            asked = {"status": {"path": path}}
        told = {"feature": self.feature.value.strip(), "description": self.description.value}
        return {**told, "requirements": asked}

    def text(self) -> str:
        """The request as it is saved."""
        return f"{json.dumps(self.payload(), indent=2, ensure_ascii=False)}\n"

    def problems(self) -> tuple[Problem, ...]:
        """Everything that is wrong with the request."""
        try:
            validated(self._entries())
        except RequestError as error:
            return error.problems
        return ()

    def add_field(self, *_: object) -> None:
        """One more row for a field."""
        short = self._make.Layout(width="11em")
        tick = {"indent": False, "layout": self._make.Layout(width="7em")}
        name = self._make.Text(placeholder="name", layout=short)
        kind = self._make.Dropdown(options=list(FIELD_TYPES), layout=short)
        rules = self._make.Text(placeholder=HINT, layout=short)
        optional = self._make.Checkbox(description="optional", **tick)
        unique = self._make.Checkbox(description="unique", **tick)
        remove = self._make.Button(icon="trash", tooltip="Remove", layout={"width": "3em"})
        parts = (name, kind, rules, optional, unique, remove)
        row = Row(*parts, self._make.HBox(list(parts)))
        for widget in parts[:-1]:
            widget.observe(self._look, "value")
        remove.on_click(lambda _: self._remove(row))
        self.rows.append(row)
        self._look()

    def show_plan(self, *_: object) -> None:
        """What a build would do; nothing is written."""
        if self.problems():  # the button may be pressed before it is known to be dead
            return
        mode = NotebookMode.PLAN
        given = {"request_path": "", "workspace": self._workspace, "mode": mode.value}
        try:
            session = Session(read_parameters(given, again=True), self._entries)
            session.request()
            self.shown.value = session.plan().html
        except (BuildFailed, BuilderError) as failed:
            self.shown.value = banner(f"{mode.word} FAILED", "bad") + pre(str(failed))

    def write(self, *_: object) -> None:
        """Saves the request; a file that is not as this form has written it stays as it is."""
        if self.problems():
            return
        path = self._folder / f"{self.feature.value.strip()}.json"
        try:
            if path.exists() and path.read_text(encoding="utf-8") != self._saved.get(path):
                said = f"{path} is there already: name the feature otherwise, or edit the file."
                self.shown.value = banner(said, "bad")
                return
            path.write_text(self.text(), encoding="utf-8")
        except (OSError, UnicodeError) as error:
            said = getattr(error, "strerror", "") or "it holds no text"
            self.shown.value = banner(f"{path} can't be written: {said}.", "bad")
            return
        self._saved[path] = self.text()
        self.shown.value = banner(f"Saved as {path}. Build it: {self._command(path)}", "good")

    def _command(self, path: Path) -> str:
        where = ["--workspace", self._workspace] if self._workspace else []
        return shlex.join(["python", "-m", "petsage_builder", str(path), *where])

    def _entries(self) -> list[Entry]:
        return entries_in(strict_json.parse(self.text().encode("utf-8", "surrogatepass"), NAME))

    def _listen(self) -> None:
        for widget in (self.feature, self.description, self.kind, self.path, self.entity):
            widget.observe(self._look, "value")
        self.add.on_click(self.add_field)
        self.plan.on_click(self.show_plan)
        self.save.on_click(self.write)

    def _look(self, _: Mapping[str, object] | None = None) -> None:
        """Shows the request as it is now, and what is wrong with it."""
        entity = [self.entity, self._fields, self.add]
        self._fields.children = [row.box for row in self.rows]
        self._asked.children = entity if self.kind.value == DATA else [self.path]
        problems = self.problems()
        self.save.disabled = self.plan.disabled = bool(problems)
        state = banner("Not yet a request", "note") if problems else banner("A request", "good")
        self.said.value = state + pre("\n".join(map(str, problems)) or "Nothing is wrong.")
        self.said.value += pre(self.text())
        self.shown.value = ""

    def _remove(self, row: Row) -> None:
        self.rows.remove(row)
        self._look()

    def _text(self, name: str, example: str) -> Widget:
        layout = self._make.Layout(width="32em")
        return self._make.Text(description=name, placeholder=example, layout=layout)
