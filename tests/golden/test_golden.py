"""The text that comes out, case by case and byte for byte."""

from __future__ import annotations

import difflib
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import SEED, process, tree, write
from golden_cases import FOLDER, GoldenCase, golden_cases

from petsage_builder.trees import Tree


def difference(expected: Tree, outcome: Tree) -> str:
    """A diff of two trees, for people; nothing when they are the same."""
    lines: list[str] = []
    for path in sorted({*expected, *outcome}):
        before, after = expected.get(path), outcome.get(path)
        if before != after:
            names = (f"{'nothing' if before is None else path} (expected)", f"{path} (now)")
            old, new = (before or "").splitlines(), (after or "").splitlines()
            lines += [*difflib.unified_diff(old, new, *names, lineterm=""), ""]
            lines += ["(white space at the ends of lines)"] if old == new else []
    return "\n".join(lines)


@pytest.mark.parametrize("case", golden_cases(), ids=lambda case: case.folder.name)
def test_output_is_the_expected_one(case: GoldenCase) -> None:
    found = difference(case.expected(), case.outcome())
    assert not found, f"{found}\nIf this is right: python tests/golden/update.py"


def test_there_is_a_case_for_every_promise() -> None:
    assert {case.folder.name for case in golden_cases()} == {
        "entity_errors",
        "errors_many",
        "hostile_text",
        "other_blueprint",
        "owners_and_tags",
        "related",
        "seed",
        "status_with_path",
        "two_features",
    }


def test_difference_names_a_file_that_is_missing_and_a_line_that_changed() -> None:
    found = difference({"a": "x\ny\n", "b": "z\n"}, {"a": "x\nY\n"})
    assert "--- a (expected)" in found
    assert "-y\n+Y" in found
    assert "--- b (expected)\n+++ b (now)\n@@ -1 +0,0 @@\n-z" in found


def test_seed_case_is_what_a_verified_build_leaves(seed_build: Path) -> None:
    built = {
        f"expected/{path}": content.decode()
        for path, content in tree(seed_build).items()
        if content != b"<folder>" and not path.startswith((".petsage/base/", ".petsage/undo/"))
    }
    del built["expected/.petsage/verified.json"]
    del built["expected/openapi.json"]
    assert not difference(GoldenCase(FOLDER / "seed").expected(), built)


def test_output_is_the_same_on_every_machine_and_every_day(tmp_path: Path) -> None:
    said = []
    for number, (seed, zone, language) in enumerate(
        [("0", "UTC", "C.UTF-8"), ("4711", "Pacific/Kiritimati", "tr_TR.UTF-8")]
    ):
        folder = tmp_path / str(number) / ("deep/" * number)
        asked = [SEED, {**SEED, "feature": "i_ready", "requirements": {"status": {"path": "/i"}}}]
        write(folder / "r.json", asked)
        environment = {"PYTHONHASHSEED": seed, "TZ": zone, "LANG": language, "LC_ALL": language}
        done = process("r.json", "--dry-run", "--report", "json", cwd=folder, **environment)
        assert done.code == 0
        said.append(done.out)
    assert said[0] == said[1]


def test_expected_trees_are_neither_collected_nor_linted_nor_type_checked() -> None:
    tests = FOLDER.parent
    bin_folder = Path(sys.executable).parent
    listed = subprocess.run(
        [bin_folder / "ruff", "check", "--show-files", "tests/golden"],
        cwd=tests.parent,
        capture_output=True,
        encoding="utf-8",
        check=True,
    ).stdout
    assert "test_golden.py" in listed
    assert "expected" not in listed
    collected = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", "tests/golden"],
        cwd=tests.parent,
        capture_output=True,
        encoding="utf-8",
        check=True,
    ).stdout
    assert "test_golden.py::" in collected
    assert "expected/" not in collected
