"""Reads requests, as yet unvalidated, from files, folders and standard input."""

from __future__ import annotations

import hashlib
import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from petsage_builder import strict_json, text
from petsage_builder.errors import Problem, RequestError
from petsage_builder.strict_json import Document, JsonPath

STANDARD_INPUT = "-"


@dataclass(frozen=True, slots=True)
class Entry:
    """One request inside a document: `at` is its path there (a document may hold a list)."""

    document: Document
    at: JsonPath
    payload: Mapping[str, Any]

    def where(self, path: JsonPath = (), *, key: bool = False) -> str:
        """`file.json:3:14 requirements.status.path`: the place, and the path in the request."""
        if not self.document.places:  # a TOML file's values have no places
            return f"{self.document.source} {dotted(path)}".rstrip()
        place = self.document.place((*self.at, *path), key=key)
        return f"{self.document.source}:{place} {dotted(path)}".rstrip()

    def identity(self, requirements: object) -> str:
        """A request id that follows from the content, so that it never changes."""
        asked = [self.payload.get("feature"), self.payload.get("description"), requirements]
        digest = hashlib.sha256(canonical(asked).encode()).hexdigest()
        return "-".join((digest[:8], digest[8:12], digest[12:16], digest[16:20], digest[20:32]))


def canonical(payload: object) -> str:
    """The one spelling of a payload: two requests that mean the same have the same."""
    return json.dumps(payload, sort_keys=True, separators=(",", ":"))


def dotted(path: JsonPath) -> str:
    """`requirements.entities[0].name`."""
    parts = (f"[{part}]" if isinstance(part, int) else f".{_key(part)}" for part in path)
    return "".join(parts).lstrip(".")


def _key(part: str) -> str:
    return part if re.fullmatch(r"[$\w]{1,60}", part, re.ASCII) else text.show(part)


def json_type(value: object) -> str:
    """What a JSON value is, in words."""
    kinds = ((bool, "a boolean"), (str, "a string"), ((int, float), "a number"))
    for kind, words in (*kinds, (list, "an array"), (dict, "an object")):
        if isinstance(value, kind):
            return words
    return "null"


def read_entries(sources: Iterable[str]) -> list[Entry]:
    """The requests in files, folders of `*.json` and `-` (standard input), unvalidated."""
    entries: list[Entry] = []
    problems: list[Problem] = []
    for name, path in _files(sources, problems):
        try:
            entries += entries_in(strict_json.parse(_bytes(path), name))
        except RequestError as error:
            problems += error.problems
    if problems:
        raise RequestError(*problems)
    return entries


def _bytes(path: Path | None) -> bytes:
    return (
        strict_json.read_stream(sys.stdin.buffer) if path is None else strict_json.read_file(path)
    )


def _files(sources: Iterable[str], problems: list[Problem]) -> Iterator[tuple[str, Path | None]]:
    for source in sources:
        path = Path(source)
        if source == STANDARD_INPUT:
            yield "<stdin>", None
        elif not _is_folder(path):
            yield source, path
        elif found := sorted(path.glob("*.json")):
            yield from ((str(file), file) for file in found)
        else:
            problems.append(
                Problem(source, "is a folder without requests.", "Requests are *.json files.")
            )


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False  # reading it will say why


def entries_in(document: Document) -> list[Entry]:
    """The requests of a document: one object, or a list of them."""
    value = document.value
    if isinstance(value, dict):
        return [Entry(document, (), value)]
    if not isinstance(value, list):
        place = document.place(())
        where = f"{document.source}:{place}"
        message = f"a request is an object (or a list of them), not {json_type(value)}."
        raise RequestError(Problem(where, message, 'Start with {"feature": ..., ...}'))
    if not value:
        raise RequestError(Problem(document.source, "the list of requests is empty."))
    entries = [Entry(document, (i,), v) for i, v in enumerate(value) if isinstance(v, dict)]
    if len(entries) < len(value):
        wrong = [i for i, v in enumerate(value) if not isinstance(v, dict)]
        raise RequestError(*(_no_object(document, i, value[i]) for i in wrong))
    return entries


def _no_object(document: Document, index: int, value: object) -> Problem:
    place = document.place((index,))
    where = f"{document.source}:{place} [{index}]"
    return Problem(where, f"a request is an object, not {json_type(value)}.")
