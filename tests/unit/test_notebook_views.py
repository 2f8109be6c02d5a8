"""What the notebook shows: code, diffs and calls, as text and as HTML that is safe anywhere."""

from __future__ import annotations

import html
import json
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from contrast import DARK, WHITE, contrast
from projects import written_project

from petsage_builder import notebook
from petsage_builder.checks import CheckResult, TestEvent
from petsage_builder.notebook import BuildFailed
from petsage_builder.notebook.blocks import MIME, TINTS, View
from petsage_builder.notebook.demo import Call
from petsage_builder.notebook.highlight import LANGUAGES, Calm, code_block, diff_block
from petsage_builder.notebook.proof_views import demo_view, show_tests
from petsage_builder.notebook.reasons import _assertion
from petsage_builder.notebook.session import Session

RELATED = Path(__file__).parents[1] / "generated_app/requests/related"
DEPOTS, PARCELS = RELATED / "depots.json", RELATED / "parcels.json"
SERVICES = "petsage_api/features/depots/services.py"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two features, one of which refers to the other."""
    return written_project(tmp_path_factory.mktemp("views") / "generated", [DEPOTS, PARCELS])


def session(request: Path, workspace: Path, mode: str = "check") -> Session:
    names = {"request_path": str(request), "workspace": str(workspace), "mode": mode}
    return notebook.start(names)


def content(view: View) -> Mapping[str, Any]:
    shown: Mapping[str, Any] = view._repr_mimebundle_()[MIME]  # type: ignore[assignment]
    return shown


def text_of(shown: str) -> str:
    """What a browser shows of some HTML."""
    return html.unescape(re.sub(r"<[^>]*>", "", shown))


def test_colours_of_code_are_read_on_light_and_on_dark() -> None:
    colours = {style["color"] for _, style in Calm if style["color"]}
    assert len(colours) > 4
    for colour in colours:
        assert contrast(colour, WHITE) > 4, colour
        assert contrast(colour, DARK) > 4, colour


def test_grounds_let_any_page_shine_through() -> None:
    assert all(re.fullmatch(r"rgba\(\d+,\d+,\d+,0\.1\d\)", tint) for tint in TINTS.values())


HOSTILE = "</pre><script>alert(1)</script><style>*{}</style>&amp;\n\n  \ttail \n"


@pytest.mark.parametrize("path", ["a.py", "a.json", "a.md", "a.toml", "a.unknown", "Makefile", ""])
@pytest.mark.parametrize("text", [HOSTILE, f'x = "{HOSTILE}', "", "\n", "\n\nx", "# no line end"])
def test_code_is_shown_as_it_is_and_never_obeyed(path: str, text: str) -> None:
    shown = code_block(path, text)
    assert text_of(shown) == text
    assert set(re.findall(r"</?(\w+)", shown)) <= {"pre", "span"}
    assert "class=" not in shown


def test_code_is_coloured() -> None:
    shown = code_block("a.py", "def f() -> None:\n    return None\n")
    assert shown.count("<span style=") >= 3


@pytest.mark.parametrize("suffix", LANGUAGES)
def test_every_language_is_one_that_is_coloured(suffix: str) -> None:
    code = '# "1" <b>\n{"a": 1}\n'
    assert text_of(code_block(f"a.{suffix}", code)) == code
    assert code_block(f"a.{suffix}", code) != code_block("a", code)


def test_html_is_one_line_of_the_record_and_shows_its_lines() -> None:
    view = View("files", "", code_block("a.py", "a = 1\nb = 2\n"), {})
    recorded = str(view._repr_mimebundle_()["text/html"])
    assert len(recorded.splitlines()) == 1
    assert text_of(recorded) == "a = 1\nb = 2\n"


def test_diff_is_tinted_line_by_line() -> None:
    diff = "--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n same\n--- gone <b>\n+++ come\n"
    shown = diff_block(diff)
    assert text_of(shown) == diff.rstrip("\n")
    lines = shown.splitlines()
    assert [next((n for n, t in TINTS.items() if t in line), "") for line in lines[1:]] == [
        "",
        "note",
        "",
        "bad",
        "good",
    ]
    assert "<b>" not in shown


def test_feature_that_refers_to_others_may_be_given_alone(workspace: Path) -> None:
    view = session(PARCELS, workspace).request()
    assert [one["feature"] for one in content(view)["requests"]] == ["parcels"]


def test_plan_counts_what_becomes_of_the_files(workspace: Path) -> None:
    work = session(PARCELS, workspace)
    work.request()
    first = str(work.plan()).splitlines()[0]
    files = (path for path in workspace.rglob("*") if path.is_file())
    count = sum(1 for path in files if ".petsage" not in path.parts)
    assert first == f"{count} unchanged"


def test_diff_tells_what_comes_and_which_hand_edits_stay(workspace: Path, tmp_path: Path) -> None:
    file = workspace / SERVICES
    before = file.read_text()
    file.write_text(before + "\n# mine\n")
    request = json.loads(DEPOTS.read_text())
    request["requirements"]["entities"][0]["list"]["max_size"] = 7
    (tmp_path / "depots.json").write_text(json.dumps(request))
    work = session(tmp_path / "depots.json", workspace, "plan")
    work.request()
    work.plan()
    view = work.diff()
    file.write_text(before)
    rows = {row["path"]: row for row in content(view)["files"]}
    merged = [path for path, row in rows.items() if row["outcome"] == "merged"]
    kept = [path for path, row in rows.items() if row["outcome"] == "kept"]
    assert [*merged, *kept] == [SERVICES]
    assert str(view).count("+# mine") == 1
    assert "# mine" in text_of(view.html)


def test_new_files_are_named_and_not_shown_twice(tmp_path: Path) -> None:
    work = session(DEPOTS, tmp_path / "generated", "plan")
    work.request()
    work.plan()
    view = work.diff()
    paths = [row["path"] for row in content(view)["files"]]
    title, *named = str(view).splitlines()
    assert title == f"{len(paths)} new files"
    assert [line.strip() for line in named] == paths
    assert "+++" not in str(view)


def test_tests_are_lines_and_what_failed_is_open() -> None:
    passed = TestEvent("a.py::test_good<b>", "passed")
    failed = TestEvent("b.py::test_bad", "failed", "E   assert 1 == 2\n")
    view = show_tests([passed, failed], [CheckResult("tests", ok=False, detail="1 failed")])
    assert view.html.count("<details>") == 1
    assert view.html.count("<details open>") == 1
    shown = text_of(view.html)
    assert "✓ test_good<b>" in shown
    assert "✗ test_bad: failed\nE   assert 1 == 2" in shown
    assert "<b>" not in view.html


def test_reason_is_what_differs() -> None:
    compared = ["assert {'a': 1, ...} == {...}", "Differing items:", "{'a': 1} != {'a': 2}"]
    plain, differing = (
        TestEvent(f"a.py::{name}", "failed", "\n".join(f"E   {line}" for line in lines))
        for name, lines in (("plain", compared[:1]), ("differing", compared))
    )
    assert _assertion(plain) == f": {compared[0]}"
    assert _assertion(differing) == f": {compared[2]}"
    assert _assertion(TestEvent("a.py::other", "failed", "killed")) == ""


def demo(workspace: Path, request: Path, mode: str = "check") -> View:
    work = session(request, workspace, mode)
    for step in ("request", "plan", "tests"):
        getattr(work, step)()
    return work.demo()


@pytest.fixture
def scarcely_tested(workspace: Path, tmp_path: Path) -> Path:
    """A copy that runs one test only: its app is called whatever its tests say."""
    copy = shutil.copytree(workspace, tmp_path / "copy")
    with (copy / "petsage_api/tests/conftest.py").open("a") as conftest:
        conftest.write("\n\ndef pytest_collection_modifyitems(items):\n    del items[1:]\n")
    return copy


def test_demo_makes_every_call_of_the_readme_and_is_answered_so(
    scarcely_tested: Path, tmp_path: Path
) -> None:
    both = tmp_path / "both.json"
    both.write_text(json.dumps([json.loads(one.read_text()) for one in (DEPOTS, PARCELS)]))
    view = demo(scarcely_tested, both)
    calls = content(view)["calls"]
    assert {call["method"] for call in calls} >= {"GET", "POST", "PATCH", "DELETE"}
    assert [call["status"] for call in calls] == [call["expected"] for call in calls]
    assert {201, 404, 422} <= {call["status"] for call in calls}
    assert content(view)["ok"]
    assert "README" not in str(view)
    again = demo(scarcely_tested, both)
    assert (again.text, again.html) == (view.text, view.html)


def test_demo_of_rows_that_no_client_makes_finds_one(tmp_path: Path) -> None:
    operations = ["list", "read", "update", "delete"]
    line = {"name": "line", "fields": ["text:string{1,80}"], "operations": operations}
    asked = {"feature": "lines", "description": "d", "requirements": {"entities": [line]}}
    (tmp_path / "lines.json").write_text(json.dumps(asked))
    calls = content(demo(tmp_path / "app", tmp_path / "lines.json", "build"))["calls"]
    said = [(call["method"], call["status"]) for call in calls]
    assert {("GET", 200), ("PATCH", 200), ("DELETE", 204)} <= set(said)
    assert [call["status"] for call in calls] == [call["expected"] for call in calls]


def test_app_that_does_not_start_answers_nothing_and_says_why(
    workspace: Path, tmp_path: Path
) -> None:
    copy = shutil.copytree(workspace, tmp_path / "copy")
    with (copy / "petsage_api/main.py").open("a") as main:
        main.write('\n\nraise RuntimeError("it broke")\n')
    view = demo(copy, PARCELS)
    assert not content(view)["ok"]
    assert {call["trouble"] for call in content(view)["calls"]} == {"RuntimeError: it broke"}


def test_demo_needs_the_tests_that_its_calls_are_made_with(workspace: Path) -> None:
    work = session(PARCELS, workspace)
    for step in ("request", "plan"):
        getattr(work, step)()
    with pytest.raises(BuildFailed, match="the `tests` cell has not run"):
        work.demo()


def test_answer_that_the_readme_does_not_show_is_told() -> None:
    call = Call("GET", "/x", 200, "", 500, "Internal Server Error", "text/plain", "<b>")
    view = demo_view([call])
    assert "GET /x: 500 Internal Server Error (the README shows 200)" in str(view)
    assert "<details open>" in view.html
    assert "<b>" not in view.html
    assert "no answer: it broke" in str(demo_view([Call("GET", "/x", 200, trouble="it broke")]))
