"""Values that are kept as JSON: any but null, neither long nor deep; and lists."""

import json
from typing import Any

from pydantic import GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, to_jsonable_python

_LONGEST = 65_536  # bytes
_DEEPEST = 32  # levels


class NotNull:
    """Says in the schema of any JSON that null is none of it."""

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {**handler(schema), "type": ["array", "boolean", "number", "object", "string"]}


def checked(value: object) -> object:
    """The value, if it can be stored."""
    if value is None:
        raise PydanticCustomError("json_null", "Input should not be null")
    try:
        if not _within(_DEEPEST, value):
            raise ValueError
        text = json.dumps(value, allow_nan=False, ensure_ascii=False, separators=(",", ":"))
        if len(text.encode()) > _LONGEST:
            raise ValueError
    except (TypeError, ValueError) as error:
        raise PydanticCustomError(
            "json_value",
            "Input should be JSON of at most {bytes} bytes and {levels} levels",
            {"bytes": _LONGEST, "levels": _DEEPEST},
        ) from error
    return value


def as_stored(items: list[Any]) -> Any:  # noqa: ANN401
    """The items of a list as they are kept: it is JSON, so they are those of the wire."""
    return to_jsonable_python(items, bytes_mode="base64")


def _within(levels: int, value: object) -> bool:
    if not isinstance(value, (dict, list)):
        return True
    children = value.values() if isinstance(value, dict) else value
    return levels > 0 and all(_within(levels - 1, child) for child in children)
