"""Becomes the PostgreSQL server of one verification; dies with the builder that started it.

PostgreSQL refuses to run as root or as a user without a name. There it runs as nobody: in a user
namespace in which nobody is who we are, or where the kernel has none, as the real one.
"""

from __future__ import annotations

import ctypes
import os
import pwd
import resource
import signal
import sys
from pathlib import Path

PR_SET_PDEATHSIG = 1
CLONE_NEWUSER = 0x10000000
# The tests' role may do all to its database, and nothing to the server: a superuser can run
# programs, and the server is outside of the sandbox.
ACCESS = "local {database} {role} trust\n"
SETUP = "CREATE ROLE {role} LOGIN;\nALTER DATABASE {database} OWNER TO {role};\n"
# The same on every machine: sorted by code point, upper and lower case of all of Unicode.
CLUSTER = (
    *("--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C"),
    *("--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
    *("--no-sync", "--no-data-checksums", "--no-instructions", "--wal-segsize=1"),
)
# No TCP; nothing in /dev/shm; nothing that only a crash or a second server would need.
SETTINGS = (
    *("listen_addresses=", "dynamic_shared_memory_type=mmap", "log_connections=on"),
    *("fsync=off", "full_page_writes=off", "synchronous_commit=off", "autovacuum=off"),
    *("wal_level=minimal", "max_wal_senders=0", "shared_buffers=32MB"),
)


def main() -> None:
    """Makes the data directory in our own folder, and becomes its server."""
    programs, folder, builder = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    database, role = sys.argv[4:]
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _become_nobody(folder)
    _die_with(builder, signal.SIGKILL)
    place = ("-D", str(folder / "data"))
    _run([str(programs / "initdb"), *CLUSTER, *place])
    (folder / "data/pg_hba.conf").write_text(
        ACCESS.format(database=database, role=role), encoding="utf-8"
    )
    server = str(programs / "postgres")
    setup = SETUP.format(database=database, role=role)
    _run([server, "--single", *place, "-c", "fsync=off", database], stdin=setup)
    settings = [word for setting in SETTINGS for word in ("-c", setting)]
    _die_with(builder, signal.SIGQUIT)  # at which PostgreSQL ends its own children at once
    os.execv(server, [server, *place, "-k", str(folder), *settings])  # noqa: S606 (no shell)


def _run(command: list[str], stdin: str = "") -> None:
    """Runs a program to its good end; its bad one is ours."""
    reading, writing = os.pipe()
    os.write(writing, stdin.encode())
    os.close(writing)
    parent = os.getpid()
    child = os.fork()
    if child == 0:
        _die_with(parent, signal.SIGKILL)
        os.dup2(reading, 0)
        os.execv(command[0], command)  # noqa: S606 (no shell)
    os.close(reading)
    if code := os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]):
        sys.exit(f"{command[0]} ended with {code}" if code < 0 else code)


def _become_nobody(folder: Path) -> None:
    user = os.geteuid()
    if user != 0 and _has_name(user):
        return
    nobody = pwd.getpwnam("nobody")
    if _tried(nobody):
        _enter_namespace(nobody)
    elif user == 0:
        # Nothing is imported from here on, not even a codec: nobody may not read our interpreter.
        os.chown(folder, nobody.pw_uid, os.getegid())
        folder.chmod(0o710)  # our own group still reaches the socket
        os.setgroups([])
        os.setgid(nobody.pw_gid)
        os.setuid(nobody.pw_uid)


def _has_name(user: int) -> bool:
    try:
        return bool(pwd.getpwuid(user))
    except KeyError:
        return False


def _tried(nobody: pwd.struct_passwd) -> bool:
    """Whether the namespace can be had: some kernels let it be made, and then not be used."""
    child = os.fork()
    if child == 0:
        try:
            _enter_namespace(nobody)
        except OSError:
            os._exit(1)
        os._exit(0)
    return os.waitpid(child, 0)[1] == 0


def _enter_namespace(nobody: pwd.struct_passwd) -> None:
    user, group = os.geteuid(), os.getegid()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWUSER) != 0:
        raise OSError(ctypes.get_errno(), "no user namespace")
    Path("/proc/self/setgroups").write_text("deny", encoding="utf-8")
    Path("/proc/self/uid_map").write_text(f"{nobody.pw_uid} {user} 1", encoding="utf-8")
    Path("/proc/self/gid_map").write_text(f"{nobody.pw_gid} {group} 1", encoding="utf-8")


def _die_with(parent: int, number: signal.Signals) -> None:
    """Has the kernel send us a signal when our parent ends; a change of user forgets it."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, ctypes.c_long(number))
    if os.getppid() != parent:  # it ended before we could say so
        sys.exit("the builder is gone")


if __name__ == "__main__":
    main()
