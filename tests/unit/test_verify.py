"""Honest verification: what a bare `pytest` would call green, and what must not be called red."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from command_line import SEED, write

from petsage_builder import pipeline
from petsage_builder.checks import CheckResult, Verification
from petsage_builder.draft import Draft
from petsage_builder.entries import read_entries
from petsage_builder.expected import ids_in
from petsage_builder.staging import project_after
from petsage_builder.trees import Tree
from petsage_builder.verify import subprocess_run

TESTS = "petsage_api/tests/features/test_smoke_test.py"
OWN_TESTS = "petsage_api/tests/test_mine.py"
CONFTEST = "petsage_api/tests/conftest.py"
SERVICES = "petsage_api/features/smoke_test/services.py"
MAIN = "petsage_api/main.py"
SETTINGS = "petsage_api/core/settings.py"
PYPROJECT = "pyproject.toml"
BUBBLEWRAP = "bubblewrap: no network, read-only but for the stage"
NAMESPACES = "namespaces: no network, read-only but for the stage"
BARE = "a process of its own, not isolated from network or files"
# CI installs bubblewrap where it can; a machine without it has the namespaces.
STRICTEST = BUBBLEWRAP if subprocess_run.BUBBLEWRAP.is_file() else NAMESPACES

Edit = Callable[[dict[str, str]], None]


@dataclass(frozen=True, slots=True)
class Project:
    """The seed as it would become, with no test but its feature's: what is verified here."""

    draft: Draft
    staged: Tree

    def verified(self, *edits: Edit, keep: bool = False) -> Verification:
        """The proof of the project after some hand edits."""
        staged = dict(self.staged)
        for edit in edits:
            edit(staged)
        options = pipeline.Options(Path(), keep_stage=keep)
        return pipeline.prove(self.draft, staged, options)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The seed as it would become."""
    folder = tmp_path_factory.mktemp("verify")
    request = write(folder / "smoke_test.json", SEED)
    options = pipeline.Options(folder / "generated")
    with pipeline.opened(options, "build", new=True) as workspace:
        draft = pipeline.make_draft(workspace, read_entries([str(request)]), options)
        return Project(draft, project_after(workspace, draft.changes))


@pytest.fixture(scope="module")
def project(whole: Project) -> Project:
    def feature_only(tree: Tree) -> Tree:
        return {p: c for p, c in tree.items() if "/test_" not in p or p == TESTS}

    draft = replace(whole.draft, rendered=feature_only(whole.draft.rendered))
    return Project(draft, feature_only(whole.staged))


def put(path: str, content: str) -> Edit:
    def edit(tree: dict[str, str]) -> None:
        tree[path] = content

    return edit


def append(path: str, content: str) -> Edit:
    def edit(tree: dict[str, str]) -> None:
        tree[path] += content

    return edit


def swap(path: str, old: str, new: str) -> Edit:
    def edit(tree: dict[str, str]) -> None:
        assert old in tree[path]
        tree[path] = tree[path].replace(old, new)

    return edit


def drop(path: str) -> Edit:
    def edit(tree: dict[str, str]) -> None:
        del tree[path]

    return edit


def together(*edits: Edit) -> Edit:
    def edit(tree: dict[str, str]) -> None:
        for one in edits:
            one(tree)

    return edit


def halve(tree: dict[str, str]) -> None:
    tree[TESTS] = tree[TESTS][: tree[TESTS].index("async def test_operation")]


def hollow(tree: dict[str, str]) -> None:
    """Every test of the feature asserts nothing."""
    lines = tree[TESTS].splitlines(keepends=True)
    tree[TESTS] = "".join(line for line in lines if "assert" not in line)


def addopts(options: str) -> Edit:
    return swap(PYPROJECT, 'addopts = ["-ra", ', f'addopts = ["-ra", {options}, ')


def red(proof: Verification) -> dict[str, CheckResult]:
    return {check.name: check for check in proof.checks if not check.ok}


BROKEN = swap(SERVICES, "message=MESSAGE", 'message="broken"')
FAULT = "its tests pass with a fault put into"
FIRST = "async def test_status_is_answered_without_credentials"
SECOND = "async def test_response_is_a_status_response"
RED_TEST = put(OWN_TESTS, "def test_mine() -> None:\n    assert 1 + 1 == 3\n")

TRICKS: Mapping[str, tuple[Edit, str, str]] = {
    "every test skipped": (
        swap(TESTS, "pytestmark = pytest.mark.anyio", "pytestmark = pytest.mark.skip"),
        *("tests", "skipped"),
    ),
    "a module skipped": (
        append(TESTS, "\n\npytest.skip('later', allow_module_level=True)\n"),
        *("tests", "was not collected"),
    ),
    "an importorskip": (
        swap(TESTS, "pytestmark =", "pytest.importorskip('no_such_module')\npytestmark ="),
        *("tests", "was not collected"),
    ),
    "xfail that fails": (
        together(BROKEN, swap(TESTS, FIRST, f"@pytest.mark.xfail\n{FIRST}")),
        *("tests", "test_status_is_answered_without_credentials: "),
    ),
    "xfail strict": (
        together(BROKEN, swap(TESTS, FIRST, f"@pytest.mark.xfail(strict=True)\n{FIRST}")),
        *("tests", "test_status_is_answered_without_credentials: "),
    ),
    "xfail put on by conftest": (
        together(
            BROKEN,
            append(
                CONFTEST,
                "\n\ndef pytest_collection_modifyitems(items):\n"
                "    for item in items:\n"
                "        item.add_marker(pytest.mark.xfail(strict=False))\n",
            ),
        ),
        *("tests", "test_status_is_answered_without_credentials: "),
    ),
    "os._exit(0) in a test": (
        append(TESTS, "\n\ndef test_more() -> None:\n    import os\n    os._exit(0)\n"),
        *("import", "ended without its closing event (exit 0)"),
    ),
    "os._exit(0) at import": (
        swap(TESTS, "import pytest", "import os; os._exit(0)\nimport pytest"),
        *("import", "ended without its closing event (exit 0)"),
    ),
    "os._exit(0) in conftest": (
        append(CONFTEST, "\nos._exit(0)\n"),
        *("import", "ended without its closing event (exit 0)"),
    ),
    "os._exit(0) at the end of the session": (
        together(BROKEN, append(CONFTEST, "\n\ndef pytest_unconfigure():\n    os._exit(0)\n")),
        *("tests", "failed"),
    ),
    "os._exit(0) in atexit": (
        append(CONFTEST, "\nimport atexit\n\natexit.register(os._exit, 0)\nos._exit(0)\n"),
        *("import", "ended without its closing event"),
    ),
    "sys.exit(0) at import": (
        swap(TESTS, "import pytest", "import sys; sys.exit(0)\nimport pytest"),
        *("", ""),
    ),
    "pytest.exit with 0": (
        swap(TESTS, f"{FIRST}", f"def test_a() -> None:\n    pytest.exit('', 0)\n\n\n{FIRST}"),
        *("tests", "was collected, but did not run once"),
    ),
    "killed by a signal": (
        append(TESTS, "\n\ndef test_more() -> None:\n    import os\n    os.kill(os.getpid(), 9)\n"),
        *("import", "ended without its closing event (exit -9)"),
    ),
    "half of the tests deleted": (
        halve,
        "tests",
        "test_operation_is_documented: was not collected",
    ),
    "the test file deleted": (drop(TESTS), "control smoke_test", "it has no tests left"),
    "the test file renamed": (
        lambda tree: tree.__setitem__(TESTS + ".txt", tree.pop(TESTS)),
        *("control smoke_test", "it has no tests left"),
    ),
    "collect_ignore": (
        append(CONFTEST, '\ncollect_ignore = ["features/test_smoke_test.py"]\n'),
        *("tests", "was not collected"),
    ),
    "deselected by conftest": (
        append(
            CONFTEST,
            "\n\ndef pytest_collection_modifyitems(config, items):\n"
            "    config.hook.pytest_deselected(items=items[:1])\n"
            "    del items[:1]\n",
        ),
        *("tests", "was deselected"),
    ),
    "dropped by conftest without a word": (
        append(CONFTEST, "\n\ndef pytest_collection_modifyitems(items):\n    del items[1:]\n"),
        *("tests", "was not collected"),
    ),
    "run twice by conftest": (
        append(
            CONFTEST,
            "\n\ndef pytest_collection_modifyitems(items):\n    items.append(items[0])\n",
        ),
        *("tests", "was collected twice"),
    ),
    "-k nothing": (addopts('"-k", "nothing"'), "tests", "was deselected"),
    "--deselect": (addopts(f'"--deselect={TESTS}"'), "tests", "was deselected"),
    "--ignore": (addopts(f'"--ignore={TESTS}"'), "tests", "was not collected"),
    "--collect-only": (addopts('"--collect-only"'), "tests", "was collected, but did not run"),
    "--setup-only": (together(BROKEN, addopts('"--setup-only"')), "", ""),
    "--fixtures": (addopts('"--fixtures"'), "", ""),
    "-x with a red test": (together(RED_TEST, addopts('"-x"')), "tests", "test_mine: failed"),
    "--maxfail that never ends": (together(RED_TEST, addopts('"--exitfirst"')), "tests", "failed"),
    "another python_functions": (
        swap(PYPROJECT, "xfail_strict = true", 'python_functions = ["check_*"]'),
        *("tests", "was not collected"),
    ),
    "another python_files": (
        swap(PYPROJECT, "xfail_strict = true", 'python_files = ["check_*"]'),
        *("tests", "was not collected"),
    ),
    "another testpaths": (
        swap(PYPROJECT, 'testpaths = ["petsage_api"]', 'testpaths = ["petsage_api/core"]'),
        *("tests", "was not collected"),
    ),
    "a pytest.ini that takes over": (
        put("pytest.ini", "[pytest]\npython_functions = check\n"),
        *("tests", "was not collected"),
    ),
    "outcomes rewritten by a wrapper": (
        together(
            BROKEN,
            append(
                CONFTEST,
                "\n\n@pytest.hookimpl(wrapper=True)\ndef pytest_runtest_makereport():\n"
                '    report = yield\n    report.outcome = "passed"\n    return report\n',
            ),
        ),
        *("tests", "test_status_is_answered_without_credentials: failed"),
    ),
    "outcomes rewritten before anyone looks": (
        together(
            BROKEN,
            append(
                CONFTEST,
                "\n\n@pytest.hookimpl(tryfirst=True)\ndef pytest_runtest_makereport(item, call):\n"
                "    call.excinfo = None\n"
                "    return pytest.TestReport.from_item_and_call(item, call)\n",
            ),
        ),
        *("control smoke_test", FAULT),
    ),
    "outcomes rewritten by the outermost wrapper": (
        together(
            BROKEN,
            append(
                CONFTEST,
                "\n\n@pytest.hookimpl(wrapper=True, tryfirst=True)\n"
                "def pytest_runtest_makereport(item, call):\n"
                "    call.excinfo = None\n    return (yield)\n",
            ),
        ),
        *("control smoke_test", FAULT),
    ),
    "exit status rewritten": (
        together(
            BROKEN,
            append(
                CONFTEST,
                "\n\n@pytest.hookimpl(tryfirst=True)\n"
                "def pytest_sessionfinish(session):\n    session.exitstatus = 0\n",
            ),
        ),
        *("tests", "test_status_is_answered_without_credentials: failed"),
    ),
    "tests not called": (
        append(
            CONFTEST,
            "\n\n@pytest.hookimpl(tryfirst=True)\ndef pytest_pyfunc_call():\n    return True\n",
        ),
        *("control smoke_test", FAULT),
    ),
    "tests called by a protocol that believes all": (
        append(
            CONFTEST,
            "\n\n@pytest.hookimpl(tryfirst=True)\ndef pytest_runtest_protocol(item):\n"
            "    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)\n"
            "    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)\n"
            "    return True\n",
        ),
        *("control smoke_test", FAULT),
    ),
    "failures swallowed": (
        together(
            BROKEN,
            append(
                CONFTEST,
                "\n\n@pytest.hookimpl(wrapper=True)\ndef pytest_pyfunc_call():\n"
                "    try:\n        return (yield)\n    except AssertionError:\n"
                "        return True\n",
            ),
        ),
        *("", ""),
    ),
    "our plugin thrown out": (
        append(
            CONFTEST,
            "\n\ndef pytest_collection_finish(session):\n"
            "    manager = session.config.pluginmanager\n"
            "    for plugin in list(manager.get_plugins()):\n"
            '        if type(plugin).__name__ == "Recorder":\n'
            "            manager.unregister(plugin)\n",
        ),
        *("import", "ended without its closing event"),
    ),
    "assertions that assert nothing": (hollow, "control smoke_test", FAULT),
    "one name for two tests": (
        append(TESTS, f"\n\n{FIRST}() -> None:\n    return\n"),
        *("names", "test_status_is_answered_without_credentials: is defined twice"),
    ),
    "one name for two tests of a class": (
        append(
            TESTS, "\n\nclass TestMore:\n    def test_a(self): ...\n    def test_a(self): ...\n"
        ),
        *("names", "TestMore::test_a: is defined twice"),
    ),
    "tests replaced by assignment": (
        append(
            TESTS,
            "\n\nfor name in [name for name in globals() if name.startswith('test_')]:\n"
            "    globals()[name] = lambda: None\n",
        ),
        *("control smoke_test", FAULT),
    ),
    "a sleeping child with a grip on every descriptor": (
        together(
            RED_TEST,
            append(
                TESTS,
                "\n\ndef test_more() -> None:\n    import os, time\n"
                "    if os.fork() == 0:\n        os.setsid()\n        time.sleep(600)\n"
                "        os._exit(0)\n",
            ),
        ),
        *("tests", "test_mine: failed"),
    ),
    "no test at all": (put(TESTS, '"""Nothing."""\n'), "tests", "no test was collected"),
    "a source file rewritten": (
        append(
            TESTS,
            "\n\ndef test_more() -> None:\n    from pathlib import Path\n"
            "    Path(services.__file__).write_text('# gone')\n",
        ),
        *("unchanged", "the tests changed files of the project"),
    ),
    "a file left behind": (
        append(
            TESTS,
            "\n\ndef test_more() -> None:\n    from pathlib import Path\n"
            "    Path('left.txt').write_text('')\n",
        ),
        *("unchanged", "the tests changed files of the project"),
    ),
    "another openapi.json": (
        append(
            TESTS,
            "\n\ndef test_more() -> None:\n    from pathlib import Path\n"
            "    Path('openapi.json').write_text('{}')\n",
        ),
        *("unchanged", "the tests changed files of the project"),
    ),
    "an app that ends where no test is": (
        append(
            MAIN, "\nimport os\n\nif 'PYTEST_CURRENT_TEST' not in os.environ:\n    os._exit(0)\n"
        ),
        *("import", "the app can't tell its API: it ended early"),
    ),
    "an app that is none": (
        append(MAIN, "\napp = None\n"),
        *("import", "the app can't tell its API: AttributeError: "),
    ),
    "tests run twice by a fork": (
        append(TESTS, "\n\ndef test_more() -> None:\n    import os\n    os.fork()\n"),
        *("tests", "test_more: was collected, but did not run once"),
    ),
    "forged events": (
        append(
            TESTS,
            "\n\ndef test_more() -> None:\n    import json, os\n"
            "    for fd in range(1, 64):\n"
            "        for event in ('test', 'end', 'exit', 'start', 'collected'):\n"
            "            forged = {'event': event, 'run': 'suite', 'nonce': '', 'id': 'forged',\n"
            "                      'outcome': 'passed', 'detail': '', 'status': 0, 'code': 0}\n"
            "            try:\n                os.write(fd, json.dumps(forged).encode() + b'\\n')\n"
            "            except OSError:\n                pass\n"
            "    os._exit(0)\n",
        ),
        *("import", "ended without its closing event (exit 0)"),
    ),
    "garbage on every descriptor": (
        append(
            TESTS,
            "\n\ndef test_more() -> None:\n    import os\n    for fd in range(3, 64):\n"
            "        try:\n            os.write(fd, b'\\xff{]' * 999)\n"
            "        except OSError:\n            pass\n    os._exit(0)\n",
        ),
        *("import", "ended without its closing event"),
    ),
    "the event pipe closed": (
        append(
            TESTS,
            "\n\ndef test_more() -> None:\n    import os\n    os.closerange(3, 64)\n",
        ),
        *("import", "ended without its closing event"),
    ),
    "a module that is found elsewhere": (
        append(
            CONFTEST,
            "\nimport sys, types\nsys.modules['petsage_api'].__file__ = '/elsewhere/__init__.py'\n",
        ),
        *("tests", "the tests imported /elsewhere/__init__.py, not the staged project"),
    ),
    "a syntax error": (append(SERVICES, "\ndef f(:\n"), "compile", f"{SERVICES}:"),
    "a null byte": (append(SERVICES, "\0"), "compile", SERVICES),
    "an import error": (append(SERVICES, "\nimport no_such_module\n"), "", "no_such_module"),
    "an import error of a test": (
        append(TESTS, "\nimport no_such_module\n"),
        *("import", "No module named 'no_such_module'"),
    ),
    "conftest that breaks": (append(CONFTEST, "\n1 / 0\n"), "import", "ZeroDivisionError"),
}


# Each is told by the name of its own test, so one run tells of all.
TOLD_TOGETHER: Mapping[str, tuple[Edit, str]] = {
    "one test skipped": (
        swap(TESTS, FIRST, f"@pytest.mark.skip\n{FIRST}"),
        "test_status_is_answered_without_credentials: skipped",
    ),
    "a skip inside a test": (
        append(TESTS, "\n\ndef test_skips() -> None:\n    pytest.skip('later')\n"),
        "test_skips: skipped",
    ),
    "xfail that passes": (
        swap(TESTS, SECOND, f"@pytest.mark.xfail(strict=False)\n{SECOND}"),
        "test_response_is_a_status_response: xfail",
    ),
    "an imperative xfail": (
        append(TESTS, "\n\ndef test_xfails() -> None:\n    pytest.xfail('later')\n"),
        "test_xfails: ",
    ),
    "sys.exit(0) in a test": (
        append(TESTS, "\n\ndef test_exits() -> None:\n    import sys\n    sys.exit(0)\n"),
        "test_exits: failed",
    ),
    "a test renamed away": (
        swap(TESTS, "async def test_status_can_only_be_read", "async def check_status"),
        "test_status_can_only_be_read: was not collected",
    ),
    "a failing setup": (
        append(TESTS, "\n\ndef test_set_up(no_such_fixture: int) -> None: ...\n"),
        "fixture 'no_such_fixture' not found",
    ),
    "a failing teardown": (
        append(
            TESTS,
            "\n\n@pytest.fixture\ndef torn():\n    yield\n    raise ValueError('torn')\n"
            "\n\ndef test_torn(torn: None) -> None: ...\n",
        ),
        "ValueError: torn",
    ),
    "a warning": (
        append(
            TESTS,
            "\n\ndef test_warns() -> None:\n    import warnings\n"
            "    warnings.warn('old', DeprecationWarning)\n",
        ),
        "DeprecationWarning: old",
    ),
}


@pytest.fixture(scope="module")
def told(project: Project) -> str:
    """Why the tests are refused when all of these tricks are played."""
    return red(project.verified(*(edit for edit, _ in TOLD_TOGETHER.values())))["tests"].detail


@pytest.mark.parametrize("trick", TOLD_TOGETHER)
def test_trick_is_told_by_its_test(told: str, trick: str) -> None:
    assert TOLD_TOGETHER[trick][1] in told


@pytest.mark.parametrize("trick", TRICKS)
def test_trick_is_refused(project: Project, trick: str) -> None:
    edit, check, words = TRICKS[trick]
    wrong = red(project.verified(edit))
    assert wrong
    assert not check or check in wrong, wrong
    assert words in "\n".join(result.detail for result in wrong.values())


# No false red.


def own(name: str, content: str) -> Edit:
    """A test file of the user's own."""
    return put(f"petsage_api/tests/test_{name}.py", content)


