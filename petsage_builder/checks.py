"""What verification found, as values: every check, every test as it ended, every answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
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
class Question:
    """A call to the staged app; in `target`, `id` stands for the one that an earlier call made.

    `body`: JSON, or empty; `makes`: its answer tells the id that the calls after it are about;
    `rows`: the tests' factory of whose first row it is, where no call makes one.
    """

    method: str
    target: str
    headers: Mapping[str, str]
    body: str = ""
    id: str = ""
    makes: bool = False
    rows: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the staged app answered to a call."""

    status: int
    reason: str
    media_type: str
    body: str


@dataclass(frozen=True, slots=True)
class Answers:
    """Those to groups of calls, or in `trouble` why there are none."""

    groups: tuple[tuple[Answer, ...], ...] = ()
    trouble: str = ""


Questions = tuple[tuple[Question, ...], ...]  # in groups, each with a database of its own
UNASKED = Answers(trouble="the app was not started")


@dataclass(frozen=True, slots=True)
class Verification:
    """Every check, and every test as it ended; `kept`: where the verified copy was left.

    `answers`: to the calls that were ordered; `partial`: other checks run the other tests.
    """

    checks: tuple[CheckResult, ...]
    tests: tuple[TestEvent, ...] = ()
    described: Description = UNKNOWN
    answers: Answers = UNASKED
    kept: str = ""
    partial: bool = False

    @property
    def ok(self) -> bool:
        return all(check.ok for check in self.checks)
