"""What each command may load: imports are the largest part of a short command's time."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

SEED = {"feature": "smoke_test", "description": "Ensure builder functional"}
# Runs the command line, then prints what it loaded that is not Python's own.
SPY = """
import sys
from petsage_builder import cli
code = cli.main(sys.argv[1:])
own = set(sys.stdlib_module_names) | {"__main__", "__mp_main__", "petsage_builder"}
loaded = {name.partition(".")[0] for name in sys.modules} - own
print(*sorted(name for name in loaded if not name.startswith("_")), file=sys.stderr)
sys.exit(code)
"""
# pydantic validates, jinja2 renders; the others are theirs.
BUILD = {
    *("jinja2", "markupsafe", "pydantic", "pydantic_core"),
    *("annotated_types", "typing_extensions", "typing_inspection"),
}


def loaded_by(*arguments: str, cwd: Path) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", SPY, *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr + done.stdout
    return set(done.stderr.splitlines()[-1].split())


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("imports")
    (folder / "request.json").write_text(json.dumps(SEED), encoding="utf-8")
    return folder


def test_help_loads_nothing_but_python_itself(project: Path) -> None:
    code = SPY.replace("cli.main(sys.argv[1:])", "exits()").replace(
        "code = exits()",
        "try:\n    cli.main(sys.argv[1:])\nexcept SystemExit as end:\n    code = end.code",
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "--help"],
        cwd=project,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr.split() == []


def test_dry_run_loads_the_validator_and_the_renderer(project: Path) -> None:
    assert loaded_by("request.json", "--dry-run", cwd=project) <= BUILD


def test_build_check_second_build_and_removal_load_no_more_than_they_need(project: Path) -> None:
    assert loaded_by("request.json", cwd=project) <= BUILD
    assert loaded_by("check", cwd=project) <= BUILD
    assert loaded_by("status", cwd=project) <= BUILD
    assert loaded_by("explain", "README.md:1", cwd=project) <= BUILD
    assert loaded_by("request.json", cwd=project) == set()
    assert loaded_by("remove", "smoke_test", cwd=project) <= BUILD


def test_a_public_name_is_imported_when_it_is_asked_for() -> None:
    code = (
        "import sys, petsage_builder as p; assert 'pydantic' not in sys.modules; "
        "p.load_request; assert 'pydantic' in sys.modules; "
        "assert {n for n in p.__all__ if getattr(p, n)} == set(p.__all__)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


PLURALS = """
import typeguard

checked = typeguard.typechecked
from petsage_builder.kinds.entities.rules.plural import plural_of
from petsage_builder.names import Ident

assert plural_of(Ident("field_mouse")) == "field_mice"
assert typeguard.typechecked is checked
import inflect

print(*inflect.engine.plural_noun.__code__.co_names)
"""


def test_plurals_are_loaded_without_checks_of_types_which_take_seconds() -> None:
    names = subprocess.check_output([sys.executable, "-c", PLURALS], text=True).split()
    assert "postprocess" in names
    assert "typeguard" not in names  # it writes itself into each function that it checks
