"""What goes over the wire: the types take what their JSON Schema says, and nothing else."""

import json
import re
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from typing import Annotated, Any
from uuid import UUID

import pytest
from pydantic import Field, TypeAdapter, ValidationError

from petsage_api.core import types

WHOLE = Annotated[int, Field(ge=-10, le=1_000), types.Integral]
FLOAT = Annotated[float, types.Number]
MONEY = Annotated[Decimal, types.DecimalString(precision=6, scale=2)]
SIGNED = Annotated[Decimal, types.DecimalString(precision=6, scale=2, signed=True)]
COUNT = Annotated[Decimal, types.DecimalString(precision=3, scale=0)]
SHARE = Annotated[Decimal, types.DecimalString(precision=4, scale=4)]
SHOUT = Annotated[types.Text, Field(max_length=5), types.Pattern("^[A-Z]+$")]
FEW_BYTES = Annotated[bytes, types.Base64(2, 4)]
UUID_TEXT = "018f4e7a-3b5c-7d2e-9f10-2a4b6c8d0e1f"
LONE_SURROGATE = "\ud800"

TAKEN: list[tuple[Any, Any, Any]] = [
    (types.Str, "", ""),
    (types.Text, " \n\U0001f600", " \n\U0001f600"),
    (types.Filled, "\u3000a\n", "\u3000a\n"),
    (types.Search, "a" * 100, "a" * 100),
    (SHOUT, "ABC", "ABC"),
    (types.Email, "o'hara+x@mail.example.co", "o'hara+x@mail.example.co"),
    (types.Url, "http://localhost:8000/a?b=%20#c", "http://localhost:8000/a?b=%20#c"),
    (types.Bool, True, True),
    (WHOLE, 935.0, 935),
    (FLOAT, 3, 3.0),
    (FLOAT, -1.5e300, -1.5e300),
    (types.Date, "2024-02-29", date(2024, 2, 29)),
    (types.Date, "0001-01-01", date(1, 1, 1)),
    (types.Time, "23:59", time(23, 59)),
    (types.Time, "09:30:00.5", time(9, 30, 0, 500_000)),
    (types.DateTime, "2024-01-01T00:30:00+01:00", datetime(2023, 12, 31, 23, 30, tzinfo=UTC)),
    (types.DateTime, "9999-12-31T23:59:59Z", datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)),
    (types.Duration, "PT36H0.000001S", timedelta(hours=36, microseconds=1)),
    (types.Duration, "P2W", timedelta(weeks=2)),
    (types.Duration, "P99999999DT23H59M59S", timedelta(99_999_999, 86_399)),
    (types.Uuid, UUID_TEXT.upper(), UUID(UUID_TEXT)),
    (MONEY, "1234.5", Decimal("1234.50")),
    (SIGNED, "-1", Decimal("-1.00")),
    (COUNT, "999", Decimal(999)),
    (SHARE, "0.0001", Decimal("0.0001")),
    (types.Json, {"\0": ["\0", 10**40, None]}, {"\0": ["\0", 10**40, None]}),
    (FEW_BYTES, "AAE=", b"\0\1"),
    (FEW_BYTES, "AAECAw==", b"\0\1\2\3"),
]
REFUSED: list[tuple[Any, Any]] = [
    (types.Str, 1),
    (types.Text, "a\0"),
    (types.Text, LONE_SURROGATE),
    (types.Filled, ""),
    (types.Filled, "\x1c\x85\u2003\n"),
    (types.Search, "a" * 101),
    (SHOUT, "abc"),
    (SHOUT, "ABC\n"),
    (SHOUT, "ABCDEF"),
    (types.Email, "ada@localhost"),
    (types.Email, "a..b@example.com"),
    (types.Email, f"{'a' * 243}@example.com"),
    (types.Url, "javascript:alert(1)"),
    (types.Url, "https://example.com/a b"),
    (types.Url, "https://[::1]/"),
    (types.Bool, 1),
    (types.Bool, "true"),
    (WHOLE, True),
    (WHOLE, "5"),
    (WHOLE, 5.5),
    (WHOLE, 1_001),
    (WHOLE, 10**4_000),
    (WHOLE, float("inf")),
    (FLOAT, "1.5"),
    (FLOAT, False),
    (FLOAT, float("nan")),
    (FLOAT, float("-inf")),
    (FLOAT, 10**400),
    (types.Date, 1_700_000_000),
    (types.Date, "1700000000"),
    (types.Date, "2023-02-29"),
    (types.Date, "0000-01-01"),
    (types.Date, "2024-01-01\n"),
    (types.Date, "2024-01-01T00:00:00"),
    (types.Date, "٢٠٢٤-01-01"),
    (types.Time, "24:00"),
    (types.Time, "09:30Z"),
    (types.Time, "09:30:00.1234567"),
    (types.DateTime, "2024-01-01T00:00:00"),
    (types.DateTime, "2024-01-01T00:00:60Z"),
    (types.DateTime, "0001-01-01T00:00:00+00:01"),
    (types.DateTime, "9999-12-31T23:59:59-00:01"),
    (types.DateTime, 0),
    (types.Duration, "P"),
    (types.Duration, "PT"),
    (types.Duration, "P1Y"),
    (types.Duration, "-P1D"),
    (types.Duration, "P1DT24H"),
    (types.Duration, "P100000000D"),
    (types.Duration, 60),
    (types.Uuid, UUID_TEXT.replace("-", "")),
    (types.Uuid, f"urn:uuid:{UUID_TEXT}"),
    (MONEY, 1.5),
    (MONEY, "-0.00"),
    (MONEY, "10000"),
    (MONEY, "0.001"),
    (MONEY, "1E2"),
    (MONEY, "NaN"),
    (MONEY, "01"),
    (COUNT, "1.0"),
    (SHARE, "1"),
    (types.Json, None),
    (types.Json, [float("nan")]),
    (types.Json, {"a": float("inf")}),
    (types.Json, [LONE_SURROGATE]),
    (types.Json, {LONE_SURROGATE: 1}),
    (types.Json, "a" * 65_535),
    (FEW_BYTES, "AA=="),
    (FEW_BYTES, "AAECAwQ="),
    (FEW_BYTES, "AAF="),
    (FEW_BYTES, "AA-_"),
    (FEW_BYTES, "AAE"),
    (FEW_BYTES, "AAEC" * 10_000),
]