# Each with the name of its tests, and how many they are: all of them go well together.
HONEST: Mapping[str, tuple[Edit, str, int]] = {
    "a test of one's own": (own("mine", "def test_mine() -> None: ...\n"), "/test_mine.py::", 1),
    "a test in the feature's file": (
        append(TESTS, "\n\ndef test_mine() -> None: ...\n"),
        *(f"{TESTS}::test_mine", 1),
    ),
    "parameters": (
        own(
            "parameters",
            "import pytest\n\n\n@pytest.mark.parametrize('text', ['', '[', '::', 'é', '\\x00'])\n"
            "def test_mine(text: str) -> None:\n    assert len(text) < 3\n",
        ),
        *("/test_parameters.py::", 5),
    ),
    "parameters of a generated test": (
        swap(TESTS, f"{FIRST}(", f"@pytest.mark.parametrize('n', [1, 2])\n{FIRST}(n: int, "),
        *(f"{TESTS}::test_status_is_answered_without_credentials", 2),
    ),
    "a class": (
        own("class", "class TestMine:\n    def test_a(self) -> None: ...\n"),
        *("/test_class.py::", 1),
    ),
    "unittest": (
        own(
            "unittest",
            "import unittest\n\n\nclass TestMine(unittest.TestCase):\n"
            "    def test_a(self) -> None:\n        self.assertTrue(True)\n",
        ),
        *("/test_unittest.py::", 1),
    ),
    "the same name in two files": (
        own("same", "def test_status_can_only_be_read() -> None: ...\n"),
        *("::test_status_can_only_be_read", 2),
    ),
    "another docstring": (swap(SERVICES, "What the status says.", "Mine."), TESTS, 6),
    "a service of one's own": (
        append(SERVICES, "\n\ndef more() -> int:\n    return 1\n"),
        *(TESTS, 6),
    ),
    "a file that is no Python": (put("notes.txt", "def (:\n\udcff"), TESTS, 6),
    "an expected exception": (
        own(
            "exception",
            "import pytest\n\n\ndef test_mine() -> None:\n"
            "    with pytest.raises(SystemExit):\n        raise SystemExit(0)\n",
        ),
        *("/test_exception.py::", 1),
    ),
    "temporary files": (
        own(
            "files",
            "import tempfile\nfrom pathlib import Path\n\n\n"
            "def test_mine(tmp_path: Path) -> None:\n"
            "    (tmp_path / 'a').write_text('')\n"
            "    tempfile.TemporaryFile().close()\n"
            "    Path('~/a').expanduser().write_text('')\n",
        ),
        *("/test_files.py::", 1),
    ),
    "a child that ended": (
        own(
            "child",
            "import subprocess, sys\n\n\ndef test_mine() -> None:\n"
            "    subprocess.run([sys.executable, '-c', ''], check=True)\n",
        ),
        *("/test_child.py::", 1),
    ),
    "output": (
        own("output", "def test_mine() -> None:\n    print('x' * 1_000_000)\n"),
        *("/test_output.py::", 1),
    ),
}


