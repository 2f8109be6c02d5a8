"""Paths inside a workspace: what a builder may touch there."""

from __future__ import annotations

import re

RECORDS = ".petsage"
MANIFEST = f"{RECORDS}/manifest.json"
BASE = f"{RECORDS}/base"
LOCK = f"{RECORDS}/lock"
VERIFIED = f"{RECORDS}/verified.json"
STAGE = f"{RECORDS}/stage"
JOURNAL = f"{RECORDS}/journal.json"
CONFLICTS = f"{RECORDS}/conflicts"
UNDO = f"{RECORDS}/undo"
REQUESTS = "requests"
BLUEPRINT = "blueprint.toml"
OPENAPI = "openapi.json"
TEMPLATES = "templates"

PART = re.compile(r"[A-Za-z0-9_.-]{1,120}")
CLOSED = frozenset({".git", RECORDS})


def path_problem(path: str) -> str | None:
    """Why no builder may write to `path`, or None: it is relative, plain, inside the workspace."""
    parts = path.split("/")
    if any(PART.fullmatch(part) is None or part.strip(".") == "" for part in parts):
        return "is no plain path inside the workspace"
    if parts[0].lower() in CLOSED:
        return f"lies in {parts[0]}/, which templates may not write"
    return None


def target_problem(path: str) -> str | None:
    """Why `path` can't be a rendered file's, or None."""
    if path == OPENAPI:
        return "is the app's own document, which no template writes"
    return path_problem(path)


def base_path(path: str) -> str:
    """Where the last render of `path` is kept."""
    return f"{BASE}/{path}.base"


def request_path(feature: str) -> str:
    return f"{REQUESTS}/{feature}.json"
