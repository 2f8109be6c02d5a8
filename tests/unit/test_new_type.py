"""Adding a type: one entry, and it is a type like any other."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from command_line import write
from projects import written_project

from petsage_builder import kinds, pipeline
from petsage_builder.field_types import FIELD_TYPES
from petsage_builder.field_types.annotations import constrained
from petsage_builder.field_types.field import TEXTUAL, Case, Column, Field, FieldType
from petsage_builder.field_types.numbers import whole_number
from petsage_builder.python_code import Name, Raw, call
from petsage_builder.text import Text

FORM = "^#[0-9a-f]{6}$"


def read_colour(value: object, _field: Field) -> str:
    if not isinstance(value, str) or re.fullmatch(FORM, value) is None:
        raise ValueError("is no colour, such as #a1b2c3.")
    return value


COLOUR = FieldType(
    name="colour",
    means="a colour, such as #a1b2c3",
    wire_type="string",
    parse=read_colour,
    show=Text,
    literal=Text,
    wire=lambda field: constrained(Name("types.Str", ".core"), field, pattern=Raw(Text(FORM))),
    plain=lambda _: Name("str"),
    python=lambda _: Name("str"),
    column=lambda _: Column(call("sa.String", 7), call("sa.String", length=7)),
    valid=lambda _: (f"#{red:02x}8040" for red in range(0, 256, 20)),
    inside=lambda _: (Case("black", Text("#000000")), Case("white", Text("#ffffff"))),
    outside=lambda _: (Case("five_digits", Text("#12345")), Case("seven", Text("#1234567"))),
    wrong=(Case("a_number", 1), Case("a_name", Text("red"))),
    width=lambda _: 7,
    operators=TEXTUAL,
    searchable=True,
)
PORT = whole_number("port", "a network port", (1, 65_535), "sa.Integer")

REQUEST: dict[str, Any] = {
    "feature": "lamps",
    "description": "Lamps in a network.",
    "requirements": {
        "entities": [
            {
                "name": "lamp",
                "fields": [
                    {"name": "colour", "type": "colour", "unique": True, "example": "#ffcc00"},
                    "glow:colour=#ffffff",
                    {"name": "palette", "type": "array", "items": "colour", "max_items": 3},
                    "port:port{1024,}",
                    "other_port:port?:index",
                ],
                "unique_together": [["glow", "port"]],
                "checks": [
                    {"code": "ports_differ", "left": "port", "op": "ne", "right": "other_port"}
                ],
                "list": {
                    "filters": {
                        "colour": ["eq", "in", "contains", "starts_with"],
                        "port": ["eq", "lt", "gte"],
                        "other_port": ["is_null"],
                    },
                    "sort": ["colour", "port", "other_port"],
                    "search": ["colour", "glow"],
                },
            }
        ]
    },
}


@pytest.fixture(scope="module")
def types() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for entry in (COLOUR, PORT):
            patch.setitem(FIELD_TYPES, entry.name, entry)
        yield


@pytest.fixture(scope="module")
def lamps(types: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with a feature of the new types, built and verified."""
    del types
    folder = tmp_path_factory.mktemp("lamps")
    (folder / "lamps.json").write_text(json.dumps(REQUEST))
    options = pipeline.Options(folder / "generated")
    report = pipeline.build([str(folder / "lamps.json")], options)
    assert report.ok, report.text()
    return folder / "generated/petsage_api"


def test_tests_of_the_feature_try_what_the_entry_says(lamps: Path) -> None:
    tests = (lamps / "tests/features/test_lamps.py").read_text()
    for said in ("colour_of_black", "glow_of_five_digits", "palette_of_an_item_that_is_a_name"):
        assert f'"{said}"' in tests
    for said in ("port_of_below_the_least", "other_port_is_null_true", "colour_contains_given"):
        assert f'"{said}"' in tests


def test_models_and_tables_hold_what_the_entry_says(lamps: Path) -> None:
    models = (lamps / "features/lamps/models.py").read_text()
    assert f'Colour = Annotated[types.Str, Field(pattern="{FORM}", examples=["#ffcc00"])]' in models
    assert "Port = Annotated[int, Field(ge=1024, le=65535), types.Integral]" in models
    assert 'glow: LampGlow = "#ffffff"' in models
    assert "mapped_column(sa.String(7))" in (lamps / "features/lamps/tables.py").read_text()


def test_entity_has_another_class_than_the_type(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ratio = replace(PORT, name="ratio", python=lambda _: Name("Fraction", "fractions"))
    monkeypatch.setitem(FIELD_TYPES, "ratio", ratio)
    entity = {"name": "fraction", "fields": ["part:ratio"]}
    asked = {"feature": "parts", "description": "d", "requirements": {"entities": [entity]}}
    request = write(tmp_path / "parts.json", asked)
    project = written_project(tmp_path / "generated", [request])
    tables = (project / "petsage_api/features/parts/tables.py").read_text()
    assert "from fractions import Fraction\n" in tables
    assert "class FractionRow(Entity):" in tables


def test_readme_of_the_feature_documents_the_types(lamps: Path) -> None:
    lines = (lamps / "features/lamps/README.md").read_text().splitlines()
    assert any("colour" in line and "a colour, such as" in line for line in lines)
    assert any("port" in line and "a network port" in line for line in lines)


@pytest.mark.usefixtures("types")
def test_schema_of_requests_lists_the_types() -> None:
    schema = json.dumps(kinds.request_schema())
    assert schema.count('{"const": "colour", "description": "a colour, such as #a1b2c3"}') == 2
    assert schema.count('{"const": "port", "description": "a network port"}') == 2


def test_no_other_module_of_the_kind_knows_a_type_by_its_name() -> None:
    named = "|".join(FIELD_TYPES)
    known = re.compile(rf"type(\.name)? (==|!=|in|is) |['\"]({named})['\"] (==|!=|in) ")
    folder = Path(kinds.__file__).parent / "entities"
    found = [
        f"{file.relative_to(folder)}: {line.strip()}"
        for file in sorted(folder.rglob("*.py"))
        for line in file.read_text().splitlines()
        if known.search(line) and "left.type is not right.type" not in line
    ]
    assert found == []
