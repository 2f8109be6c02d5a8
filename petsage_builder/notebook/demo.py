"""The calls that READMEs show: what the staged app is asked, and what it answered."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from petsage_builder.checks import Answer, Answers, Question
from petsage_builder.spec import Example, FeatureSpec

# The app repeats an id that it is given, so that the answer is the same in every run.
HEADERS = {"X-Request-ID": "demo"}
Groups = tuple[tuple[Example, ...], ...]


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


def shown_calls(features: Iterable[FeatureSpec], prefix: str) -> Groups:
    """The calls that the features' READMEs show, and one to a page that isn't there."""
    groups = [group for spec in features for group in spec.examples]
    return (*groups, (Example("GET", f"{prefix}/no_such_page", 404),))


def questions(groups: Groups) -> tuple[tuple[Question, ...], ...]:
    """The calls as the app is asked."""
    return tuple(tuple(map(_question, group)) for group in groups)


def _question(example: Example) -> Question:
    json_type = {"Content-Type": "application/json"} if example.body else {}
    version = {} if example.version is None else {"If-Match": f'"{example.version}"'}
    return Question(
        method=example.method,
        target=example.target,
        headers={**HEADERS, **json_type, **version},
        body=example.body,
        id=example.id,
        makes=example.makes,
        rows=example.rows,
    )


def answered(groups: Groups, answers: Answers) -> tuple[Call, ...]:
    """Every call with its answer."""
    examples = [example for group in groups for example in group]
    if trouble := answers.trouble:
        return tuple(Call(e.method, e.target, e.status, e.body, trouble=trouble) for e in examples)
    told = [answer for group in answers.groups for answer in group]
    return tuple(_call(*pair) for pair in zip(examples, told, strict=True))


def _call(example: Example, answer: Answer) -> Call:
    body = _as_shown(answer.body, example.answer)
    known = (answer.status, answer.reason, answer.media_type, body)
    return Call(example.method, example.target, example.status, example.body, *known)


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