@pytest.fixture(scope="module")
def honest(project: Project) -> Verification:
    """The proof of the project with every honest edit."""
    return project.verified(*(edit for edit, _, _ in HONEST.values()))


@pytest.mark.parametrize("edit", HONEST)
def test_honest_edit_is_not_called_red(honest: Verification, edit: str) -> None:
    _, name, count = HONEST[edit]
    assert red(honest) == {}
    passed = [test.id for test in honest.tests if name in test.id and test.outcome == "passed"]
    assert len(passed) == count


def test_tests_of_honest_edits_are_counted_as_your_own(honest: Verification) -> None:
    (tests,) = (check for check in honest.checks if check.name == "tests")
    assert (tests.passed, tests.failed, tests.skipped) == (19, 0, 0)
    assert tests.detail == f"14 of them your own; {STRICTEST}"


@pytest.mark.parametrize(
    "edit",
    [lambda _: None, addopts('"--version", "-p", "no:anyio", "-v"')],
    ids=["nothing", "options that change nothing"],
)
def test_honest_project_is_not_called_red(project: Project, edit: Edit) -> None:
    proof = project.verified(edit)
    assert red(proof) == {}
    (tests,) = (check for check in proof.checks if check.name == "tests")
    assert (tests.passed, tests.failed, tests.skipped) == (4, 0, 0)
    assert tests.detail == STRICTEST


