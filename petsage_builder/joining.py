"""Joins two changes of one text by git, which keeps the line ends that the user chose."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass

from petsage_builder.interrupts import temporary_folder
from petsage_builder.trees import write_tree

SIDES = ("ours", "base", "theirs")
LABELS = ("yours", "the last build", "this build")
MOST_CONFLICTS = 127  # git's exit code says how many there are, up to this
MARKERS = re.compile(r"^<{7} .*\n(?:.*\n)*?={7}\n(?:.*\n)*?>{7} ", re.MULTILINE)

CONFLICT = re.compile(
    r"^<{7} .*\n((?:.*\n)*?)(?:\|{7} .*\n(?:.*\n)*?)?={7}\n((?:.*\n)*?)>{7} .*\n", re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Joined:
    """The text that holds both changes; not `clean`: with git's markers where they clash."""

    text: str
    clean: bool


def join(base: str, ours: str, theirs: str) -> Joined | None:
    """Ours with what changed from base to theirs; None where git is missing or sees no text."""
    if ours in (base, theirs) or theirs == base:
        return Joined(theirs if ours == base else ours, clean=True)
    crlf = "\r\n" in ours and ours.count("\r\n") == ours.count("\n")
    own = ours.replace("\r\n", "\n") if crlf else ours
    cut = bool(own) and not own.endswith("\n") and base.endswith("\n") and theirs.endswith("\n")
    joined = _joined(base, f"{own}\n" if cut else own, theirs)
    if joined is None:
        return None
    text = joined.text.removesuffix("\n") if cut else joined.text
    return Joined(text.replace("\n", "\r\n") if crlf else text, joined.clean)


def _joined(base: str, ours: str, theirs: str) -> Joined | None:
    if ours in (base, theirs):
        return Joined(theirs, clean=True)
    git = shutil.which("git")
    if git is None:
        return None
    labels = [word for label in LABELS for word in ("-L", label)]
    with temporary_folder("petsage-merge-") as folder:
        write_tree(folder, dict(zip(SIDES, (ours, base, theirs), strict=True)))
        done = subprocess.run(
            [git, "merge-file", "--stdout", "--diff3", *labels, *SIDES],
            cwd=folder,
            env={"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull},
            capture_output=True,
            check=False,
        )
    if not 0 <= done.returncode <= MOST_CONFLICTS:
        return None
    return Joined(done.stdout.decode("utf-8", "surrogateescape"), clean=done.returncode == 0)


def sides(content: str) -> tuple[str, str]:
    """The two texts that git could not merge; what it did merge is in both."""
    return CONFLICT.sub(r"\1", content), CONFLICT.sub(r"\2", content)


def holds_markers(content: str) -> bool:
    """Whether git's markers of a conflict stand in the text, the first, middle and last one."""
    return "<<<<<<< " in content and MARKERS.search(content.replace("\r\n", "\n")) is not None
