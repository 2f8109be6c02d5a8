"""What is known of a file or of one of its lines, as text or as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Explanation:
    """Where a file or a line is from; `said` tells what no place can tell.

    `templates`: the lines of templates that printed it, each followed by those that include it;
    `keys`: what made it in requests and in the blueprint, by their places.
    """

    place: str
    said: str = ""
    content: str = ""
    feature: str = ""
    templates: tuple[tuple[str, ...], ...] = ()
    keys: tuple[str, ...] = ()

    def text(self) -> str:
        """The answer for people."""
        return "".join(f"{line}\n" for line in self._lines())

    def json(self) -> str:
        """The answer for programs: one JSON document, in ASCII."""
        return json.dumps({"ok": True, "exit_code": 0, **asdict(self)}, indent=2) + "\n"

    def _lines(self) -> Iterator[str]:
        yield self.place
        if self.content:
            yield f"    {self.content}"
        if self.feature:
            yield f"  feature   {self.feature}"
        for chain in self.templates:
            yield f"  template  {', included by '.join(chain)}"
        for key in self.keys:
            yield f"  key       {key}"
        if self.said:
            yield f"  {self.said}"
