"""Validates requests; every problem is gathered, with its place in the file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeVar, get_args, get_origin

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
    "int_type": "must be a whole number",
    "tuple_type": "must be a list",
    "mapping_type": "must be an object",
    "dict_type": "must be an object",
}
# A file of a million bytes can hold a hundred thousand problems; nobody reads them.
MAX_PROBLEMS = 100
DEFAULT_PACKAGE = "petsage_api"

Model = TypeVar("Model", bound=BaseModel)


class StrictModel(BaseModel):
    """What comes from users: no coercion, no unknown keys, no change afterwards."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


def string(value: object) -> str:
    """The value itself, which is a string; ValueError if it is not."""
    if not isinstance(value, str):
        raise ValueError(f"must be a string, not {json_type(value)}.")
    return value


def _schema_version(value: object) -> object:
    if type(value) is not int or value != 1:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        raise ValueError(f"must be 1, not {text.show(value) if is_number else json_type(value)}.")
    return value


def _feature(value: object, info: ValidationInfo) -> Ident:
    name = string(value)
    package = (info.context or {}).get("package", DEFAULT_PACKAGE)
    ident = Ident(name)
    if problem := names.feature_problem(ident, package=package):
        raise ValueError(problem)
    return ident


def _description(value: object) -> Text:
    return text.paragraph(string(value), max_chars=MAX_DESCRIPTION)


def _request_id(value: object) -> str:
    if re.fullmatch(r"[A-Za-z0-9._:-]{1,64}", given := string(value)) is None:
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
        return None, problems_in(error, model, entry, path)


def problems_in(
    error: ValidationError, model: type[BaseModel], entry: Entry, path: JsonPath = ()
) -> list[Problem]:
    """What pydantic found wrong with a `model` that stands at the path, in our words."""
    found = error.errors(include_url=False)
    listed = [_problem(details, entry, path, model) for details in found[:MAX_PROBLEMS]]
    if more := len(found) - len(listed):
        listed.append(Problem(entry.where(path), f"and {more} more problems like these."))
    return listed


def model_keys(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


def _problem(
    details: Mapping[str, Any], entry: Entry, path: JsonPath, model: type[BaseModel]
) -> Problem:
    loc = (*path, *details["loc"])
    if details["type"] == "extra_forbidden":
        keys = _keys_at(model, details["loc"])
        guess = names.did_you_mean(str(loc[-1]), keys)
        hint = guess or f"Known keys: {', '.join(keys)}."
        named = f"unknown key {text.show(loc[-1])}."
        return Problem(entry.where(loc, key=True), named, hint)
    if details["type"] == "missing":
        return Problem(entry.where(loc), "is required, and missing.", f'Add "{loc[-1]}": ...')
    if details["type"] == "value_error":
        return Problem(entry.where(loc), str(details["ctx"]["error"]))
    message = TYPES.get(details["type"]) or f"{details['msg'][:1].lower()}{details['msg'][1:]}"
    given = details["input"]
    shown = text.show(given) if details["type"] == "int_type" and type(given) is float else ""
    return Problem(entry.where(loc), f"{message}, not {shown or json_type(given)}.")


def _keys_at(model: type[BaseModel], loc: JsonPath) -> list[str]:
    """The keys of the model, inside the outer one, that a place is in."""
    for part in loc[:-1]:
        fields = dict(zip(model_keys(model), model.model_fields.values(), strict=True))
        if part in fields:
            model = _model_in(fields[str(part)].annotation) or model
    return model_keys(model)


def _model_in(annotation: Any) -> type[BaseModel] | None:  # noqa: ANN401 (any annotation)
    """The model that a type holds, such as the items of a list of models."""
    if isinstance(annotation, type) and get_origin(annotation) is None:
        return annotation if issubclass(annotation, BaseModel) else None
    return next(filter(None, map(_model_in, get_args(annotation))), None)
