"""Trees in memory (path -> text), and their way to a folder of our own."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

Tree = Mapping[str, str]


def write_tree(folder: Path, tree: Mapping[str, str]) -> None:
    """Writes a tree into a folder of our own."""
    for path, content in tree.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8", errors="surrogateescape", newline="")


def digest(content: str) -> str:
    """The sha256 of a file's text, as hexadecimal digits."""
    return hashlib.sha256(content.encode("utf-8", "surrogateescape")).hexdigest()


def read_tree(folder: Path) -> Tree:
    """Every regular file below a folder of our own; links are left out."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink())
    return {
        path.relative_to(folder).as_posix(): path.read_bytes().decode("utf-8", "surrogateescape")
        for path in files
        if "__pycache__" not in path.parts
    }
