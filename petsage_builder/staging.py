"""Stages a change, commits all of it or nothing, and recovers what was interrupted.

New bytes go to `.petsage/stage/` first, then a journal is renamed into place: that is the commit
point. From there on every file is one rename away, whoever finishes it: this process or, after a
crash, the next one that takes the lock.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import signal
import stat
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from petsage_builder.errors import Problem, WorkspaceError, WriteError
from petsage_builder.merge import ChangeSet, FileChange
from petsage_builder.paths import JOURNAL, RECORDS, STAGE, path_problem
from petsage_builder.workspace import Workspace

JOURNAL_DRAFT = f"{STAGE}/journal"


def project_after(workspace: Workspace, change_set: ChangeSet) -> dict[str, str]:
    """What the project would become: the files that git would track, with the change made."""
    touched = {change.path for change in change_set.files}
    kept = [path for path in workspace.tracked() if path not in touched]
    project = {path: content for path in kept if (content := workspace.read(path)) is not None}
    after = change_set.after().items()
    return {**project, **{p: c for p, c in after if not p.startswith(f"{RECORDS}/")}}


@dataclass(frozen=True, slots=True)
class _Move:
    """One step of a commit: `new` is put at `path` (or the file there goes); `old` is kept."""

    path: str
    new: str | None
    old: str | None


def commit(workspace: Workspace, change_set: ChangeSet) -> None:
    """Writes the change: all of it, or nothing and a WriteError or WorkspaceError."""
    if changes := change_set.writes:
        with _uninterrupted():
            _commit(workspace, changes)


@contextlib.contextmanager
def _uninterrupted() -> Iterator[None]:
    """Ctrl-C waits for the end of a commit: by then the build is done, and says so."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _commit(workspace: Workspace, changes: list[FileChange]) -> None:
    _check_unchanged(workspace, changes)
    made: list[str] = []
    try:
        moves = [_stage(workspace, number, change) for number, change in enumerate(changes)]
        made = _make_parents(workspace, moves)
        _write_journal(workspace, moves, "forward")
    except OSError as error:
        _drop_stage(workspace)
        _remove_folders(workspace, made)
        raise _write_error(error) from error
    try:
        _forward(workspace, moves)
    except OSError as error:
        _undo(workspace, moves)
        _remove_folders(workspace, made)
        raise _write_error(error) from error
    _finish(workspace)
    _remove_empty_parents(workspace, changes)


def _undo(workspace: Workspace, moves: list[_Move]) -> None:
    """Back to what was, by a journal of its own, so that a crash here is recovered too."""
    try:
        _write_journal(workspace, moves, "back")
        _back(workspace, moves)
        _finish(workspace)
    except OSError as error:
        message = f"the disk refused twice ({error.strerror}), so the change is half done."
        hint = "The next build or check finishes it, once the disk is well again."
        raise WriteError(Problem(RECORDS, message, hint)) from error


def _check_unchanged(workspace: Workspace, changes: list[FileChange]) -> None:
    moved = [c.path for c in changes if workspace.read(c.path) != c.before]
    if moved:
        message = "was changed while the build ran; nothing was written."
        raise WorkspaceError(*(Problem(path, message, "Build again.") for path in moved))


def _stage(workspace: Workspace, number: int, change: FileChange) -> _Move:
    """Writes and syncs the new bytes, and keeps the old ones under a second name."""
    new = old = mode = None
    if change.before is not None:
        old = f"{STAGE}/{number}.old"
        mode = _keep(workspace, change.path, old)
    if change.after is not None:
        new = f"{STAGE}/{number}.new"
        _write(workspace, new, change.after.encode("utf-8", "surrogateescape"), mode)
    return _Move(change.path, new, old)


def _keep(workspace: Workspace, path: str, old: str) -> int:
    """Links the file at `path` to `old` too; gives back its permissions."""
    with workspace.parent(path) as (source, name), workspace.parent(old, create=True) as (to, as_):
        _need_writable(source, path)
        os.link(name, as_, src_dir_fd=source, dst_dir_fd=to, follow_symlinks=False)
        return stat.S_IMODE(os.stat(as_, dir_fd=to, follow_symlinks=False).st_mode)


def _need_writable(folder: int, path: str) -> None:
    if not os.access(".", os.W_OK, dir_fd=folder):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)


def _write(workspace: Workspace, path: str, content: bytes, mode: int | None) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    with (
        workspace.parent(path, create=True) as (folder, name),
        open(os.open(name, flags, 0o666, dir_fd=folder), "wb") as file,
    ):
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
        if mode is not None:
            os.fchmod(file.fileno(), mode)


def _make_parents(workspace: Workspace, moves: list[_Move]) -> list[str]:
    """Makes the folders that the new files need; gives back those that were missing."""
    wanted = {
        "/".join(parts[:depth])
        for move in moves
        if move.new
        for parts in [move.path.split("/")]
        for depth in range(1, len(parts))
    }
    made = []
    for path in sorted(wanted):
        with workspace.parent(path) as (folder, name), contextlib.suppress(FileExistsError):
            os.mkdir(name, dir_fd=folder)
            made.append(path)
        with workspace.parent(f"{path}/_") as (folder, _):
            _need_writable(folder, path)
            if os.fstat(folder).st_dev != os.fstat(workspace.fd).st_dev:
                raise OSError(errno.EXDEV, "lies on another file system", path)
    return made


