"""Commits: all files or none, whatever fails, whoever dies, and whatever lies in the way."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from faults import KILLED, NEVER, REFUSALS, crash, faults, refusal
from figures import Tell
from forked import in_child

from petsage_builder.errors import BuilderError, WorkspaceError, WriteError
from petsage_builder.journal import Journal, Move, parse_journal
from petsage_builder.merge import ChangeSet, FileChange, Outcome
from petsage_builder.paths import STAGE
from petsage_builder.staging import commit, project_after, recover
from petsage_builder.trees import digest
from petsage_builder.undo import undoable
from petsage_builder.workspace import Workspace, unlocked, workspace_at

OLD = {
    "README.md": "old readme\n",
    "app/main.py": "old main\n",
    "app/kept.py": "kept\n",
    "app/old/deep/gone.py": "gone\n",
    "app/old/stays.py": "stays\n",
    "openapi.json": "old api\n",
    "run.sh": "old run\n",
    ".petsage/manifest.json": "old manifest\n",
    ".petsage/base/app/main.py.base": "old main\n",
    ".petsage/base/app/old/deep/gone.py.base": "gone\n",
    ".petsage/base/openapi.json.base": "old api\n",
}
# What earlier builds left, which the next one tidies up.
LEFT = {
    ".petsage/conflicts/app/main.py.ours": "clashed\n",
    ".petsage/undo/0": "older readme\n",
    ".petsage/undo/12": "older\n",
    ".petsage/undo/journal.json": "older journal\n",
}
EDITS: dict[str, str | None] = {
    "README.md": "new readme\r\nwithout end",
    "app/features/__init__.py": "new registry\n",
    "app/features/pets/__init__.py": "",
    "app/features/pets/models.py": "new models \udcff\n",
    "app/features/pets/router.py": "new router\n",
    "app/main.py": "new main\n" * 2000,
    "app/old/deep/gone.py": None,
    "app/tests/test_pets.py": "new tests\n",
    "openapi.json": "new api\n",
    "run.sh": "new run\n",
    ".petsage/manifest.json": "new manifest\n",
    ".petsage/base/app/features/pets/models.py.base": "new models\n",
    ".petsage/base/app/main.py.base": "new main\n",
    ".petsage/base/app/old/deep/gone.py.base": None,
    ".petsage/base/openapi.json.base": "new api\n",
}
Snapshot = dict[str, tuple[bytes, int] | str]


def change(edits: dict[str, str | None], before: dict[str, str]) -> ChangeSet:
    return ChangeSet(
        tuple(
            FileChange(path, Outcome.UPDATED, before.get(path), after)
            for path, after in edits.items()
        )
    )


CHANGE = change(EDITS, OLD)


def fill(root: Path) -> Path:
    """A workspace with the old tree; one file is a script."""
    for path, content in {**OLD, **LEFT}.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")
    (root / "run.sh").chmod(0o755)
    return root


def snapshot(root: Path) -> Snapshot:
    """Every file with its bytes and mode, every folder, every link; but for the lock."""
    found: Snapshot = {}
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        if path.is_symlink():
            found[name] = f"link to {path.readlink()}"
        elif path.is_dir():
            found[name] = "folder"
        elif name != ".petsage/lock":
            found[name] = (path.read_bytes(), path.stat().st_mode & 0o777)
    return found


def apply(workspace: Workspace) -> None:
    """Makes the change as a build does: with what it takes to undo it."""
    commit(workspace, undoable(workspace, CHANGE))


def commit_at(root: Path) -> None:
    with workspace_at(root, "build") as workspace:
        apply(workspace)


def recover_at(root: Path) -> str:
    with workspace_at(root, "build") as workspace, faults():
        return recover(workspace)


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    """In memory, where the machine lets us: thousands of little trees come and go."""
    memory = Path("/dev/shm")  # noqa: S108 (a folder of our own is made there)
    with TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as folder:
        yield Path(folder)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return fill(tmp_path / "workspace")


@pytest.fixture
def old(root: Path) -> Snapshot:
    return snapshot(root)


@pytest.fixture
def new(tmp_path: Path) -> Snapshot:
    """What a commit without faults leaves."""
    root = fill(tmp_path / "faultless")
    commit_at(root)
    return snapshot(root)


# A commit without faults.


def test_commit_makes_every_byte_of_the_change(root: Path) -> None:
    commit_at(root)
    for path, after in {**OLD, **EDITS}.items():
        if after is None:
            assert not (root / path).exists()
        else:
            assert (root / path).read_bytes() == after.encode("utf-8", "surrogateescape")


def test_commit_leaves_nothing_but_the_project(new: Snapshot) -> None:
    expected = {path for path, after in {**OLD, **EDITS}.items() if after is not None}
    assert {path for path in files(new) if not path.startswith(".petsage/undo/")} == expected
    assert ".petsage/conflicts" not in new


def test_folders_that_a_deletion_empties_go(new: Snapshot) -> None:
    assert "app/old/deep" not in new
    assert ".petsage/base/app/old" not in new
    assert "app/old" in new


def test_commit_keeps_permissions(root: Path) -> None:
    (root / "README.md").chmod(0o640)
    commit_at(root)
    assert (root / "run.sh").stat().st_mode & 0o777 == 0o755
    assert (root / "README.md").stat().st_mode & 0o777 == 0o640


def test_new_file_has_the_permissions_of_any_new_file(root: Path) -> None:
    before = os.umask(0o027)
    try:
        commit_at(root)
    finally:
        os.umask(before)
    assert (root / "app/features/pets/models.py").stat().st_mode & 0o777 == 0o640


def test_unchanged_files_are_not_touched(root: Path) -> None:
    kept = [root / path for path in OLD.keys() - EDITS.keys()]
    before = [(file.stat().st_ino, file.stat().st_mtime_ns) for file in kept]
    commit_at(root)
    assert [(file.stat().st_ino, file.stat().st_mtime_ns) for file in kept] == before


def test_change_that_writes_nothing_touches_nothing(root: Path) -> None:
    same = ChangeSet((FileChange("README.md", Outcome.UNCHANGED, "same", "same"),))
    with workspace_at(root, "build") as workspace, faults() as found:
        commit(workspace, same)
    assert found.calls == 0


def test_workspace_without_a_journal_needs_no_recovery(root: Path, old: Snapshot) -> None:
    assert recover_at(root) == ""
    assert snapshot(root) == old


# Faults at every N.


def faulty_commit(root: Path, first: int, last: int, fault: Callable[[], None]) -> bool:
    """Commits on a disk with faults; says whether one of them was met."""
    with (
        workspace_at(root, "build") as workspace,
        faults(first, last=last, fault=fault) as found,
        contextlib.suppress(WriteError),
    ):
        apply(workspace)
    return found.calls >= first


def files(found: Snapshot) -> Snapshot:
    return {path: content for path, content in found.items() if content != "folder"}


def judged(after: Snapshot, old: Snapshot, new: Snapshot) -> dict[str, int]:
    """What became of a change; a file that is left over, or a part of the stage, makes it torn."""
    is_old, is_new = files(after) == files(old), files(after) == files(new)
    torn = not is_old and not is_new
    left = not torn and after not in (old, new)
    return {"points": 1, "old": is_old, "new": is_new, "torn": torn, "empty folders left": left}


def outcomes(
    folder: Path, old: Snapshot, new: Snapshot, disturbed: Callable[[Path, int], bool]
) -> Counter[str]:
    """Disturbs a commit at every N until one goes through undisturbed, and recovers each."""
    counts: Counter[str] = Counter()
    while disturbed(fill(folder / "case"), counts["points"] + 1):
        before = snapshot(folder / "case")
        recover_at(folder / "case")
        counts.update(judged(snapshot(folder / "case"), old, new))
        counts["torn before recovery"] += before not in (old, new)
        shutil.rmtree(folder / "case")
    return counts


@pytest.mark.parametrize("code", REFUSALS, ids=os.strerror)
@pytest.mark.parametrize("last", [None, NEVER], ids=["once", "for good"])
def test_refusal_at_any_point_leaves_all_or_nothing(
    tmp_path: Path,
    old: Snapshot,
    new: Snapshot,
    code: int,
    last: int | None,
    tell: Tell,
) -> None:
    counts = outcomes(
        tmp_path, old, new, lambda root, n: faulty_commit(root, n, last or n, refusal(code))
    )
    tell(f"{os.strerror(code)} in a commit, {'for good' if last else 'once'}", counts)
    assert counts["torn"] == 0
    assert counts["empty folders left"] <= 5, "only where the disk refused the very rmdir"
    assert counts["points"] > 100
    assert counts["old"] > 70


@pytest.mark.parametrize("last", [None, NEVER], ids=["once", "for good"])
def test_refused_commit_says_what_is_true(
    tmp_path: Path, old: Snapshot, new: Snapshot, last: int | None
) -> None:
    """Before any recovery: a disk that refuses once leaves nothing half done."""
    root, n, said, met = tmp_path / "case", 0, Counter[str](), True
    while met:
        n += 1
        with workspace_at(fill(root), "build") as workspace:
            error = ""
            with faults(n, fault=refusal(REFUSALS[0]), last=last) as found:
                try:
                    apply(workspace)
                except WriteError as refused:
                    error = str(refused)
        met = found.calls >= n
        kept = {p: c for p, c in files(snapshot(root)).items() if p not in TIDIED}
        project = {p: c for p, c in kept.items() if not p.startswith(".petsage/stage/")}
        half_done = "half done. The next build or check finishes it" in error
        said["half done"] += half_done
        changed = not error or "the change was made" in error
        assert half_done or changed or "nothing was changed" in error
        assert half_done or project == files(new if changed else old)
        shutil.rmtree(root)
    assert bool(said["half done"]) == bool(last)


TIDIED = (".petsage/journal.json",)


def test_crash_at_any_point_leaves_all_or_nothing(
    tmp_path: Path, old: Snapshot, new: Snapshot, tell: Tell
) -> None:
    def killed(root: Path, n: int) -> bool:
        return in_child(faulty_commit, root, n, n, crash) == KILLED

    counts = outcomes(tmp_path, old, new, killed)
    tell("kill -9 in a commit", counts)
    assert counts["torn"] == counts["empty folders left"] == 0
    assert counts["points"] > 100
    assert counts["torn before recovery"] > 10
    assert counts["new"] > 10


def test_crash_during_the_undoing_leaves_all_or_nothing(
    tmp_path: Path, old: Snapshot, new: Snapshot, tell: Tell
) -> None:
    """The disk refuses one rename, and the process dies N calls later."""
    with workspace_at(fill(tmp_path / "counted"), "build") as workspace, faults() as found:
        apply(workspace)
    renames = [number for number, name in enumerate(found.names, 1) if name == "rename"]
    total: Counter[str] = Counter()
    for refused in renames[::4]:

        def killed(root: Path, n: int, refused: int = refused) -> bool:
            calls = 0

            def fault() -> None:
                nonlocal calls
                calls += 1
                if calls == 1:
                    refusal(REFUSALS[1])()
                elif calls == n + 1:
                    crash()

            return in_child(faulty_commit, root, refused, NEVER, fault) == KILLED

        total.update(outcomes(tmp_path, old, new, killed))
    tell("kill -9 while a refused commit is undone", total)
    assert total["torn"] == 0
    assert total["points"] > 100


def faulty_recovery(root: Path, m: int, fault: Callable[[], None]) -> None:
    with workspace_at(root, "build") as workspace, faults(m, fault=fault):
        recover(workspace)


def test_crash_during_the_recovery_from_any_crash_leaves_all_or_nothing(
    tmp_path: Path, old: Snapshot, new: Snapshot, tell: Tell
) -> None:
    counts, n = Counter[str](), 1
    while in_child(faulty_commit, fill(tmp_path / "crashed"), n, n, crash) == KILLED:
        committed = (tmp_path / "crashed/.petsage/journal.json").exists()
        m, died = 0, True
        while died:
            m += 1
            root = copy(tmp_path / "crashed", tmp_path / "case")
            died = in_child(faulty_recovery, root, m, crash) == KILLED
            recover_at(root)
            counts.update(judged(snapshot(root), old, new) if died else {})
            shutil.rmtree(root)
        shutil.rmtree(tmp_path / "crashed")
        n += 3 if committed else 40  # before the commit point, recovery drops one more file or less
    tell("kill -9 in the recovery from a kill -9", counts)
    assert counts["torn"] == counts["empty folders left"] == 0
    assert counts["points"] > 300


def copy(source: Path, target: Path) -> Path:
    """A copy of a folder in which second names of a file stay second names."""
    names: dict[int, str] = {}

    def copy_file(old: str, new: str) -> None:
        known = names.setdefault(Path(old).stat().st_ino, new)
        shutil.copy2(old, new) if known == new else os.link(known, new)

    return Path(shutil.copytree(source, target, copy_function=copy_file))


def test_refusal_during_recovery_is_told_and_the_next_one_finishes(
    root: Path, new: Snapshot
) -> None:
    assert in_child(faulty_commit, root, 1, NEVER, once_committed(root)) == KILLED
    with pytest.raises(WriteError, match="the disk refused: No space left on device"):
        faulty_recovery(root, 2, refusal(REFUSALS[0]))
    recover_at(root)
    assert snapshot(root) == new


def once_committed(root: Path) -> Callable[[], None]:
    """A crash at the first step after the commit point."""
    return lambda: crash() if (root / ".petsage/journal.json").exists() else None


def test_recovery_says_what_it_did(root: Path) -> None:
    with unlocked(root) as workspace:
        moves = len(undoable(workspace, CHANGE).writes)
    assert in_child(faulty_commit, root, 1, NEVER, once_committed(root)) == KILLED
    assert recover_at(root) == f"finished an interrupted commit (forward, {moves} files)"
    assert recover_at(root) == ""


@pytest.mark.parametrize("path", ["README.md", "app/old/deep/gone.py", "run.sh"])
@pytest.mark.parametrize("text", ["mine, and new\n", "new mine\n"])
def test_file_edited_after_a_crash_is_never_overwritten(
    root: Path, new: Snapshot, path: str, text: str
) -> None:
    """README.md is in its place by then, gone.py is gone, and run.sh is still to come."""

    def after_the_deletion() -> None:
        if not (root / "app/old/deep/gone.py").exists():
            crash()

    assert in_child(faulty_commit, root, 1, NEVER, after_the_deletion) == KILLED
    edited = root / path
    edited.parent.mkdir(parents=True, exist_ok=True)
    edited.write_text(text, encoding="utf-8")
    before = snapshot(root)
    with pytest.raises(WorkspaceError, match=f"{path}: was changed after a build was interrupted"):
        recover_at(root)
    assert snapshot(root) == before
    edited.rename(root / "aside")
    assert recover_at(root)
    (root / "aside").unlink()
    after = snapshot(root)
    assert {name for name in after.keys() | new.keys() if after.get(name) != new.get(name)} <= {
        path
    }


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_interrupt_waits_for_the_end_of_the_commit(
    root: Path, new: Snapshot, number: signal.Signals
) -> None:
    before = signal.signal(number, signal.default_int_handler)
    try:
        with workspace_at(root, "build") as workspace:
            with faults(1, last=NEVER, fault=lambda: os.kill(os.getpid(), number)) as found:
                apply(workspace)
            assert found.calls > 60
        assert snapshot(root) == new
        assert signal.getsignal(number) is signal.default_int_handler
    finally:
        signal.signal(number, before)


READING = ("os.listdir", "os.scandir")


def count_and_audit(root: Path) -> None:
    """Ends in an error where a call that changes the disk is none of those that are counted."""
    with workspace_at(root, "build") as workspace, faults() as found:
        met = [0]

        def audit(event: str, given: tuple[Any, ...]) -> None:
            writes = event != "open" or (given[2] & os.O_CREAT and not isinstance(given[0], int))
            if event.partition(".")[0] in ("os", "open") and event not in READING and writes:
                assert found.calls > met[-1], event
                met.append(found.calls)

        sys.addaudithook(audit)
        apply(workspace)
        assert len(met) > 100


def test_every_call_that_changes_the_disk_is_counted(root: Path) -> None:
    """A hook that audits can't be taken off again, so a child has it."""
    assert in_child(count_and_audit, root) == 0