@pytest.fixture(scope="module")
def whole_proof(whole: Project) -> Verification:
    return whole.verified()


def test_whole_project_is_verified(whole_proof: Verification) -> None:
    assert red(whole_proof) == {}
    assert [check.name for check in whole_proof.checks] == [
        *("compile", "lint", "names", "import", "tests", "control smoke_test", "unchanged")
    ]
    assert len(whole_proof.tests) > 50


def test_app_is_described_before_its_tests_run(project: Project) -> None:
    reads = "import json\nfrom pathlib import Path\n\n\ndef test_mine() -> None:\n"
    reads += "    assert '/mine' in json.loads(Path('openapi.json').read_text())['paths']\n"
    route = '\n\n@app.get("/mine")\nasync def mine() -> int:\n    return 1\n'
    proof = project.verified(put(OWN_TESTS, reads), append(MAIN, route), put("openapi.json", "{}"))
    assert red(proof) == {}
    assert "/mine" in json.loads(proof.described.document)["paths"]
    assert proof.described.isolation == STRICTEST


def test_app_that_only_its_tests_can_set_up_is_described_by_them(project: Project) -> None:
    needed = swap(SETTINGS, "    log_level:", "    secret: str\n    log_level:")
    late = "    from petsage_api.main import create_app\n"
    given = swap(CONFTEST, late, f"    os.environ['PETSAGE_API_SECRET'] = 'x'\n{late}")
    proof = project.verified(needed, given)
    assert red(proof) == {}
    assert "/api/v1/status" in json.loads(proof.described.document)["paths"]


