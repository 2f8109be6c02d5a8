"""Ctrl-C at any moment of a build: the old tree and 130, or the new one and 0; nothing is left."""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from command_line import status_request, tree, write
from figures import Tell
from forked import command, ended, started

INTERRUPTS = 60
INTERRUPTED, SAID = 128 + signal.SIGINT, "Interrupted: nothing was changed.\n"
LOCK, NOTED = "generated/.petsage/lock", "generated/.petsage/verified.json"


@dataclass(frozen=True, slots=True)
class Build:
    """One build of a workspace in `folder`: the tree before it, and where it says what it does."""

    folder: Path
    child: int
    before: Mapping[str, bytes]
    noted: int

    @property
    def began(self) -> bool:
        return f'"pid": {self.child},' in (self.folder / LOCK).read_text(encoding="utf-8")

    @property
    def is_committed(self) -> bool:
        return (self.folder / NOTED).stat().st_mtime_ns > self.noted

    def wait(self, ready: Callable[[], bool]) -> None:
        """Until it is so, for at most half a minute."""
        end = time.monotonic() + 30
        while not ready():
            assert time.monotonic() < end, "it never came to be"
            time.sleep(0.001)

    def end(self) -> tuple[int, str, Mapping[str, bytes]]:
        """The exit code, what was said, and the tree after it; nothing temporary is left."""
        code = ended(self.child)
        assert list((self.folder / "build/temporary").iterdir()) == []
        said = (self.folder / "build/said.txt").read_text(encoding="utf-8")
        return code, said, tree(self.folder / "generated")


@pytest.fixture
def begin(lean_build: Path, tmp_path: Path) -> Callable[[str], Build]:
    """Begins a build, in a folder of that name; a short suite lets interrupts meet all of it."""
    request = write(tmp_path / "pulse.json", status_request("pulse", "/pulse"))

    def began(name: str) -> Build:
        folder = tmp_path / name
        root = shutil.copytree(lean_build, folder / "generated")
        before, noted = tree(root), (folder / NOTED).stat().st_mtime_ns
        child = started(command, folder / "build", request, "--workspace", root)
        build = Build(folder, child, before, noted)
        build.wait(lambda: build.began)
        return build

    return began


def test_interrupt_at_any_moment_leaves_the_old_tree_or_the_new_one(
    begin: Callable[[str], Build], tell: Tell
) -> None:
    start, whole = time.monotonic(), begin("whole")
    code, _, new = whole.end()
    assert code == 0
    draw, seconds = random.Random(60), time.monotonic() - start  # noqa: S311 (repeatable, not secret)
    counts = Counter({"before the commit": 0, "after it": 0, "torn": 0})
    for number in range(INTERRUPTS):
        build = begin(f"build{number}")
        time.sleep(draw.uniform(0, 1.2 * seconds))
        os.kill(build.child, signal.SIGINT)
        code, said, after = build.end()
        assert (code, said) == (INTERRUPTED, SAID) or code == 0, said
        when, expected = ("after it", new) if code == 0 else ("before the commit", build.before)
        counts[when if after == expected else "torn"] += 1
        shutil.rmtree(build.folder)
    tell(f"{INTERRUPTS} times Ctrl-C", counts)
    assert counts["torn"] == 0
    assert counts["before the commit"] > INTERRUPTS / 6


def test_interrupt_after_the_commit_does_not_hide_that_it_was_made(
    begin: Callable[[str], Build],
) -> None:
    build = begin("build")
    build.wait(lambda: build.is_committed)
    os.kill(build.child, signal.SIGINT)
    code, said, after = build.end()
    assert code == 0, said
    assert said.endswith("BUILD COMPLETE.\n")
    assert after != build.before