# What changed meanwhile, and what lies in the way.


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("README.md", "edited meanwhile\n"),
        ("app/features/pets/models.py", "made meanwhile\n"),
        ("app/old/deep/gone.py", None),
    ],
)
def test_file_that_changed_while_the_build_ran_stops_the_commit(
    root: Path, path: str, content: str | None
) -> None:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content, encoding="utf-8") if content else file.unlink()
    before = snapshot(root)
    with pytest.raises(WorkspaceError, match=f"{path}: was changed while the build ran"):
        commit_at(root)
    assert snapshot(root) == before


PLACES = [
    *("app", "app/features", "app/features/pets", "app/old", "app/old/deep"),
    *(".petsage/base", ".petsage/base/app", ".petsage/stage", ".petsage/manifest.json"),
    *(".petsage/undo", ".petsage/undo/journal.json", ".petsage/conflicts"),
    *("README.md", "app/main.py", "app/old/deep/gone.py", "app/features/pets/models.py"),
]


def lead_outside(root: Path, place: str, outside: Path) -> Path:
    """Puts a link in place of a file or folder: it leads to a copy of what stood there."""
    link = root / place
    link.parent.mkdir(parents=True, exist_ok=True)
    outside.mkdir()
    if link.is_dir():
        shutil.copytree(link, outside / "there")
        link.rename(outside.with_name("aside"))
    elif Path(place).suffix:
        (outside / "there").write_text("outside\n", encoding="utf-8")
        link.unlink(missing_ok=True)
    else:
        (outside / "there").mkdir()
    link.symlink_to(outside / "there")
    return outside


