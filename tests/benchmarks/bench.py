"""CPU seconds of the commands beside floors measured in the same run: `make bench`.

`--small` does everything once at the smallest size, to know that the benchmark works.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import nbformat
from rich.console import Console
from rich.table import Table

from petsage_builder.notebook.make import BUILD, notebook_text

# bubblewrap's processes are reaped inside its own namespace, so their CPU time is lost to
# getrusage; the namespaces that the runner makes itself isolate as well and are counted.
BUILDER = """
import sys
from pathlib import Path
from petsage_builder import cli
from petsage_builder.verify import subprocess_run
subprocess_run.BUBBLEWRAP = Path("/nonexistent")
cli.run()
"""
COUNTED = """
from pathlib import Path as _Path

from petsage_builder.verify import subprocess_run as _run

_run.BUBBLEWRAP = _Path("/nonexistent")"""
# What the least script would do: render the same templates and write them; no validation, no
# formatting, no merge, no record, no proof.
FLOOR = """
import sys
from pathlib import Path
from jinja2 import Environment, FileSystemLoader
folder, target = sys.argv[1:]
environment = Environment(loader=FileSystemLoader(folder), trim_blocks=True, lstrip_blocks=True)
names = ("py", "docstring", "md", "code", "toml", "json_block", "notebook")
environment.filters |= dict.fromkeys(names, repr)
spec = {"feature": "smoke_test", "title": "Smoke Test", "description": "d", "path": "/status"}
project = {"package": "petsage_api", "features": [spec]}
for pack in ("app", "status"):
    for name in environment.list_templates(filter_func=lambda n: n.startswith(pack + "/files/")):
        path = Path(target, name.removesuffix(".jinja"))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(environment.get_template(name).render(project=project, spec=spec))
"""
REQUEST = {"feature": "smoke_test", "description": "Ensure builder functional"}
TEMPLATES = Path(__file__).parents[2] / "templates"
CASES = Path(__file__).parents[1] / "golden"
Command = list[str]


def python(*arguments: str) -> Command:
    return [sys.executable, *arguments]


def builder(*arguments: str) -> Command:
    return python("-c", BUILDER, *arguments)


def cpu(command: Command, cwd: Path) -> float:
    """CPU seconds of a command and its children."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{command[-3:]} failed:\n{done.stdout.decode()}{done.stderr.decode()}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def median(rounds: int, measure: Callable[[int], float]) -> float:
    return statistics.median(measure(number) for number in range(rounds))


def one_feature(folder: Path, rounds: int) -> list[tuple[str, float, str]]:
    """The rows of the table: what, seconds, and what it is compared with."""
    request = folder / "request.json"
    request.write_text(json.dumps(REQUEST), encoding="utf-8")
    project = str(folder / "project")
    cpu(builder(str(request), "--workspace", project), folder)

    def again(*command: str) -> float:
        return median(rounds, lambda _: cpu(list(command), folder))

    empty = again(*python("-c", "pass"))
    floor = again(*python("-c", FLOOR, str(TEMPLATES), str(folder / "floor")))
    dry = again(*builder(str(request), "--workspace", str(folder / "none"), "--dry-run"))
    options = ["-q", "-p", "anyio", "-p", "no:cacheprovider"]
    bare = python("-m", "pytest", *options)
    warm = median(rounds, lambda _: cpu(bare, folder / "project"))
    tests = median(rounds, lambda n: cpu(bare, fresh_copy(folder / "project", folder / f"p{n}")))
    build = median(
        rounds, lambda n: cpu(builder(str(request), "--workspace", str(folder / f"b{n}")), folder)
    )
    second = again(*builder(str(request), "--workspace", project))
    check = again(*builder("check", "--workspace", project))
    files = again(*builder("check", "--files-only", "--workspace", project))
    return [
        ("python -c pass", empty, ""),
        ("floor: render and write", floor, ""),
        ("--dry-run", dry, f"{dry / floor:.2f} x floor (goal 2.5)"),
        ("bare pytest, same tests, fresh copy", tests, ""),
        ("bare pytest, same tests, again", warm, "its bytecode is cached"),
        ("build", build, f"{build / tests:.2f} x fresh (goal 1.3), {build / warm:.2f} x again"),
        ("second build", second, "goal 0.15"),
        ("check", check, f"{check / tests:.2f} x fresh, {check / warm:.2f} x again"),
        ("check --files-only", files, ""),
    ]


