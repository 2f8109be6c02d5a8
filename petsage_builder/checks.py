"""What verification found, as values: every check, and every test as it ended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

CONTROL = "control"


@dataclass(frozen=True, slots=True)
class TestEvent:
    """One test as it ended: `outcome` is passed, failed, skipped or xfail."""

    __test__ = False

    id: str
    outcome: str
    detail: str = ""


Observer = Callable[[TestEvent], None]


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One verification: whether it holds, and what to know about it."""

    name: str
    ok: bool
    detail: str = ""
    passed: int = 0
    failed: int = 0
    skipped: int = 0


@dataclass(frozen=True, slots=True)
class Description:
    """The app's own OpenAPI document, or in `trouble` why there is none; how it was isolated."""

    document: str = ""
    trouble: str = ""
    isolation: str = ""


UNKNOWN = Description()


@dataclass(frozen=True, slots=True)
class Verification:
    """Every check, and every test as it ended; `kept`: where the verified copy was left.

    `partial`: other checks run the other tests.
    """

    checks: tuple[CheckResult, ...]
    tests: tuple[TestEvent, ...] = ()
    described: Description = UNKNOWN
    kept: str = ""
    partial: bool = False

    @property
    def ok(self) -> bool:
        return all(check.ok for check in self.checks)
