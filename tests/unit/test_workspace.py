"""The workspace's folder: found, locked, listed, read; and none of it through a link."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from command_line import COMMAND, Done, Door, process, status_request, tree, write
from forked import ended, started

from petsage_builder.errors import BusyError, WorkspaceError
from petsage_builder.workspace import Workspace, find_workspace, need_workspace, workspace_at

PAGE = 4096
HOLDER = """
import sys
from pathlib import Path
from petsage_builder.workspace import workspace_at
with workspace_at(Path(sys.argv[1]), "build"):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "root"
    folder.mkdir()
    return folder


@pytest.fixture
def held(root: Path) -> Iterator[int]:
    """Another process holds the workspace; its number."""
    (root / ".petsage").mkdir()
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, root], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with holder:
        assert holder.stdout
        assert holder.stdout.readline() == b"held\n"
        yield holder.pid
        holder.kill()


# Found.


def test_given_workspace_is_taken(tmp_path: Path) -> None:
    assert find_workspace("there", tmp_path) == Path("there")


def test_nearest_folder_with_a_blueprint_is_taken(root: Path) -> None:
    write(root / "blueprint.toml", "")
    write(root / "inner/blueprint.toml", "")
    (root / "inner/a/b").mkdir(parents=True)
    (root / "other/a").mkdir(parents=True)
    assert find_workspace(None, root / "inner/a/b") == root / "inner"
    assert find_workspace(None, root / "other/a") == root
    assert find_workspace(None, root) == root


def test_without_a_blueprint_it_is_generated_in_the_start(root: Path) -> None:
    assert find_workspace(None, root) == root / "generated"


def test_folder_named_like_a_blueprint_is_none(root: Path) -> None:
    (root / "blueprint.toml").mkdir()
    assert find_workspace(None, root) == root / "generated"
    with pytest.raises(WorkspaceError, match=r"is no workspace: it has no blueprint\.toml"):
        need_workspace(root)


# Locked.


def test_second_holder_is_told_who_the_first_is(root: Path, held: int) -> None:
    with pytest.raises(BusyError, match=rf"held by `build` \(process {held}\)") as busy:
        workspace_at(root, "check").__enter__()
    assert busy.value.exit_code == 3


def test_second_command_exits_with_3(root: Path, held: int, request_file: Path) -> None:
    done = process(request_file, "--workspace", root, cwd=root)
    assert done.code == 3
    assert f"process {held}" in done.err
    assert "Wait until it has ended" in done.err


def test_lock_of_a_process_that_was_killed_is_free(root: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, root], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with holder:
        assert holder.stdout
        holder.stdout.readline()
        holder.kill()
    assert (root / ".petsage/lock").exists()
    with workspace_at(root, "build") as workspace:
        assert workspace.read("nothing") is None


@pytest.mark.parametrize("content", ["", "{", "[]", '{"pid": "x"}', "\0" * 9, '{"command": 1}'])
def test_busy_workspace_is_told_whatever_the_lock_holds(
    root: Path, held: int, content: str
) -> None:
    assert held
    write(root / ".petsage/lock", content)
    with pytest.raises(BusyError, match="held by another build"):
        workspace_at(root, "check").__enter__()


def test_holder_that_has_yet_to_write_its_name_is_waited_for(root: Path, held: int) -> None:
    """Until then the lock names the one before, which has ended."""
    lock = root / ".petsage/lock"
    named = lock.read_bytes()
    before = started(lambda: None)
    ended(before)
    lock.write_text(json.dumps({"pid": before, "command": "check"}), encoding="utf-8")
    late = threading.Timer(0.05, lock.write_bytes, [named])
    late.start()
    with pytest.raises(BusyError, match=rf"held by `build` \(process {held}\)"):
        workspace_at(root, "check").__enter__()
    late.join()


def test_lock_leaves_no_trace_where_nothing_was_written(root: Path) -> None:
    with workspace_at(root, "build"):
        assert (root / ".petsage/lock").exists()
    assert list(root.iterdir()) == []


def test_lock_leaves_no_trace_when_the_work_fails(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), workspace_at(tmp_path / "a/b/c", "build"):
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


