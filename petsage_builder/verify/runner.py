"""Runs inside the verification subprocess, with whichever interpreter; needs only pytest.

Reads a job from standard input, isolates itself, loads what the tests import once, and forks
a child that describes the app; then, unless that is all, one for the suite, one for the negative
controls and one for the suite on PostgreSQL, whose URL is the second line of its input, and at last
one that calls the app. Events go through a pipe, one JSON object a line, each with the job's nonce.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import importlib
import json
import os
import resource
import runpy
import signal
import sys
import traceback
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Never

PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36
CLONE_NEWNS, CLONE_NEWUSER, CLONE_NEWNET = 0x00020000, 0x10000000, 0x40000000
MS_BIND, MS_REC, MS_PRIVATE = 0x1000, 0x4000, 0x40000
SYS_MOUNT_SETATTR, AT_FDCWD, AT_RECURSIVE, MOUNT_ATTR_RDONLY = 442, -100, 0x8000, 1
TAIL = 4000
SUITE, CONTROLS, POSTGRES = "suite", "controls", "postgres"
MEBIBYTE = 1 << 20
Job = dict[str, Any]


class Events:
    """The pipe to the builder."""

    def __init__(self, fd: int, nonce: str, run: str) -> None:
        self.fd, self.nonce, self.run = fd, nonce, run

    def send(self, event: str, **content: object) -> None:
        line = json.dumps({"nonce": self.nonce, "run": self.run, "event": event, **content})
        rest = line.encode() + b"\n"
        while rest:
            rest = rest[os.write(self.fd, rest) :]


class Recorder:
    """A pytest plugin: what was collected, how each test really ended, and that the end came."""

    def __init__(self, events: Events, job: Job) -> None:
        self.events, self.job = events, job
        self.failures: dict[str, tuple[str, str]] = {}
        self.idle = False

    def pytest_collectreport(self, report: Any) -> None:
        if report.failed:
            self.events.send("error", detail=f"{report.nodeid}\n{report.longreprtext[-TAIL:]}")

    def pytest_deselected(self, items: list[Any]) -> None:
        self.events.send("deselected", ids=[item.nodeid for item in items])

    def pytest_collection_finish(self, session: Any) -> None:
        """Tells all that was collected, and leaves what this run is to do."""
        self.events.send("collected", ids=[item.nodeid for item in session.items])
        ours = [item for item in session.items if self._is_ours(item.nodeid)]
        self.idle = bool(session.items) and not ours
        session.items[:] = ours

    def _is_ours(self, test: str) -> bool:
        return bool(self.job["files"].get(_file_of(test), self.job["rest"]))

    def pytest_runtest_makereport(self, item: Any, call: Any) -> None:
        """Notes what the call itself raised, before any other plugin can tell it differently."""
        if call.excinfo is not None and item.nodeid not in self.failures:
            skipped = call.excinfo.typename == "Skipped"
            detail = "" if skipped else str(item.repr_failure(call.excinfo))
            self.failures[item.nodeid] = ("skipped" if skipped else "failed", detail[-TAIL:])
        elif item.get_closest_marker("xfail") is not None:
            self.failures.setdefault(item.nodeid, ("xfail", ""))

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        outcome, detail = self.failures.get(nodeid, ("passed", ""))
        self.events.send("test", id=nodeid, outcome=outcome, detail=detail)

    def pytest_runtest_setup(self, item: Any) -> None:
        """Skips the rest of a feature whose fault was noticed: its control has its answer."""
        if self.events.run == CONTROLS and _file_of(item.nodeid) in self._judged():
            import pytest

            pytest.skip("its fault was noticed")

    def _judged(self) -> set[str]:
        """The test files of the features whose fault a test noticed."""
        failed = {_file_of(test) for test, (how, _) in self.failures.items() if how == "failed"}
        noticed = (control for control in self.job["controls"] if failed & {*control["tests"]})
        return {test for control in noticed for test in control["tests"]}

    def pytest_sessionfinish(self, session: Any, exitstatus: int) -> None:
        if self.idle:  # pytest takes it for a mistake that nothing is left to do
            session.exitstatus = exitstatus = 0
        if self.events.run == SUITE and not self.job["described"]:
            _describe(self.job)  # the tests may have given the app the settings that it lacked
        main = sys.modules.get(self.job["package"])
        where = str(getattr(main, "__file__", None) or "")
        foreign = where if main and not where.startswith(self.job["stage"] + os.sep) else ""
        self.events.send("end", status=int(exitstatus), foreign=foreign)


def _file_of(test: str) -> str:
    return test.partition("::")[0]


def main() -> None:
    """Does the job."""
    job: Job = json.loads(sys.stdin.readline())
    _control_process(PR_SET_PDEATHSIG, signal.SIGKILL)
    _control_process(PR_SET_CHILD_SUBREAPER, 1)
    isolation = job["isolation"] or _isolate(job["stage"], job["scratch"])
    _limit(job["cpu_limit"])
    Events(job["events"], job["nonce"], "").send("start", isolation=isolation)
    _share()
    _preload(job["preload"])
    job["described"] = _forked(_output(job), lambda: _describe(job)) == 0
    if job["tests"]:
        _prove(job)
    if job["calls"]:  # last: nothing of them is left for a test to meet
        events, caller = Events(job["events"], job["nonce"], "calls"), runpy.run_path(job["caller"])
        _forked(_output(job), lambda: caller["ask"](job, events.send))


def _prove(job: Job) -> None:
    """Runs the suite; if it is green, the controls, and the suite on PostgreSQL."""
    if _run(job, SUITE, []) != 0:
        return
    if job["controls"]:
        with contextlib.ExitStack() as faults:
            for control in job["controls"]:
                faults.enter_context(_fault(Path(job["stage"], control["file"]), control["code"]))
            _run(job, CONTROLS, [test for control in job["controls"] for test in control["tests"]])
    if job["postgres"]:
        Events(job["events"], job["nonce"], POSTGRES).send("waits")
        _run(job, POSTGRES, [], sys.stdin.readline().strip())


@contextlib.contextmanager
def _fault(file: Path, code: str) -> Iterator[None]:
    """Puts code at the end of a file, and the file back as it was."""
    before = file.read_bytes()
    file.write_bytes(before + code.encode())
    try:
        yield
    finally:
        file.write_bytes(before)


def _share() -> None:
    """Lets the forked runs share what was loaded and compiled before them."""
    sys.dont_write_bytecode = False
    gc.disable()  # what is loaded stays: no need to look for garbage in it, now or in the children


def _preload(modules: list[str]) -> None:
    """Loads what every run imports; what warns or is missing is left to the tests to meet."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for module in modules:
            with contextlib.suppress(Exception):
                importlib.import_module(module)


