"""A feature's README as the tests read it: every call with its files and its answer."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

BLOCK = re.compile(
    r"^(?P<fence>`{3,})(?P<kind>\w+)\n(?P<code>.*?)^(?P=fence)$", re.MULTILINE | re.DOTALL
)
FILE = re.compile(r"Save as `(\w+\.json)`:\s*$")
STATUS = re.compile(r"It answers `([0-9]{3}) [A-Za-z ]+`")
ROUTE = re.compile(r"^`([A-Z]+) (/\S+)`: ", re.MULTILINE)
POSSIBLE = re.compile(r"^Possible \[errors\]\(#(errors-of-[a-z-]+)\): ([0-9, ]+)\.$", re.MULTILINE)
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
ERROR = re.compile(r"^\| ([0-9]{3}) \| (.+) \|$", re.MULTILINE)
SERVER = "http://127.0.0.1:8000"


@dataclass(frozen=True, slots=True)
class Call:
    """One call in both languages, the file it sends, and the answer that is shown.

    `blocks`: how many fenced blocks it is told in; `method`, `path` and `possible` are empty
    where the README shows an error.
    """

    title: str
    method: str
    path: str
    file: tuple[str, Any] | None
    shell: str
    python: str
    status: int
    answer: Any
    possible: frozenset[int]
    blocks: int


@dataclass(frozen=True, slots=True)
class Section:
    """What is told of one entity, or of the only one; `url` is where all of them are."""

    text: str
    calls: tuple[Call, ...]
    errors: Mapping[int, str]

    @property
    def operations(self) -> tuple[Call, ...]:
        """The calls that show no error."""
        return tuple(call for call in self.calls if call.method)

    @property
    def url(self) -> str:
        found = re.match(r"(/[a-z0-9-]+){3}", self.operations[0].path)
        assert found
        return found[0]


@dataclass(frozen=True, slots=True)
class Readme:
    """All that can be run, by the headings of entities; `prelude` comes before calls in Python."""

    text: str
    prelude: str
    sections: Mapping[str, Section]


def read(path: Path) -> Readme:
    """The README in the file; a block that belongs to no call is an error."""
    text = path.read_text(encoding="utf-8")
    parts = re.split(r"^## ", text, flags=re.MULTILINE)[2:]
    sections = {part.partition("\n")[0]: _section(part) for part in parts}
    prelude = next(found for found in BLOCK.finditer(text) if found["kind"] == "python")
    told = sum(call.blocks for one in sections.values() for call in one.calls) + 1
    assert len(BLOCK.findall(text)) == told, "a block that nothing runs"
    return Readme(text, prelude["code"], sections)


def _section(text: str) -> Section:
    calls = tuple(_calls(text))
    return Section(text, calls, {int(code): words for code, words in ERROR.findall(text)})


def _calls(text: str) -> Iterator[Call]:
    anchors = {title.lower().replace(" ", "-") for title in HEADING.findall(text)}
    assert {anchor for anchor, _ in POSSIBLE.findall(text)} <= anchors
    for section in re.split(r"^#{3,4} ", text, flags=re.MULTILINE)[1:]:
        if "```sh\n" in section:
            yield _call(section)


def _call(section: str) -> Call:
    blocks = list(BLOCK.finditer(section))
    before = [section[: block.start()] for block in blocks]
    told = list(zip(before, blocks, strict=True))
    files = [(found[1], json.loads(b["code"])) for t, b in told if (found := FILE.search(t))]
    answers = [json.loads(b["code"]) for t, b in told if _says(t)]
    [shell] = [block["code"] for block in blocks if block["kind"] == "sh"]
    [python] = [block["code"] for block in blocks if block["kind"] == "python"]
    [status] = STATUS.findall(section)
    route, possible = ROUTE.search(section), POSSIBLE.search(section)
    return Call(
        title=section.partition("\n")[0],
        method=route[1] if route else "",
        path=route[2] if route else "",
        file=files[0] if files else None,
        shell=shell,
        python=python,
        status=int(status),
        answer=answers[0] if answers else None,
        possible=frozenset(map(int, possible[2].split(", "))) if possible else frozenset(),
        blocks=2 + len(files) + len(answers),
    )


def _says(text: str) -> bool:
    """Whether the last line before a block announces an answer."""
    lines = text.rstrip().splitlines()
    return bool(lines) and STATUS.match(lines[-1]) is not None


def id_of(answer: Any) -> str:  # noqa: ANN401 (any JSON)
    """The id of what was made, the first of many."""
    return str(answer["items"][0]["id"] if "items" in answer else answer["id"])


def alike(shown: Any, real: Any, key: str = "") -> bool:  # noqa: ANN401 (any JSON)
    """Whether the answers are the same, but for what differs each time; titles are Python's."""
    if isinstance(shown, dict) and isinstance(real, dict):
        return list(shown) == list(real) and all(alike(shown[k], real[k], k) for k in shown)
    if isinstance(shown, list) and isinstance(real, list):
        return len(shown) == len(real) and all(map(alike, shown, real))
    if key in {"id", "created_at", "updated_at", "request_id"}:
        return _shape(shown) == _shape(real)
    return type(shown) is type(real) and (key == "title" or bool(shown == real))


def _shape(value: str) -> str:
    """The text without its digits."""
    return re.sub("[0-9a-f]", "0", value)