def test_records_that_were_there_stay(root: Path) -> None:
    (root / ".petsage").mkdir()
    with workspace_at(root, "build"):
        pass
    assert (root / ".petsage").is_dir()


def test_missing_parents_are_made_and_kept_if_used(tmp_path: Path) -> None:
    with workspace_at(tmp_path / "a/b/c", "build"):
        write(tmp_path / "a/b/kept.txt", "")
    assert set(tree(tmp_path)) - {"a", "a/b"} == {"a/b/kept.txt"}


# Refused, with one clear message.


def refused(door: Door, request_file: Path, root: Path) -> Done:
    """A build that must say what is wrong in one line, and exit with 1."""
    done = door(request_file, "--workspace", root)
    assert done.code == 1
    assert "Traceback" not in done.err
    assert done.out == ""
    return done


def test_file_is_no_workspace(door: Door, request_file: Path, tmp_path: Path) -> None:
    file = write(tmp_path / "file", "mine")
    assert (
        f"{file}: is a file, and a workspace is a folder." in refused(door, request_file, file).err
    )
    assert "can't be made: Not a directory" in refused(door, request_file, file / "a/b").err
    assert file.read_text(encoding="utf-8") == "mine"


def test_name_that_no_folder_can_have_leaves_no_parents(
    door: Door, request_file: Path, tmp_path: Path
) -> None:
    before = tree(tmp_path)
    for root in (tmp_path / "a/b" / ("x" * 300), tmp_path / ("x" * 300)):
        assert "can't be made: File name too long" in refused(door, request_file, root).err
    assert tree(tmp_path) == before