SPEAKS_FOR_THE_APP = """

def test_more() -> None:
    import sys
    frame = sys._getframe()
    while "job" not in frame.f_locals or "nonce" not in frame.f_locals["job"]:
        frame = frame.f_back
    job = frame.f_locals["job"]
    sys.modules["__main__"].Events(job["events"], job["nonce"], "").send("described", document="{}")
"""


def test_no_test_speaks_for_the_app(project: Project) -> None:
    proof = project.verified(append(TESTS, SPEAKS_FOR_THE_APP))
    assert red(proof) == {}
    assert "/api/v1/status" in json.loads(proof.described.document)["paths"]


def test_every_expected_test_is_named_by_its_file(
    whole: Project, whole_proof: Verification
) -> None:
    tests = [path for path in whole.staged if "/test_" in path]
    expected = {name for path in tests for name in ids_in(path, whole.staged[path])}
    assert {test.id.partition("[")[0] for test in whole_proof.tests} == expected


def test_failure_tells_the_test_and_its_assertion(project: Project) -> None:
    detail = red(project.verified(BROKEN))["tests"].detail
    assert f"{TESTS}::test_status_is_answered_without_credentials: failed" in detail
    assert "assert response.json() == STATUS" in detail
    assert "'broken'" in detail


def test_test_is_seen_as_it_ends(project: Project) -> None:
    seen: list[str] = []
    options = pipeline.Options(Path(), observe=lambda test: seen.append(test.id))
    proof = pipeline.prove(project.draft, project.staged, options)
    assert seen == [test.id for test in proof.tests]


