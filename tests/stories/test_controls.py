"""Negative controls: a fault is put into every feature, and its own tests must notice."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from command_line import Door, status_request, write

from petsage_builder import pipeline
from petsage_builder.checks import Observer
from petsage_builder.report import BuildReport
from petsage_builder.verify.subprocess_run import Order, run
from petsage_builder.verify.transcript import Transcript

LIBRARY = {
    "feature": "library",
    "description": "Shelves, and the books that stand on them.",
    "requirements": {
        "entities": [
            {"name": name, "fields": ["code:string{1,9}"], "operations": ["create", "read"]}
            for name in ("shelf", "book")
        ],
    },
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, BuildReport]:
    """A workspace with two features, which is copied for each test; and what its build said."""
    folder = tmp_path_factory.mktemp("two")
    requests = [status_request("alive"), status_request("ready", "/ready")]
    asked = write(folder / "two.json", requests)
    report = pipeline.build([str(asked)], pipeline.Options(folder / "generated"))
    return folder / "generated", report


@pytest.fixture
def hollowed(built: tuple[Path, BuildReport], tmp_path: Path) -> Path:
    """The workspace, with tests of `ready` that notice nothing."""
    workspace = Path(shutil.copytree(built[0], tmp_path / "generated"))
    hollow(workspace / "petsage_api/tests/features/test_ready.py")
    return workspace


def hollow(file: Path) -> None:
    """Takes every assertion out of a test file."""
    content = re.sub(r"(?m)^(    )assert (.*)$", r"\1bool(\2)", file.read_text())
    file.write_text(content)


def test_controls_of_all_features_are_one_line(built: tuple[Path, BuildReport]) -> None:
    _, report = built
    assert report.ok
    assert "  ok    control   2 of 2 features: a fault put in was noticed\n" in report.text()


@pytest.mark.usefixtures("hollowed")
def test_only_the_feature_whose_tests_notice_nothing_is_red(door: Door) -> None:
    done = door("check", "--report", "json")
    assert done.code == 1
    controls = {check["name"]: check["ok"] for check in done.json()["checks"]}
    assert controls["control alive"]
    assert not controls["control ready"]
    assert "petsage_api/features/ready/services.py" in done.json()["problems"][0]["message"]


def test_hollowed_tests_of_one_feature_stop_a_build_of_another(
    door: Door, hollowed: Path, tmp_path: Path
) -> None:
    third = write(tmp_path / "third.json", status_request("third", "/third"))
    done = door(third)
    assert done.code == 1
    assert "FAIL  control ready" in done.out
    assert "  ok    control   2 of 3 features: a fault put in was noticed\n" in done.out
    assert not (hollowed / "petsage_api/features/third").exists()


def test_control_of_a_feature_ends_with_the_first_failure(
    door: Door, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[Transcript] = []

    def spy(order: Order, observe: Observer) -> Transcript:
        kept.append(run(order, observe))
        return kept[-1]

    monkeypatch.setattr("petsage_builder.verify.run", spy)
    assert door(write(tmp_path / "library.json", LIBRARY)).code == 0
    [transcript] = kept
    files = {test.id.partition("::")[0] for test in transcript.controls.tests}
    assert len(files) == 2
    assert all(test.outcome == "passed" for test in transcript.suite.tests)
    first, *rest = transcript.controls.tests
    assert first.outcome == "failed"
    assert {test.outcome for test in rest} == {"skipped"}
