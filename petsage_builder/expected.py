"""The tests that a tree holds: the ids that pytest must collect, read without running any."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator

from petsage_builder.trees import Tree

TEST_FILE = "test_"


def tests_in(tree: Tree) -> Iterator[tuple[str, str]]:
    """The modules of tests in a tree, each with its text."""
    for path, content in tree.items():
        name = path.rpartition("/")[2]
        if name.startswith(TEST_FILE) and name.endswith(".py"):
            yield path, content


def ids_in(path: str, content: str) -> list[str]:
    """The ids that pytest must collect from a test file, read from its syntax tree."""
    return [f"{path}::{name}" for name in _names(content)]


@functools.lru_cache(maxsize=4096)  # several checks of a build ask for each file
def _names(content: str) -> tuple[str, ...]:
    return tuple(_read_names(content))


def _read_names(content: str) -> Iterator[str]:
    for node in ast.parse(content.encode("utf-8", "surrogateescape")).body:
        if isinstance(node, ast.ClassDef) and node.name.startswith("Test"):
            yield from (f"{node.name}::{name}" for name in _functions(node.body))
        else:
            yield from _functions([node])


def _functions(body: list[ast.stmt]) -> Iterator[str]:
    for node in body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name.startswith(
            "test"
        ):
            yield node.name


def files_with_tests(tree: Tree) -> set[str]:
    """The files that hold tests."""
    return {path for path, content in tests_in(tree) if any(ids_in(path, content))}


def file_of(test: str) -> str:
    """The path of a test's file."""
    return test.partition("::")[0]


def base_name(test: str) -> str:
    """A test's id without its parameters."""
    return test.partition("[")[0]
