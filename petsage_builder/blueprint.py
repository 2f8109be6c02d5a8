"""The System Blueprint: a workspace's own settings, read from its blueprint.toml."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

from pydantic import PlainValidator

from petsage_builder import names, text
from petsage_builder.entries import Entry, json_type
from petsage_builder.errors import Problem, WorkspaceError
from petsage_builder.names import Ident
from petsage_builder.paths import BLUEPRINT
from petsage_builder.request import StrictModel, validate
from petsage_builder.spec import ProjectSpec
from petsage_builder.strict_json import Document
from petsage_builder.text import Text
from petsage_builder.toml import read_toml

VERSION = r"[0-9]{1,6}(\.[0-9]{1,6}){1,2}((a|b|rc)[0-9]{1,6})?"
MAX_PATH = 4096
PREFIX = r"(/[a-z0-9]+([-_][a-z0-9]+)*){0,8}"
# What the generated code imports: a package of that name would hide it.
IMPORTED = frozenset(
    {"anyio", "fastapi", "httpx", "pydantic", "pydantic_settings", "pytest", "starlette"}
    | {"alembic", "psycopg", "sqlalchemy", "uvicorn", "petsage_builder", "tests", "test"}
    | {"migrations", "requests", "templates"}
)


def _line(value: object) -> Text:
    return text.paragraph(_string(value), max_chars=200, max_lines=1)


def _interpreter(value: object) -> str:
    path = _string(value)
    text.paragraph(path, max_chars=MAX_PATH, max_lines=1)  # judged only: a path is kept as it is
    return path


def _string(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"must be a string, not {json_type(value)}.")
    return value


def _package(value: object) -> Ident:
    package = Ident(_line(value).value)
    if package in IMPORTED or package in sys.stdlib_module_names:
        raise ValueError(f"a package named {package} would hide the module of that name.")
    if problem := names.package_problem(package):
        raise ValueError(problem)
    return package


def _matching(pattern: str, words: str) -> Callable[[object], Text]:
    def parse(value: object) -> Text:
        if not isinstance(value, str) or re.fullmatch(pattern, value) is None:
            raise ValueError(f"must be {words}.")
        return Text(value)

    return parse


class Verify(StrictModel):
    """How the project is verified.

    `python`: the interpreter that runs its tests (default: the builder's own); `postgres`: whether
    the tests of a project that stores something run on a real PostgreSQL as well.
    """

    python: Annotated[str | None, PlainValidator(_interpreter)] = None
    postgres: bool = False


class Templates(StrictModel):
    """`workspace`: whether the workspace's own templates/ may replace the shipped ones."""

    workspace: bool = False


Line = Annotated[Text, PlainValidator(_line)]


class Blueprint(StrictModel):
    package: Annotated[Ident, PlainValidator(_package)] = Ident("petsage_api")
    title: Line = Text("PetSage API")
    description: Line = Text("Your AI-powered companion for pet care.")
    version: Annotated[
        Text, PlainValidator(_matching(VERSION, "a version such as 0.1.0 or 1.2.0rc1"))
    ] = Text("0.1.0")
    brand: Line = Text("PetSage")
    api_prefix: Annotated[
        Text, PlainValidator(_matching(PREFIX, "empty, or lower-case segments such as /api/v1"))
    ] = Text("/api/v1")
    verify: Verify = Verify()
    templates: Templates = Templates()


def parse_blueprint(content: str | None) -> Blueprint:
    """The blueprint in a file's text (None: there is no file yet), or a WorkspaceError."""
    try:
        value = read_toml(content or "")
    except ValueError as error:
        raise WorkspaceError(Problem(BLUEPRINT, str(error))) from error
    entry = Entry(Document(BLUEPRINT, value, {}), (), value)
    blueprint, problems = validate(Blueprint, value, entry)
    if blueprint is None:
        raise WorkspaceError(*problems)
    return blueprint


def interpreter(blueprint: Blueprint, root: Path) -> str:
    """The interpreter that verifies: the builder's own, or the one named (seen from `root`)."""
    if blueprint.verify.python is None:
        return sys.executable
    path = (root / blueprint.verify.python).absolute()
    if not os.access(path, os.X_OK):
        message = f"there is no interpreter at {text.show(blueprint.verify.python)}."
        raise WorkspaceError(
            Problem(f"{BLUEPRINT} verify.python", message, "Make that environment.")
        )
    return str(path)


def resolve_project(blueprint: Blueprint) -> ProjectSpec:
    """The project, decided, as yet without its features."""
    package = blueprint.package
    return ProjectSpec(
        package=package,
        distribution=Text(package.replace("_", "-")),
        version_file=Text(f"{package}/__init__.py"),
        env_prefix=Text(f"{package.upper()}_"),
        title=blueprint.title,
        description=blueprint.description,
        version=blueprint.version,
        brand=blueprint.brand,
        welcome=Text(f"Welcome to the {blueprint.title.value}. Visit /docs for documentation."),
        api_prefix=blueprint.api_prefix,
        database_url=Text(f"sqlite:///{package}.db"),
    )
