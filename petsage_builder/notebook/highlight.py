"""Code and diffs in colours: inline styles only, and readable on white and on black alike."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from pygments import highlight
from pygments.formatters.html import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.style import Style
from pygments.token import Comment, Generic, Keyword, Name, Number, Operator, String

from petsage_builder.notebook.blocks import bold, boxed, tint

if TYPE_CHECKING:
    from pygments.lexer import Lexer

BLUE, GREEN, GREY, ORANGE = "#1178d6", "#148926", "#767676", "#b95e0a"
PURPLE, TEAL = "#9c55d4", "#0f8484"


class Calm(Style):
    """Each colour has a contrast of 4 or more to white and to JupyterLab's dark ground."""

    styles = {  # noqa: RUF012 (as Pygments has it)
        Comment: GREY,
        String: GREEN,
        String.Doc: GREY,
        Number: ORANGE,
        Keyword: PURPLE,
        Keyword.Constant: ORANGE,
        Operator.Word: PURPLE,
        Name.Function: BLUE,
        Name.Class: BLUE,
        Name.Decorator: TEAL,
        Name.Tag: BLUE,
        Name.Builtin: TEAL,
        Generic.Heading: f"bold {BLUE}",
        Generic.Subheading: f"bold {BLUE}",
        Generic.Strong: "bold",
        Generic.Emph: "italic",
    }


# By the last part of a file's name. Pygments, asked itself, tries a thousand patterns of names, and
# the lexers of whatever else is installed: the same file would differ from machine to machine.
LANGUAGES = {
    "css": "css",
    "html": "html",
    "ini": "ini",
    "ipynb": "json",
    "js": "javascript",
    "json": "json",
    "md": "markdown",
    "py": "python",
    "sh": "bash",
    "sql": "sql",
    "toml": "toml",
    "yaml": "yaml",
    "yml": "yaml",
}
DIFF_TINTS = {"+": "good", "-": "bad", "@": "note"}
FORMATTER: Any = HtmlFormatter(style=Calm, noclasses=True, nowrap=True)  # Pygments is untyped


@functools.lru_cache(maxsize=256)  # the report shows again what was shown as a file
def code_block(path: str, text: str) -> str:
    """A file's text in a box; its name tells its language."""
    coloured = highlight(text, _lexer(path), FORMATTER)
    return boxed(coloured if text.endswith("\n") else coloured.rstrip("\n"))


def diff_block(diff: str) -> str:
    """A unified diff in a box, its lines tinted."""
    head, lines = [], diff.splitlines()
    if lines[:1] and lines[0].startswith("--- "):
        head, lines = lines[:2], lines[2:]
    return boxed("\n".join([*map(bold, head), *(tint(x, DIFF_TINTS.get(x[:1])) for x in lines)]))


def _lexer(path: str) -> Lexer:
    return _lexer_of(LANGUAGES.get(path.rpartition(".")[2], "text"))


@functools.cache
def _lexer_of(language: str) -> Lexer:
    as_it_is: dict[str, Any] = {"stripnl": False, "ensurenl": False}
    found: Lexer = get_lexer_by_name(language, **as_it_is)
    return found
