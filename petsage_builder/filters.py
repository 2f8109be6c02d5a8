"""The only way payload text becomes printable code."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from json import dumps
from typing import Final

from petsage_builder.markdown import ApiCall, Sentence, Span, python_lines, shell_lines
from petsage_builder.names import Ident, PyName, Revision, Words
from petsage_builder.playground import Cell, notebook_text
from petsage_builder.printing import python, without_directives
from petsage_builder.python_code import Items, Pairs
from petsage_builder.text import Text, escape_invisible, python_escape

_CONFLICT_MARKER: Final = re.compile(r"^([<=>|])(?=\1{6})", re.MULTILINE)
_DOCTEST: Final = re.compile(r"^([ \t]*)>>>", re.MULTILINE)
_OUTER_LINE_ENDS: Final = re.compile(r"\A\n+|(?<!\n)\n+\Z")

_MD_ANYWHERE: Final = re.compile(
    r"[\\`*\[\]<~$|]|&(?=#?\w+;)|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])"  # not in snake_case
)
_MD_LINE_START: Final = re.compile(r"^(?:()([-#+=:>])|([0-9]+)([.)])(?=[ \t]|$))")
_BACKTICKS: Final = re.compile(r"`+")


class Code(str):
    """Text that a template may print; made only in this module."""

    __slots__ = ()


def py(value: object) -> Code:
    """A Python literal of a Text, Ident, number, None or a tuple of them; a piece of code as is."""
    return Code(python(value))


def docstring(value: object) -> Code:
    """A module-level docstring whose value is the text, also after `ruff format`.

    The one exception: a line that would start a doctest example gets a backslash in front.
    """
    if not isinstance(value, Text):
        raise _wrong_type("docstring", value, "Text")
    if not value.value:
        raise ValueError("a docstring can't be made of an empty text")
    quiet = _DOCTEST.sub(r"\1\\>>>", value.value)
    return Code(f'"""{_docstring_body(quiet)}"""')


def md(value: object) -> Code:
    """Markdown that renders as the text itself, in one paragraph or several."""
    lines = [_markdown_line(line) for line in _string("md", value).split("\n")]
    return Code(re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n"))


def code(value: object) -> Code:
    r"""A Markdown code span on one line; invisible characters appear as `\u200b`."""
    content = _string("code", value).replace("\n", " ").replace("\t", " ") or " "
    content = escape_invisible(content, python_escape)
    fence = _fence(content, 1)
    # CommonMark takes one space off both ends, unless all is space.
    stripped = content.strip(" ") and content[0] == content[-1] == " "
    pad = " " if stripped or "`" in (content[0], content[-1]) else ""
    return Code(f"{fence}{pad}{content}{pad}{fence}")


def line(value: object) -> Code:
    """Markdown on one line, for lists and tables: a text or name, code, or a sentence of them."""
    return Code(_of_line(value))


def calls(value: object) -> Code:
    """Two fenced Markdown blocks: the call in a shell, and in Python."""
    if not isinstance(value, ApiCall):
        raise _wrong_type("calls", value, "an ApiCall")
    return Code(f"```sh\n{shell_lines(value)}\n```\n\n```python\n{python_lines(value)}\n```")


def toml(value: object) -> Code:
    """A TOML value: a basic string, an integer, a boolean or an array of them."""
    if isinstance(value, tuple):
        return Code(f"[{', '.join(map(toml, value))}]")
    if isinstance(value, bool | int):
        return Code(dumps(value))
    quoted = dumps(_string("toml", value), ensure_ascii=False)  # its escapes are TOML's too
    return Code(escape_invisible(quoted, _toml_escape))


def json(value: object) -> Code:
    """A JSON literal on one line."""
    return Code(_json(_plain(value), None))


def json_block(value: object) -> Code:
    """A fenced Markdown block that holds the value as indented JSON."""
    content = json_text(_plain(value))
    fence = _fence(content, 3)
    return Code(f"{fence}json\n{content}\n{fence}")


def json_text(value: object) -> str:
    """The indented JSON of a plain value, as a file holds it; not a filter, and not Code."""
    return _json(value, 2)


def notebook(value: object) -> Code:
    """A Jupyter notebook of these cells; `render` proves that no payload text is in them."""
    if not (isinstance(value, tuple) and all(isinstance(cell, Cell) for cell in value)):
        raise _wrong_type("notebook", value, "cells")
    return Code(notebook_text(value))


FILTERS: Final[Mapping[str, Callable[[object], Code]]] = {
    "code": code,
    "docstring": docstring,
    "json": json,
    "json_block": json_block,
    "md": md,
    "py": py,
    "toml": toml,
    "line": line,
    "notebook": notebook,
    "calls": calls,
}


def finalize(value: object) -> str:
    """What a template prints for the value: Code, names and int as they are, nothing else."""
    if isinstance(value, Code | Ident | PyName | Revision | Words) or type(value) is int:
        return str(value)
    kind = type(value).__name__
    raise TypeError(f"a template can't print {kind}: use one of the filters {', '.join(FILTERS)}")


def _docstring_body(value: str) -> str:
    body = value.replace("\\", "\\\\").replace("\t", "\\t")
    body = _with_fixed_quotes(_with_fixed_spaces(body))
    body = without_directives(escape_invisible(body, python_escape))
    body = _CONFLICT_MARKER.sub(lambda match: f"\\x{ord(match[0]):02x}", body)
    return _OUTER_LINE_ENDS.sub(lambda match: "\\n" * len(match[0]), body)


def _with_fixed_spaces(body: str) -> str:
    r"""The body with `\x20` for the spaces that `ruff format` would take away."""
    body = re.sub(r" $", r"\\x20", body, flags=re.MULTILINE)
    below = [line for line in body.split("\n")[1:] if line]
    # It takes away the indentation that all lines after the first have in common.
    all_indented = all(line.startswith(" ") for line in below)
    return re.sub(r"^ ", r"\\x20", body, flags=re.MULTILINE if all_indented else 0)


def _with_fixed_quotes(body: str) -> str:
    """The body with escapes for the quotes that would touch its own, or make three."""
    if body.endswith('"'):
        # Not a backslash and a quote: after that, `ruff format` adds a space.
        body = body[:-1] + r"\x22"
    body = body.replace('"""', r"\"\"\"")
    return f"\\{body}" if body.startswith('"') else body


