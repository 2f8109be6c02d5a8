"""Runs the checks on a staged project, and believes none of them lightly."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from petsage_builder.checks import (
    CONTROL,
    UNASKED,
    Answers,
    CheckResult,
    Description,
    Observer,
    Questions,
    Verification,
)
from petsage_builder.expected import base_name, file_of, files_with_tests, ids_in, tests_in
from petsage_builder.interrupts import temporary_folder
from petsage_builder.paths import OPENAPI
from petsage_builder.ruff import ruff
from petsage_builder.shards import CORE, WHOLE, Shard, Share
from petsage_builder.spec import FeatureSpec, Section
from petsage_builder.trees import Tree, read_tree, write_tree
from petsage_builder.verify.postgres import find_programs
from petsage_builder.verify.subprocess_run import MOST_FAILURES, Control, Order, run
from petsage_builder.verify.transcript import ON_POSTGRES, Run, Transcript

if TYPE_CHECKING:
    from petsage_builder.plan import Plan, Step


@dataclass(frozen=True, slots=True)
class Subject:
    """What is verified: the staged project, its render, its package and its faults to notice.

    `stores`: it keeps something in a database; `postgres`: then its tests run on one, too;
    `calls`: what its app is asked.
    """

    stage: Path
    rendered: Tree
    staged: Tree
    package: str
    python: str
    controls: tuple[Control, ...]
    stores: bool = False
    postgres: bool = False
    share: Share = WHOLE
    calls: Questions = ()


def verify(subject: Subject, observe: Observer, shard: Shard | None = None) -> Verification:
    """Compiles, lints, imports and tests the staged project; the cheap checks come first.

    Of a shard, all is imported and its share is tested.
    """
    programs = find_programs() if subject.stores and subject.postgres else None
    first = tuple(_cheap_checks(subject))
    if not all(check.ok for check in first):
        return Verification(first)
    if shard:
        subject, told = _shared(subject, shard)
        first = (*first, told)
    order = Order(
        stage=subject.stage,
        package=subject.package,
        python=subject.python,
        controls=subject.controls,
        stores=subject.stores,
        postgres=programs,
        share=subject.share,
        calls=subject.calls,
    )
    transcript = run(order, observe)
    described = _description(transcript)
    unchanged = read_tree(subject.stage) == _described(subject.staged, described.document)
    touched = CALLED if subject.calls else TOUCHED
    kept = CheckResult("unchanged", unchanged, "" if unchanged else touched)
    checks = (*first, *_judge(subject, transcript), kept)
    partial = not subject.share.whole
    answers = _answers(transcript) if subject.calls else UNASKED
    return Verification(checks, transcript.tests, described, answers, partial=partial)


TOUCHED = "the tests changed files of the project"
CALLED = "the tests, or the calls to the app, changed files of the project"


def describe(stage: Path, package: str, python: str) -> Description:
    """The staged app's own OpenAPI document, isolated as the tests are; none of them is run."""
    order = Order(stage=stage, package=package, python=python, controls=(), tests=False)
    return _description(run(order, lambda _: None))


def _description(transcript: Transcript) -> Description:
    trouble = transcript.undescribed or "\n".join(transcript.suite.errors) or "it ended early"
    return Description(
        document=transcript.document,
        trouble="" if transcript.document else trouble,
        isolation=transcript.isolation,
    )


def _answers(transcript: Transcript) -> Answers:
    trouble = transcript.unanswered or "its process ended early"
    return Answers(transcript.answers, "" if transcript.answers else trouble)


def _described(staged: Tree, document: str) -> Tree:
    """What stands in the stage once its app was described there."""
    return {**staged, OPENAPI: document} if document else staged


def _cheap_checks(subject: Subject) -> Iterator[CheckResult]:
    compiles = _compiles(subject.staged)
    yield compiles
    yield _lint(subject.rendered)
    if compiles.ok:
        yield _test_names(subject.staged)
    yield from (_unproven(control) for control in subject.controls if not control.tests)


def _unproven(control: Control) -> CheckResult:
    said = "it has no tests left, so nothing proves it; --restore brings them back"
    return CheckResult(f"{CONTROL} {control.feature}", ok=False, detail=said)


