"""Makes the notebooks: `python -m petsage_builder.notebook.make` writes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from petsage_builder.notebook.pack_guide import PACK_GUIDE
from petsage_builder.notebook.tour import TOUR_CELLS
from petsage_builder.playground import METADATA, MINOR, Cell
from petsage_builder.shipped import shipped

if TYPE_CHECKING:
    from nbformat import NotebookNode

PARAMETERS = "parameters"


@dataclass(frozen=True, slots=True)
class Notebook:
    """A notebook to be made; `steps`: the session's methods that it calls, one a cell."""

    name: str
    cells: tuple[Cell, ...]
    steps: tuple[str, ...] = ()

    def sources(self) -> dict[str, str]:
        """The source of every cell, by its id, in order."""
        return {cell.id: cell.source for cell in self.cells}

    def made(self) -> NotebookNode:
        """The notebook, without outputs."""
        import nbformat

        v4: Any = nbformat.v4  # nbformat leaves it untyped
        notebook: NotebookNode = v4.new_notebook(cells=[_made(v4, cell) for cell in self.cells])
        notebook.metadata = METADATA
        notebook.nbformat_minor = MINOR
        return notebook

    def text(self) -> str:
        """The bytes of the committed notebook, as text."""
        return notebook_text(self.made())

    def path(self) -> Path:
        """Where the committed notebook lies."""
        return shipped("notebooks") / self.name


def _made(v4: Any, cell: Cell) -> NotebookNode:  # noqa: ANN401 (nbformat leaves it untyped)
    make = v4.new_markdown_cell if cell.markdown else v4.new_code_cell
    metadata = {"tags": list(cell.tags)} if cell.tags else {}
    made: NotebookNode = make(cell.source, id=cell.id, metadata=metadata)
    return made


def notebook_text(notebook: NotebookNode) -> str:
    """A notebook as it is written to disk."""
    import nbformat

    nbformat.validate(notebook)
    writes: Any = nbformat.writes  # nbformat leaves it untyped
    return f"{writes(notebook).rstrip()}\n"


def _session(title: str, settings: str, start: str, steps: Mapping[str, str]) -> Iterator[Cell]:
    """The cells of a session: its parameters, its start, and its steps with what each shows."""
    yield Cell("title", title, markdown=True)
    yield Cell(PARAMETERS, settings, tags=(PARAMETERS,))
    yield Cell("start", start)
    for name, what in steps.items():
        yield Cell(name, f"session.{name}()  # {what}")


WORKSPACE_SETTING = """\
workspace: str = ""  # its folder ("": the nearest with a blueprint.toml, or generated/)"""

BUILD_STEPS = {
    "request": "what was asked for",
    "plan": "what the project will look like",
    "files": "every file, in full",
    "diff": "what changes on disk",
    "tests": "the staged project's tests, as they end",
    "api": "the routes",
    "demo": "real calls to the staged app",
    "gate": "stops here unless all is well; up to here nothing was written",
    "apply": "the one cell that changes the project",
    "complete": "the report",
}
BUILD = Notebook(
    "build_feature.ipynb",
    tuple(
        _session(
            title="""\
# Build a feature
A JSON request in, a FastAPI feature out that has been proven to work before it touches the project.
Every cell shows one step. Up to the cell `apply` nothing is written, and a failure stops before it.
Set the parameters below, then run all cells. The same as a command:
```
python -m petsage_builder notebook request.json --workspace generated
```""",
            settings=f"""\
request_path: str = "../generated/requests/smoke_test.json"  # a JSON file ("": all on file)
{WORKSPACE_SETTING}
mode: str = "build"  # plan (only show), build, or check (is the project as requested?)""",
            start="""\
from petsage_builder import notebook

session = notebook.start(globals())""",
            steps=BUILD_STEPS,
        )
    ),
    steps=tuple(BUILD_STEPS),
)

WORKSPACE_STEPS = {
    "features": "what is built here",
    "routes": "what clients can call",
    "relations": "the entities, and what joins them",
    "drift": "what is not as requests and templates say, and what mends it",
    "tests": "every test, as it ends",
    "verdict": "stops here unless all is well",
}
WORKSPACE = Notebook(
    "workspace.ipynb",
    tuple(
        _session(
            title="""\
# The workspace
Everything that is built in one workspace: features, routes, entities and how they belong together.
Then whether it is true: the files, and the tests as they end. Nothing is written, and the last cell
fails unless all is well, so that a dashboard run by papermill fails, too. The same as a command:
```
python -m petsage_builder check --workspace generated
```""",
            settings=WORKSPACE_SETTING,
            start="""\
from petsage_builder import notebook

session = notebook.start_workspace(globals())""",
            steps=WORKSPACE_STEPS,
        )
    ),
    steps=tuple(WORKSPACE_STEPS),
)

TOUR = Notebook("tour.ipynb", TOUR_CELLS)
TEMPLATES = Notebook("templates.ipynb", PACK_GUIDE)
NOTEBOOKS = (BUILD, WORKSPACE, TOUR, TEMPLATES)


if __name__ == "__main__":
    for one in NOTEBOOKS:
        one.path().write_text(one.text(), encoding="utf-8")
