"""Executed notebooks: the record of a build, made by papermill, and whether to believe one."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from petsage_builder.errors import Problem, RequestError, WriteError
from petsage_builder.interrupts import temporary_folder
from petsage_builder.notebook import completeness, make
from petsage_builder.notebook.failure import FAILURES
from petsage_builder.notebook.page import SUFFIX as PAGE
from petsage_builder.notebook.page import need_nbconvert, page
from petsage_builder.notebook.parameters import NotebookMode
from petsage_builder.playground import FORMAT, KERNELSPEC, METADATA

if TYPE_CHECKING:
    from nbformat import NotebookNode

SUFFIX = ".ipynb"


@dataclass(frozen=True, slots=True)
class Record:
    """An executed notebook: where it was written, and how it ended."""

    path: Path
    exit_code: int
    message: str
    page: Path | None = None

    def text(self) -> str:
        """What the command prints."""
        page = f"\npage: {self.page}" if self.page else ""
        return f"{self.message}\nrecord: {self.path}{page}"


@dataclass(frozen=True, slots=True)
class Verified:
    """Every reason not to believe in an executed notebook; without any, its `banner` is true."""

    problems: list[Problem]
    banner: str = ""


def execute(
    request: str, workspace_root: Path, mode: str, output: str | None, *, html: bool = False
) -> Record:
    """Runs the builder notebook on a request, and keeps the record, of a failure too.

    `html`: a page of it, too, beside it.
    """
    path = _output(request, output)
    if html:
        need_nbconvert()
    parameters = {"request_path": request, "workspace": _given(workspace_root), "mode": mode}
    with temporary_folder("petsage-notebook-") as folder:
        trouble = _papermill(folder, parameters)
        notebook = _executed(folder)
    scrub(notebook)
    _replace(path, make.notebook_text(notebook))
    record = _judged(path, notebook, NotebookMode(mode), trouble)
    if not html:
        return record
    _replace(shown := path.with_suffix(PAGE), page(notebook, path.stem))
    return replace(record, page=shown)


def verify_record(path: Path) -> Verified:
    """Whether this executed notebook, of a build or of a workspace, really completed."""
    try:
        cells = _read(path.read_bytes()).cells
    except OSError as error:
        return Verified([Problem(str(path), f"can't be read: {error.strerror}.")])
    except ValueError as error:
        return Verified([Problem(str(path), f"is no notebook: {error}.")])
    executed, mode = completeness.notebook_of(cells)
    found = completeness.find(cells, executed, mode)
    problems = [Problem(f"{path} {p.where}", p.message, p.hint) for p in found]
    return Verified(problems, mode.banner)


def scrub(notebook: NotebookNode) -> None:
    """Takes out what differs from run to run and from machine to machine."""
    notebook.metadata = METADATA
    marked = completeness.ERROR_MARK
    notebook.cells = [cell for cell in notebook.cells if marked not in completeness.tags(cell)]
    for cell in notebook.cells:
        tags = completeness.tags(cell)
        cell.metadata = {"tags": list(tags)} if tags else {}
        if completeness.INJECTED in tags:
            cell.id = completeness.INJECTED


def _output(request: str, output: str | None) -> Path:
    """Where the record goes; known to be writable before anything runs."""
    if request == "-":
        raise RequestError(Problem("-", "a notebook has no standard input.", "Name a file."))
    name = Path(request).resolve().stem or "build"
    path = Path(output) if output else Path(f"{name}.record{SUFFIX}")
    if path.suffix != SUFFIX:
        raise RequestError(Problem(str(path), f"is no name for a notebook: use *{SUFFIX}."))
    if not path.parent.is_dir():
        raise RequestError(Problem(str(path.parent), "is no folder.", "Make it first."))
    if path.is_dir() or not os.access(path.parent, os.W_OK):
        raise RequestError(Problem(str(path), "can't be written.", "Name another --output."))
    return path


def _given(root: Path) -> str:
    """The workspace as the record says it: relative where it lies near, for any checkout."""
    here = Path.cwd()
    near = root.is_absolute() and (root.is_relative_to(here) or here.is_relative_to(root))
    return os.path.relpath(root, here) if near else str(root)


def _papermill(folder: Path, parameters: Mapping[str, str]) -> str:
    """Leaves the executed notebook in the folder; says why it broke off, or ''."""
    from nbclient.exceptions import CellControlSignal, DeadKernelError
    from papermill import execute_notebook  # type: ignore[import-untyped]
    from papermill.exceptions import PapermillExecutionError  # type: ignore[import-untyped]

    from petsage_builder.notebook.kernel import OwnKernel

    profile = folder / "ipython"
    profile.mkdir()
    try:
        execute_notebook(
            make.BUILD.made(),
            folder / make.BUILD.name,
            parameters,
            kernel_name=KERNELSPEC["name"],
            progress_bar=False,
            kernel_manager_class=OwnKernel,
            # No start-up files or history of the user's; no word about TCP or how the kernel ended.
            extra_arguments=["--log-level=50", f"--ipython-dir={profile}"],
        )
    except PapermillExecutionError as error:
        return "\n".join(error.traceback)
    except (DeadKernelError, CellControlSignal, RuntimeError) as error:
        return f"BUILD FAILED: the notebook's kernel ended early: {error}"
    return ""


def _executed(folder: Path) -> NotebookNode:
    path = folder / make.BUILD.name
    try:
        return _read(path.read_bytes())
    except (OSError, ValueError) as error:
        raise WriteError(Problem("notebook", f"papermill left no notebook: {error}.")) from error


def _read(content: bytes) -> NotebookNode:
    """The notebook in a file's bytes; a ValueError says why there is none."""
    import nbformat

    try:
        value = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise ValueError("it is not JSON, or was cut off") from error
    if not isinstance(value, dict) or value.get("nbformat") != FORMAT:
        raise ValueError(f"its format is not {FORMAT}")
    from_dict: Any = nbformat.from_dict  # nbformat leaves it untyped
    notebook: NotebookNode = from_dict(value)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # about missing and doubled ids, which it would mend
            nbformat.validate(notebook)
    except (nbformat.ValidationError, Warning) as error:
        raise ValueError(str(error).partition("\n")[0]) from error
    joined: NotebookNode = nbformat.v4.rwbase.rejoin_lines(notebook)  # type: ignore[no-untyped-call]
    return joined