def test_stage_is_kept_on_demand(project: Project) -> None:
    kept = Path(project.verified(RED_TEST, keep=True).kept)
    assert (kept / OWN_TESTS).read_text(encoding="utf-8").startswith("def test_mine")
    shutil.rmtree(kept)


@pytest.mark.parametrize(
    ("python", "words"),
    [("/no/such/python", "No such file"), ("/bin/false", "exit -1"), ("/bin/true", "exit -1")],
)
def test_interpreter_that_is_none_is_red(project: Project, python: str, words: str) -> None:
    other = replace(project, draft=replace(project.draft, python=python))
    assert words in red(other.verified())["import"].detail


# Isolation: what the report says is what was used.


RUNGS = {"strictest": STRICTEST, "namespaces": NAMESPACES, "bare": BARE}


@dataclass(frozen=True, slots=True)
class Isolated:
    """What came of a project's tests on one rung of the ladder, and what it must be called."""

    name: str
    proof: Verification
    seconds: float
    folder: Path


@contextlib.contextmanager
def on_rung(rung: str, folder: Path) -> Iterator[pytest.MonkeyPatch]:
    """For what is verified meanwhile."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in _constants(rung, folder).items():
            patch.setattr(subprocess_run, name, value)
        yield patch


@pytest.fixture(scope="module", params=RUNGS)
def rung(request: pytest.FixtureRequest) -> str:
    """Each rung of the ladder."""
    return str(request.param)


@pytest.fixture(scope="module")
def peaceful(rung: str, project: Project, tmp_path_factory: pytest.TempPathFactory) -> Isolated:
    """Tests that are green on every rung: one looks for secrets, one leaves a child behind."""
    folder, start = tmp_path_factory.mktemp("peaceful"), time.monotonic()
    with on_rung(rung, tmp_path_factory.mktemp("rung")) as patch:
        for name, value in SECRETS.items():
            patch.setenv(name, value)
        outlives = own("outlives", OUTLIVES.replace("MARK", str(folder)))
        proof = project.verified(own("environment", LOOKS_FOR_SECRETS), outlives)
    return Isolated(RUNGS[rung], proof, time.monotonic() - start, folder)


@pytest.fixture(scope="module")
def reaching(
    rung: str, project: Project, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Isolated]:
    """Tests that reach for the network and for files outside of the stage."""
    folder, start = tmp_path_factory.mktemp("reaching"), time.monotonic()
    (folder / "kept.txt").write_text("kept", encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as server:
        host, port = server.getsockname()
        connect = f"socket.create_connection(({host!r}, {port}), timeout=5).close()"
        network = f"import socket\n\n\ndef test_mine() -> None:\n    {connect}\n"
        try:
            with on_rung(rung, tmp_path_factory.mktemp("rung")):
                proof = project.verified(
                    own("network", network), own("files", writes_outside(folder))
                )
            yield Isolated(RUNGS[rung], proof, time.monotonic() - start, folder)
        finally:
            ESCAPED.unlink(missing_ok=True)


def _constants(rung: str, folder: Path) -> Mapping[str, Path]:
    if rung == "strictest":
        return {}
    runner = folder / "runner.py"
    content = subprocess_run.RUNNER.read_text(encoding="utf-8")
    missing = content.replace('"unshare"', '"no_such_function"') if rung == "bare" else content
    runner.write_text(missing, encoding="utf-8")
    return {"BUBBLEWRAP": folder / "no_bwrap", "RUNNER": runner}


ESCAPED = Path.home() / ".petsage-escape"
SECRETS = {
    "DATABASE_URL": "postgresql://secret",
    "MY_SECRET_KEY": "secret",
    "PYTEST_ADDOPTS": "-k nothing",
    "PYTHONPATH": "/elsewhere",
}
LOOKS_FOR_SECRETS = """
import os, sys


