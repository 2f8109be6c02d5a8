"""Real calls to the staged app, made in a subprocess isolated as the verification's is."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from petsage_builder.draft import Draft
from petsage_builder.interrupts import temporary_folder
from petsage_builder.pipeline import written
from petsage_builder.spec import Example, FeatureSpec
from petsage_builder.trees import Tree
from petsage_builder.verify.subprocess_run import RUNNER, environment, wrappers

CALLER = Path(__file__).with_name("caller.py")
TIME_LIMIT = 60.0  # seconds
# The app repeats an id that it is given, so that the answer is the same in every run.
HEADERS = {"X-Request-ID": "demo"}
Answer = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Call:
    """One call and its answer, or in `trouble` why there is none.

    What differs from run to run in an answer, ids and moments, is as the README shows it;
    `expected`: the status that it shows.
    """

    method: str
    url: str
    expected: int
    sent: str = ""
    status: int = 0
    reason: str = ""
    media_type: str = ""
    body: str = ""
    trouble: str = ""


def demonstrate(draft: Draft, staged: Tree, features: Iterable[FeatureSpec]) -> tuple[Call, ...]:
    """The calls that the features' READMEs show, and one to a page that isn't there."""
    prefix = draft.plan.project.api_prefix.value
    groups = [group for spec in features for group in spec.examples]
    groups.append((Example("GET", f"{prefix}/no_such_page", 404),))
    with written(staged) as stage, temporary_folder("petsage-demo-") as scratch:
        answers, trouble = _ask(draft, stage, scratch, groups)
    examples = [example for group in groups for example in group]
    if trouble:
        return tuple(Call(e.method, e.target, e.status, e.body, trouble=trouble) for e in examples)
    told = [answer for group in answers for answer in group]
    return tuple(_call(*pair) for pair in zip(examples, told, strict=True))


def _call(example: Example, answer: Answer) -> Call:
    body = _as_shown(answer["body"], example.answer)
    known = (answer["status"], answer["reason"], answer["type"], body)
    return Call(example.method, example.target, example.status, example.body, *known)


def _ask(
    draft: Draft, stage: Path, scratch: Path, groups: Sequence[Sequence[Example]]
) -> tuple[list[list[Answer]], str]:
    """The answers, or why there are none, from the strictest isolation that starts here."""
    trouble = ""
    for wrapper in wrappers(stage, scratch):
        job = {
            "stage": str(stage),
            "scratch": str(scratch),
            "package": draft.plan.project.package,
            "runner": str(RUNNER),
            "wrapped": bool(wrapper),
            "stores": any(spec.tables for spec in draft.plan.project.features),
            "groups": [[_job(example) for example in group] for group in groups],
        }
        try:
            done = subprocess.run(
                [*wrapper, draft.python, "-I", "-B", str(CALLER)],
                input=json.dumps(job),
                cwd=stage,
                env=environment(scratch),
                capture_output=True,
                encoding="utf-8",
                errors="replace",
                timeout=TIME_LIMIT,
                check=False,
                start_new_session=True,
            )
        except subprocess.TimeoutExpired:
            return [], f"the app did not answer within {TIME_LIMIT:.0f} s"
        except OSError as error:
            return [], f"{draft.python}: {error.strerror}"
        if done.returncode == 0:
            return json.loads(done.stdout), ""
        trouble = (done.stderr.strip().splitlines() or ["the app's process ended early"])[-1]
    return [], trouble


def _job(example: Example) -> dict[str, object]:
    json_type = {"Content-Type": "application/json"} if example.body else {}
    version = {} if example.version is None else {"If-Match": f'"{example.version}"'}
    return {
        "method": example.method,
        "target": example.target,
        "headers": {**HEADERS, **json_type, **version},
        "body": example.body,
        "id": example.id,
        "makes": example.makes,
    }


def _as_shown(body: str, shown: str) -> str:
    """The body with the ids and moments that the documentation shows in their places."""
    try:
        pairs = list(_replaced(json.loads(body), json.loads(shown)))
    except ValueError:
        return body
    for told, instead in pairs:
        body = body.replace(json.dumps(told), json.dumps(instead))
    return body


def _replaced(told: object, shown: object) -> Iterator[tuple[str, str]]:
    """The ids and moments that differ, each with what is shown."""
    if isinstance(told, dict) and isinstance(shown, dict):
        for key in told.keys() & shown.keys():
            yield from _replaced(told[key], shown[key])
    elif isinstance(told, list) and isinstance(shown, list):
        for pair in zip(told, shown, strict=False):
            yield from _replaced(*pair)
    elif isinstance(told, str) and isinstance(shown, str) and told != shown:
        kinds: tuple[Callable[[str], object], ...] = (uuid.UUID, dt.datetime.fromisoformat)
        if any(_is(kind, told) and _is(kind, shown) for kind in kinds):
            yield told, shown


def _is(kind: Callable[[str], object], text: str) -> bool:
    try:
        kind(text)
    except ValueError:
        return False
    return True
