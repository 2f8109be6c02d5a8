"""How tests, checks and calls look."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict

from petsage_builder.checks import CheckResult, TestEvent
from petsage_builder.notebook.blocks import (
    View,
    banner,
    boxed,
    columns,
    count,
    escape,
    fold,
    heading,
    pre,
    table,
    tint,
)
from petsage_builder.notebook.demo import Call
from petsage_builder.notebook.highlight import code_block

PASSED = "passed"


def show_tests(
    tests: Sequence[TestEvent], checks: Sequence[CheckResult] | None = None, *, note: str = ""
) -> View:
    """The tests so far; with `checks`, the whole verification."""
    summary = note or _summary(tests, checks)
    ground = "plain" if note or checks is None else "good" if _green(checks) else "bad"
    html = [banner(summary, ground), *_by_file(tests)]
    lines = [summary, *(line for test in tests for line in _test_lines(test))]
    if checks is not None:
        rows = [("ok" if check.ok else "FAIL", check.name, _detail(check)) for check in checks]
        html += [heading("Checks"), table(("", "check", "what it says"), rows), *_broken(checks)]
        lines += [columns(rows), *(check.detail for check in checks if _explains(check))]
    content = {
        "ended": checks is not None,
        "ok": checks is not None and _green(checks),
        "tests": [asdict(test) for test in tests],
        "checks": [asdict(check) for check in checks or ()],
    }
    return View("tests", "\n".join(lines), "".join(html), content)


def _green(checks: Iterable[CheckResult]) -> bool:
    return all(check.ok for check in checks)


def _summary(tests: Sequence[TestEvent], checks: Sequence[CheckResult] | None) -> str:
    if checks is None:
        return f"Running: {count(len(tests), 'test')} so far." if tests else "Running the tests ..."
    counted = Counter(test.outcome for test in tests)
    others = [f", {number} {outcome}" for outcome, number in counted.items() if outcome != PASSED]
    red = sum(1 for check in checks if not check.ok)
    held = f"{count(red, 'check')} failed" if red else f"all {len(checks)} checks hold"
    return f"{counted[PASSED]} passed{''.join(others)}; {held}."


def _by_file(tests: Iterable[TestEvent]) -> Iterator[str]:
    files: dict[str, list[TestEvent]] = {}
    for test in tests:
        files.setdefault(test.id.partition("::")[0], []).append(test)
    for path, own in files.items():
        red = sum(1 for test in own if test.outcome != PASSED)
        said = f"{path}: {count(len(own), 'test')}" + (f", {red} not passed" if red else "")
        yield fold(escape(said), boxed("\n".join(map(_test_html, own))), opened=bool(red))


def _test_html(test: TestEvent) -> str:
    """A line of a box; below a test that did not pass, what it says."""
    name = test.id.partition("::")[2]
    if test.outcome == PASSED:
        return f"{tint('✓', 'good')} {escape(name)}"
    said = tint(f"✗ {name}: {test.outcome}", "bad")
    return f"{said}\n{escape(test.detail.rstrip())}\n" if test.detail else said


def _test_lines(test: TestEvent) -> Iterator[str]:
    yield f"{'ok  ' if test.outcome == PASSED else 'FAIL'}  {test.id}"
    yield from (f"      {line}" for line in test.detail.splitlines())


def _detail(check: CheckResult) -> str:
    return check.detail.partition("\n")[0]


def _explains(check: CheckResult) -> bool:
    """Whether a check says more than its first line; what tests say stands beside them."""
    return not check.ok and check.name != "tests" and "\n" in check.detail


def _broken(checks: Iterable[CheckResult]) -> Iterator[str]:
    yield from (pre(check.detail) for check in checks if _explains(check))


def demo_view(calls: Sequence[Call], note: str = "") -> View:
    """Each call, what it sent, and what came back."""
    html = [banner(note, "plain")] if note else []
    lines = [note] if note else []
    for call in calls:
        title, surprise = f"{call.method} {call.url}: {_told(call)}", call.status != call.expected
        said = [("sends", _pretty(call.sent))]
        said += [(f"answers {call.media_type}".rstrip(), _pretty(call.body))]
        shown = [(what, text) for what, text in said if text]
        body = "".join(heading(what) + code_block("body.json", text) for what, text in shown)
        ground = "bad" if surprise else "good" if call.status < 400 else "note"
        html.append(fold(tint(title, ground), body, opened=surprise))
        lines += [title, *(f"{what}:\n{text}" for what, text in shown), ""]
    content = {"ok": not any(call.trouble for call in calls), "calls": [asdict(c) for c in calls]}
    return View("demo", "\n".join(lines).rstrip(), "".join(html), content)


def _told(call: Call) -> str:
    if call.trouble:
        return f"no answer: {call.trouble}"
    told = f"{call.status} {call.reason}"
    return told if call.status == call.expected else f"{told} (the README shows {call.expected})"


def _pretty(body: str) -> str:
    try:
        return json.dumps(json.loads(body), indent=2, ensure_ascii=False)
    except ValueError:
        return body