def _compiles(staged: Tree) -> CheckResult:
    wrong = []
    for path, content in staged.items():
        try:
            if path.endswith(".py"):
                compile(content.encode("utf-8", "surrogateescape"), path, "exec", dont_inherit=True)
        except (SyntaxError, ValueError) as error:
            wrong.append(f"{path}:{getattr(error, 'lineno', 1)}: {getattr(error, 'msg', error)}")
        except (RecursionError, MemoryError):
            wrong.append(f"{path}: is nested too deeply for Python to read")
    return CheckResult("compile", not wrong, "\n".join(wrong))


def _lint(rendered: Tree) -> CheckResult:
    """Lint judges the render, by the render's own settings, never hand edits."""
    files = {p: c for p, c in rendered.items() if p.endswith((".py", "pyproject.toml"))}
    with temporary_folder("petsage-lint-") as folder:
        write_tree(folder, files)
        options = ("--quiet", "--no-cache", "--output-format=concise")
        done = ruff("check", *options, ".", cwd=folder)
    return CheckResult("lint", done.returncode == 0, (done.stdout + done.stderr).strip())


def _test_names(staged: Tree) -> CheckResult:
    """Two tests of one name are one test: the second hides the first."""
    counted = Counter(name for path, content in tests_in(staged) for name in ids_in(path, content))
    twice = sorted(name for name, count in counted.items() if count > 1)
    detail = "\n".join(f"{name}: is defined twice, so only the last one runs" for name in twice)
    return CheckResult("names", not twice, detail)


def _judge(subject: Subject, transcript: Transcript) -> Iterator[CheckResult]:
    suite = transcript.suite
    if suite.errors or not suite.ended:
        yield CheckResult("import", ok=False, detail=suite.explain())
        return
    trouble = _description(transcript).trouble
    said = f"the app can't tell its API: {trouble}" if trouble else ""
    yield CheckResult("import", ok=not trouble, detail=said)
    tests = _tests_result(subject, transcript)
    yield tests
    if tests.ok:
        yield from (_noticed(control, transcript.controls) for control in subject.controls)


def _tests_result(subject: Subject, transcript: Transcript) -> CheckResult:
    """The suite's outcome on every database, and every reason not to believe it."""
    kept = {path: text for path, text in subject.rendered.items() if path in subject.staged}
    expected = {name for path, content in tests_in(kept) for name in ids_in(path, content)}
    reasons = list(_reasons(transcript.suite, expected, subject.share))
    if subject.stores and subject.postgres and not reasons:
        reasons += _reasons_on_postgres(transcript, expected, subject.share)
    counted = Counter(test.outcome for test in transcript.tests)
    total = counted.total()
    said = "; ".join(_said(subject, transcript, expected))
    return CheckResult(
        name="tests",
        ok=not reasons,
        detail="\n".join(reasons) or said,
        passed=counted["passed"],
        failed=counted["failed"],
        skipped=total - counted["passed"] - counted["failed"],
    )


def _said(subject: Subject, transcript: Transcript, expected: set[str]) -> Iterator[str]:
    """What to know of a suite that is believed; your own tests are counted apart."""
    suite, postgres = transcript.suite.tests, transcript.postgres.tests
    if own := sum(1 for test in (*suite, *postgres) if base_name(test.id) not in expected):
        yield f"{own} of them your own"
    if transcript.server:
        yield f"{len(suite)} on SQLite, {len(postgres)} on {transcript.server}"
    elif subject.stores:
        yield "on SQLite"
    yield transcript.isolation
    collected = set(map(file_of, transcript.suite.collected))
    if left_out := sorted(files_with_tests(subject.staged) - collected):
        yield f"outside pytest's testpaths, so not run: {', '.join(left_out)}"


