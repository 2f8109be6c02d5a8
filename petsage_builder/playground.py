"""Playgrounds: a notebook for each feature, whose cells hold names and never payload text."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from petsage_builder.names import Ident, words_title

KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
METADATA = {"kernelspec": KERNELSPEC, "language_info": {"name": "python"}}
KERNEL = ("kernelspec", "language_info")  # what runs a notebook, as whoever saves it has it
FORMAT, MINOR = 4, 5
SUFFIX = ".ipynb"
YOURS = "# Yours to change.\n"


@dataclass(frozen=True, slots=True)
class Cell:
    """Python, or Markdown; `id` is its own in the notebook."""

    id: str
    source: str
    markdown: bool = False
    tags: tuple[str, ...] = ()


def notebook_of(feature: Ident, package: Ident, cells: Iterable[Cell]) -> tuple[Cell, ...]:
    """The cells of a feature's playground, after those that start it."""
    title = f"""\
# {words_title(feature)}: a playground
Every call of the feature, and one that is refused, made to the application as it is now,
with samples of its tests. What it stores is gone when the kernel stops.
Run all cells where the project is installed: `pip install --editable .`"""
    start = f"from {package}.tests.playground import Playground\n\nplay = await Playground.start()"
    return (Cell("title", title, markdown=True), Cell("start", start), *cells)


def call_of(method: str, url: str, answers: int, *sent: str) -> str:
    """A call, as a cell makes it; `sent`: its arguments by name, or nothing."""
    given = ", ".join(part for part in (url, *sent) if part)
    return f'await play("{method}", {given}, answers={answers})'


def notebook_text(cells: Iterable[Cell]) -> str:
    """The notebook, as nbformat writes it, but for the last line end."""
    document = {
        "cells": [dict(_written(cell)) for cell in cells],
        "metadata": METADATA,
        "nbformat": FORMAT,
        "nbformat_minor": MINOR,
    }
    return json.dumps(document, indent=1, sort_keys=True)


def _written(cell: Cell) -> Iterator[tuple[str, object]]:
    yield "cell_type", "markdown" if cell.markdown else "code"
    yield "id", cell.id
    yield "metadata", {}
    yield "source", cell.source.splitlines(keepends=True)
    if not cell.markdown:
        yield from (("execution_count", None), ("outputs", []))


def essence(path: str, text: str) -> str:
    """A notebook without its kernel, and what running and saving it leaves; other text as it is."""
    return _without_results(path, text, {}) or text


def is_as_rendered(path: str, text: str, render: str) -> bool:
    """Whether a text is the render; a notebook, whether it was only run and saved since."""
    if text == render:
        return True
    mine, made = _document(path, text), _document(path, render)
    was_run = any(map(_has_result, mine.get("cells", ()))) or _kernel(mine) != _kernel(made)
    return was_run and essence(path, text) == essence(path, render)


def _has_result(cell: Any) -> bool:  # noqa: ANN401 (whatever a file holds)
    if not isinstance(cell, dict):
        return False
    return bool(cell.get("outputs") or cell.get("execution_count") is not None)


def without_results(path: str, text: str, like: str) -> str:
    """A notebook as if it had not been run since it was rendered `like` this; other text as it is.

    The kernel is that of the render; the line ends stay.
    """
    plain = _without_results(path, text, _kernel(_document(path, like)))
    crlf = "\r\n" in text and text.count("\r\n") == text.count("\n")
    return (plain.replace("\n", "\r\n") if crlf else plain) or text


def _without_results(path: str, text: str, kernel: Mapping[str, Any]) -> str:
    """The notebook, or '' for what is none."""
    document = _document(path, text)
    if not document:
        return ""
    try:
        for cell in document["cells"]:
            cell["metadata"].pop("execution", None)  # when it was run
            if cell["cell_type"] == "code":
                cell |= {"execution_count": None, "outputs": []}
        rest = {key: value for key, value in document["metadata"].items() if key not in KERNEL}
        document["metadata"] = {**rest, **kernel}
        plain = f"{json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False)}\n"
        plain.encode()
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return ""
    return plain


def _document(path: str, text: str) -> dict[str, Any]:
    """The notebook that a text is, empty for none."""
    if not path.endswith(SUFFIX):
        return {}
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    is_one = isinstance(document, dict) and isinstance(document.get("metadata"), dict)
    return document if is_one and isinstance(document.get("cells"), list) else {}


def _kernel(document: Mapping[str, Any]) -> dict[str, Any]:
    known = document.get("metadata", {})
    return {key: known[key] for key in KERNEL if key in known}
