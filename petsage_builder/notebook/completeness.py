"""Whether an executed notebook really completed; papermill's exit code can lie."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from petsage_builder.errors import Problem
from petsage_builder.notebook.blocks import MIME
from petsage_builder.notebook.make import BUILD, PARAMETERS, WORKSPACE, Notebook
from petsage_builder.notebook.parameters import NotebookMode

TESTS = "tests"
INJECTED = "injected-parameters"
ERROR_MARK = "papermill-error-cell-tag"
Cell = Mapping[str, Any]


def notebook_of(cells: Sequence[Cell]) -> tuple[Notebook, NotebookMode]:
    """Which notebook it is that was executed, and what it is to have done."""
    ids = {cell.get("id") for cell in cells}
    if WORKSPACE.steps[-1] in ids:
        return WORKSPACE, NotebookMode.CHECK
    return BUILD, NotebookMode.BUILD


def find(cells: Sequence[Cell], notebook: Notebook, mode: NotebookMode) -> list[Problem]:
    """Every reason not to believe that these cells completed the notebook in this mode."""
    own = [cell for cell in cells if not _is_added(cell)]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    if all(cell.get("execution_count") is None for cell in code):
        return [Problem("notebook", "was never executed.")]
    problems = [*_other_cells(own, notebook), *(p for cell in code for p in _failed(cell))]
    problems += [*_order(code), *_parameters(code, notebook)]
    return problems or list(_unseen(own, notebook, mode))


def outcome(cell: Cell) -> Mapping[str, Any]:
    """What a cell showed, as data."""
    shown = (output.get("data", {}).get(MIME) for output in cell.get("outputs", ()))
    return next((content for content in shown if isinstance(content, Mapping)), {})


def tags(cell: Cell) -> Sequence[str]:
    return tuple(cell.get("metadata", {}).get("tags", ()))


def name(cell: Cell) -> str:
    return f"cell {cell.get('id', '?')}"


def _is_added(cell: Cell) -> bool:
    is_mark = cell["cell_type"] == "markdown" and ERROR_MARK in tags(cell)
    return is_mark or INJECTED in tags(cell)


def _other_cells(own: Sequence[Cell], notebook: Notebook) -> Iterator[Problem]:
    """Cells that are not the notebook's own."""
    expected = notebook.sources()
    kinds = {cell.id: "markdown" if cell.markdown else "code" for cell in notebook.cells}
    found = {str(cell.get("id")): cell for cell in own}
    for cell_id in expected.keys() - found.keys():
        yield Problem(f"cell {cell_id}", "is missing.")
    for cell_id, cell in found.items():
        if cell_id not in expected:
            yield Problem(name(cell), f"is no cell of {notebook.name}.")
        elif cell["cell_type"] != kinds[cell_id]:
            yield Problem(name(cell), f"is no cell of {kinds[cell_id]} any more.")
        elif cell_id != PARAMETERS and cell["source"] != expected[cell_id]:
            yield Problem(name(cell), f"is not what {notebook.name} says there.")
    in_order = [cell_id for cell_id in expected if cell_id in found]
    if list(found) != in_order and found.keys() == expected.keys():
        yield Problem("notebook", "its cells stand in another order.")


def _failed(cell: Cell) -> Iterator[Problem]:
    for output in cell["outputs"]:
        if output["output_type"] == "error":
            said = "\n".join(output["traceback"]) or f"{output['ename']}: {output['evalue']}"
            yield Problem(name(cell), f"failed.\n{said}")


def _order(code: Sequence[Cell]) -> Iterator[Problem]:
    last = 0
    for cell in code:
        count = cell.get("execution_count")
        if count is None:
            yield Problem(name(cell), "was not run.")
        elif count <= last:
            yield Problem(name(cell), "was run before the cell above it.")
        else:
            last = count


def _parameters(code: Sequence[Cell], notebook: Notebook) -> Iterator[Problem]:
    """A parameter cell may say anything, as long as it only sets parameters."""
    names = {name for s in ast.parse(notebook.sources()[PARAMETERS]).body for name in _set_by(s)}
    for cell in code:
        if cell.get("id") == PARAMETERS or INJECTED in tags(cell):
            try:
                body = ast.parse(cell["source"]).body
            except (SyntaxError, ValueError):
                body = [ast.Pass()]
            if not all(_set_by(statement) & names for statement in body):
                yield Problem(name(cell), "does more than set parameters.")


def _set_by(statement: ast.stmt) -> set[str]:
    """The name that a statement sets to a constant, if that is all it does."""
    match statement:
        case ast.Assign(targets=[ast.Name(id=target)], value=ast.Constant()):
            return {target}
        case ast.AnnAssign(target=ast.Name(id=target), value=ast.Constant()):
            return {target}
        case _:
            return set()


def _unseen(own: Sequence[Cell], notebook: Notebook, mode: NotebookMode) -> Iterator[Problem]:
    """Steps that show nothing of what they must show."""
    cells = {cell["id"]: cell for cell in own}
    for step in notebook.steps:
        if outcome(cells[step]).get("view") != step:
            yield Problem(f"cell {step}", "does not show what it is for.")
    last = notebook.steps[-1]
    done = outcome(cells[last])
    if done.get("ok") is not True or done.get("banner") != mode.banner:
        hint = f"It says: {done.get('banner')}" if done.get("banner") else ""
        yield Problem(f"cell {last}", f"does not say {mode.banner}", hint)
    if mode is not NotebookMode.PLAN and outcome(cells[TESTS]).get("ok") is not True:
        yield Problem(f"cell {TESTS}", "does not show that all checks hold.")