def _describe(job: Job) -> int:
    """Puts the app's own OpenAPI document into the stage, and tells it; or tells why there is none.

    Gives back an exit code.
    """
    events = Events(job["events"], job["nonce"], "description")
    if job["stage"] not in sys.path:
        sys.path.insert(0, job["stage"])
    try:
        described = importlib.import_module(f"{job['package']}.main").app.openapi()
        document = json.dumps(described, indent=2, sort_keys=True, allow_nan=False) + "\n"
    except BaseException as error:  # noqa: BLE001 (whatever it was, the builder reports it)
        events.send("undescribed", detail="".join(traceback.format_exception_only(error))[-TAIL:])
        return 1
    Path(job["stage"], job["openapi"]).write_text(document, encoding="ascii")
    events.send("described", document=document)
    return 0


def _run(job: Job, name: str, arguments: list[str], database: str = "") -> int:
    """Runs pytest in a forked child; reports and gives back its exit code."""
    events, output = Events(job["events"], job["nonce"], name), _output(job)
    output.unlink(missing_ok=True)

    def work() -> int:
        if database:
            os.environ["TEST_DATABASE_URL"] = database
        return _pytest(job, events, arguments)

    code = _forked(output, work)
    said = output.read_text(encoding="utf-8", errors="replace")[-TAIL:] if output.exists() else ""
    events.send("exit", code=code, output=said)
    return code


