"""A workspace's folder on disk: found, locked, listed, and read without following a link."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import json
import os
import shutil
import stat
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from petsage_builder.errors import BusyError, Problem, WorkspaceError
from petsage_builder.interrupts import temporary_folder
from petsage_builder.paths import BASE, BLUEPRINT, LOCK, MANIFEST, RECORDS

DEFAULT = "generated"
FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
# What git would not track even where no .gitignore says so.
CACHES = ("__pycache__", ".pytest_cache", ".mypy_cache", ".ruff_cache")
UNTRACKED = frozenset({".git", RECORDS, ".venv", *CACHES})


def find_workspace(given: str | None, start: Path) -> Path:
    """The folder given; else the nearest upward with a blueprint; else `generated` in `start`."""
    if given is not None:
        return Path(given)
    upward = (start, *start.parents)
    return next((folder for folder in upward if (folder / BLUEPRINT).is_file()), start / DEFAULT)


def need_workspace(root: Path) -> None:
    """Raises a WorkspaceError where there is no workspace."""
    if not (root / BLUEPRINT).is_file():
        hint = "Build a request, or run `petsage-builder init`."
        raise WorkspaceError(Problem(str(root), f"is no workspace: it has no {BLUEPRINT}.", hint))


@dataclass(frozen=True, slots=True)
class Workspace:
    """An existing folder, held open: `fd` is its directory descriptor."""

    root: Path
    fd: int

    def read(self, path: str) -> str | None:
        """The text of a file (bytes that are no UTF-8 survive a round trip), None without one."""
        content = self.read_bytes(path)
        return None if content is None else content.decode("utf-8", "surrogateescape")

    def read_bytes(self, path: str) -> bytes | None:
        """The bytes of a regular file; a link on the way to it is an error."""
        try:
            with self.parent(path) as (folder, name):
                flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
                with open(os.open(name, flags, dir_fd=folder), "rb") as file:
                    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                        raise WorkspaceError(Problem(path, "is no regular file."))
                    return file.read()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise unreadable(path, error) from error

    @contextlib.contextmanager
    def parent(self, path: str, *, create: bool = False) -> Iterator[tuple[int, str]]:
        """The descriptor of the folder that holds `path`, walked without following links."""
        *folders, name = path.split("/")
        fd = os.dup(self.fd)
        try:
            for folder in folders:
                if create:
                    with contextlib.suppress(FileExistsError):
                        os.mkdir(folder, dir_fd=fd)
                fd, old = os.open(folder, FOLDER, dir_fd=fd), fd
                os.close(old)
            yield fd, name
        finally:
            os.close(fd)

    def folder(self, path: str, suffix: str) -> list[str]:
        """The paths of a folder's files with that suffix, sorted; none without the folder."""
        try:
            with self.parent(f"{path}/_") as (fd, _):
                return sorted(f"{path}/{name}" for name in os.listdir(fd) if name.endswith(suffix))
        except FileNotFoundError:
            return []
        except OSError as error:
            raise unreadable(path, error) from error

    def tracked(self) -> list[str]:
        """The files that git would track here, sorted; links and the records are left out."""
        listed = _listed_by_git(self.root)
        paths = _walked(self.root) if listed is None else listed
        return sorted(
            p for p in paths if not UNTRACKED.intersection(p.split("/")) and self._plain(p)
        )

    def records(self) -> list[str]:
        """The builder's records that git tracks: the manifest and the bases, sorted."""
        return sorted((MANIFEST, *self.below(BASE, "*.base")))

    def below(self, folder: str, pattern: str = "*") -> list[str]:
        """The files in a folder and in those below it, sorted."""
        paths = (self.root / folder).rglob(pattern)
        return sorted(p.relative_to(self.root).as_posix() for p in paths if not p.is_dir())

    def _plain(self, path: str) -> bool:
        try:
            with self.parent(path) as (folder, name):
                return stat.S_ISREG(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode)
        except OSError:
            return False  # behind a link, or gone meanwhile


def unreadable(path: str, error: OSError) -> WorkspaceError:
    link = error.errno in (errno.ELOOP, errno.ENOTDIR)
    message = "is, or lies behind, a link or a file." if link else f"{error.strerror}."
    hint = "The builder never follows links; put a real file or folder there." if link else ""
    return WorkspaceError(Problem(path, message, hint))


def _listed_by_git(root: Path) -> list[str] | None:
    """What git would track, by the workspace's own .gitignore files; None without git."""
    git = shutil.which("git")
    if git is None:
        return None
    with temporary_folder("petsage-git-") as folder:
        # A repository of our own: no configuration or hook of the workspace's is run.
        (folder / "HEAD").write_text("ref: refs/heads/none\n")
        (folder / "objects").mkdir()
        (folder / "refs").mkdir()
        command = [git, f"--git-dir={folder}", "--work-tree=.", "ls-files", "-z"]
        environment = {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull}
        listed = subprocess.run(
            [*command, "--others", "--exclude-standard"],
            cwd=root,
            env=environment,
            capture_output=True,
            check=False,
        )
    if listed.returncode != 0:
        said = listed.stderr.decode(errors="replace").strip()
        raise WorkspaceError(Problem(str(root), f"git can't list its files: {said}"))
    return [os.fsdecode(path) for path in listed.stdout.split(b"\0") if path and path[-1:] != b"/"]