def _replace(path: Path, text: str) -> None:
    """The text at `path`, whole or not at all."""
    draft = None
    try:
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", dir=path.parent, prefix=f".{path.name}.", delete=False
        ) as file:
            draft = Path(file.name)
            file.write(text)
            file.flush()
            os.fchmod(file.fileno(), 0o644)
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as error:
        if draft:
            with contextlib.suppress(OSError):
                draft.unlink()
        raise WriteError(Problem(str(path), f"the disk refused: {error.strerror}.")) from error


def _judged(path: Path, notebook: NotebookNode, mode: NotebookMode, trouble: str) -> Record:
    """The record, with success said only when the notebook itself shows it."""
    if trouble:
        return Record(path, _exit_code(notebook), trouble)
    if problems := completeness.find(notebook.cells, make.BUILD, mode):
        reasons = "\n".join(map(str, problems))
        return Record(path, 1, f"{mode.word} FAILED: the record is not complete.\n{reasons}")
    return Record(path, 0, mode.banner)


def _exit_code(notebook: NotebookNode) -> int:
    """The exit code that belongs to the exception which a cell ended with."""
    codes = {failure.__name__: code for code, failure in FAILURES.items()}
    outputs = (output for cell in notebook.cells for output in cell.get("outputs", ()))
    errors = (output.ename for output in outputs if output.output_type == "error")
    return next((codes.get(error, 1) for error in errors), 1)
