"""The report's renderings, from a report made by hand."""

from __future__ import annotations

import json

import pytest

from petsage_builder.checks import CheckResult
from petsage_builder.errors import BusyError, PackError, Problem, RequestError
from petsage_builder.merge import Outcome
from petsage_builder.report import BuildReport, FeatureReport, FileReport, Mode, failure
from petsage_builder.report_markdown import fence
from petsage_builder.spec import Route, Section

FEATURE = FeatureReport(
    feature="ready",
    kind="status",
    request_id="r-1",
    title="Ready",
    description="# No heading\n- no *list*\n```\n</b>",
    routes=(Route("GET", "/ready", "none", "nothing", "200 StatusResponse"),),
    files=((Section.MODELS, "a/models.py", "X = '````'\n"), (Section.DOCUMENTATION, "a.md", "a")),
)
WRONG = (Problem("a.py", "is wrong.", "Mend it."), Problem("b.py", "too:\n  two lines."))


def test_fence_cannot_be_ended_by_its_content() -> None:
    assert fence("a\n```\nb") == "````\na\n```\nb\n````"
    assert fence("`````") == "``````\n`````\n``````"


def test_fence_names_its_language() -> None:
    assert fence("x = 1\n", "python") == "```python\nx = 1\n```"


def test_markdown_of_a_description_is_text_and_no_markup() -> None:
    said = BuildReport(Mode.BUILD, 0, features=(FEATURE,)).markdown()
    overview = said.split("## 1. Feature Overview\n\n")[1].split("\n\n- `GET /ready`")[0]
    assert overview == "\\# No heading\n\\- no \\*list\\*\n\\`\\`\\`\n\\</b>"


def test_markdown_of_code_survives_fences_in_the_code() -> None:
    said = BuildReport(Mode.BUILD, 0, features=(FEATURE,)).markdown()
    assert "\n`````python\nX = '````'\n`````\n" in said


def test_markdown_of_a_failure_holds_every_problem_and_ends_in_the_reason() -> None:
    said = BuildReport(Mode.BUILD, 1, problems=WRONG).markdown()
    assert "\n- a.py: is wrong. Mend it.\n" in said
    assert "\n- b.py: too:\n" in said
    assert said.endswith("\n**BUILD FAILED: a.py: is wrong. Mend it. (and 1 more)**\n")


def test_markdown_shows_a_failing_checks_detail_in_full() -> None:
    check = CheckResult("tests", ok=False, detail="test_a: failed\nE  assert 1 == 2")
    said = BuildReport(Mode.BUILD, 1, checks=(check,), problems=WRONG).markdown()
    assert "- tests: FAILED\n\n```\ntest_a: failed\nE  assert 1 == 2\n```\n" in said


@pytest.mark.parametrize(
    ("mode", "code", "banner"),
    [
        (Mode.BUILD, 0, "BUILD COMPLETE."),
        (Mode.DRY_RUN, 0, "DRY RUN COMPLETE."),
        (Mode.CHECK, 0, "CHECK COMPLETE."),
        (Mode.STATUS, 0, "STATUS COMPLETE."),
        (Mode.CHECK, 1, "CHECK FAILED: see above"),
    ],
)
def test_banner_says_what_was_done(mode: Mode, code: int, banner: str) -> None:
    assert BuildReport(mode, code).text().splitlines()[-1] == banner


def test_banner_of_a_failure_is_one_line() -> None:
    assert BuildReport(Mode.BUILD, 1, problems=WRONG[1:]).banner == "BUILD FAILED: b.py: too:"


def test_text_shows_every_line_of_every_problem() -> None:
    said = BuildReport(Mode.BUILD, 1, problems=WRONG).text()
    assert "  ✗ a.py: is wrong. Mend it.\n  ✗ b.py: too:\n      two lines.\n" in said


def test_text_counts_the_records_and_leaves_unchanged_files_out() -> None:
    files = (
        FileReport("a.py", Outcome.UNCHANGED, "", ""),
        FileReport("b.py", Outcome.CREATED, "", "+x"),
        FileReport(".petsage/manifest.json", Outcome.UPDATED, "", ""),
        FileReport(".petsage/base/b.py.base", Outcome.CREATED, "", ""),
    )
    said = BuildReport(Mode.BUILD, 0, files=files).text()
    assert said == "  created   b.py\n  records   2 in .petsage/\nBUILD COMPLETE.\n"


def test_text_of_a_rehearsal_shows_the_diffs() -> None:
    files = (FileReport("b.py", Outcome.CREATED, "", "+x\n-y\n"),)
    said = BuildReport(Mode.DRY_RUN, 0, files=files).text()
    assert "  created   b.py\n    +x\n    -y\n" in said


def test_outcomes_are_words_in_json() -> None:
    files = (FileReport("b.py", Outcome.KEPT, "edited by hand", "+x\n"),)
    document = json.loads(BuildReport(Mode.BUILD, 0, files=files).json())
    assert document["files"] == [{"path": "b.py", "outcome": "kept", "diff": "+x\n"}]


@pytest.mark.parametrize(("error", "code"), [(RequestError, 2), (PackError, 2), (BusyError, 3)])
def test_report_of_an_error_has_its_exit_code(
    error: type[RequestError | PackError | BusyError], code: int
) -> None:
    report = failure(error(*WRONG), "check")
    assert (report.exit_code, report.ok, report.mode) == (code, False, Mode.CHECK)
    assert report.problems == WRONG