def _walked(root: Path) -> Iterator[str]:
    for folder, folders, files in os.walk(root):
        folders[:] = [name for name in folders if name not in UNTRACKED]
        for name in files:
            yield (Path(folder) / name).relative_to(root).as_posix()


@contextlib.contextmanager
def workspace_at(root: Path, command: str) -> Iterator[Workspace]:
    """The workspace at `root`, locked; what had to be made for it and stays empty is removed."""
    made = _make_folders(root)
    try:
        with unlocked(root) as workspace, _locked(workspace, command):
            yield workspace
    finally:
        _remove_empty(made)


@contextlib.contextmanager
def unlocked(root: Path) -> Iterator[Workspace]:
    """The workspace at `root`, for a reader that needs no lock."""
    try:
        fd = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise WorkspaceError(Problem(str(root), f"{error.strerror}.")) from error
    try:
        yield Workspace(root, fd)
    finally:
        os.close(fd)


def _make_folders(root: Path) -> list[Path]:
    """Makes the folder and its parents; gives back those that were missing."""
    made: list[Path] = []
    try:
        if root.exists() and not root.is_dir():
            message = "is a file, and a workspace is a folder."
            raise WorkspaceError(Problem(str(root), message, "Name another --workspace."))
        for folder in [folder for folder in (root, *root.parents) if not folder.exists()][::-1]:
            folder.mkdir(exist_ok=True)
            made.append(folder)
    except OSError as error:
        _remove_empty(made)
        message = f"can't be made: {error.strerror}."
        raise WorkspaceError(Problem(str(root), message)) from error
    return made


def _remove_empty(folders: list[Path]) -> None:
    for folder in reversed(folders):
        with contextlib.suppress(OSError):
            folder.rmdir()


@contextlib.contextmanager
def _locked(workspace: Workspace, command: str) -> Iterator[None]:
    """Holds the workspace's lock; leaves no trace in a workspace that holds no records."""
    with _record_folder(workspace), _lock_file(workspace) as fd:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BusyError(_busy(workspace, fd)) from error
        if os.fstat(fd).st_nlink == 0:  # its last holder removed it between our open and our lock
            raise BusyError(_busy(workspace, fd))
        with contextlib.suppress(OSError):  # a full disk: only the holder's name is missing
            if _writable(fd):
                os.ftruncate(fd, 0)
                os.write(fd, json.dumps({"pid": os.getpid(), "command": command}).encode())
        yield


def _writable(fd: int) -> bool:
    return fcntl.fcntl(fd, fcntl.F_GETFL) & os.O_ACCMODE == os.O_RDWR


@contextlib.contextmanager
def _record_folder(workspace: Workspace) -> Iterator[None]:
    """Makes `.petsage/`, and removes it again if nothing but the lock came to be in it."""
    made = False
    try:
        os.mkdir(RECORDS, dir_fd=workspace.fd)
        made = True
    except OSError as error:
        if error.errno not in (errno.EEXIST, errno.EACCES, errno.EPERM, errno.EROFS):
            raise unreadable(RECORDS, error) from error
    try:
        yield
    finally:
        if made:
            with contextlib.suppress(OSError):
                _remove_if_alone(workspace)


def _remove_if_alone(workspace: Workspace) -> None:
    with workspace.parent(LOCK) as (folder, name):
        if os.listdir(folder) == [name]:
            os.unlink(name, dir_fd=folder)
    os.rmdir(RECORDS, dir_fd=workspace.fd)


@contextlib.contextmanager
def _lock_file(workspace: Workspace) -> Iterator[int]:
    """The lock's descriptor; in a folder that can't be written, the folder itself is locked."""
    flags = os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        with workspace.parent(LOCK) as (folder, name):
            try:
                fd = os.open(name, os.O_RDWR | os.O_CREAT | flags, 0o644, dir_fd=folder)
            except OSError as error:
                if error.errno not in (errno.EACCES, errno.EROFS, errno.EPERM):
                    raise
                fd = os.dup(folder)
    except FileNotFoundError:
        fd = os.dup(workspace.fd)
    except OSError as error:
        raise unreadable(LOCK, error) from error
    try:
        yield fd
    finally:
        os.close(fd)


def _busy(workspace: Workspace, fd: int) -> Problem:
    message = f"is busy: held by {_holder(fd)}."
    return Problem(str(workspace.root), message, "Wait until it has ended, then run this again.")


def _holder(fd: int) -> str:
    """Who holds the lock, as far as its file says; who has just taken it is about to write there.

    Until then the file is empty, or names a process that ended.
    """
    for _ in range(20):
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError, OverflowError):
            held = json.loads(os.pread(fd, 4096, 0))
            with contextlib.suppress(PermissionError):  # it runs, and is another user's
                os.kill(int(held["pid"]), 0)
            return f"`{held['command']}` (process {int(held['pid'])})"
        time.sleep(0.01)
    return "another build"