def test_mine() -> None:
    assert not any('secret' in value for value in os.environ.values())
    assert '/elsewhere' not in sys.path
"""


def writes_outside(folder: Path) -> str:
    """Tests that make a file, take one away, and write into the user's own folder."""
    lines = [
        "from pathlib import Path",
        "def test_a() -> None:",
        f"    Path({str(folder)!r}, 'made.txt').write_text('made')",
        "def test_b() -> None:",
        f"    Path({str(folder)!r}, 'kept.txt').unlink()",
        "def test_c() -> None:",
        f"    Path({str(ESCAPED)!r}).write_text('made')",
    ]
    return "\n".join(lines) + "\n"


def test_report_says_which_isolation_was_used(peaceful: Isolated) -> None:
    assert red(peaceful.proof) == {}
    said = [check.detail for check in peaceful.proof.checks if check.name == "tests"]
    assert said == [f"2 of them your own; {peaceful.name}"]


def test_secrets_of_the_environment_are_not_seen(peaceful: Isolated) -> None:
    assert "petsage_api/tests/test_environment.py::test_mine" in passed(peaceful.proof)


def passed(proof: Verification) -> set[str]:
    return {test.id for test in proof.tests if test.outcome == "passed"}


def test_tests_reach_the_network_only_without_isolation(reaching: Isolated) -> None:
    test = "petsage_api/tests/test_network.py::test_mine"
    assert (test in passed(reaching.proof)) == ("no network" not in reaching.name)
    if "no network" in reaching.name:
        (failed,) = (one for one in reaching.proof.tests if one.id == test)
        assert failed.outcome == "failed"
        assert "Error: [Errno " in failed.detail


def test_tests_write_outside_the_stage_only_without_isolation(reaching: Isolated) -> None:
    escaped = {"made.txt"} if (reaching.folder / "made.txt").exists() else set()
    escaped |= set() if (reaching.folder / "kept.txt").exists() else {"kept.txt"}
    escaped |= {"home"} if ESCAPED.exists() else set()
    tests = [test for test in reaching.proof.tests if "/test_files.py::" in test.id]
    if "read-only" in reaching.name:
        assert escaped == set()
        assert [test.outcome for test in tests] == ["failed"] * 3
        assert red(reaching.proof)["tests"].failed == 4
    else:
        assert escaped == {"made.txt", "kept.txt", "home"}
        assert red(reaching.proof) == {}


