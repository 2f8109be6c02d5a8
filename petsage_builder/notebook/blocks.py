"""What views are put together from: escaped HTML with inline styles, and plain columns.

A record opens untrusted: `<style>`, `<script>` and variables are dropped, inline styles stay.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

MIME = "application/vnd.petsage.build+json"
MONO = "font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace"
COLOURS = {
    "good": "46,160,67",
    "bad": "248,81,73",
    "note": "210,153,34",
    "plain": "128,128,128",
}
TINTS = {name: f"rgba({colour},0.16)" for name, colour in COLOURS.items()}


@dataclass(frozen=True, slots=True)
class View:
    """One thing to look at: as text that reads well alone, as HTML, and as data for tests."""

    name: str
    text: str
    html: str
    content: Mapping[str, object]

    def _repr_mimebundle_(self, **_: object) -> dict[str, object]:
        """What Jupyter shows, and records."""
        return {
            "text/plain": steady(self.text),
            "text/html": one_line(steady(self.html)),
            MIME: {"view": self.name, **self.content},
        }

    def __repr__(self) -> str:
        return self.text


def steady(text: str) -> str:
    """The text without what is another in every run: memory addresses, our temporary folders."""
    if "/petsage-" in text:  # rarely; and looking for where such a path begins takes its time
        text = re.sub(r"[^\s'\"(]*/petsage-(stage|verify)-\w+/", "", text)
    return re.sub(r"\b0x[0-9a-fA-F]{6,}\b", "0x…", text)


def one_line(html: str) -> str:
    """The HTML with its line ends written as what they are.

    Notebooks keep a list of lines, and papermill writes each of them again after every cell.
    """
    return html.replace("\n", "&#10;")


def escape(text: object) -> str:
    return html.escape(str(text))


def pre(text: str) -> str:
    """Text as it stands, in a monospace font."""
    return boxed(escape(text))


def boxed(lines: str) -> str:
    """Lines of HTML as they stand, in a monospace font; no ground, which would cost contrast."""
    style = (
        f"{MONO};font-size:0.9em;line-height:1.4;white-space:pre;overflow-x:auto;background:none"
    )
    edge = f"border:1px solid rgba({COLOURS['plain']},0.3);margin:4px 0 8px;padding:6px 8px"
    return f'<pre style="{style};{edge}">{lines}</pre>'


def code(text: object) -> str:
    """A name, as dark as the text around it: editors give `code` a ground that hides its ends."""
    return f'<code style="{MONO};background:none;padding:0;color:inherit">{escape(text)}</code>'


def bold(line: str) -> str:
    """A line of a box that stands out."""
    return f'<span style="font-weight:600">{escape(line)}</span>'


def tint(line: str, name: str | None) -> str:
    """A line of a box on a tinted ground, if there is one."""
    if name is None:
        return escape(line)
    return f'<span style="background:{TINTS[name]}">{escape(line)}</span>'


def fold(summary: str, body: str, *, opened: bool = False) -> str:
    """A block to open and close; both parts are HTML."""
    start = "<details open>" if opened else "<details>"
    style = "cursor:pointer;line-height:1.6"
    return f'{start}<summary style="{style}">{summary}</summary>{body}</details>'


def heading(text: str) -> str:
    """A title, if there is one."""
    if not text:
        return ""
    return f'<div style="font-weight:600;margin:8px 0 4px">{escape(text)}</div>'


def banner(text: str, name: str) -> str:
    """One bold line on a tinted ground, with an edge that is seen on a dark page, too."""
    edge = f"border-left:4px solid rgba({COLOURS[name]},0.8)"
    style = f"font-weight:600;padding:6px 10px;margin:6px 0;background:{TINTS[name]};{edge}"
    return f'<div style="{style}">{escape(text)}</div>'


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table of text."""
    cell = "text-align:left;vertical-align:top;white-space:pre-wrap;padding:2px 12px 2px 4px"
    top = "".join(f'<th style="{cell}">{escape(title)}</th>' for title in head)
    top = f"<thead><tr>{top}</tr></thead>" if any(head) else ""
    lines = (
        "".join(f'<td style="{cell};{MONO}">{escape(value)}</td>' for value in row) for row in rows
    )
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    return f'<table style="margin:4px 0 8px">{top}<tbody>{body}</tbody></table>'


def columns(rows: Sequence[Sequence[object]]) -> str:
    """The rows as lines whose columns stand below each other."""
    texts = [[str(value).replace("\n", " ") for value in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
    lines = ("  ".join(v.ljust(w) for v, w in zip(t, widths, strict=True)) for t in texts)
    return "\n".join(line.rstrip() for line in lines)


def count(number: int, noun: str) -> str:
    """`1 file`, `2 files`."""
    return f"{number} {noun}" + ("" if number == 1 else "s")


def counted(words: Iterable[str]) -> str:
    """How many there are of each word, in the order of their first: `12 created, 3 unchanged`."""
    return ", ".join(f"{number} {word}" for word, number in Counter(words).items())
