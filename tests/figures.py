"""What tests counted: told where it is counted, printed where the run ends."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import pytest

Tell = Callable[[str, Mapping[str, int]], None]
FIGURE = "figure"


def telling(item: pytest.Item) -> Tell:
    """Notes counts in a test's report, which reaches the end of a run on several processes, too."""

    def tell(what: str, counts: Mapping[str, int]) -> None:
        counted = ", ".join(f"{count:,} {name}" for name, count in counts.items())
        item.user_properties.append((FIGURE, f"{what}: {counted}"))

    return tell


def told(reports: Iterable[pytest.TestReport]) -> list[str]:
    """What the tests told, sorted."""
    properties = (each for report in reports for each in report.user_properties)
    return sorted(str(line) for name, line in properties if name == FIGURE)
