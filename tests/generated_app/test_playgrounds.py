"""Playgrounds: notebooks that any Jupyter opens, that run, and that hold nothing of the payload."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import nbformat
import pytest
from command_line import Door, process
from nbclient import NotebookClient
from projects import verified_project, written_project
from test_documentation import LEFT_OUT

TESTS = Path(__file__).parents[1]
RELATED = TESTS / "generated_app/requests/related"
CRATES = TESTS / "generated_app/requests/plain/crates.json"
GOLDEN = sorted(TESTS.glob("golden/*/expected/*/features/*/playground.ipynb"))
PLAYGROUND = "petsage_api/features/smoke_test/playground.ipynb"
TEST = "petsage_api/tests/test_playgrounds.py::test_playgrounds_run"


def cells(path: Path) -> list[Any]:
    read: Any = nbformat.read  # nbformat leaves it untyped
    found: list[Any] = read(path, as_version=nbformat.NO_CONVERT).cells
    return found


def executed(path: Path, project: Path) -> Iterator[tuple[str, str]]:
    """The ids of the cells of code, each with what it shows, in a real kernel."""
    read: Any = nbformat.read
    notebook = read(path, as_version=nbformat.NO_CONVERT)
    NotebookClient(
        notebook, resources={"metadata": {"path": str(project)}}, extra_arguments=["--log-level=50"]
    ).execute()
    for cell in notebook.cells:
        if cell.cell_type == "code":
            yield cell.id, "".join(o["data"]["text/plain"] for o in cell.outputs if "data" in o)


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: "-".join(path.parts[-6:-1:4]))
def test_playground_is_a_notebook_as_jupyter_writes_it(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    writes: Any = nbformat.writes
    notebook = nbformat.from_dict(json.loads(text))  # type: ignore[no-untyped-call]
    nbformat.validate(notebook)
    assert f"{writes(notebook)}\n" == text
    assert text.isascii()
    for cell in cells(path):
        if cell.cell_type == "code":
            body = ast.parse(cell.source).body
            assert len([one for one in body if not isinstance(one, ast.ImportFrom)]) <= 3


def test_hostile_payload_is_nowhere_in_the_playgrounds() -> None:
    """A playground of texts that attack is that of harmless ones, but for names."""
    first, *others = [path for path in GOLDEN if "hostile_text" in path.parts]
    assert len(others) == 5
    for path in others:
        name = path.parent.name
        own = path.read_text().replace(name, "h1").replace(name.upper(), "H1")
        assert own == first.read_text()


def test_samples_of_one_entity_do_not_meet_those_of_the_next(tmp_path: Path) -> None:
    """Depots are made, and then stored for their couriers, with the same unique names."""
    assert verified_project(tmp_path / "generated", RELATED / "depots.json").is_dir()


def test_every_call_is_made_and_shown_in_a_real_kernel(tmp_path: Path) -> None:
    requests = [RELATED / "depots.json", RELATED / "parcels.json"]
    project = written_project(tmp_path / "generated", requests)
    shown = dict(executed(project / "petsage_api/features/parcels/playground.ipynb", project))
    assert shown["call-parcels-1"].startswith('201 Created\n{\n  "id": "')
    assert shown["refused-parcels"].startswith("404 Not Found\n")
    assert shown["yours-parcels"].startswith("200 OK\n")
    assert len([name for name in shown if name.startswith("call-")]) > 10


UNREAD: Mapping[str, Any] = {
    "feature": "seals",
    "description": "What clients neither make nor read.",
    "requirements": {
        "entities": [
            {
                "name": "seal",
                "fields": ["words:string"],
                "optimistic_lock": "required",
                "operations": ["update", "delete"],
            },
            {
                "name": "guild",
                "fields": ["words:string"],
                "relations": [{"name": "allies", "kind": "many_to_many", "target": "guild"}],
                "operations": ["delete"],
            },
        ]
    },
}


def test_operations_that_leave_gaps_are_tested_and_played_too(tmp_path: Path) -> None:
    source = tmp_path / "requests.json"
    source.write_text(json.dumps([LEFT_OUT, UNREAD]))
    project = verified_project(tmp_path / "generated", source)
    playgrounds = sorted(project.glob("petsage_api/features/*/playground.ipynb"))
    ids = [cell.id for path in playgrounds for cell in cells(path)]
    words = "notes drafts entries leases clauses wills seals guilds"
    refused = [one for one in ids if one.startswith("refused-")]
    assert refused == [f"refused-{plural}" for plural in words.split()]


def test_playground_that_is_not_answered_as_it_says_stops_a_build(
    door: Door, workspace: Path
) -> None:
    playground = workspace / PLAYGROUND
    playground.write_text(playground.read_text().replace("answers=200", "answers=201"))
    done = door("check", "--report", "json").json()
    [problem] = [one for one in done["problems"] if one["where"] == "check tests"]
    assert TEST in problem["message"]
    assert "201 was expected, not 200 OK" in problem["message"]


def run_and_saved(playground: Path) -> str:
    """What JupyterLab saves once a playground was run."""
    notebook = json.loads(playground.read_text())
    result = {"name": "stdout", "output_type": "stream", "text": ["201 Created\n"]}
    told = {"codemirror_mode": {"name": "ipython"}, "file_extension": ".py", "version": "3.11.7"}
    notebook["metadata"]["language_info"] |= told
    for number, cell in enumerate(notebook["cells"]):
        if cell["cell_type"] == "code":
            cell |= {"execution_count": number, "outputs": [result]}
            cell["metadata"]["execution"] = {"iopub.execute_input": "2026-01-01T00:00:00Z"}
    playground.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n")
    return playground.read_text()


def test_playground_that_was_run_and_saved_is_no_hand_edit(door: Door, workspace: Path) -> None:
    saved = run_and_saved(workspace / PLAYGROUND)
    assert "1 hand edit" not in door("check", "--strict", "--files-only").out
    assert door("check", "--strict", "--files-only").code == 0
    assert door("build").code == 0
    assert (workspace / PLAYGROUND).read_text() == saved


def test_accepted_playground_stays_accepted_when_it_is_run(door: Door, workspace: Path) -> None:
    playground = workspace / PLAYGROUND
    run_and_saved(playground)
    none = door("accept", PLAYGROUND)
    assert (none.code, "there is no edit to accept" in none.err) == (2, True)
    notebook = json.loads(playground.read_text())
    notebook["cells"][-1]["source"] = ["# mine"]
    playground.write_text(json.dumps(notebook))
    assert door("check", "--strict", "--files-only").code == 1
    assert door("accept", PLAYGROUND).code == 0
    run_and_saved(playground)
    assert door("check", "--strict", "--files-only").code == 0


def test_playground_that_was_run_and_saved_is_rendered_anew_with_own_cells(tmp_path: Path) -> None:
    asked = json.loads(CRATES.read_text())
    (entity,) = asked["requirements"]["entities"]
    entity["operations"].remove("count")
    (tmp_path / "crates.json").write_text(json.dumps(asked))
    workspace = written_project(tmp_path / "app", [tmp_path / "crates.json"])
    playground = workspace / "petsage_api/features/crates/playground.ipynb"
    run_and_saved(playground)
    notebook = json.loads(playground.read_text())
    notebook["cells"][-1]["source"] = ["# mine: ü\n", "pass"]
    playground.write_text(json.dumps(notebook))
    done = process(CRATES, "--workspace", workspace, cwd=tmp_path)
    assert (done.code, "merged    petsage_api/features/crates/playground" in done.out) == (0, True)
    merged = json.loads(playground.read_text())
    assert "".join(merged["cells"][-1]["source"]) == "# mine: ü\npass"
    assert "count" in str(merged["cells"])
    assert all(cell.get("outputs", []) == [] for cell in merged["cells"])


def test_own_cells_and_results_of_a_person_stop_nothing(door: Door, workspace: Path) -> None:
    playground = workspace / PLAYGROUND
    notebook = json.loads(playground.read_text())
    mine = {"cell_type": "code", "metadata": {}, "execution_count": 1, "outputs": []}
    notebook["cells"] += [{**mine, "id": "0a1b2c3d", "source": ["%time 1 / 0"]}]
    notebook["cells"][-2]["source"] = ["raise RuntimeError"]
    playground.write_text(json.dumps(notebook))
    assert door("build").code == 0
    playground.unlink()
    assert door("build").code == 0
