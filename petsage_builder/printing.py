"""Prints pieces of Python and literals of values: what the filter `py` stands on."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from petsage_builder import python_code as p
from petsage_builder.names import Ident, PyName, Revision, Words
from petsage_builder.text import Text, escape_invisible, python_escape

# mypy, coverage and flake8 look for their comments line by line, inside strings too.
_DIRECTIVE: Final = re.compile(
    r"#(?=\s*(?:noqa|nosec|nopycln|pragma|doctest:|flake8:|fmt:|isort:|mypy:|pylint:|pyright:"
    r"|pytype:|ruff:|skipcq|type:|yapf:))",
    re.IGNORECASE,
)
_CODING_COOKIE: Final = re.compile(r"^([ \t\f]*)#(?=.*coding[:=])", re.MULTILINE)  # PEP 263
_PLAIN: Final = re.compile(r"[ !$-~]*")  # ASCII that needs no escape: no quote, no directive


def python(value: object) -> str:
    """The value as Python source; TypeError for what is no piece of code and no literal."""
    printer = _PRINTERS.get(type(value))
    return _literal(value) if printer is None else printer(value)


def _listed(values: tuple[object, ...], separator: str = ", ") -> str:
    return separator.join(map(python, values))


def _call(value: p.Call | p.Method, function: str) -> str:
    named = [f"{key}={python(item)}" for key, item in value.keywords.items()]
    return f"{function}({', '.join([*map(python, value.arguments), *named])})"


def _plus(value: p.Plus) -> str:
    """Lists as one list, the other unpacked in it."""
    left, right = value.left, value.right
    if not isinstance(left, p.Items) or not left:
        return f"{python(left)} + {python(right)}"
    rest = _listed(right.items) if isinstance(right, p.Items) else f"*{python(right)}"
    return f"[{_listed(left.items)}, {rest}]"


def _pairs(value: p.Pairs) -> str:
    return f"{{{', '.join(f'{python(key)}: {python(item)}' for key, item in value.pairs)}}}"


def _declaration(value: p.Declaration) -> str:
    typed = "" if value.annotation is None else f": {python(value.annotation)}"
    return f"{value.name}{typed}" + ("" if value.value is None else f" = {python(value.value)}")


def _with(value: p.With) -> str:
    """As it stands in a function: indented once, its body twice."""
    body = "".join(f"\n        {python(statement)}" for statement in value.body)
    return f"with {python(value.opened)} as {value.name}:{body}"


def _when(value: p.When) -> str:
    """As it stands in a function: indented once, its body twice."""
    body = "".join(f"\n        {python(statement)}" for statement in value.body)
    return f"if {python(value.condition)}:{body}"


def _module(value: p.ImportModule) -> str:
    return f"import {python(value.module)}" + (f" as {python(value.name)}" if value.name else "")


def _raw(value: p.Raw) -> str:
    """A raw literal where the text has backslashes and allows it."""
    text = value.text.value
    if "\\" not in text or text.endswith("\\") or not _PLAIN.fullmatch(text):
        return _string(text)
    return f'r"{text}"'


_PRINTERS: Final[Mapping[type, Callable[[Any], str]]] = {
    p.Name: lambda v: v.value,
    PyName: str,
    p.Call: lambda v: _call(v, python(v.function)),
    p.Method: lambda v: _call(v, f"{python(v.target)}.{python(v.name)}"),
    p.Subscript: lambda v: f"{python(v.base)}[{_listed(v.items)}]",
    p.Either: lambda v: f"{python(v.one)} | {python(v.other)}",
    p.Compare: lambda v: f"{python(v.left)} {v.operator} {python(v.right)}",
    p.AnyOf: lambda v: _listed(v.conditions, " or "),
    p.Function: lambda v: f"lambda {v.parameter}: {python(v.body)}",
    p.Thunk: lambda v: f"lambda: {python(v.body)}",
    p.Repeat: lambda v: f"{python(v.unit)} * {v.times}",
    p.Plus: _plus,
    p.Raw: _raw,
    p.Items: lambda v: f"[{_listed(v.items)}]",
    p.Pairs: _pairs,
    p.With: _with,
    p.When: _when,
    p.IfElse: lambda v: f"{python(v.one)} if {python(v.condition)} else {python(v.other)}",
    p.Declaration: _declaration,
    p.Import: lambda v: f"from {python(v.module)} import {_listed(v.names)}",
    p.ImportModule: _module,
}


def _literal(value: object) -> str:
    if value is None or isinstance(value, bool | int | float | bytes):
        return repr(value)
    if isinstance(value, tuple):
        return f"({python(value[0])},)" if len(value) == 1 else f"({_listed(value)})"
    if isinstance(value, Text):
        return _string(value.value)
    if isinstance(value, Ident | Revision | Words):
        return _string(str(value))
    raise TypeError(f"the filter py takes Text or Ident, not {type(value).__name__}")


def _string(value: str) -> str:
    # The quote that `ruff format` would choose, so that it leaves the literal alone.
    quote = "'" if value.count('"') > value.count("'") else '"'
    body = value.replace("\\", "\\\\").replace(quote, f"\\{quote}")
    body = body.replace("\n", "\\n").replace("\t", "\\t")
    return quote + without_directives(escape_invisible(body, python_escape)) + quote


def without_directives(source: str) -> str:
    """The source without what tools would take for their comments inside of strings."""
    return _CODING_COOKIE.sub(r"\1\\x23", _DIRECTIVE.sub(r"\\x23", source))