@cache
def adapter(kind: Any) -> TypeAdapter[Any]:  # noqa: ANN401
    return TypeAdapter(kind)


def pattern_of(kind: Any) -> str:  # noqa: ANN401
    found: str = adapter(kind).json_schema()["pattern"]
    return found


@pytest.mark.parametrize(("kind", "sent", "read"), TAKEN)
def test_what_the_schema_says_is_taken(kind: Any, sent: Any, read: Any) -> None:  # noqa: ANN401
    assert adapter(kind).validate_python(sent) == read


@pytest.mark.parametrize(("kind", "sent"), REFUSED)
def test_anything_else_is_refused(kind: Any, sent: Any) -> None:  # noqa: ANN401
    with pytest.raises(ValidationError):
        adapter(kind).validate_python(sent)


@pytest.mark.parametrize(("kind", "_sent", "read"), TAKEN)
def test_what_was_read_is_taken_again_as_an_object(
    kind: Any,  # noqa: ANN401
    _sent: Any,  # noqa: ANN401
    read: Any,  # noqa: ANN401
) -> None:
    assert adapter(kind).validate_python(read) == read


@pytest.mark.parametrize(("kind", "_sent", "read"), TAKEN)
def test_what_was_read_is_written_as_it_may_be_sent(
    kind: Any,  # noqa: ANN401
    _sent: Any,  # noqa: ANN401
    read: Any,  # noqa: ANN401
) -> None:
    written = json.loads(adapter(kind).dump_json(read))

    assert adapter(kind).validate_python(written) == read


@pytest.mark.parametrize(
    "kind", [kind for kind, sent, _ in TAKEN if isinstance(sent, str) and kind != types.Str]
)
def test_the_schema_is_the_same_for_requests_and_responses(kind: Any) -> None:  # noqa: ANN401
    schema = adapter(kind).json_schema(mode="serialization")

    assert schema == adapter(kind).json_schema(mode="validation")
    assert schema["type"] == "string"


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
