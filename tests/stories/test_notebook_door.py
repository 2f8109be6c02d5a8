"""The builder notebook as people and CI run it: real papermill, a real kernel, real tests."""

from __future__ import annotations

import contextlib
import html
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from petsage_builder.notebook import make
from petsage_builder.notebook.blocks import MIME
from petsage_builder.notebook.failure import AGAIN, FAILURES, UNTOUCHED
from petsage_builder.notebook.record import verify_record
from petsage_builder.workspace import workspace_at

SEED = {
    "request_id": "c4a8-f9b2-4d01-a3e9-b5d7e6f1c2a0",
    "feature": "smoke_test",
    "description": "Ensure builder functional",
    "requirements": "none",
}
OPEN = '<details open="">'  # as nbconvert writes it
SERVICES = "templates/status/files/services.py.jinja"


@dataclass(frozen=True, slots=True)
class Ran:
    folder: Path
    done: subprocess.CompletedProcess[str]
    record: Path


def papermill(folder: Path, before: Sequence[str] = (), **parameters: str) -> Ran:
    """The notebook, run by a command of people's own; `before`: what this is run in."""
    given = {"request_path": "request.json", "workspace": "app", **parameters}
    options = [part for name, value in given.items() for part in ("-p", name, value)]
    command = [sys.executable, "-m", "papermill", str(make.BUILD.path()), "out.ipynb", *options]
    done = subprocess.run(
        [*before, *command, "--no-progress-bar"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    return Ran(folder, done, folder / "out.ipynb")


def builder(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "petsage_builder", *arguments],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def tree(folder: Path) -> dict[str, bytes]:
    """Every file's bytes, but for those of the lock, which names its last holder."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != "lock")
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    folder = tmp_path_factory.mktemp("built")
    (folder / "request.json").write_text(json.dumps(SEED))
    return papermill(folder)


@pytest.fixture
def folder(built: Ran, tmp_path: Path) -> Path:
    return shutil.copytree(built.folder, tmp_path / "copy")


def test_papermill_builds_the_seed_request(built: Ran) -> None:
    assert built.done.returncode == 0, built.done.stderr
    feature = built.folder / "app/petsage_api/features/smoke_test"
    assert {"models.py", "services.py", "router.py", "README.md"} <= set(tree(feature))
    assert "BUILD COMPLETE." in built.record.read_text()
    said = builder(built.folder, "record", "--verify", "out.ipynb")
    assert (said.returncode, said.stderr) == (0, "")


def test_tests_are_shown_in_one_output(built: Ran) -> None:
    cells = {cell["id"]: cell for cell in json.loads(built.record.read_text())["cells"]}
    (output,) = cells["tests"]["outputs"]
    content = output["data"]["application/vnd.petsage.build+json"]
    assert content["ok"]
    assert {test["outcome"] for test in content["tests"]} == {"passed"}


def test_demo_of_the_record_answers_as_the_seed_says(built: Ran) -> None:
    cells = {cell["id"]: cell for cell in json.loads(built.record.read_text())["cells"]}
    content = cells["demo"]["outputs"][0]["data"]["application/vnd.petsage.build+json"]
    body = {"status": "ok", "message": "PetSage services are running smoothly!", "version": "0.1.0"}
    assert [call["status"] for call in content["calls"]] == [200, 404]
    assert json.loads(content["calls"][0]["body"]) == body


def test_records_of_two_folders_are_the_same_bytes(tmp_path: Path) -> None:
    """The second is made where another kernel calls itself python3."""
    spec = tmp_path / "jupyter/kernels/python3/kernel.json"
    spec.parent.mkdir(parents=True)
    spec.write_text('{"argv": ["false"], "display_name": "x", "language": "python"}')
    records = []
    for name, path in (("a", ""), ("b", str(tmp_path / "jupyter"))):
        (tmp_path / name).mkdir()
        (tmp_path / name / "smoke_test.json").write_text(json.dumps(SEED))
        done = builder(tmp_path / name, "notebook", "smoke_test.json", "--html", JUPYTER_PATH=path)
        assert (done.returncode, done.stderr) == (0, "")
        said = "record: smoke_test.record.ipynb\npage: smoke_test.record.html\n"
        assert done.stdout == f"BUILD COMPLETE.\n{said}"
        made = [tmp_path / name / f"smoke_test.record.{kind}" for kind in ("ipynb", "html")]
        records.append([file.read_bytes() for file in made])
    assert records[0] == records[1]
    assert str(tmp_path).encode() not in b"".join(records[0])
    page = records[0][1].decode()
    assert "BUILD COMPLETE." in page
    assert "PetSage services are running smoothly!" in page
    views = ["".join(view["text/html"]) for view in shown(json.loads(records[0][0]))]
    assert len(views) == len(make.BUILD.steps)
    as_told = (html.unescape(view.strip()).replace("<details open>", OPEN) for view in views)
    plain = html.unescape(page)
    assert all(view in plain for view in as_told)
    assert asked_for(page) == set()


def shown(notebook: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What the outputs of a record show, by its type."""
    outputs = [output for cell in notebook["cells"] for output in cell.get("outputs", ())]
    return [output["data"] for output in outputs if "data" in output]


class Links(HTMLParser):
    """What a browser would ask others for, in attributes and in style sheets."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        asks = {"src", "srcset", "href", "data", "action", "poster"}
        self.found |= {value or tag for name, value in attrs if name in asks}
        self.handle_data("".join(value or "" for name, value in attrs if name == "style"))

    def handle_data(self, data: str) -> None:
        css = re.sub(r"(?s)/\*.*?\*/", "", data)  # what a comment names is not asked for
        self.found |= set(re.findall(r"""(?:url\(|@import)\s*["']?([^"')]*)""", css))


def asked_for(page: str) -> set[str]:
    """The addresses that are no data, and no place in the page itself."""
    links = Links()
    links.feed(page)
    assert any(link.startswith("data:") for link in links.found)
    return {link for link in links.found if not link.startswith(("data:", "#"))}


def misspell(_: Path) -> dict[str, str]:
    return {"request_pth": "request.json"}


def number(_: Path) -> dict[str, str]:
    return {"workspace": "5"}


def bad_request(folder: Path) -> dict[str, str]:
    (folder / "request.json").write_text(json.dumps({**SEED, "requirements": "make it nice"}))
    return {}


def own_template(folder: Path, content: str) -> None:
    blueprint = folder / "app/blueprint.toml"
    blueprint.write_text(blueprint.read_text() + "\n[templates]\nworkspace = true\n")
    (folder / "app" / SERVICES).parent.mkdir(parents=True)
    (folder / "app" / SERVICES).write_text(content)


def broken_template(folder: Path) -> dict[str, str]:
    own_template(folder, "{% if %}")
    return {}


def red_tests(folder: Path) -> dict[str, str]:
    shipped = (Path(__file__).parents[2] / SERVICES).read_text()
    own_template(folder, shipped.replace("{{ spec.message | py }}", '"Nothing runs."'))
    return {}


def other_mode(_: Path) -> dict[str, str]:
    return {"mode": "biuld"}


def missing_request(_: Path) -> dict[str, str]:
    return {"request_path": "missing.json"}


def conflict(folder: Path) -> dict[str, str]:
    """A hand edit of a line that the next render has otherwise."""
    models = folder / "app/petsage_api/features/smoke_test/README.md"
    text = models.read_text()
    models.write_text(text.replace(SEED["description"], "What I say of it."))
    assert models.read_text() != text
    changed = {**SEED, "description": "Something else."}
    (folder / "request.json").write_text(json.dumps(changed))
    return {}


def failure(ran: Ran) -> Mapping[str, Any]:
    """The one view of a failure that a record has, as data."""
    record = json.loads(ran.record.read_text())
    told = [data.get(MIME, {}) for data in shown(record)]
    (view,) = [content for content in told if content.get("view") == "failure"]
    outputs = [output for cell in record["cells"] for output in cell.get("outputs", ())]
    last = [output for output in outputs if output["output_type"] == "error"]
    assert [output["ename"] for output in last] == [FAILURES[view["exit_code"]].__name__]
    return dict(view)


@pytest.mark.parametrize(
    ("prepare", "cell", "reason"),
    [
        (misspell, "start", "request_pth: is no parameter of this notebook. Did you mean 'requ"),
        (number, "start", "workspace: must be text, not int."),
        (other_mode, "start", "mode: must be a mode, not 'biuld'. Did you mean 'build'?"),
        (missing_request, "request", "missing.json: can't be read: there is no such file."),
        (bad_request, "request", "requirements: is prose, and a deterministic builder must not"),
        (broken_template, "plan", f"{SERVICES}:1: "),
        (conflict, "gate", "smoke_test/README.md: "),
        (red_tests, "gate", "::test_status_is_answered_without_credentials: failed: {'message'"),
    ],
)
def test_failure_is_one_view_and_one_short_text_and_changes_nothing(
    folder: Path, prepare: Callable[[Path], dict[str, str]], cell: str, reason: str
) -> None:
    parameters = prepare(folder)
    before = tree(folder / "app")
    ran = papermill(folder, **parameters)
    assert ran.done.returncode != 0
    *_, text = ran.done.stderr.partition("BUILD FAILED: ")
    assert reason in text
    assert f"Cell `{cell}`. {UNTOUCHED}" in text
    assert len(text.splitlines()) <= 9
    assert "Traceback" not in text
    view = failure(ran)
    assert (view["cell"], view["state"]) == (cell, f"{UNTOUCHED} {AGAIN}")
    assert all(problem["message"] in text for problem in view["problems"])
    assert tree(folder / "app") == before
    assert "BUILD FAILED" in str(verify_record(ran.record).problems[0])


def test_workspace_that_another_build_holds_is_busy(folder: Path) -> None:
    before = tree(folder / "app")
    with workspace_at(folder / "app", "build"):
        ran = papermill(folder)
    assert ran.done.returncode != 0
    view = failure(ran)
    assert (view["cell"], view["exit_code"]) == ("request", 3)
    assert "Wait until the other build has ended" in view["state"]
    assert tree(folder / "app") == before


# `$1` is the folder that a small disk is put over; the rest is the command that runs there.
SMALL_DISK = """
mount -t tmpfs -o nr_inodes=9 tmpfs "$1" && folder=$1 && shift || exit 99
"$@"; code=$?; find "$folder" -type f ! -name lock; exit $code
"""


def test_disk_that_is_full_is_named_and_nothing_is_left(tmp_path: Path) -> None:
    (tmp_path / "request.json").write_text(json.dumps(SEED))
    (tmp_path / "app").mkdir()
    small = ["unshare", "--mount", "--map-root-user", "sh", "-c", SMALL_DISK, "sh", "app"]
    ran = papermill(tmp_path, before=small)
    assert ran.done.returncode != 0
    assert ran.done.stdout == ""
    view = failure(ran)
    assert view["cell"] == "apply"
    assert "No space left on device" in str(view["problems"])
    assert "BUILD FAILED" in str(verify_record(ran.record).problems[0])


def test_kernel_that_is_killed_is_told_and_nothing_is_left(tmp_path: Path) -> None:
    """As when a machine's memory ends: while the kernel waits for its verification."""
    (tmp_path / "request.json").write_text(json.dumps(SEED))
    command = [sys.executable, "-m", "petsage_builder", "notebook", "request.json"]
    running = subprocess.Popen(
        [*command, "--workspace", "app"], cwd=tmp_path, stderr=subprocess.PIPE, text=True
    )
    kernel = child(running.pid, "ipykernel")
    child(kernel, "runner.py")
    os.kill(kernel, signal.SIGKILL)
    _, said = running.communicate(timeout=60)
    assert running.returncode == 1
    assert "BUILD FAILED: the notebook's kernel ended early: " in said
    assert "Traceback" not in said
    assert tree(tmp_path / "app") == {}
    assert "was not run" in str(verify_record(tmp_path / "request.record.ipynb").problems)


def child(parent: int, named: str) -> int:
    """The process of this name that a process starts, once it has."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        for found in Path(f"/proc/{parent}/task/{parent}/children").read_text().split():
            with contextlib.suppress(OSError):  # it may have ended by now
                if named.encode() in Path(f"/proc/{found}/cmdline").read_bytes():
                    return int(found)
        time.sleep(0.01)
    raise AssertionError(f"{named} was not started")


def test_failing_build_of_the_command_says_why_and_keeps_its_record(folder: Path) -> None:
    red_tests(folder)
    before = tree(folder / "app")
    arguments = ("request.json", "--workspace", "app", "--output", "red.ipynb")
    done = builder(folder, "notebook", *arguments)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("BUILD FAILED: ")
    assert done.stderr.endswith("\nrecord: red.ipynb\n")
    assert tree(folder / "app") == before
    assert builder(folder, "record", "--verify", "red.ipynb").returncode == 1


def test_missing_request_is_an_input_that_is_wrong(tmp_path: Path) -> None:
    done = builder(tmp_path, "notebook", "missing.json")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("BUILD FAILED: missing.json: ")
    assert list(tree(tmp_path)) == ["missing.record.ipynb"]


def test_record_that_did_not_complete_is_refused(built: Ran, tmp_path: Path) -> None:
    record = built.record.read_text()

    def problem(text: str) -> str:
        (tmp_path / "record.ipynb").write_text(text)
        return "\n".join(map(str, verify_record(tmp_path / "record.ipynb").problems))

    def edited(change: Callable[[dict[str, dict[str, Any]]], object]) -> str:
        notebook = json.loads(record)
        change({cell["id"]: cell for cell in notebook["cells"]})
        return problem(json.dumps(notebook))

    assert problem(record) == ""
    assert "was never executed" in problem(make.BUILD.text())
    assert "cut off" in problem(record[: len(record) // 2])
    assert "is not what build_feature.ipynb says" in edited(
        lambda c: c["gate"].update(source="pass")
    )
    assert "does more than set" in edited(lambda c: c["parameters"].update(source="import os"))
    assert "was not run" in edited(lambda c: c["complete"].update(execution_count=None))
    assert "before the cell above" in edited(lambda c: c["gate"].update(execution_count=1))
    assert "does not show" in edited(lambda c: c["tests"].update(outputs=[]))
    assert "no cell of code any more" in edited(as_markdown)
    assert "not show that all checks hold" in edited(lambda c: told(c["tests"]).update(ok=False))
    assert "is no notebook" in edited(lambda c: c["gate"].update(id="apply"))
    assert "is missing" in edited(lambda c: c["gate"].update(id="other"))
    assert "can't be read" in str(verify_record(tmp_path / "missing.ipynb").problems[0])


def as_markdown(cells: dict[str, dict[str, Any]]) -> None:
    cells["parameters"].update(cell_type="markdown")
    del cells["parameters"]["execution_count"], cells["parameters"]["outputs"]


def told(cell: dict[str, Any]) -> dict[str, Any]:
    """What a cell shows, as data."""
    content: dict[str, Any] = cell["outputs"][0]["data"][MIME]
    return content


def test_plan_is_no_build(folder: Path) -> None:
    ran = papermill(folder, mode="plan")
    assert ran.done.returncode == 0, ran.done.stderr
    assert "does not say BUILD COMPLETE." in str(verify_record(ran.record).problems[0])


def test_papermill_lists_the_parameters() -> None:
    command = [sys.executable, "-m", "papermill", "--help-notebook", str(make.BUILD.path())]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    for name in ("request_path: str", "workspace: str", 'mode: str (default "build")'):
        assert name in said