def stored_feature(folder: Path, rounds: int) -> list[tuple[str, float, str]]:
    """The build of a feature that stores data, beside bare pytest on the same tests."""
    every = json.loads((CASES / "owners_and_tags/request.json").read_text(encoding="utf-8"))
    request = folder / "owners.json"
    request.write_text(json.dumps([one for one in every if one["feature"] == "owners"]))
    build = median(
        rounds, lambda n: cpu(builder(str(request), "--workspace", str(folder / f"o{n}")), folder)
    )
    bare = python("-m", "pytest", "-q", "-p", "anyio", "-p", "no:cacheprovider")
    tests = median(rounds, lambda n: cpu(bare, fresh_copy(folder / "o0", folder / f"t{n}")))
    return [
        ("owners: bare pytest, fresh copy", tests, ""),
        ("owners: build", build, f"{build / tests:.2f} x fresh (goal 1.3)"),
    ]


def notebook(folder: Path, rounds: int) -> list[tuple[str, float, str]]:
    """Bare papermill on the builder notebook, beside the command and a notebook that does nothing.

    A cell is added that chooses the isolation whose CPU time is counted.
    """
    request = folder / "request.json"
    v4: Any = nbformat.v4  # nbformat leaves it untyped
    empty = BUILD.made()
    empty.cells = [v4.new_code_cell("pass", id=f"cell-{number}") for number in range(10)]
    made = BUILD.made()
    made.cells.insert(1, v4.new_code_cell(COUNTED, id="counted"))
    for name, notebook in (("empty", empty), ("made", made)):
        (folder / f"{name}.ipynb").write_text(notebook_text(notebook), encoding="utf-8")

    def run(name: str, *options: str) -> float:
        command = python("-m", "papermill", f"{name}.ipynb", f"{name}.out.ipynb", *options)
        return cpu([*command, "--no-progress-bar"], folder)

    def once(number: int) -> float:
        return run("made", "-p", "request_path", str(request), "-p", "workspace", f"n{number}")

    nothing = median(rounds, lambda _: run("empty"))
    ran = median(rounds, once)
    build = median(
        rounds, lambda n: cpu(builder(str(request), "--workspace", str(folder / f"c{n}")), folder)
    )
    beside = f"{(ran - nothing) / build:.2f} x build, without the empty one (goal 1.25)"
    return [
        ("papermill, ten empty cells", nothing, ""),
        ("papermill, the builder notebook", ran, beside),
    ]


def fresh_copy(project: Path, copy: Path) -> Path:
    """The project as a build leaves it: nothing in it was compiled yet."""
    return Path(shutil.copytree(project, copy, ignore=shutil.ignore_patterns("__pycache__")))


def many_features(folder: Path, counts: tuple[int, ...]) -> list[tuple[str, float, str]]:
    """`check --files-only` of many features: seconds, growth and memory."""
    rows = []
    for count in counts:
        project = folder / f"many{count}"
        write_unverified(project, [status(number) for number in range(count)])
        seconds = cpu(
            builder("check", "--files-only", "--quiet", "--workspace", str(project)), folder
        )
        said = f"{1000 * seconds / count:.1f} ms a feature"
        rows.append((f"check --files-only, {count} features", seconds, said))
    return rows


def status(number: int) -> dict[str, object]:
    requirements = {"status": {"path": f"/f{number}"}}
    return {"feature": f"f{number}", "description": "d", "requirements": requirements}


def write_unverified(project: Path, requests: Sequence[dict[str, object]]) -> None:
    """A workspace of features, written without running their tests (they are not measured)."""
    from petsage_builder.entries import entries_in
    from petsage_builder.pipeline import Options, make_draft
    from petsage_builder.staging import commit
    from petsage_builder.strict_json import parse
    from petsage_builder.workspace import workspace_at

    entries = entries_in(parse(json.dumps(requests).encode(), "bench"))
    with workspace_at(project, "bench") as workspace:
        commit(workspace, make_draft(workspace, entries, Options(root=project)).changes)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true")
    small = parser.parse_args().small
    table = Table("work", "CPU s", "beside")
    with tempfile.TemporaryDirectory(prefix="petsage-bench-") as folder:
        rows = one_feature(Path(folder), 1 if small else 7)
        rows += notebook(Path(folder), 1 if small else 5)
        rows += stored_feature(Path(folder), 1 if small else 5)
        rows += many_features(Path(folder), (10,) if small else (10, 100, 1000))
        for work, seconds, beside in rows:
            table.add_row(work, f"{seconds:.3f}", beside)
    Console(width=100).print(table)


if __name__ == "__main__":
    main()