@pytest.mark.parametrize("place", PLACES)
def test_link_in_the_way_stops_the_commit_and_leads_nowhere(
    root: Path, tmp_path: Path, place: str
) -> None:
    outside = lead_outside(root, place, tmp_path / "outside")
    before = snapshot(root), snapshot(outside)
    with pytest.raises(BuilderError):
        commit_at(root)
    assert (snapshot(root), snapshot(outside)) == before


@pytest.mark.parametrize("place", PLACES)
def test_link_made_after_the_check_leads_nowhere(root: Path, tmp_path: Path, place: str) -> None:
    """At any moment of a commit, a folder may be replaced by a link: nothing goes through it."""
    n, reached = 0, True
    while reached:
        shutil.rmtree(root, ignore_errors=True)
        shutil.rmtree(tmp_path / "outside", ignore_errors=True)
        shutil.rmtree(tmp_path / "aside", ignore_errors=True)
        fill(root)
        n += 7
        seen: list[Snapshot] = []

        def replace(seen: list[Snapshot] = seen) -> None:
            if (root / place).parent.is_dir():
                seen.append(snapshot(lead_outside(root, place, tmp_path / "outside")))

        with (
            workspace_at(root, "build") as workspace,
            faults(n, fault=replace) as found,
            contextlib.suppress(BuilderError),
        ):
            apply(workspace)
        reached = found.calls >= n
        assert [snapshot(tmp_path / "outside")] == seen or not seen


