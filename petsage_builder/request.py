"""Validates requests; every problem is gathered, with its place in the file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal, TypeVar

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PlainValidator,
    ValidationError,
    ValidationInfo,
    WithJsonSchema,
)

from petsage_builder import names, text
from petsage_builder.entries import Entry, json_type
from petsage_builder.errors import Problem
from petsage_builder.names import Ident
from petsage_builder.strict_json import JsonPath
from petsage_builder.text import Text

MAX_DESCRIPTION = 4000
# What pydantic calls a wrong type, in our words.
TYPES = {
    "model_type": "must be an object",
    "string_type": "must be a string",
    "bool_type": "must be a boolean",
}
DEFAULT_PACKAGE = "petsage_api"

Model = TypeVar("Model", bound=BaseModel)


class StrictModel(BaseModel):
    """What comes from users: no coercion, no unknown keys, no change afterwards."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


def _string(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"must be a string, not {json_type(value)}.")
    return value


def _schema_version(value: object) -> object:
    if type(value) is not int or value != 1:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        raise ValueError(f"must be 1, not {text.show(value) if is_number else json_type(value)}.")
    return value


def _feature(value: object, info: ValidationInfo) -> Ident:
    name = _string(value)
    package = (info.context or {}).get("package", DEFAULT_PACKAGE)
    ident = Ident(name)
    if problem := names.feature_problem(ident, package=package):
        raise ValueError(problem)
    return ident


def _description(value: object) -> Text:
    return text.paragraph(_string(value), max_chars=MAX_DESCRIPTION)


def _request_id(value: object) -> str:
    if re.fullmatch(r"[A-Za-z0-9._:-]{1,64}", given := _string(value)) is None:
        raise ValueError("must be 1 to 64 letters, digits or `.`, `_`, `:`, `-`.")
    return given


class FeatureRequest(StrictModel):
    """One feature as it was asked for; `requirements` is read by the request's kind."""

    schema_: Annotated[
        str | None,
        Field(alias="$schema", pattern=r"^[!-~]{0,2000}$", description="For editors."),
    ] = None
    schema_version: Annotated[
        Literal[1],
        PlainValidator(_schema_version),
        WithJsonSchema({"type": "integer", "const": 1}),
        Field(description="The version of this format."),
    ] = 1
    request_id: Annotated[
        str | None,
        PlainValidator(lambda value: None if value is None else _request_id(value)),
        WithJsonSchema({"type": ["string", "null"], "pattern": "^[A-Za-z0-9._:-]{1,64}$"}),
        Field(description="Opaque; derived from the content when left out."),
    ] = None
    feature: Annotated[
        Ident,
        PlainValidator(_feature),
        WithJsonSchema(
            {"type": "string", "pattern": "^[a-z][a-z0-9]*(_[a-z0-9]+)*$", "maxLength": 48}
        ),
        Field(description="The name of the feature's package, in snake_case."),
    ]
    description: Annotated[
        Text,
        PlainValidator(_description),
        WithJsonSchema({"type": "string", "minLength": 1, "maxLength": MAX_DESCRIPTION}),
        Field(description="What the feature is for, in prose."),
    ]
    requirements: Annotated[
        Any,
        WithJsonSchema({}),
        Field(description="What the feature must do: its kind."),
    ] = None


def validate(
    model: type[Model],
    value: object,
    entry: Entry,
    path: JsonPath = (),
    *,
    package: str = DEFAULT_PACKAGE,
) -> tuple[Model | None, list[Problem]]:
    """`value` as a `model`, or every problem in it."""
    try:
        return model.model_validate(value, context={"package": package}), []
    except ValidationError as error:
        keys = model_keys(model)
        return None, [_problem(details, entry, path, keys) for details in error.errors()]


def model_keys(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


def _problem(
    details: Mapping[str, Any], entry: Entry, path: JsonPath, keys: Iterable[str]
) -> Problem:
    loc = (*path, *details["loc"])
    if details["type"] == "extra_forbidden":
        guess = names.did_you_mean(str(loc[-1]), keys)
        hint = guess or f"Known keys: {', '.join(keys)}."
        named = f"unknown key {text.show(loc[-1])}."
        return Problem(entry.where(loc, key=True), named, hint)
    if details["type"] == "missing":
        return Problem(entry.where(loc), "is required, and missing.", f'Add "{loc[-1]}": ...')
    if details["type"] == "value_error":
        return Problem(entry.where(loc), str(details["ctx"]["error"]))
    message = TYPES.get(details["type"]) or f"{details['msg'][:1].lower()}{details['msg'][1:]}"
    return Problem(entry.where(loc), f"{message}, not {json_type(details['input'])}.")
