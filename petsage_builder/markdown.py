"""Pieces of Markdown that specs hold: sentences with code in them, and calls of the API."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, TypeAlias
from urllib.parse import quote

from petsage_builder.names import Ident, Words
from petsage_builder.text import Text

SERVER: Final = "http://127.0.0.1:8000"
_PATH: Final = re.compile(r"(/[a-z0-9]+([-_][a-z0-9]+)*)+")


@dataclass(frozen=True, slots=True)
class Span:
    """What a sentence shows as code."""

    text: Text | Ident


@dataclass(frozen=True, slots=True)
class Sentence:
    """Words, and code among them, one after the other; `line` prints it."""

    parts: tuple[Line, ...]


Line: TypeAlias = Text | Ident | Words | Span | Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiCall:
    """One call, as people make it in a shell and in Python.

    Nothing of the payload is in it but names and, percent-encoded, values of the query. `one`: it
    is about the one with the id that was answered, or with `id`; `body`: the file that is sent,
    without its suffix; `keeps`: the id that is answered is for the calls after it, in the shell
    this one, and in Python that of `kept`; `version`: what the header If-Match names; `below`: a
    path below that of the one, or of all; `ids`: the id is asked for in the query.
    """

    method: Ident
    path: Text
    entity: Ident
    one: bool = False
    id: Text | None = None
    query: tuple[tuple[Ident, Text], ...] = ()
    body: Words | None = None
    keeps: Text | None = None
    kept: str = '["id"]'
    version: int | None = None
    below: Words | None = None
    ids: bool = False

    def __post_init__(self) -> None:
        if self.body is not None and re.fullmatch("[a-z0-9_]+", self.body) is None:
            raise ValueError(f"{self.body!r} is no file's name")


def target(call: ApiCall, known: Text) -> str:
    """The path and the query of a call about the one with this id."""
    return _url(call, _encoded(known)).removeprefix(SERVER)


def shell_lines(call: ApiCall) -> str:
    """The call by curl."""
    url = _url(call, f"${call.entity.upper()}_ID")
    words = ["curl"]
    plain = call.method == "get" or (call.method == "post" and call.body is not None)
    if not plain:
        words.append(f"-X {call.method.upper()}")
    if call.version is not None:
        words.append(f"-H 'If-Match: \"{call.version}\"'")
    if call.body is not None:
        words.append(f"--json @{call.body}.json")
    words.append(f'"{url}"' if call.one or call.query or call.ids else url)
    kept = [] if call.keeps is None else [f"{call.entity.upper()}_ID={_encoded(call.keeps)}"]
    return "\n".join([" ".join(words), *kept])


def python_lines(call: ApiCall) -> str:
    """The call by httpx."""
    url = _url(call, f"{{{call.entity}_id}}")
    arguments = f'f"{url}"' if (call.one or call.ids) and call.id is None else f'"{url}"'
    lines = []
    if call.body is not None:
        lines.append(f'body = json.loads(Path("{call.body}.json").read_bytes())')
        arguments += ", json=body"
    if call.version is not None:
        lines.append(f'headers = {{"If-Match": \'"{call.version}"\'}}')
        arguments += ", headers=headers"
    lines.append(f"response = httpx.{call.method}({arguments})")
    if call.keeps is not None:
        lines.append(f"{call.entity}_id = response.json(){call.kept}")
    return "\n".join(lines)


def _url(call: ApiCall, variable: str) -> str:
    if _PATH.fullmatch(call.path.value) is None:
        raise ValueError("the path of a call holds more than names")
    asked = "&".join(f"{key}={_encoded(value)}" for key, value in call.query)
    known = variable if call.id is None else _encoded(call.id)
    one = f"/{known}" if call.one else ""
    below = f"/{call.below}" if call.below else ""
    if call.ids:
        asked = f"id={known}"
    return f"{SERVER}{call.path.value}{one}{below}" + (f"?{asked}" if asked else "")


def _encoded(value: Text) -> str:
    """Letters, digits and `-._~%` are all that is left of it."""
    return quote(value.value, safe="")
