"""The types that go over the wire: the JSON Schema of each says exactly what it accepts."""

import base64
import math
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    PlainSerializer,
    Strict,
)
from pydantic_core import CoreSchema, PydanticKnownError, core_schema

from petsage_api.core import documents, durations
from petsage_api.core.wire import Wire, for_people

# Every pattern means the same in Python, in Rust (Pydantic) and in ECMA-262 (the clients).
_BLANK = r"\t-\r\x1c- \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_TEXT = r"^[^\x00]*$"
_FILLED = rf"^[{_BLANK}]*[^\x00{_BLANK}][^\x00]*$"
_DAY = "-[0-9]{2}-[0-9]{2}"
_MINUTE = "(?:[01][0-9]|2[0-3]):[0-5][0-9]"
_SECOND = r":[0-5][0-9](?:\.[0-9]{1,6})?"
_CLOCK = f"{_DAY}T{_MINUTE}{_SECOND}"

_DATE = f"^(?:[1-9][0-9]{{3}}|0[1-9][0-9]{{2}}|00[1-9][0-9]|000[1-9]){_DAY}$"
# An offset could move the first and the last year out of what a datetime can hold.
_DATETIME = (
    "^(?:(?:[1-8][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[2-9]"
    f"|9[0-8][0-9]{{2}}|99[0-8][0-9]|999[0-8]){_CLOCK}(?:Z|[+-]{_MINUTE})"
    f"|(?:0001|9999){_CLOCK}Z)$"
)
_LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"

_EMAIL = rf"^{_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+[A-Za-z]{{2,63}}$"
_HOST = rf"{_LABEL}(?:\.{_LABEL})*"

_URL = rf"^https?://{_HOST}(?::[0-9]{{1,5}})?(?:[/?#][A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]*)?$"


class ApiModel(BaseModel):
    """What comes in: an unknown name is an error."""

    model_config = ConfigDict(extra="forbid")


class ReadModel(BaseModel):
    """What goes out: read from the attributes of a row."""

    model_config = ConfigDict(from_attributes=True)


def unset(*, alias: str | None = None) -> Any:  # noqa: ANN401
    """The default of a field that may be left out; `model_dump(exclude_unset=True)` drops it."""
    return Field(default_factory=lambda: None, alias=alias)


def optional(description: str, *, alias: str | None = None) -> Any:  # noqa: ANN401
    """The default of a query parameter: it may be left out, but nobody can send null."""
    return Field(
        default_factory=lambda: None,
        alias=alias,
        description=description,
        json_schema_extra=_without_null,
    )


def _without_null(schema: dict[str, Any]) -> None:
    schema.update(schema.pop("anyOf")[0])


class DecimalString(Wire):
    """A decimal number of at most `precision` digits, `scale` of them after the point."""

    def __init__(self, precision: int, scale: int, *, signed: bool = False) -> None:
        step = Decimal(1).scaleb(-scale)
        digits = precision - scale

        whole = f"(?:0|[1-9][0-9]{{0,{digits - 1}}})" if digits else "0"
        fraction = rf"(?:\.[0-9]{{1,{scale}}})?" if scale else ""
        super().__init__(
            f"a decimal number in a string, {digits} digits before and {scale} after the point",
            f"^{'-?' if signed else ''}{whole}{fraction}$",
            read=lambda text: Decimal(text).quantize(step) + 0,  # + 0: there is no -0.00
            write=lambda number: f"{number.quantize(step):f}",
        )


class Base64(Wire):
    """Bytes in canonical base64, of a length in bytes that the schema says exactly."""

    def __init__(self, min_length: int = 0, max_length: int = 65_535) -> None:
        least, most = -(-min_length // 3) * 4, -(-max_length // 3) * 4
        rest: list[dict[str, Any]] = []
        if min_length and min_length % 3 != 1:
            filled = "[^=].$" if min_length % 3 == 2 else "[^=]$"
            rest.append({"anyOf": [{"minLength": least + 4}, {"pattern": filled}]})
        if max_length % 3:
            padding = "=$" if max_length % 3 == 2 else "==$"
            rest.append({"anyOf": [{"maxLength": most - 4}, {"pattern": padding}]})
        super().__init__(
            "bytes in canonical base64",
            "^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=|[A-Za-z0-9+/][AQgw]==)?$",
            read=base64.b64decode,
            write=lambda value: base64.b64encode(value).decode(),
            inner=core_schema.bytes_schema(min_length=min_length, max_length=max_length),
            minLength=least,
            maxLength=most,
            **({"allOf": rest} if rest else {}),
        )
        self._longest = most


@dataclass(frozen=True)
class Pattern:
    """One more pattern for a text; lengths stand before it."""

    pattern: str

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Check the text first, then the pattern."""
        return core_schema.chain_schema(
            [handler(source), core_schema.str_schema(pattern=self.pattern)]
        )

    def __get_pydantic_json_schema__(
        self, schema: core_schema.ChainSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """The schema of the text, and the pattern beside it."""
        text = {**handler(schema["steps"][0]), **for_people(handler(schema))}
        return {**text, "allOf": [{"pattern": self.pattern}]}


def _number(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise PydanticKnownError("float_type")
    if isinstance(value, float) and not math.isfinite(value):
        raise PydanticKnownError("finite_number")
    return value


def _integral(value: object) -> object:
    # Not Strict(): to JSON Schema 935.0 is an integer.
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise PydanticKnownError("int_type")
    return value


Str = Annotated[str, Strict()]
Text = Annotated[Str, Field(pattern=_TEXT)]
Filled = Annotated[Str, Field(pattern=_FILLED)]
Search = Annotated[Filled, Field(min_length=1, max_length=100)]
Email = Annotated[Str, Field(pattern=_EMAIL, max_length=254)]
Url = Annotated[Str, Field(pattern=_URL, max_length=2048)]
Bool = Annotated[bool, Strict()]
Stored = PlainSerializer(documents.as_stored)
Integral = BeforeValidator(_integral)
Number = BeforeValidator(_number)
IsoDate = Wire("a date such as 2024-02-29", _DATE, read=date.fromisoformat, format="date")
IsoTime = Wire("a time such as 09:30:00", f"^{_MINUTE}(?:{_SECOND})?$", read=time.fromisoformat)
IsoDateTime = Wire(
    "a date and time such as 2024-02-29T09:30:00Z",
    _DATETIME,
    read=lambda text: datetime.fromisoformat(text).astimezone(UTC),
    format="date-time",
)
IsoDuration = Wire(
    "a duration such as P1DT12H", durations.PATTERN, read=durations.read, write=durations.write
)
CanonicalUuid = Wire(
    "a UUID such as 018f4e7a-3b5c-7d2e-9f10-2a4b6c8d0e1f",
    "^[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$",
    read=UUID,
    format="uuid",
)
Ids = Annotated[list[Annotated[UUID, CanonicalUuid]], Field(max_length=100)]
Date = Annotated[date, IsoDate]
Time = Annotated[time, IsoTime]
DateTime = Annotated[datetime, IsoDateTime]
Duration = Annotated[timedelta, IsoDuration]
Uuid = Annotated[UUID, CanonicalUuid]
Json = Annotated[Any, BeforeValidator(documents.checked), documents.NotNull()]