def _markdown_line(line: str) -> str:
    escaped = _MD_ANYWHERE.sub(_markdown_escape, line.strip(" \t"))
    escaped = _MD_LINE_START.sub(_markdown_line_start, escaped)
    return escape_invisible(escaped, lambda char: f"&#x{ord(char):x};")


def _markdown_escape(match: re.Match[str]) -> str:
    # Two backslashes and a bracket would open a formula in Jupyter.
    return "&#92;" if match[0] == "\\" else f"\\{match[0]}"


def _markdown_line_start(match: re.Match[str]) -> str:
    return f"{match[1] or match[3] or ''}\\{match[2] or match[4]}"


def _of_line(value: object) -> str:
    if isinstance(value, Sentence):
        return "".join(map(_of_line, value.parts))
    if isinstance(value, Span):
        return code(value.text).replace("|", "\\|")  # tables take that, in code too
    if isinstance(value, Words):
        return str(value)
    return md(Text(re.sub(r"[\n\t]+", " ", _string("line", value))))


def _fence(content: str, at_least: int) -> str:
    longest = max(map(len, _BACKTICKS.findall(content)), default=0)
    return "`" * max(at_least, longest + 1)


def _json(value: object, indent: int | None) -> str:
    written = dumps(value, ensure_ascii=False, indent=indent)
    return escape_invisible(written, lambda char: dumps(char)[1:-1])


def _plain(value: object) -> object:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Pairs):
        return {_string("json", key): _plain(item) for key, item in value.pairs}
    if isinstance(value, Items):
        return [_plain(item) for item in value.items]
    if isinstance(value, Mapping):
        return {_json_key(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return _string("json", value)


def _json_key(key: object) -> str:
    # A bare string too: keys are written by the builder, and quoted here like any other string.
    return key if isinstance(key, str) else _string("json", key)


def _toml_escape(char: str) -> str:
    return f"\\u{ord(char):04x}" if ord(char) <= 0xFFFF else f"\\U{ord(char):08x}"


def _string(name: str, value: object) -> str:
    if isinstance(value, Text):
        return value.value
    if isinstance(value, Ident | Revision | Words):
        return str(value)
    raise _wrong_type(name, value, "Text or Ident")


def _wrong_type(name: str, value: object, wanted: str) -> TypeError:
    return TypeError(f"the filter {name} takes {wanted}, not {type(value).__name__}")