def _reasons(suite: Run, expected: set[str], share: Share, on: str = "") -> Iterator[str]:
    """Every reason not to believe the suite; `on` tells the database, where it is not SQLite."""
    for test in suite.tests:
        if test.outcome != "passed":
            yield f"{test.id}{on}: {test.outcome}\n{test.detail}".rstrip()
    collected = Counter(suite.collected)
    for name in sorted(expected - {base_name(test) for test in collected}):
        yield f"{name}{on}: was not collected, and the build relies on it"
    yield from (f"{name}{on}: was deselected" for name in suite.deselected)
    yield from (f"{name}{on}: was collected twice" for name, n in collected.items() if n > 1)
    ran = Counter(test.id for test in suite.tests)
    mine = [name for name in collected if share.holds(file_of(name))]
    missed = [name for name in mine if ran[name] != 1]
    if sum(test.outcome == "failed" for test in suite.tests) < MOST_FAILURES:
        yield from (f"{name}{on}: was collected, but did not run once" for name in missed)
    elif missed:
        yield f"{len(missed)} more tests{on} did not run: {MOST_FAILURES} failures are enough"
    if not suite.collected:
        yield f"no test was collected{on}"
    if suite.status != 0 and all(test.outcome == "passed" for test in suite.tests):
        yield f"pytest{on} ended with status {suite.status}"
    if suite.exit_code != suite.status:
        yield f"the tests' process{on} exited with {suite.exit_code}, pytest with {suite.status}"
    if suite.foreign:
        yield f"the tests{on} imported {suite.foreign}, not the staged project"


def _reasons_on_postgres(transcript: Transcript, expected: set[str], share: Share) -> Iterator[str]:
    """The same rules there; and the server itself must have seen the tests."""
    suite = transcript.postgres
    if suite.errors or not suite.ended:
        yield f"the tests{ON_POSTGRES}: {suite.explain()}"
        return
    yield from _reasons(suite, expected, share, ON_POSTGRES)
    if not transcript.server and share.rest:
        yield f"no test{ON_POSTGRES} connected to it: conftest.py must use TEST_DATABASE_URL"


def _noticed(control: Control, run: Run) -> CheckResult:
    """The feature's own tests, with a fault put into every feature: they must notice theirs."""
    name = f"{CONTROL} {control.feature}"
    if not run.ended:
        return CheckResult(name, ok=False, detail=f"it did not run:\n{run.explain()}")
    own = (test for test in run.tests if file_of(test.id) in control.tests)
    if any(test.outcome == "failed" for test in own):
        return CheckResult(name, ok=True, detail="a fault put in was noticed")
    said = f"its tests pass with a fault put into {control.file}:{control.code.rstrip()}"
    return CheckResult(name, ok=False, detail=said)


def _shared(subject: Subject, shard: Shard) -> tuple[Subject, CheckResult]:
    """What a shard verifies of the project, and a line that says it."""
    feature_of = {file: control.feature for control in subject.controls for file in control.tests}
    loads = {CORE: 1, **{control.feature: 1 for control in subject.controls}}
    for path, content in tests_in(subject.staged):
        loads[feature_of.get(path, CORE)] += sum(1 for _ in ids_in(path, content))
    taken = shard.takes(loads)
    files = {file: feature in taken for file, feature in feature_of.items()}
    controls = tuple(control for control in subject.controls if control.feature in taken)
    said = ", ".join(sorted(taken)) or "nothing, for there are more shards than features"
    own = replace(subject, controls=controls, share=Share(files, CORE in taken))
    return own, CheckResult("shard", ok=True, detail=f"{shard}: {said}")


def controls_of(plan: Plan, staged: Tree) -> tuple[Control, ...]:
    """One negative control a feature, on the files that are there."""
    steps = plan.by_feature()
    return tuple(_control(spec, steps[spec.feature], staged) for spec in plan.project.features)


def _control(spec: FeatureSpec, steps: list[Step], staged: Tree) -> Control:
    file = next(step.target for step in steps if step.target.endswith(f"/{spec.fault.file}"))
    tests = tuple(s.target for s in steps if s.section is Section.TESTS and s.target in staged)
    there = f"def {spec.fault.replaces}(" in staged.get(file, "")
    return Control(spec.feature, file, spec.fault.code if there else ANY_FAULT, tests)


# For a file in which a hand edit renamed what the kind's own fault replaces.
ANY_FAULT = """

def _fault(*_: object, **__: object) -> None:
    raise RuntimeError("fault")


for _name, _value in list(globals().items()):
    if getattr(_value, "__module__", None) == __name__ and not isinstance(_value, type):
        globals()[_name] = _fault
"""