def test_link_to_nowhere_is_no_workspace(door: Door, request_file: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    assert "can't be made: File exists" in refused(door, request_file, tmp_path / "link").err


def test_records_that_are_a_link_are_refused(
    door: Door, request_file: Path, tmp_path: Path
) -> None:
    (tmp_path / "root").mkdir()
    (tmp_path / "outside").mkdir()
    (tmp_path / "root/.petsage").symlink_to(tmp_path / "outside")
    assert "never follows links" in refused(door, request_file, tmp_path / "root").err
    assert list((tmp_path / "outside").iterdir()) == []


@pytest.mark.parametrize("kind", ["folder", "fifo", "link"])
def test_lock_that_is_no_file_is_refused(
    door: Door, request_file: Path, tmp_path: Path, kind: str
) -> None:
    lock = tmp_path / "root/.petsage/lock"
    lock.parent.mkdir(parents=True)
    if kind == "folder":
        lock.mkdir()
    elif kind == "fifo":
        os.mkfifo(lock)
    else:
        lock.symlink_to(tmp_path / "outside")
    done = door(request_file, "--workspace", tmp_path / "root")
    assert done.code == (0 if kind == "fifo" else 1), done.err
    assert "Traceback" not in done.err
    assert not (tmp_path / "outside").exists()


# `$1` is the folder, `$2` how it is mounted; the rest is the command.
MOUNTED = 'mount $2 "$1" && { test -z "$OTHER" || mount $OTHER "$1"; } && shift 2 && exec "$@"'


def on_mount(root: Path, request_file: Path, mount: str, then: str = "") -> Done:
    """A build in a folder that is mounted in a way of its own, where only it sees that."""
    command = [*COMMAND, str(request_file), "--workspace", str(root)]
    done = subprocess.run(
        [
            "unshare",
            "--mount",
            "--map-root-user",
            "sh",
            "-c",
            MOUNTED,
            "sh",
            str(root),
            mount,
            *command,
        ],
        env=os.environ | {"OTHER": then},
        cwd=request_file.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    return Done(done.returncode, done.stdout, done.stderr)


def test_read_only_workspace_is_one_clear_message(root: Path, request_file: Path) -> None:
    done = on_mount(root, request_file, f"--bind {root}", "-o remount,ro,bind")
    assert done.code == 1
    assert "the disk refused: Read-only file system; nothing was changed." in done.err
    assert "Traceback" not in done.err
    assert list(root.iterdir()) == []


def test_read_only_workspace_can_be_checked(workspace: Path, request_file: Path) -> None:
    before = tree(workspace)
    mount = f"--bind {workspace}"
    assert on_mount(workspace, request_file, mount, "-o remount,ro,bind").code == 0
    assert tree(workspace) == before


@pytest.mark.parametrize("options", [f"nr_inodes={n}" for n in (1, 2, 3, 9, 30)] + ["size=16k"])
def test_full_disk_is_one_clear_message(root: Path, request_file: Path, options: str) -> None:
    done = on_mount(root, request_file, f"-t tmpfs -o {options} tmpfs")
    assert done.code == 1
    assert "No space left on device" in done.err
    assert "Traceback" not in done.err


# `$1` is the workspace, `$2` the options of a disk that is put over its parent; then the command.
SMALL_DISK = """
folder=$(dirname "$1"); kept=$(mktemp -d); cp -a "$1" "$kept/before"
mount -t tmpfs -o "$2" tmpfs "$folder" && cp -a "$kept/before" "$1" && cd "$1" && shift 2 || exit 99
"$@"; code=$?
diff -r --exclude=lock "$kept/before" . && rm -r "$kept" && exit $code
"""


@pytest.mark.parametrize("spare", [0, 10, 25])
@pytest.mark.parametrize("what", ["nr_inodes", "size"])
def test_disk_that_is_too_small_for_a_change_keeps_every_byte(
    lean_build: Path, tmp_path: Path, what: str, spare: int
) -> None:
    workspace = Path(shutil.copytree(lean_build, tmp_path / "generated"))
    write(workspace / "requests/pulse.json", status_request("pulse", "/pulse"))
    files = list(workspace.rglob("*"))
    inodes = len(files) + 2
    pages = sum(-(-file.stat().st_size // PAGE) for file in files if file.is_file())
    room = inodes + spare if what == "nr_inodes" else (pages + spare) * PAGE
    command = ["sh", "-c", SMALL_DISK, "sh", str(workspace), f"{what}={room}", *COMMAND, "build"]
    with tempfile.TemporaryDirectory(prefix="disk-") as elsewhere:
        done = subprocess.run(
            ["unshare", "--mount", "--map-root-user", *command],
            env=os.environ | {"TMPDIR": elsewhere},
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 1, done.stdout + done.stderr
    assert "the disk refused: No space left on device; nothing was changed." in done.stderr


@pytest.mark.parametrize("folder", [".", ".petsage", "petsage_api/features"])
def test_folder_that_may_not_be_written_keeps_every_byte(
    lean_build: Path, tmp_path: Path, folder: str
) -> None:
    """Root may write anywhere, so root goes without that."""
    workspace = Path(shutil.copytree(lean_build, tmp_path / "generated"))
    request = write(workspace.parent / "pulse.json", status_request("pulse", "/pulse"))
    before = tree(workspace)
    (workspace / folder).chmod(0o555)
    mortal = ["setpriv", "--bounding-set=-dac_override"] if os.geteuid() == 0 else []
    done = subprocess.run(
        [*mortal, *COMMAND, str(request)],
        cwd=workspace.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    (workspace / folder).chmod(0o755)
    assert (done.returncode, done.stdout) == (1, "")
    assert "the disk refused: Permission denied; nothing was changed." in done.stderr
    assert tree(workspace) == before


# Listed and read.

PROJECT = {
    ".gitignore": "*.db\n/out/\n",
    "app/.gitignore": "local.py\n",
    "app/main.py": "",
    "app/local.py": "",
    "app/data.db": "",
    "out/x": "",
    "requests/pets.json": "",
    "with space/é\n.txt": "",
    **dict.fromkeys((".venv/lib/x.py", ".petsage/manifest.json", "app/__pycache__/x.pyc"), ""),
    **dict.fromkeys(("app/.venv/x.py", ".git/config", "app/.mypy_cache/x", ".ruff_cache/x"), ""),
}
TRACKED = [
    *(".gitignore", "app/.gitignore", "app/main.py", "requests/pets.json", "with space/é\n.txt")
]


@pytest.fixture
def opened(root: Path) -> Iterator[Workspace]:
    for path, content in PROJECT.items():
        write(root / path, content)
    shutil.rmtree(root / ".git")
    with workspace_at(root, "build") as workspace:
        yield workspace


def test_tracked_files_are_those_that_git_would_track(opened: Workspace) -> None:
    assert opened.tracked() == TRACKED


def test_tracked_files_are_the_same_in_a_repository(opened: Workspace) -> None:
    git = ["git", "-C", str(opened.root)]
    subprocess.run([*git, "init", "-q"], check=True)
    subprocess.run([*git, "add", "app/main.py"], check=True)
    subprocess.run([*git, "config", "core.excludesFile", str(opened.root / "all")], check=True)
    write(opened.root / "all", "*\n")
    assert opened.tracked() == sorted([*TRACKED, "all"])


def test_without_git_junk_is_left_out_all_the_same(
    opened: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    ignored = ["app/data.db", "app/local.py", "out/x"]
    assert opened.tracked() == sorted([*TRACKED, *ignored])


@pytest.mark.parametrize("path", [os.environ["PATH"], ""], ids=["git", "no git"])
def test_links_fifos_and_sockets_are_left_out(
    opened: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    write(tmp_path / "outside/x.py", "")
    (opened.root / "linked").symlink_to(tmp_path / "outside")
    (opened.root / "app/link.py").symlink_to(tmp_path / "outside/x.py")
    (opened.root / "app/loop").symlink_to(opened.root / "app")
    os.mkfifo(opened.root / "app/pipe.py")
    monkeypatch.setenv("PATH", path)
    assert not {"linked/x.py", "app/link.py", "app/pipe.py", "app/loop"} & set(opened.tracked())


def test_repository_inside_is_left_out(opened: Workspace) -> None:
    subprocess.run(["git", "init", "-q", opened.root / "inner"], check=True)
    write(opened.root / "inner/x.py", "")
    assert "inner/x.py" not in opened.tracked()


def test_fifo_is_read_as_an_error_at_once(opened: Workspace) -> None:
    os.mkfifo(opened.root / "pipe")
    with pytest.raises(WorkspaceError, match="pipe: is no regular file"):
        opened.read("pipe")


@pytest.mark.parametrize("place", ["README.md", "petsage_api/main.py", "blueprint.toml"])
def test_fifo_in_place_of_a_file_does_not_hang_a_build(
    door: Door, workspace: Path, request_file: Path, place: str
) -> None:
    (workspace / place).unlink()
    os.mkfifo(workspace / place)
    assert f"{place}: is no regular file." in refused(door, request_file, workspace).err


@pytest.mark.parametrize("path", ["link", "linked/x.py"])
def test_link_is_never_read(opened: Workspace, tmp_path: Path, path: str) -> None:
    write(tmp_path / "outside/x.py", "secret")
    (opened.root / "link").symlink_to(tmp_path / "outside/x.py")
    (opened.root / "linked").symlink_to(tmp_path / "outside")
    with pytest.raises(WorkspaceError, match="never follows links"):
        opened.read(path)


def test_missing_file_and_missing_folder_read_as_none(opened: Workspace) -> None:
    assert (opened.read("no.txt"), opened.read("no/where/x")) == (None, None)
    assert opened.folder("no", ".json") == []


def test_bytes_that_are_no_text_survive(opened: Workspace) -> None:
    (opened.root / "latin.txt").write_bytes(b"\xe9\r\n\xff")
    content = opened.read("latin.txt")
    assert content is not None
    assert content.encode("utf-8", "surrogateescape") == b"\xe9\r\n\xff"


def test_files_of_a_folder_are_sorted(opened: Workspace) -> None:
    write(opened.root / "requests/a.json", "")
    write(opened.root / "requests/b.txt", "")
    assert opened.folder("requests", ".json") == ["requests/a.json", "requests/pets.json"]


def test_records_are_the_manifest_and_the_bases(workspace: Path) -> None:
    write(workspace / ".petsage/notes.txt", "")
    with workspace_at(workspace, "check") as opened:
        records = opened.records()
    assert records[0] == ".petsage/base/.gitignore.base"
    assert records[-1] == ".petsage/manifest.json"
    assert all(path.endswith((".base", "manifest.json")) for path in records)