def test_bubblewrap_that_does_not_start_is_not_claimed(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subprocess_run, "BUBBLEWRAP", Path("/bin/false"))
    proof = project.verified()
    assert red(proof) == {}
    assert [check.detail for check in proof.checks if check.name == "tests"] == [NAMESPACES]


@pytest.mark.parametrize(
    "code",
    [
        "import time\n\n\ndef test_mine() -> None:\n    time.sleep(600)\n",
        "def test_mine() -> None:\n    while True: ...\n",
        "import time\ntime.sleep(600)\n",
        (
            "import signal, time\nsignal.signal(15, signal.SIG_IGN)\n\n\n"
            "def test_mine() -> None:\n"
            "    while True:\n        try:\n            time.sleep(600)\n"
            "        except BaseException: ...\n"
        ),
    ],
    ids=["asleep", "busy", "at import", "stubborn"],
)
def test_test_that_hangs_is_ended(
    project: Project, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    monkeypatch.setattr(subprocess_run, "TIME_LIMIT", 2.0)
    start = time.monotonic()
    proof = project.verified(put(OWN_TESTS, code))
    assert time.monotonic() - start < 60
    assert red(proof)["import"].detail == "no test ended for 2 s"


def test_many_tests_may_take_longer_than_one(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subprocess_run, "TIME_LIMIT", 5.0)
    each = "@pytest.mark.parametrize('n', range(12))\ndef test_mine(n: int) -> None:\n"
    code = f"import time\n\nimport pytest\n\n\n{each}    time.sleep(0.5)\n"
    assert project.verified(put(OWN_TESTS, code)).ok


def test_run_ends_when_it_is_clear_that_it_fails(project: Project) -> None:
    each = (
        "@pytest.mark.parametrize('n', range(60))\ndef test_mine(n: int) -> None:\n    assert not n"
    )
    detail = red(project.verified(put(OWN_TESTS, f"import pytest\n\n\n{each} + 1\n")))[
        "tests"
    ].detail
    assert detail.count("test_mine.py::test_mine[") == subprocess_run.MOST_FAILURES
    assert detail.endswith("more tests did not run: 50 failures are enough")
    assert "was collected, but did not run" not in detail


OUTLIVES = """
import os
import sys


def test_mine() -> None:
    if os.fork() == 0:
        os.setsid()
        os.execv(sys.executable, [sys.executable, "-c", "import time; time.sleep(600)", "MARK"])
"""


def test_child_of_a_test_neither_delays_nor_outlives_the_verification(peaceful: Isolated) -> None:
    assert peaceful.seconds < 60, peaceful.name
    assert "petsage_api/tests/test_outlives.py::test_mine" in passed(peaceful.proof)
    assert ends(lambda: running(str(peaceful.folder)) == [])


def running(argument: str) -> list[int]:
    """The processes that were started with this argument."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if argument.encode() in (folder / "cmdline").read_bytes().split(b"\0"):
                found.append(int(folder.name))
    return found


def ends(condition: Callable[[], bool], seconds: float = 5.0) -> bool:
    """Whether something comes true in time."""
    limit = time.monotonic() + seconds
    while not condition() and time.monotonic() < limit:
        time.sleep(0.02)
    return condition()


BUILDER = """
import sys
from pathlib import Path
from petsage_builder import cli
from petsage_builder.verify import subprocess_run
for constant in sys.argv[2:]:
    name, _, value = constant.partition("=")
    setattr(subprocess_run, name, Path(value))
sys.exit(cli.main(["check", "--workspace", sys.argv[1]]))
"""


@pytest.mark.parametrize("rung", ["strictest", "namespaces", "bare"])
def test_verification_dies_with_its_builder(workspace: Path, tmp_path: Path, rung: str) -> None:
    mark = str(tmp_path)
    code = f"import time\n\n\ndef test_mine() -> None:\n    time.sleep(600)  # {mark}\n"
    write(workspace / OWN_TESTS, code)
    constants = [f"{name}={value}" for name, value in _constants(rung, tmp_path).items()]
    builder = subprocess.Popen(
        [sys.executable, "-c", BUILDER, workspace, *constants],
        env=os.environ | {"TMPDIR": str(tmp_path)},  # what it leaves behind goes with the test
    )
    assert ends(lambda: len(descendants(builder.pid)) >= 2, 20)
    time.sleep(1.5)  # till the hanging test
    children = descendants(builder.pid)
    builder.send_signal(signal.SIGKILL)
    builder.wait()
    assert len(children) >= 2
    assert ends(lambda: not any(alive(child) for child in children))


def descendants(pid: int) -> list[int]:
    """The children of a process, and theirs."""
    found = []
    for tasks in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            for child in map(int, tasks.read_text(encoding="ascii").split()):
                found += [child, *descendants(child)]
    return found


def alive(pid: int) -> bool:
    with contextlib.suppress(OSError):
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
        return state not in "ZX"
    return False
