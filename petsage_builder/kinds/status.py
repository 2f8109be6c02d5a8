"""The status kind: one endpoint that says the service is running."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field, PlainValidator, WithJsonSchema

from petsage_builder.entries import Entry, json_type
from petsage_builder.errors import Problem
from petsage_builder.names import Ident, PyName, words_title
from petsage_builder.playground import YOURS, Cell, call_of, notebook_of
from petsage_builder.request import FeatureRequest, StrictModel, validate
from petsage_builder.spec import Fault, FeatureSpec, ProjectSpec, Route
from petsage_builder.strict_json import JsonPath
from petsage_builder.text import Text

DEFAULT_PATH = "/status"
SEGMENTS = r"(/[a-z0-9]+([-_][a-z0-9]+)*)+"
MAX_PATH = 100

# The tests of a status feature must notice a service that says something else.
FAULT = Fault(
    file="services.py",
    replaces="get_api_status",
    code="""

def get_api_status() -> StatusResponse:
    return StatusResponse(status="ok", message="fault", version="fault")
""",
)


def _path(value: object) -> Text:
    if not isinstance(value, str):
        raise ValueError(f"must be a string, not {json_type(value)}.")
    if len(value) > MAX_PATH or re.fullmatch(SEGMENTS, value) is None:
        raise ValueError(
            "must be lower-case segments of letters, digits, `-` and `_`, each with its slash "
            f"in front, such as /ready or /health/db, at most {MAX_PATH} characters."
        )
    return Text(value)


class StatusRequirements(StrictModel):
    """What can be asked of a status endpoint."""

    path: Annotated[
        Text,
        PlainValidator(_path),
        WithJsonSchema({"type": "string", "pattern": f"^{SEGMENTS}$", "maxLength": MAX_PATH}),
        Field(description="The path below the API prefix.", examples=["/ready"]),
    ] = Text(DEFAULT_PATH)


def read(
    value: object, entry: Entry, path: JsonPath
) -> tuple[StatusRequirements | None, list[Problem]]:
    """What is asked of the endpoint, or every problem in it."""
    return validate(StatusRequirements, value, entry, path)


def json_schema() -> dict[str, Any]:
    """The JSON Schema of what can be asked, for editors."""
    return StatusRequirements.model_json_schema()


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusSpec(FeatureSpec):
    path: Text
    url: Text
    operation_id: Text
    message: Text
    sample: Mapping[Ident, Text]


def resolve(
    request: FeatureRequest, asked: StatusRequirements, request_id: str, project: ProjectSpec
) -> StatusSpec:
    """Everything about this status feature, decided."""
    url = project.api_prefix.value + asked.path.value
    message = Text(f"{project.brand.value} services are running smoothly!")
    return StatusSpec(
        kind="status",
        pack="status",
        feature=request.feature,
        title=Text(words_title(request.feature)),
        description=request.description,
        request_id=request_id,
        routers=(PyName("router"),),
        routes=(Route("GET", url, "none", "nothing", "200 StatusResponse"),),
        fault=FAULT,
        playground=notebook_of(request.feature, project.package, _cells(request, project)),
        path=asked.path,
        url=Text(url),
        operation_id=Text(f"get_{request.feature}_status"),
        message=message,
        sample={
            Ident("status"): Text("ok"),
            Ident("message"): message,
            Ident("version"): project.version,
        },
    )


def _cells(request: FeatureRequest, project: ProjectSpec) -> Iterator[Cell]:
    module = f"test_{request.feature}"
    asked = call_of("GET", f"{module}.URL", 200)
    yield Cell("imports", f"from {project.package}.tests.features import {module}")
    yield Cell("call-1", asked)
    yield Cell("refused", call_of("POST", f"{module}.URL", 405))
    yield Cell("yours", YOURS + asked)