def _output(job: Job) -> Path:
    """Where what a child prints goes."""
    return Path(job["scratch"], "pytest.txt")


def _forked(output: Path, work: Callable[[], int]) -> int:
    """The exit code of work that a child does, of which nothing is left running."""
    gc.freeze()
    child = os.fork()
    if child == 0:
        _control_process(PR_SET_PDEATHSIG, signal.SIGKILL)
        _work(output, work)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    _end_orphans()
    return code


def _end_orphans() -> None:
    """Ends what the tests left running: their orphans become our children."""
    children = Path(f"/proc/self/task/{os.getpid()}/children")
    with contextlib.suppress(OSError):  # in the end: there is no child to wait for
        while True:
            for child in children.read_text().split():
                os.kill(int(child), signal.SIGKILL)
            os.waitpid(-1, 0)


def _work(output: Path, work: Callable[[], int]) -> Never:
    """The child: never returns."""
    code = 70
    try:
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)  # ours is the builder's to speak through
        fd = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(fd, 1)
        os.dup2(fd, 2)
        gc.enable()
        code = work()
    except BaseException as error:  # noqa: BLE001 (whatever it was, the builder reports it)
        print(repr(error), file=sys.__stderr__, flush=True)
    finally:
        os._exit(code)


def _pytest(job: Job, events: Events, arguments: list[str]) -> int:
    import pytest

    options = ["--quiet", "--tb=short", "--no-header", "--color=no", "-p", "anyio"]
    options += ["-p", "no:cacheprovider", f"--basetemp={job['scratch']}/of-{events.run}"]
    # We loaded anyio before pytest could rewrite it: no fault of the tests.
    options += ["-W", "ignore::pytest.PytestAssertRewriteWarning"]
    options += [f"--rootdir={job['stage']}", f"--maxfail={job['most_failures']}", *arguments]
    return int(pytest.main(options, plugins=[Recorder(events, job)]))


def _limit(seconds: int) -> None:
    for name, wanted in (("CPU", seconds), ("CORE", 0), ("FSIZE", 256 * MEBIBYTE)):
        limit = getattr(resource, f"RLIMIT_{name}")
        hard = resource.getrlimit(limit)[1]
        value = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(limit, (value, value))


def _isolate(stage: str, scratch: str) -> str:
    """Leaves the network and makes all else read-only, where the kernel lets us; says which."""
    libc = ctypes.CDLL(None, use_errno=True)
    user, group = os.getuid(), os.getgid()
    if not _call(libc, "unshare", CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWNS):
        return "a process of its own, not isolated from network or files"
    with contextlib.suppress(OSError):
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
    closed = _call(libc, "mount", b"none", b"/", None, MS_REC | MS_PRIVATE, None) and all(
        _call(libc, "mount", path.encode(), path.encode(), None, MS_BIND, None)
        for path in (stage, scratch)
    )
    closed = closed and _set_read_only(libc, "/", on=True)
    if closed and all(_set_read_only(libc, path, on=False) for path in (stage, scratch)):
        os.chdir(stage)  # the folder of before is the read-only one
        return "namespaces: no network, read-only but for the stage"
    return "namespaces: no network"


def _set_read_only(libc: ctypes.CDLL, path: str, *, on: bool) -> bool:
    attributes = (ctypes.c_uint64 * 4)(
        *((MOUNT_ATTR_RDONLY, 0) if on else (0, MOUNT_ATTR_RDONLY)), 0, 0
    )
    flags = AT_RECURSIVE if on else 0
    return _call(libc, "syscall", SYS_MOUNT_SETATTR, AT_FDCWD, path.encode(), flags, attributes, 32)


def _control_process(option: int, value: int) -> None:
    _call(ctypes.CDLL(None), "prctl", option, value)


def _call(libc: ctypes.CDLL, function: str, *arguments: object) -> bool:
    """Whether a C function exists and succeeds; integers go as longs, whatever their size."""
    call = getattr(libc, function, None)
    if call is None:
        return False
    longs = [ctypes.c_long(a) if isinstance(a, int) else a for a in arguments]
    return bool(call(*longs) == 0)


if __name__ == "__main__":
    main()
