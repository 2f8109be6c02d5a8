"""What was rendered, proven and formatted here before, so that it is not done again.

It is kept in the user's cache, never in a workspace: what comes with a repository proves nothing.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from petsage_builder import __version__
from petsage_builder.paths import TEMPLATES
from petsage_builder.shipped import shipped
from petsage_builder.trees import Tree, digest

MOST = 32  # workspaces


@dataclass(frozen=True, slots=True)
class Seen:
    """The digests of formatted files, by those of their raw texts; `file` is where they are kept.

    `maker`: the digest of everything that makes files of specs.
    """

    file: Path | None
    maker: str
    digests: Mapping[str, str]

    def known(self, raw: Tree, formatted: Tree) -> dict[str, str]:
        """Of the formatted files those that are what comes of the raw ones."""
        return {
            path: formatted[path]
            for path, content in raw.items()
            if path in formatted
            and self.digests.get(_key(path, content)) == digest(formatted[path])
        }

    def remember(self, raw: Tree, formatted: Tree) -> None:
        """Notes what came of the raw files, if the disk lets us."""
        digests = {_key(path, content): digest(formatted[path]) for path, content in raw.items()}
        if self.file is None or digests == self.digests:
            return
        draft = self.file.with_suffix(f".{os.getpid()}")
        with contextlib.suppress(OSError):
            draft.write_text(json.dumps({"maker": self.maker, "digests": digests}))
            draft.replace(self.file)
            _drop_oldest(self.file.parent)


def _drop_oldest(folder: Path) -> None:
    """Keeps what was seen of so many workspaces as are likely to be built again."""
    files = sorted(folder.glob("*.json"), key=lambda file: file.stat().st_mtime_ns)
    for file in files[:-MOST]:
        file.unlink(missing_ok=True)


def _key(path: str, content: str) -> str:
    return digest(f"{path}\0{content}")


def seen_in(root: Path, own: Mapping[str, str]) -> Seen:
    """What was seen in the workspace at `root`, by this builder and with its `own` templates."""
    maker = _maker(own)
    folder = cache_folder()
    if folder is None:
        return Seen(None, maker, {})
    file = folder / f"{digest(str(root.resolve()))[:32]}.json"
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        record = json.loads(file.read_bytes())
        if record["maker"] == maker:
            return Seen(file, maker, dict(record["digests"]))
    return Seen(file, maker, {})


def _maker(own: Mapping[str, str]) -> str:
    total = hashlib.sha256(json.dumps([version("ruff"), sorted(own.items())]).encode())
    for name, content in builder_files():
        total.update(f"{name}\0{len(content)}\0".encode() + content)
    return total.hexdigest()


def builder_files() -> Iterator[tuple[str, bytes]]:
    """The builder's own code and templates: a change of either changes what is built."""
    package = Path(__file__).parent
    for folder, pattern in ((package, "**/*.py"), (shipped(TEMPLATES), "**/*")):
        for file in sorted(folder.glob(pattern)):
            if file.is_file():
                yield file.relative_to(folder).as_posix(), file.read_bytes()


def cache_folder() -> Path | None:
    """A folder of the user's cache; None where there is no home, or none to write in."""
    try:
        home = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
        folder = Path(home) / "petsage_builder" / f"{__version__}-{sys.implementation.cache_tag}"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except (OSError, RuntimeError):
        return None  # that costs time, not correctness
    return folder if os.access(folder, os.W_OK) else None
