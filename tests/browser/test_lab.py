"""The notebooks as people see them: a real JupyterLab in a real Chromium, with screenshots."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from command_line import SEED, break_service, process, tree
from labs import ROOT, SHOTS, Lab, chromium, lab, opened, parameters
from playwright.sync_api import Browser, expect

from petsage_builder.notebook.make import notebook_text
from petsage_builder.playground import KERNELSPEC

LIGHT, DARK = "JupyterLab Light", "JupyterLab Dark"
MAIN = "petsage_api/main.py"
PATIENCE = 120_000  # milliseconds: a build, at the worst


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    SHOTS.mkdir(exist_ok=True)
    with chromium() as running:
        yield running


@pytest.fixture(scope="module")
def jupyter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """JupyterLab over a folder with the committed notebooks and requests."""
    folder = tmp_path_factory.mktemp("person")
    shutil.copytree(ROOT / "notebooks", folder / "notebooks")
    (folder / "requests").mkdir()
    (folder / "requests/seed.json").write_text(json.dumps(SEED))
    files = (ROOT / f"generated/requests/{name}.json" for name in ("owners", "tags", "pets"))
    pets = [json.loads(file.read_text()) for file in files]
    (folder / "requests/pets.json").write_text(json.dumps(pets))
    with lab(folder, tmp_path_factory.mktemp("jupyter")) as running:
        yield running


@pytest.fixture
def app(jupyter: Lab, tmp_path: Path) -> Path:
    """Where this test's project comes to be."""
    return jupyter.folder / tmp_path.name


def notebook(jupyter: Lab, name: str, app: Path, **values: str) -> str:
    """A copy of a committed notebook with these parameters; its path in JupyterLab."""
    copy = jupyter.folder / "notebooks" / f"{app.name}.ipynb"
    shutil.copy(jupyter.folder / "notebooks" / name, copy)
    parameters(copy, workspace=f"../{app.name}", **values)
    return f"notebooks/{copy.name}"


@pytest.mark.parametrize(("request_file", "theme"), [("seed", LIGHT), ("pets", DARK)])
def test_run_all_builds(
    browser: Browser, jupyter: Lab, app: Path, request_file: str, theme: str
) -> None:
    asked = {"request_path": f"../requests/{request_file}.json", "mode": "build"}
    path = notebook(jupyter, "build_feature.ipynb", app, **asked)
    with opened(browser, jupyter, path, theme) as shown:
        shown.run_all()
        expect(shown.output("BUILD COMPLETE.").last).to_be_visible(timeout=PATIENCE)
        assert shown.errors() == []
        inside = shown.fold(MAIN).locator("pre")
        expect(inside).to_be_hidden()
        shown.fold(MAIN).locator("summary").click()
        expect(inside).to_be_visible()
        shown.shoot(f"build_{request_file}")
    assert (app / MAIN).is_file()


def test_request_that_is_refused_says_so_and_writes_nothing(
    browser: Browser, jupyter: Lab, app: Path
) -> None:
    wrong = {**SEED, "descripton": "misspelt", "requirements": "make it fast"}
    (jupyter.folder / "requests/wrong.json").write_text(json.dumps(wrong))
    asked = {"request_path": "../requests/wrong.json", "mode": "build"}
    path = notebook(jupyter, "build_feature.ipynb", app, **asked)
    with opened(browser, jupyter, path) as shown:
        shown.run_all()
        expect(shown.output("BUILD FAILED").first).to_be_visible(timeout=PATIENCE)
        (said,) = shown.errors()
        assert "descripton" in said
        view = shown.output("BUILD FAILED in the cell `request`")
        expect(view.get_by_role("cell", name="Did you mean 'description'?")).to_be_visible()
        assert "Traceback" not in said
        assert shown.output("BUILD COMPLETE.").count() == 0
        shown.shoot("refused_request")
    assert not app.exists()


def test_red_tests_say_so_and_write_nothing(browser: Browser, jupyter: Lab, app: Path) -> None:
    request = jupyter.folder / "requests/seed.json"
    assert process(request, "--workspace", app, cwd=jupyter.folder).code == 0
    break_service(app)
    before = tree(app)
    asked = {"request_path": "../requests/seed.json", "mode": "build"}
    path = notebook(jupyter, "build_feature.ipynb", app, **asked)
    with opened(browser, jupyter, path) as shown:
        shown.run_all()
        expect(shown.output("BUILD FAILED").first).to_be_visible(timeout=PATIENCE)
        (said,) = shown.errors()
        assert "'message': 'broken'" in said
        expect(shown.output("BUILD FAILED in the cell `gate`").first).to_be_visible()
        expect(shown.output("✗ test_status_is_answered_without_credentials")).to_be_visible()
        shown.shoot("red_tests")
    assert tree(app) == before


