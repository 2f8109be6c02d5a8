"""Reads and validates requests; every problem is gathered, with its place in the file."""

from __future__ import annotations

import hashlib
import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
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

from petsage_builder import names, strict_json, text
from petsage_builder.errors import Problem, RequestError
from petsage_builder.names import Ident
from petsage_builder.strict_json import Document
from petsage_builder.text import Text

MAX_DESCRIPTION = 4000
STANDARD_INPUT = "-"
DEFAULT_PACKAGE = "petsage_api"

Path_ = tuple[str | int, ...]
Model = TypeVar("Model", bound=BaseModel)


class StrictModel(BaseModel):
    """What comes from users: no coercion, no unknown keys, no change afterwards."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


def _string(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"must be a string, not {json_type(value)}.")
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
    schema_version: Annotated[Literal[1], Field(description="The version of this format.")] = 1
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


@dataclass(frozen=True, slots=True)
class Entry:
    """One request inside a document: `at` is its path there (a document may hold a list)."""

    document: Document
    at: Path_
    payload: Mapping[str, Any]

    def where(self, path: Path_ = (), *, key: bool = False) -> str:
        """`file.json:3:14 requirements.status.path`: the place, and the path in the request."""
        if not self.document.places:  # a TOML file's values have no places
            return f"{self.document.source} {dotted(path)}".rstrip()
        place = self.document.place((*self.at, *path), key=key)
        return f"{self.document.source}:{place} {dotted(path)}".rstrip()

    def identity(self) -> str:
        """A request id that follows from the content, so that it never changes."""
        asked = {k: self.payload.get(k) for k in ("feature", "description", "requirements")}
        digest = hashlib.sha256(canonical(asked).encode("utf-8", "surrogatepass")).hexdigest()
        return "-".join((digest[:8], digest[8:12], digest[12:16], digest[16:20], digest[20:32]))


def canonical(payload: object) -> str:
    """The one spelling of a payload: two requests that mean the same have the same."""
    return json.dumps(payload, sort_keys=True, separators=(",", ":"))


def validate(
    model: type[Model],
    value: object,
    entry: Entry,
    path: Path_ = (),
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


def _problem(details: Mapping[str, Any], entry: Entry, path: Path_, keys: Iterable[str]) -> Problem:
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
    message = f"{details['msg'][:1].lower()}{details['msg'][1:]}"
    return Problem(entry.where(loc), f"{message}, not {json_type(details['input'])}.")


def dotted(path: Path_) -> str:
    """`requirements.entities[0].name`."""
    parts = (f"[{part}]" if isinstance(part, int) else f".{_key(part)}" for part in path)
    return "".join(parts).lstrip(".")


def _key(part: str) -> str:
    return part if re.fullmatch(r"[$\w]{1,60}", part, re.ASCII) else text.show(part)


def json_type(value: object) -> str:
    """What a JSON value is, in words."""
    kinds = ((bool, "a boolean"), (str, "a string"), ((int, float), "a number"))
    for kind, words in (*kinds, (list, "an array"), (dict, "an object")):
        if isinstance(value, kind):
            return words
    return "null"


def read_entries(sources: Iterable[str]) -> list[Entry]:
    """The requests in files, folders of `*.json` and `-` (standard input), unvalidated."""
    entries: list[Entry] = []
    problems: list[Problem] = []
    for name, path in _files(sources, problems):
        try:
            entries += entries_in(strict_json.parse(_bytes(path), name))
        except RequestError as error:
            problems += error.problems
    if problems:
        raise RequestError(*problems)
    return entries


def _bytes(path: Path | None) -> bytes:
    return (
        strict_json.read_stream(sys.stdin.buffer) if path is None else strict_json.read_file(path)
    )


def _files(sources: Iterable[str], problems: list[Problem]) -> Iterator[tuple[str, Path | None]]:
    for source in sources:
        path = Path(source)
        if source == STANDARD_INPUT:
            yield "<stdin>", None
        elif not path.is_dir():
            yield source, path
        elif found := sorted(path.glob("*.json")):
            yield from ((str(file), file) for file in found)
        else:
            problems.append(
                Problem(source, "is a folder without requests.", "Requests are *.json files.")
            )


def entries_in(document: Document) -> list[Entry]:
    """The requests of a document: one object, or a list of them."""
    value = document.value
    if isinstance(value, dict):
        return [Entry(document, (), value)]
    if not isinstance(value, list):
        place = document.place(())
        where = f"{document.source}:{place}"
        message = f"a request is an object (or a list of them), not {json_type(value)}."
        raise RequestError(Problem(where, message, 'Start with {"feature": ..., ...}'))
    if not value:
        raise RequestError(Problem(document.source, "the list of requests is empty."))
    entries = [Entry(document, (i,), v) for i, v in enumerate(value) if isinstance(v, dict)]
    if len(entries) < len(value):
        wrong = [i for i, v in enumerate(value) if not isinstance(v, dict)]
        raise RequestError(*(_no_object(document, i, value[i]) for i in wrong))
    return entries


def _no_object(document: Document, index: int, value: object) -> Problem:
    place = document.place((index,))
    where = f"{document.source}:{place} [{index}]"
    return Problem(where, f"a request is an object, not {json_type(value)}.")
