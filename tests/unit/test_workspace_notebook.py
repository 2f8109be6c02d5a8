"""The notebook for a whole workspace: its session and its picture, without a kernel."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from picture import document, texts
from projects import verified_project, written_project

from petsage_builder import notebook, pipeline
from petsage_builder.notebook import BuildFailed
from petsage_builder.notebook.blocks import MIME, View
from petsage_builder.notebook.failure import InputRefused
from petsage_builder.notebook.workspace_session import WorkspaceSession

RELATED = Path(__file__).parents[1] / "generated_app/requests/related"
ENTITIES = ["depot", "courier", "parcel", "stamp", "event"]
SHOWN = ("features", "routes", "relations", "drift")  # what runs no test
SEED = {"feature": "smoke_test", "description": "Ensure it runs", "requirements": "none"}


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two features, one of which refers to the other."""
    requests = [RELATED / "depots.json", RELATED / "parcels.json"]
    return written_project(tmp_path_factory.mktemp("overview") / "generated", requests)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace that is as it should be."""
    folder = tmp_path_factory.mktemp("built")
    (folder / "request.json").write_text(json.dumps(SEED))
    return verified_project(folder / "generated", folder / "request.json")


@pytest.fixture
def copy(built: Path, tmp_path: Path) -> Path:
    return shutil.copytree(built, tmp_path / "copy")


def start(workspace: Path, **more: object) -> WorkspaceSession:
    return notebook.start_workspace({"workspace": str(workspace), **more})


def views(session: WorkspaceSession) -> dict[str, View]:
    return {step: getattr(session, step)() for step in SHOWN}


def bundle(view: View) -> dict[str, Any]:
    return view._repr_mimebundle_()


def tree(folder: Path) -> dict[str, bytes]:
    """Every file's bytes, but for those of the lock, which names its last holder."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != "lock")
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def test_unknown_parameter_is_refused_with_the_name_that_was_meant(workspace: Path) -> None:
    said = r"CHECK FAILED: worksapce: is no parameter .* Did you mean 'workspace'\?"
    with pytest.raises(InputRefused, match=said):
        start(workspace, worksapce="elsewhere")


@pytest.mark.parametrize("name", ["mode", "request_path"])
def test_parameter_of_the_other_notebook_is_refused(workspace: Path, name: str) -> None:
    with pytest.raises(InputRefused, match=f"{name}: is no parameter.*Parameters: workspace"):
        start(workspace, **{name: "check"})


def test_parameter_of_another_type_is_refused() -> None:
    with pytest.raises(InputRefused, match="workspace: must be text, not int"):
        notebook.start_workspace({"workspace": 5})
    with pytest.raises(InputRefused, match="workspace: is missing"):
        notebook.start_workspace({})


def test_own_variables_of_a_person_are_allowed_when_the_cell_is_run_again(workspace: Path) -> None:
    start(workspace, session=start(workspace), limit=3)


def test_folder_that_is_no_workspace_is_named(tmp_path: Path) -> None:
    with pytest.raises(BuildFailed, match=r"CHECK FAILED: .*is no workspace"):
        start(tmp_path / "nowhere").features()
    assert tree(tmp_path) == dict[str, bytes]()


def test_cells_run_out_of_order_say_what_to_run_first(workspace: Path) -> None:
    session = start(workspace)
    with pytest.raises(BuildFailed, match="the `features` cell has not run"):
        session.routes()
    session.features()
    with pytest.raises(BuildFailed, match="the `tests` cell has not run"):
        session.verdict()


def test_each_view_shows_its_data_under_its_own_name(workspace: Path) -> None:
    for step, view in views(start(workspace)).items():
        assert bundle(view)[MIME]["view"] == step
        assert bundle(view)["text/plain"].strip() == view.text


def test_features_tell_what_they_hold(workspace: Path) -> None:
    view = views(start(workspace))["features"]
    depots, parcels = bundle(view)[MIME]["features"]
    assert (depots["feature"], depots["kind"], depots["stale"]) == ("depots", "entities", False)
    assert depots["entities"] == ("depot", "courier")
    assert parcels["entities"] == ("parcel", "stamp", "event")
    assert min(depots["tests"], parcels["tests"]) > 50
    assert view.text.startswith("2 features, ")
    assert depots["request_id"] in view.text
    assert depots["request_id"] in view.html


def test_routes_are_those_of_all_features(workspace: Path) -> None:
    routes = bundle(views(start(workspace))["routes"])[MIME]["routes"]
    assert {"feature": "parcels", "method": "POST", "path": "/api/v1/stamps"}.items() <= next(
        route for route in routes if route["request"] == "StampCreate"
    ).items()
    assert [route["feature"] for route in routes] == sorted(route["feature"] for route in routes)


