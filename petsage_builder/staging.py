"""Stages a change, commits all of it or nothing, and recovers what was interrupted.

New bytes go to `.petsage/stage/` first, then a journal is renamed into place: that is the commit
point. From there on every file is one rename away, whoever finishes it: this process or, after a
crash, the next one that takes the lock.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import replace

from petsage_builder.errors import BuilderError, Problem, WorkspaceError, WriteError
from petsage_builder.interrupts import uninterrupted
from petsage_builder.journal import Journal, Move, parse_journal
from petsage_builder.merge import ChangeSet, FileChange
from petsage_builder.paths import JOURNAL, RECORDS, STAGE
from petsage_builder.trees import Tree, digest
from petsage_builder.workspace import Workspace, unreadable

JOURNAL_DRAFT = f"{STAGE}/journal"


def project_after(workspace: Workspace, change_set: ChangeSet) -> dict[str, str]:
    """What the project would become: the files that git would track, with the change made."""
    touched = {change.path for change in change_set.files}
    kept = [path for path in workspace.tracked() if path not in touched]
    project = {path: content for path in kept if (content := workspace.read(path)) is not None}
    after = change_set.after().items()
    return {**project, **{p: c for p, c in after if not p.startswith(f"{RECORDS}/")}}


def need_unchanged(workspace: Workspace, change_set: ChangeSet, staged: Tree) -> None:
    """Raises a WorkspaceError if the project would not become what was verified."""
    now = project_after(workspace, change_set)
    _refuse_moved(sorted(p for p in {*staged, *now} if staged.get(p) != now.get(p)))


def commit(workspace: Workspace, change_set: ChangeSet) -> None:
    """Writes the change: all of it, or nothing and a WriteError or WorkspaceError."""
    if changes := change_set.writes:
        with uninterrupted():
            _commit(workspace, changes)


def _commit(workspace: Workspace, changes: list[FileChange]) -> None:
    _check_unchanged(workspace, changes)
    try:
        moves = tuple(_stage(workspace, number, change) for number, change in enumerate(changes))
        journal = Journal("forward", moves, _missing_folders(workspace, moves))
        _write_journal(workspace, journal)
    except OSError as error:
        _undo(workspace, None)
        raise _refused(error) from error
    try:
        _forward(workspace, journal)
    except OSError as error:
        _undo(workspace, replace(journal, direction="back"))
        raise _refused(error) from error
    try:
        _finish(workspace)
    except OSError as error:
        message = f"the change was made, but the disk refused to tidy up: {error.strerror}."
        raise WriteError(Problem(RECORDS, message, "The next build or check does.")) from error


def _undo(workspace: Workspace, back: Journal | None) -> None:
    """Back to what was, by a journal of its own, so that a crash here is recovered too."""
    try:
        if back is not None:
            _write_journal(workspace, back)
            _back(workspace, back)
        _finish(workspace)
    except OSError as error:
        if workspace.read(JOURNAL) is None:
            return  # what was staged is dropped at the next start
        message = f"the disk refused twice ({error.strerror}), so the change is half done."
        hint = "The next build or check finishes it, once the disk is well again."
        raise WriteError(Problem(RECORDS, message, hint)) from error


def _check_unchanged(workspace: Workspace, changes: list[FileChange]) -> None:
    _refuse_moved(c.path for c in changes if workspace.read(c.path) != c.before)


def _refuse_moved(paths: Iterable[str]) -> None:
    message = "was changed while the build ran; nothing was written."
    if problems := [Problem(path, message, "Build again.") for path in paths]:
        raise WorkspaceError(*problems)


def _stage(workspace: Workspace, number: int, change: FileChange) -> Move:
    """Writes and syncs the new bytes, and keeps the old ones under a second name."""
    new = old = mode = before = after = None
    if change.before is not None:
        old, before = f"{STAGE}/{number}.old", digest(change.before)
        mode = _keep(workspace, change.path, old)
    if change.after is not None:
        new, after = f"{STAGE}/{number}.new", digest(change.after)
        _write(workspace, new, change.after.encode("utf-8", "surrogateescape"), mode)
    return Move(change.path, new, old, before, after)


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


def _missing_folders(workspace: Workspace, moves: Iterable[Move]) -> tuple[str, ...]:
    """The folders that the new files need, sorted; those that are there must take files."""
    wanted = {folder for move in moves if move.new for folder in _upward(move.path)}
    missing = []
    for path in sorted(wanted):
        try:
            with workspace.parent(f"{path}/_") as (folder, _):
                _need_writable(folder, path)
                if os.fstat(folder).st_dev != os.fstat(workspace.fd).st_dev:
                    raise OSError(errno.EXDEV, "lies on another file system", path)
        except FileNotFoundError:
            missing.append(path)
    return tuple(missing)


def _upward(path: str) -> Iterator[str]:
    """The folders that hold a file, the outermost first."""
    parts = path.split("/")
    return ("/".join(parts[:depth]) for depth in range(1, len(parts)))


def _write_journal(workspace: Workspace, journal: Journal) -> None:
    with contextlib.suppress(FileNotFoundError):
        _unlink(workspace, JOURNAL_DRAFT)
    _write(workspace, JOURNAL_DRAFT, journal.text().encode(), 0o600)
    _sync_folder(workspace, STAGE)
    _rename(workspace, JOURNAL_DRAFT, JOURNAL)
    _sync_folder(workspace, RECORDS)


def _forward(workspace: Workspace, journal: Journal) -> None:
    """Puts every new file in its place, unless it is there already."""
    _make_folders(workspace, journal.folders)
    for move in journal.moves:
        if move.new is None:
            with contextlib.suppress(FileNotFoundError):
                _unlink(workspace, move.path)
        elif _exists(workspace, move.new):
            _rename(workspace, move.new, move.path)
    _sync_parents(workspace, journal)
    deleted = (move.path for move in journal.moves if move.new is None)
    _remove_folders(workspace, {folder for path in deleted for folder in _upward(path)})


def _back(workspace: Workspace, journal: Journal) -> None:
    """Undoes the moves that were done."""
    for move in reversed(journal.moves):
        if move.new is not None and _exists(workspace, move.new):
            continue  # never put in its place
        with contextlib.suppress(FileNotFoundError):
            if move.old is None:
                _unlink(workspace, move.path)
            else:
                _rename(workspace, move.old, move.path)
    _sync_parents(workspace, journal)
    _remove_folders(workspace, journal.folders)


def _finish(workspace: Workspace) -> None:
    with contextlib.suppress(FileNotFoundError):
        _unlink(workspace, JOURNAL)
    _sync_folder(workspace, RECORDS)
    _drop_stage(workspace)


def recover(workspace: Workspace) -> str:
    """Finishes or drops an interrupted commit; says which, or ''."""
    content = workspace.read(JOURNAL)
    try:
        if content is None:
            return "dropped an unfinished stage" if _drop_stage(workspace) else ""
        journal = parse_journal(content)
        _refuse_edited(workspace, journal)
        finish = _forward if journal.direction == "forward" else _back
        finish(workspace, journal)
        _finish(workspace)
    except OSError as error:
        raise _refused(error) from error
    return f"finished an interrupted commit ({journal.direction}, {len(journal.moves)} files)"


def _refuse_edited(workspace: Workspace, journal: Journal) -> None:
    """A file edited since the interruption is the user's, and is neither replaced nor removed."""
    message = "was changed after a build was interrupted, and before that build could be finished."
    problems = [
        Problem(move.path, message, "Move it aside, and run this again.")
        for move in journal.moves
        if (content := workspace.read(move.path)) is not None
        and digest(content) not in (move.before, move.after)
    ]
    if problems:
        raise WorkspaceError(*problems)


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


def _make_folders(workspace: Workspace, folders: Iterable[str]) -> None:
    for path in sorted(folders):
        with workspace.parent(path) as (folder, name), contextlib.suppress(FileExistsError):
            os.mkdir(name, dir_fd=folder)


def _remove_folders(workspace: Workspace, folders: Iterable[str]) -> None:
    """Removes those that are empty."""
    for path in sorted(folders, reverse=True):
        with contextlib.suppress(OSError), workspace.parent(path) as (folder, name):
            os.rmdir(name, dir_fd=folder)


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


def _sync_parents(workspace: Workspace, journal: Journal) -> None:
    for folder in sorted({move.path.rpartition("/")[0] for move in journal.moves}):
        with contextlib.suppress(FileNotFoundError):
            _sync_folder(workspace, folder)


def _refused(error: OSError) -> BuilderError:
    where = str(error.filename or RECORDS)
    if error.errno in (errno.ELOOP, errno.ENOTDIR):
        return unreadable(where, error)
    message = f"the disk refused: {error.strerror}; nothing was changed."
    return WriteError(Problem(where, message, "Make room or permission, then build again."))
