"""What a type on the wire is made of: a string that is checked before it is read."""

import re
from collections.abc import Callable
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, PydanticKnownError, core_schema


def for_people(schema: dict[str, Any]) -> dict[str, Any]:
    """The part of a schema that is said to people."""
    return {key: schema[key] for key in ("description", "examples") if key in schema}


class Wire:
    """A string on the wire, an object in Python; bounds on the object stand before it."""

    _longest = 100

    def __init__(
        self,
        expected: str,
        pattern: str,
        *,
        read: Callable[[str], object],
        write: Callable[[Any], str] | None = None,
        inner: CoreSchema | None = None,
        **schema: object,
    ) -> None:
        self._expected = expected
        self._matches = re.compile(pattern).fullmatch
        self._read = read
        self._write = write
        self._inner = inner
        self._schema = {"type": "string", "pattern": pattern, **schema}

    def __get_pydantic_core_schema__(
        self, source: type[object], handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Read strings; take objects of the type as they are."""

        def validate(value: object) -> object:
            return value if isinstance(value, source) else self._parse(value)

        write = self._write and core_schema.plain_serializer_function_ser_schema(
            self._write, return_schema=core_schema.str_schema(), when_used="json"
        )
        return core_schema.no_info_before_validator_function(
            validate, self._inner or handler(source), serialization=write
        )

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """What the strings look like, and what is said of them."""
        return {**self._schema, **for_people(handler(schema))}

    def _parse(self, value: object) -> object:
        if not isinstance(value, str):
            raise PydanticKnownError("string_type")
        try:
            if len(value) <= self._longest and self._matches(value):
                return self._read(value)
        except ValueError:
            pass  # it looks right, but there is no 30 February
        raise PydanticCustomError(
            "string_format", "Input should be {expected}", {"expected": self._expected}
        )
