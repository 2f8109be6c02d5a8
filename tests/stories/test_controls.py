"""Negative controls: a fault is put into every feature, and its own tests must notice."""

from __future__ import annotations

import re
from pathlib import Path

from command_line import Door, status_request, write


def two_features(folder: Path) -> Path:
    requests = [status_request("alive"), status_request("ready", "/ready")]
    return write(folder / "two.json", requests)


def hollow(file: Path) -> None:
    """Takes every assertion out of a test file."""
    content = re.sub(r"(?m)^(    )assert (.*)$", r"\1bool(\2)", file.read_text())
    file.write_text(content)


def test_controls_of_all_features_are_one_line(door: Door, tmp_path: Path) -> None:
    done = door(two_features(tmp_path))
    assert done.code == 0
    assert "  ok    control   2 of 2 features: a fault put in was noticed\n" in done.out


def test_only_the_feature_whose_tests_notice_nothing_is_red(door: Door, tmp_path: Path) -> None:
    assert door(two_features(tmp_path)).code == 0
    hollow(tmp_path / "generated/petsage_api/tests/features/test_ready.py")
    done = door("check", "--report", "json")
    assert done.code == 1
    controls = {check["name"]: check["ok"] for check in done.json()["checks"]}
    assert controls["control alive"]
    assert not controls["control ready"]
    assert "petsage_api/features/ready/services.py" in done.json()["problems"][0]["message"]


def test_hollowed_tests_of_one_feature_stop_a_build_of_another(door: Door, tmp_path: Path) -> None:
    assert door(two_features(tmp_path)).code == 0
    hollow(tmp_path / "generated/petsage_api/tests/features/test_ready.py")
    third = write(tmp_path / "third.json", status_request("third", "/third"))
    done = door(third)
    assert done.code == 1
    assert "FAIL  control ready" in done.out
    assert "  ok    control   2 of 3 features: a fault put in was noticed\n" in done.out
    assert not (tmp_path / "generated/petsage_api/features/third").exists()