def test_picture_holds_every_entity_and_every_relation(workspace: Path) -> None:
    view = views(start(workspace))["relations"]
    content, drawn = bundle(view)[MIME], document(view.html)
    assert content["entities"] == ENTITIES
    names = texts(drawn, "text")
    assert set(names) == {*ENTITIES, "depots", "parcels", "depot", "parcel", "stamps", "cause"} | {
        "courier"
    }
    told = {f"{r['relation']} to {r['to']}: {r['kind']}" for r in content["relations"]}
    assert set(texts(drawn, "title")) == told
    assert "parcel.stamps to stamp: many to many" in told
    assert "event.cause to event: many to one or none" in told
    assert len(told) == 6


def test_relations_read_well_without_a_picture(workspace: Path) -> None:
    lines = views(start(workspace))["relations"].text.splitlines()
    assert lines[0] == "5 tables: depot, courier, parcel, stamp, event"
    assert "parcel.courier  courier  many to one or none" in lines


def test_record_needs_nothing_that_an_untrusted_one_loses(workspace: Path) -> None:
    for view in views(start(workspace)).values():
        tags = set(re.findall(r"<(\w+)", view.html))
        assert tags <= {"div", "img", "table", "thead", "tbody", "tr", "th", "td"}
        assert not re.search(r"class=|\bon\w+=|var\(", view.html)


def test_views_are_the_same_bytes_in_every_run_and_folder(workspace: Path, tmp_path: Path) -> None:
    elsewhere = shutil.copytree(workspace, tmp_path / "elsewhere")
    one, other = views(start(workspace)), views(start(elsewhere))
    assert {step: bundle(view) for step, view in one.items()} == {
        step: bundle(view) for step, view in other.items()
    }
    assert not any(str(workspace) in str(bundle(view)) for view in one.values())


def test_workspace_without_a_feature_is_shown_as_such(tmp_path: Path) -> None:
    pipeline.init(pipeline.Options(tmp_path))
    shown = views(start(tmp_path))
    assert [str(shown[step]) for step in SHOWN] == [
        "No feature is built here yet.",
        "No feature has a route yet.",
        "No feature keeps anything yet.",
        "Every file is as requests and templates say.",
    ]
    assert bundle(shown["relations"])[MIME]["relations"] == []


def test_feature_without_an_entity_has_no_picture(built: Path) -> None:
    shown = views(start(built))
    assert str(shown["relations"]) == "No feature keeps anything yet."
    assert "entities: none; every request is built." in str(shown["features"])


def test_check_that_holds_is_complete_and_writes_nothing(copy: Path) -> None:
    before = tree(copy)
    session = start(copy)
    views(session)
    session.tests()
    view = session.verdict()
    assert str(view) == "CHECK COMPLETE."
    assert bundle(view)[MIME]["ok"] is True
    assert tree(copy) == before


def test_every_state_is_named_with_what_mends_it(copy: Path) -> None:
    (copy / "README.md").unlink()
    router = copy / "petsage_api/features/smoke_test/router.py"
    router.write_text(router.read_text() + "# mine\n")
    request = copy / "requests/smoke_test.json"
    request.write_text(request.read_text().replace("it runs", "it <b>runs</b>"))
    shown = views(start(copy))
    drift = bundle(shown["drift"])[MIME]
    problems = {problem["where"]: problem for problem in drift["problems"]}
    assert "--restore README.md" in problems["README.md"]["hint"]
    assert any("stale request: smoke_test" in one["message"] for one in problems.values())
    assert all(problem["hint"] in shown["drift"].text for problem in problems.values())
    assert str(router.relative_to(copy)) in shown["drift"].text
    assert "stale: smoke_test." in str(shown["features"])


def test_verdict_gives_every_reason(copy: Path) -> None:
    for path in ("README.md", "pyproject.toml"):
        (copy / path).unlink()
    session = start(copy)
    session.features()
    session.tests()
    with pytest.raises(BuildFailed) as caught:
        session.verdict()
    assert str(caught.value).startswith("CHECK FAILED: 2 reasons\n- README.md: missing file.")
    assert "\n- pyproject.toml: missing file." in str(caught.value)


def test_conflict_is_a_reason_and_no_test_is_run(copy: Path) -> None:
    readme = copy / "petsage_api/features/smoke_test/README.md"
    request = copy / "requests/smoke_test.json"
    for path, said in ((readme, "mine"), (request, "theirs")):
        path.write_text(path.read_text().replace(SEED["description"], said))
    session = start(copy)
    session.features()
    assert "conflict" in str(session.drift())
    session.tests()
    with pytest.raises(BuildFailed, match="conflict"):
        session.verdict()
