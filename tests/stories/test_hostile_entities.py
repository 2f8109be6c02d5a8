"""One verified build of entities of hostile texts and names: they stay what they are."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from command_line import write
from hostile import cases
from projects import openapi_of, verified_project

from petsage_builder import pipeline, ruff
from petsage_builder.text import clean

TEXTS = [str(case.value) for case in cases("text", "embed", "strip")]
NAMES = [str(case.value) for case in cases("name", "embed", "rename")]
OPERATIONS = ["list", "create", "read", "update", "delete"]  # replacing has no text of its own
SHOWN = {f"t{number}": clean(text).value for number, text in enumerate(TEXTS)}


def texts() -> dict[str, Any]:
    """Every text as the description, example and default of a field, and as a value of an enum."""
    fields: list[dict[str, Any]] = [
        {"name": name, "type": "text", "description": text, "example": text, "default": text}
        for name, text in zip(SHOWN, TEXTS, strict=True)
    ]
    values = list(dict.fromkeys(clean(text).value for text in TEXTS))
    short = [value for value in values if len(value) <= 100 and value.strip()]
    fields.append({"name": "word", "type": "enum", "values": short})
    listing = {"filters": {"word": ["eq", "in"]}, "search": list(SHOWN)[:3]}
    entity = {"name": "saying", "description": TEXTS[0], "fields": fields, "list": listing}
    entity["operations"] = OPERATIONS
    return {
        "feature": "sayings",
        "description": TEXTS[1],
        "requirements": {"entities": [entity]},
    }


def names() -> dict[str, Any]:
    """Every name as a field, and as the code of a check."""
    fields = [f"{name}:string?" for name in NAMES]
    checks = [
        {"code": f"needs_{name}" if name in NAMES else name, "field": name, "requires": NAMES[0]}
        for name in NAMES[1:40]
    ]
    asked = [name for name in NAMES if name != "limit"]  # a parameter of every list
    listing = {"filters": {name: ["eq", "is_null"] for name in asked}, "sort": NAMES[:10]}
    entity = {"name": "word", "fields": fields, "checks": checks, "list": listing}
    entity["operations"] = OPERATIONS
    return {
        "feature": "words",
        "description": "Names that mean something else.",
        "requirements": {"entities": [entity]},
    }


def named(number: int, name: str) -> dict[str, Any]:
    """The name as an entity, and as a check's code."""
    entity = {
        "name": name,
        "plural": f"{name}_all",
        "fields": ["one:json?", "other:json?"],
        "checks": [{"code": name, "field": "one", "requires": "other"}],
        "operations": ["create", "read", "update"],
    }
    return {
        "feature": f"e{number}",
        "description": "An entity of a name that means something else.",
        "requirements": {"entities": [entity]},
    }


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    asked = [texts(), names(), *(named(number, name) for number, name in enumerate(NAMES))]
    source = write(folder / "requests.json", asked)
    return verified_project(folder / "generated", source)


@pytest.fixture(scope="module")
def openapi(project: Path) -> Mapping[str, Any]:
    return openapi_of(project)


def test_texts_are_the_descriptions_examples_and_defaults(openapi: Mapping[str, Any]) -> None:
    properties = openapi["components"]["schemas"]["SayingCreate"]["properties"]
    said = {name: properties[name] for name in SHOWN}
    assert {name: one["default"] for name, one in said.items()} == SHOWN
    assert {name: one["examples"] for name, one in said.items()} == {
        name: [text] for name, text in SHOWN.items()
    }
    assert {name: one["description"] for name, one in said.items()} == SHOWN


def test_texts_are_the_values_of_an_enum(openapi: Mapping[str, Any]) -> None:
    word = openapi["components"]["schemas"]["SayingCreate"]["properties"]["word"]
    assert set(word["enum"]) <= set(SHOWN.values())
    assert len(word["enum"]) > 30


def test_names_keep_their_spelling_on_the_wire(openapi: Mapping[str, Any]) -> None:
    schemas = openapi["components"]["schemas"]
    assert list(schemas["WordCreate"]["properties"]) == NAMES
    assert set(schemas["WordRead"]["properties"]) >= set(NAMES)


def test_names_are_the_columns(project: Path) -> None:
    [migration] = (project / "migrations/versions").glob("*_words.py")
    tree = ast.parse(migration.read_text())
    columns = [
        node.args[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) == "sa.Column"
        and isinstance(node.args[0], ast.Constant)
    ]
    assert set(NAMES) < set(columns)


def test_code_is_clean(project: Path) -> None:
    assert ruff.ruff("check", "--no-cache", ".", cwd=project).returncode == 0
    assert ruff.ruff("format", "--no-cache", "--check", ".", cwd=project).returncode == 0


def test_nothing_of_the_texts_was_run(project: Path) -> None:
    for place in (project, project.parent, Path.cwd(), Path("/tmp")):  # noqa: S108 (where payloads would write)
        assert not list(place.glob("*PWNED*"))
    assert not list(project.rglob("*PWNED*"))


def test_second_build_has_nothing_to_do(project: Path) -> None:
    report = pipeline.rehearse([], pipeline.Options(project))
    assert not [file for file in report.files if file.outcome != "unchanged"]
