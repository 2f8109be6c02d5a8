"""What the runner reported: every run of the tests, and what the app said of itself."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from petsage_builder.checks import Answer, Observer, TestEvent


@dataclass(slots=True)
class Run:
    """What one pytest run reported."""

    collected: list[str] = field(default_factory=list)
    deselected: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    results: list[TestEvent] = field(default_factory=list)
    ended: bool = False
    status: int = -1
    exit_code: int = -1
    foreign: str = ""
    output: str = ""

    @property
    def tests(self) -> tuple[TestEvent, ...]:
        return tuple(self.results)

    def explain(self) -> str:
        """Why the run is no run: collection errors, or what pytest printed last."""
        if self.errors:
            return "\n".join(self.errors)
        said = self.output.strip() or "nothing was printed"
        end = f"the tests' process ended without its closing event (exit {self.exit_code})"
        return f"{said.splitlines()[-1]}; {end}\n{said}"


@dataclass(slots=True)
class Transcript:
    """Every run of one order, and how it was isolated; `server` is empty if no test used it.

    `document`: the app's own OpenAPI document; `undescribed`: why there is none. `answers`: to the
    calls of the order, group by group; `unanswered`: why there are none.
    """

    suite: Run = field(default_factory=Run)
    controls: Run = field(default_factory=Run)
    postgres: Run = field(default_factory=Run)
    isolation: str = ""
    server: str = ""
    document: str = ""
    undescribed: str = ""
    answers: tuple[tuple[Answer, ...], ...] = ()
    unanswered: str = ""

    @property
    def tests(self) -> tuple[TestEvent, ...]:
        """Every test on every database as it ended."""
        return (*self.suite.tests, *map(on_postgres, self.postgres.tests))


ON_POSTGRES = " on PostgreSQL"


def on_postgres(test: TestEvent) -> TestEvent:
    """The test by the name that tells it from the same one on SQLite."""
    return replace(test, id=test.id + ON_POSTGRES)


def note(transcript: Transcript, event: dict[str, Any], observe: Observer) -> None:
    """Files one event under its run."""
    if _noted(transcript, event):
        return
    runs = {"suite": transcript.suite, "postgres": transcript.postgres}
    target = runs.get(event["run"], transcript.controls)
    match event["event"]:
        case "test":
            test = TestEvent(event["id"], event["outcome"], event["detail"])
            target.results.append(test)
            if target is transcript.suite:
                observe(test)
            elif target is transcript.postgres:
                observe(on_postgres(test))
        case "collected":
            target.collected += event["ids"]
        case "deselected":
            target.deselected += event["ids"]
        case "error":
            target.errors.append(event["detail"])
        case "end":
            target.ended, target.status, target.foreign = True, event["status"], event["foreign"]
        case "exit":
            target.exit_code, target.output = event["code"], event["output"]


def _noted(transcript: Transcript, event: dict[str, Any]) -> bool:
    """Notes an event that belongs to no run."""
    match event["event"]:
        case "start":
            transcript.isolation = event["isolation"]
        case "described":
            # The first one stands: what comes later may be a test that speaks for the app.
            transcript.document = transcript.document or event["document"]
        case "undescribed":
            transcript.undescribed = event["detail"].strip()
        case "answered":
            transcript.answers = tuple(tuple(Answer(**a) for a in g) for g in event["answers"])
        case "unanswered":
            transcript.unanswered = event["detail"].strip()
        case _:
            return False
    return True
