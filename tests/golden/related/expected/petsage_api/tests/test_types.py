"""What goes over the wire: the types take what their JSON Schema says, and nothing else."""

import json
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
