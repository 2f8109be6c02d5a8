"""Hostile texts stay text in the generated documentation, and come into no command."""

from __future__ import annotations

import ast
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from command_line import write
from documented import by_curl, check, documented, save_files, served
from hostile import cases
from markdown_it import MarkdownIt
from markdown_it.token import Token
from projects import written_project
from readme import Readme

from petsage_builder.text import clean

SAFE_SHELL = re.compile(r"""[A-Za-z0-9 ."/:?=&%$@_~-]+""")
TEXTS = [str(case.value) for case in cases("text", "embed", "strip")]
SHOWN = {f"t{number}": clean(text).value for number, text in enumerate(TEXTS)}


def sayings() -> dict[str, Any]:
    """Every hostile text wherever a request takes text."""
    fields: list[dict[str, Any]] = [
        {"name": name, "type": "text", "description": text, "example": text, "default": text}
        for name, text in zip(SHOWN, TEXTS, strict=True)
    ]
    values = [text for text in dict.fromkeys(SHOWN.values()) if len(text) <= 100 and text.strip()]
    fields.append({"name": "word", "type": "enum", "values": values, "example": values[0]})
    listing = {"filters": {name: ["eq"] for name in [*SHOWN, "word"]}}
    entity = {"name": "saying", "description": TEXTS[0], "fields": fields, "list": listing}
    return {
        "feature": "sayings",
        "description": TEXTS[1],
        "requirements": {"entities": [entity]},
    }


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    source = write(folder / "sayings.json", sayings())
    return written_project(folder / "generated", [source])


def test_hostile_texts_stay_text_in_tables(hostile: Path) -> None:
    tokens = parsed(documented(hostile, "sayings"))
    rows = [i for i, token in enumerate(tokens) if token.type in {"tr_open", "tr_close"}]
    cells = [[t for t in tokens[i:j] if t.type == "inline"] for i, j in pairwise(rows)]
    shown = {row[0].content.strip("`"): row for row in cells if len(row) == 4}
    assert len(shown) == len(SHOWN) + 5  # the heading, the id, the enum and two moments
    for name, text in SHOWN.items():
        assert words(shown[name][3]) == " ".join(text.split())
    spans = [child.content for child in shown["word"][2].children or [] if child.markup]
    assert {span.strip() for span in spans} >= {text for text in SHOWN.values() if text.isalnum()}


def parsed(asked: Readme) -> list[Token]:
    return MarkdownIt("commonmark").enable("table").parse(asked.text)


def words(cell: Token) -> str:
    """What a reader sees, which must be nothing but text."""
    assert {child.type for child in cell.children or []} <= {"text"}
    return " ".join("".join(child.content for child in cell.children or []).split())


def test_hostile_texts_make_no_markup(hostile: Path) -> None:
    tokens = parsed(documented(hostile, "sayings"))
    inside = {child.type for token in tokens for child in token.children or []}
    assert inside <= {"text", "code_inline", "softbreak", "link_open", "link_close"}
    links = [c.attrs["href"] for t in tokens for c in t.children or [] if c.type == "link_open"]
    assert set(links) == {"#errors-of-sayings"}
    assert not [token for token in tokens if token.type in {"html_block", "code_block"}]
    headings = [
        t.content
        for t, before in zip(tokens[1:], tokens, strict=False)
        if before.type == "heading_open"
    ]
    assert headings[:4] == ["Sayings Feature", "Overview", "Sayings", "Fields of sayings"]
    assert len(headings) == 13


def test_hostile_texts_are_in_the_files_and_in_no_command(hostile: Path) -> None:
    calls = documented(hostile, "sayings").sections["Sayings"].calls
    [sent] = [call.file[1] for call in calls if call.method == "POST" and call.file]
    assert {name: sent[name] for name in SHOWN} == SHOWN
    for call in calls:
        for line in call.shell.splitlines():
            assert SAFE_SHELL.fullmatch(line), line
        ast.parse(call.python)


def test_hostile_calls_answer_as_shown(hostile: Path, tmp_path: Path) -> None:
    calls = documented(hostile, "sayings").sections["Sayings"].calls
    save_files(calls, tmp_path)
    known: dict[str, str] = {}
    with served(hostile, f"sqlite:///{tmp_path}/kept.db") as server:
        for call in calls:
            check(call, *by_curl(call, server, tmp_path, known))