@pytest.fixture(scope="module")
def record(jupyter: Lab) -> Path:
    """A record of a build, with its page, made by the command."""
    options = ("--workspace", "recorded", "--output", "record.ipynb", "--html")
    done = process("notebook", "requests/seed.json", *options, cwd=jupyter.folder)
    assert done.code == 0, done.err
    return jupyter.folder / "record.ipynb"


def test_record_of_somebody_else_opens_as_it_was(
    browser: Browser, jupyter: Lab, record: Path
) -> None:
    """It is not trusted: only what is safe is left of its views."""
    with opened(browser, jupyter, record.name) as shown:
        banner = shown.output("BUILD COMPLETE.").last.locator("div", has_text="BUILD COMPLETE.")
        expect(banner.last).to_have_css("background-color", "rgba(46, 160, 67, 0.16)")
        shown.fold(MAIN).locator("summary").click()
        expect(shown.fold(MAIN).locator("pre")).to_be_visible()
        shown.shoot("record")


def test_page_of_a_record_asks_nobody_for_anything(browser: Browser, record: Path) -> None:
    page_file = record.with_suffix(".html")
    with browser.new_page(color_scheme="dark") as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(page_file.as_uri())
        expect(page.get_by_text("BUILD COMPLETE.").last).to_be_visible()
        page.screenshot(path=SHOTS / "page.png", full_page=True)
    assert [url for url in asked if not url.startswith("data:")] == [page_file.as_uri()]


def test_workspace_notebook_shows_its_picture(browser: Browser, jupyter: Lab, app: Path) -> None:
    request = jupyter.folder / "requests/pets.json"
    assert process(request, "--workspace", app, cwd=jupyter.folder).code == 0
    path = notebook(jupyter, "workspace.ipynb", app)
    with opened(browser, jupyter, path, DARK) as shown:
        shown.run_all()
        expect(shown.output("CHECK COMPLETE.").last).to_be_visible(timeout=PATIENCE)
        assert shown.errors() == []
        picture = shown.page.locator(".jp-OutputArea-output img").first
        expect(picture).to_be_visible()
        assert picture.evaluate("image => image.naturalWidth") > 0  # of one that is broken it is 0
        shown.shoot("workspace")


FORM = """\
from petsage_builder import notebook

notebook.form(workspace="{workspace}", folder="requests")"""


def test_form_says_what_is_wrong_while_a_person_types(
    browser: Browser, jupyter: Lab, app: Path
) -> None:
    v4: Any = nbformat.v4
    cell = v4.new_code_cell(FORM.format(workspace=app.name), id="form")
    path = jupyter.folder / "form.ipynb"
    path.write_text(
        notebook_text(v4.new_notebook(cells=[cell], metadata={"kernelspec": KERNELSPEC}))
    )
    with opened(browser, jupyter, path.name) as shown:
        shown.run_all()
        expect(shown.output("Not yet a request")).to_be_visible(timeout=PATIENCE)
        shown.page.get_by_placeholder("pets", exact=True).fill("rabbits")
        shown.page.get_by_placeholder("The animals in care.").fill("Long ears.")
        shown.page.get_by_role("button", name="stored data").click()
        shown.page.get_by_placeholder("pet", exact=True).fill("rabbit")
        expect(shown.output("requirements.entities[0].fields[0]")).to_be_visible()
        shown.page.get_by_placeholder("name", exact=True).fill("name")
        expect(shown.output("Nothing is wrong.")).to_be_visible()
        shown.page.get_by_role("button", name="Show the plan").click()
        expect(shown.output("rabbits/")).to_be_visible(timeout=PATIENCE)
        assert shown.errors() == []
        shown.shoot("form")
        shown.page.get_by_role("button", name="Save", exact=True).click()
        expect(shown.output("Saved as requests/rabbits.json")).to_be_visible()
    asked = json.loads((jupyter.folder / "requests/rabbits.json").read_text())
    assert asked["requirements"]["entities"][0]["fields"] == ["name:string"]
    assert not app.exists()
