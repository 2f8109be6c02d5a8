"""What the JSON Schema of the types says, and how their values are written."""

import re
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from typing import Annotated, Any

import pytest
from pydantic import Field, TypeAdapter, ValidationError

from petsage_api.core import types

WHOLE = Annotated[int, Field(ge=-10, le=1_000), types.Integral]
MONEY = Annotated[Decimal, types.DecimalString(precision=6, scale=2)]
SIGNED = Annotated[Decimal, types.DecimalString(precision=6, scale=2, signed=True)]
SHARE = Annotated[Decimal, types.DecimalString(precision=4, scale=4)]
SHOUT = Annotated[types.Text, Field(max_length=5), types.Pattern("^[A-Z]+$")]
FEW_BYTES = Annotated[bytes, types.Base64(2, 4)]


@cache
def adapter(kind: Any) -> TypeAdapter[Any]:  # noqa: ANN401
    return TypeAdapter(kind)


def pattern_of(kind: Any) -> str:  # noqa: ANN401
    found: str = adapter(kind).json_schema()["pattern"]
    return found


@pytest.mark.parametrize(
    ("kind", "value", "written"),
    [
        (types.DateTime, datetime(2024, 1, 1, tzinfo=UTC), b'"2024-01-01T00:00:00Z"'),
        (types.Duration, timedelta(days=400, seconds=61), b'"P400DT0H1M1S"'),
        (types.Duration, timedelta(microseconds=1), b'"P0DT0H0M0.000001S"'),
        (types.Time, time(9, 30), b'"09:30:00"'),
        (MONEY, Decimal(7), b'"7.00"'),
        (SHARE, Decimal(0), b'"0.0000"'),
        (Annotated[Decimal, types.DecimalString(12, 8)], Decimal("1E-8"), b'"0.00000001"'),
        (types.Json, {"n": 10**20}, b'{"n":100000000000000000000}'),
        (FEW_BYTES, b"\xfb\xff", b'"+/8="'),
    ],
)
def test_values_are_written_in_one_form(kind: Any, value: Any, written: bytes) -> None:  # noqa: ANN401
    assert adapter(kind).dump_json(value) == written


def test_too_few_bytes_are_refused_with_their_number() -> None:
    with pytest.raises(ValidationError, match="at least 2 bytes"):
        adapter(FEW_BYTES).validate_python("AA==")


def test_a_refusal_says_what_was_expected() -> None:
    with pytest.raises(ValidationError, match="should be a date such as 2024-02-29"):
        adapter(types.Date).validate_python("tomorrow")


def test_minus_zero_is_zero() -> None:
    assert str(adapter(SIGNED).validate_python("-0.00")) == "0.00"


def test_blank_is_what_python_calls_blank() -> None:
    filled = re.compile(pattern_of(types.Filled))
    blank = {chr(code) for code in range(0x10000) if chr(code).isspace()}

    assert {text for text in blank if filled.search(text)} == set()
    assert all(filled.search(text) for text in map(chr, range(1, 0x3100)) if text not in blank)


@pytest.mark.parametrize(
    ("least", "most", "schema"),
    [
        (0, 3, {"minLength": 0, "maxLength": 4}),
        (1, 6, {"minLength": 4, "maxLength": 8}),
        (
            2,
            4,
            {
                "minLength": 4,
                "maxLength": 8,
                "allOf": [
                    {"anyOf": [{"minLength": 8}, {"pattern": "[^=].$"}]},
                    {"anyOf": [{"maxLength": 4}, {"pattern": "==$"}]},
                ],
            },
        ),
    ],
)
def test_bounds_in_bytes_are_in_the_schema(least: int, most: int, schema: dict[str, Any]) -> None:
    found = adapter(Annotated[bytes, types.Base64(least, most)]).json_schema()

    assert {name: found[name] for name in schema} == schema


def test_bounds_before_the_annotation_are_in_the_schema() -> None:
    assert adapter(WHOLE).json_schema() == {"type": "integer", "minimum": -10, "maximum": 1_000}


def test_a_second_pattern_stands_beside_the_first() -> None:
    schema = adapter(SHOUT).json_schema()

    assert schema["pattern"] == pattern_of(types.Text)
    assert schema["allOf"] == [{"pattern": "^[A-Z]+$"}]


def test_a_day_before_the_bound_is_refused() -> None:
    bounded = Annotated[date, Field(ge=date(2000, 1, 1)), types.IsoDate]

    with pytest.raises(ValidationError, match="2000-01-01"):
        adapter(bounded).validate_python("1999-12-31")


def test_json_is_at_most_32_levels_deep() -> None:
    nested: list[Any] = []
    for _ in range(31):
        nested = [nested]

    assert adapter(types.Json).validate_python(nested) == nested
    with pytest.raises(ValidationError):
        adapter(types.Json).validate_python([nested])


def test_null_is_no_json_value_in_the_schema() -> None:
    assert "null" not in adapter(types.Json).json_schema()["type"]


class Change(types.ApiModel):
    name: types.Text = types.unset()
    kind: types.Text | None = types.unset(alias="class")


def test_what_may_be_left_out_is_not_dumped() -> None:
    assert Change.model_validate({}).model_dump(exclude_unset=True) == {}


def test_what_may_be_left_out_may_not_be_null() -> None:
    with pytest.raises(ValidationError):
        Change.model_validate({"name": None})


def test_what_may_be_left_out_has_no_default_in_the_schema() -> None:
    schema = Change.model_json_schema()

    assert "required" not in schema
    assert all("default" not in field for field in schema["properties"].values())


class Query(types.ApiModel):
    since: types.Date | None = types.optional("On this day or after.")
    kinds: list[types.Text] | None = types.optional("One of these.", alias="class")


def test_a_query_parameter_is_never_null_in_the_schema() -> None:
    schema = Query.model_json_schema()

    assert "required" not in schema
    assert schema["properties"]["since"] == {
        **adapter(types.Date).json_schema(),
        "title": "Since",
        "description": "On this day or after.",
    }
    assert schema["properties"]["class"]["type"] == "array"


def test_a_wrong_query_parameter_is_one_error_at_its_name() -> None:
    with pytest.raises(ValidationError) as caught:
        Query.model_validate({"since": "yesterday"})

    assert [error["loc"] for error in caught.value.errors()] == [("since",)]


def test_unknown_names_are_refused() -> None:
    with pytest.raises(ValidationError):
        Change.model_validate({"kind": "a Python name"})