def test_records_behind_a_link_are_neither_read_nor_written(root: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    (root / ".petsage").rename(outside)
    (root / ".petsage").symlink_to(outside)
    before = snapshot(root), snapshot(outside)
    with pytest.raises(WorkspaceError, match="link"):
        commit_at(root)
    assert (snapshot(root), snapshot(outside)) == before


def journal(root: Path, content: object) -> None:
    (root / ".petsage/stage").mkdir(exist_ok=True)
    (root / ".petsage/stage/0.new").write_text("hostile\n", encoding="utf-8")
    text = content if isinstance(content, str) else json.dumps(content)
    (root / ".petsage/journal.json").write_text(text, encoding="utf-8")


NEW = ".petsage/stage/0.new"


def move(path: object, new: object = None, old: object = None) -> dict[str, object]:
    return {"path": path, "new": new, "old": old, "before": None, "after": None}


NO_STAGED_FILE: tuple[object, ...] = (".petsage/stage/../../x", "stage/x", "", [])
HOSTILE_MOVES = [
    *(move(path, new=NEW) for path in ("../x", "/etc/x", "a/../../x", "", ".git/config", "a//b")),
    *(move(path, new=NEW) for path in (".petsage", ".petsage/../x", ".petsage/", "./x", "a\0b")),
    *(move(path) for path in ("../README.md", ".GIT/config", ".", "..", 1, None, ["x"], {"x": 1})),
    *(move("x", new=new) for new in ("README.md", "../x", "/etc/passwd", 1, "")),
    *(move("x", old=old) for old in NO_STAGED_FILE),
    {"path": "x", "new": None, "old": None},
    {"path": "x"},
    "x",
    None,
]


def rows(direction: object, moves: object, folders: object = ()) -> object:
    return {"direction": direction, "moves": moves, "folders": folders}


HOSTILE_JOURNALS = [
    *(rows("forward", [row]) for row in HOSTILE_MOVES),
    *(rows("back", [row]) for row in HOSTILE_MOVES),
    *(rows(direction, []) for direction in ("up", None, 1)),
    *(rows("forward", moves) for moves in (None, 1, "x", {"x": 1})),
    *(rows("forward", [], [folder]) for folder in ("../x", "/x", ".git/hooks", 1, "")),
    *([], 1, None, "", "{", "[" * 100_000, '"x', "\0", "nul"),
]


@pytest.mark.parametrize("content", HOSTILE_JOURNALS, ids=lambda value: repr(value)[:60])
def test_hostile_journal_is_refused(tmp_path: Path, content: object) -> None:
    root = fill(tmp_path / "outside/workspace")
    (tmp_path / "outside/README.md").write_text("outside\n", encoding="utf-8")
    journal(root, content)
    before = snapshot(tmp_path)
    before.pop("outside/workspace/.petsage/lock", None)
    with pytest.raises(WorkspaceError, match="is no journal of this builder"):
        recover_at(root)
    after = snapshot(tmp_path)
    after.pop("outside/workspace/.petsage/lock")
    assert after == before


@pytest.mark.parametrize(
    "path", ["README.md", "openapi.json", ".petsage/base/openapi.json.base", "requests/pets.json"]
)
def test_journal_of_whatever_a_build_writes_is_read(path: str) -> None:
    journal = Journal("forward", (Move(path, f"{STAGE}/0.new", None, None, "0"),), ())
    assert parse_journal(journal.text()) == journal


@pytest.mark.parametrize("direction", ["forward", "back"])
@pytest.mark.parametrize("place", ["app", "app/main.py", ".petsage/stage", ".petsage/journal.json"])
def test_journal_leads_nowhere_through_a_link(
    root: Path, tmp_path: Path, direction: str, place: str
) -> None:
    moves = [true_move(root, "app/main.py", new=NEW), true_move(root, "app/kept.py")]
    journal(root, rows(direction, moves, ["app/more"]))
    outside = lead_outside(root, place, tmp_path / "outside")
    before = snapshot(outside)
    with contextlib.suppress(BuilderError):
        recover_at(root)
    assert snapshot(outside) == before


def true_move(root: Path, path: str, **names: object) -> dict[str, object]:
    """A move that knows what its file holds."""
    before = digest((root / path).read_text(encoding="utf-8"))
    return {"path": path, "new": None, "old": None, "before": before, "after": None, **names}


@pytest.mark.parametrize("direction", ["forward", "back"])
@pytest.mark.parametrize("new", [None, NEW, ".petsage/stage/9.new"])
def test_journal_from_elsewhere_touches_no_file_that_it_does_not_know(
    root: Path, direction: str, new: str | None
) -> None:
    (root / ".env").write_text("SECRET=1\n", encoding="utf-8")
    journal(root, rows(direction, [move(".env", new=new)]))
    with pytest.raises(WorkspaceError, match=r"\.env: was changed after a build was interrupted"):
        recover_at(root)
    assert (root / ".env").read_text(encoding="utf-8") == "SECRET=1\n"


# What the project would become.


def test_project_after_a_change_is_what_git_would_track_then(root: Path) -> None:
    (root / ".gitignore").write_text("*.db\n", encoding="utf-8")
    (root / "app.db").write_text("rows", encoding="utf-8")
    with workspace_at(root, "build") as workspace:
        project = project_after(workspace, CHANGE)
    after = {path: text for path, text in {**OLD, **EDITS}.items() if text is not None}
    expected = {path: text for path, text in after.items() if not path.startswith(".petsage/")}
    assert project == {**expected, ".gitignore": "*.db\n"}


def test_file_that_went_meanwhile_is_no_part_of_the_project(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Workspace, "tracked", lambda _: ["app/kept.py", "app/no_more.py"])
    with workspace_at(root, "build") as workspace:
        assert project_after(workspace, ChangeSet(())) == {"app/kept.py": "kept\n"}