def _write_journal(
    workspace: Workspace, moves: list[_Move], direction: Literal["forward", "back"]
) -> None:
    rows = [{"path": m.path, "new": m.new, "old": m.old} for m in moves]
    content = json.dumps({"direction": direction, "moves": rows}).encode()
    with contextlib.suppress(FileNotFoundError):
        _unlink(workspace, JOURNAL_DRAFT)
    _write(workspace, JOURNAL_DRAFT, content, 0o600)
    _sync_folder(workspace, STAGE)
    _rename(workspace, JOURNAL_DRAFT, JOURNAL)
    _sync_folder(workspace, RECORDS)


def _forward(workspace: Workspace, moves: list[_Move]) -> None:
    """Puts every new file in its place."""
    for move in moves:
        if move.new is not None:
            _rename(workspace, move.new, move.path)
        else:
            with contextlib.suppress(FileNotFoundError):
                _unlink(workspace, move.path)
    _sync_parents(workspace, moves)


def _back(workspace: Workspace, moves: list[_Move]) -> None:
    """Undoes the moves that were done."""
    for move in reversed(moves):
        if move.new is not None and _exists(workspace, move.new):
            continue  # never put in its place
        with contextlib.suppress(FileNotFoundError):
            if move.old is None:
                _unlink(workspace, move.path)
            else:
                _rename(workspace, move.old, move.path)
    _sync_parents(workspace, moves)


def _finish(workspace: Workspace) -> None:
    _unlink(workspace, JOURNAL)
    _sync_folder(workspace, RECORDS)
    _drop_stage(workspace)


def recover(workspace: Workspace) -> str:
    """Finishes or drops an interrupted commit; says which, or ''."""
    content = workspace.read(JOURNAL)
    try:
        if content is None:
            return "dropped an unfinished stage" if _drop_stage(workspace) else ""
        direction, moves = _read_journal(content)
        if direction == "forward":
            _forward(workspace, [m for m in moves if m.new is None or _exists(workspace, m.new)])
        else:
            _back(workspace, moves)
        _finish(workspace)
    except OSError as error:
        raise _write_error(error) from error
    return f"finished an interrupted commit ({direction}, {len(moves)} files)"


def _read_journal(content: str) -> tuple[str, list[_Move]]:
    """The journal, which could come from anyone's repository: every path in it is checked."""
    try:
        value = json.loads(content)
        moves = [_Move(row["path"], row["new"], row["old"]) for row in value["moves"]]
        direction = value["direction"]
        if direction not in ("forward", "back") or not all(map(_is_ours, moves)):
            raise ValueError("a move out of bounds")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        message = "is no journal of this builder."
        raise WorkspaceError(Problem(JOURNAL, message, "Look at it, then delete it.")) from error
    return direction, moves


def _is_ours(move: _Move) -> bool:
    staged = [name for name in (move.new, move.old) if name is not None]
    plain = move.path.removeprefix(f"{RECORDS}/")
    return path_problem(plain) is None and all(
        name.startswith(f"{STAGE}/") and path_problem(name.removeprefix(f"{STAGE}/")) is None
        for name in staged
    )


def _drop_stage(workspace: Workspace) -> bool:
    """Removes the stage; says whether there was one."""
    try:
        with workspace.parent(f"{STAGE}/_") as (folder, _):
            for name in os.listdir(folder):
                os.unlink(name, dir_fd=folder)
        with workspace.parent(STAGE) as (folder, name):
            os.rmdir(name, dir_fd=folder)
    except FileNotFoundError:
        return False
    return True


def _remove_folders(workspace: Workspace, folders: list[str]) -> None:
    for path in sorted(folders, reverse=True):
        with contextlib.suppress(OSError), workspace.parent(path) as (folder, name):
            os.rmdir(name, dir_fd=folder)


def _remove_empty_parents(workspace: Workspace, changes: list[FileChange]) -> None:
    parents = {c.path.rpartition("/")[0] for c in changes if c.after is None} - {""}
    upward = {"/".join(p.split("/")[: n + 1]) for p in parents for n in range(p.count("/") + 1)}
    _remove_folders(workspace, sorted(upward))


def _rename(workspace: Workspace, source: str, target: str) -> None:
    with workspace.parent(source) as (a, name), workspace.parent(target) as (b, as_):
        os.rename(name, as_, src_dir_fd=a, dst_dir_fd=b)


def _unlink(workspace: Workspace, path: str) -> None:
    with workspace.parent(path) as (folder, name):
        os.unlink(name, dir_fd=folder)


def _exists(workspace: Workspace, path: str) -> bool:
    with workspace.parent(path) as (folder, name):
        try:
            os.stat(name, dir_fd=folder, follow_symlinks=False)
        except FileNotFoundError:
            return False
        return True


def _sync_folder(workspace: Workspace, path: str) -> None:
    with workspace.parent(f"{path}/_" if path else "_") as (folder, _):
        os.fsync(folder)


def _sync_parents(workspace: Workspace, moves: list[_Move]) -> None:
    for folder in sorted({move.path.rpartition("/")[0] for move in moves}):
        with contextlib.suppress(FileNotFoundError):
            _sync_folder(workspace, folder)


def _write_error(error: OSError) -> WriteError:
    where = str(error.filename or RECORDS)
    message = f"the disk refused: {error.strerror}; nothing was changed."
    return WriteError(Problem(where, message, "Make room or permission, then build again."))
