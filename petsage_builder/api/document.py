"""An OpenAPI document, read as far as it is one: its operations, what they take and answer."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

Json = object
Schema = Mapping[str, Json]

METHODS = ("get", "post", "patch", "put", "delete", "options", "head", "trace")
NOTHING: Schema = {}
MOST_REFERENCES = 20  # that follow each other: more are a circle
ORIGIN = "$origin"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of what is taken or answered: a parameter, a body, a header, a status.

    `place` is what its fields are told by; a part without a schema is there, or is not.
    """

    place: str = ""
    schema: Schema | None = None
    needed: bool = False


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation: what it takes, and for each status what it answers, by how reports name it."""

    method: str
    path: str
    id: str
    takes: Mapping[str, Part] = field(default_factory=dict)
    answers: Mapping[str, Mapping[str, Part]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{self.method.upper()} {self.path}"

    @property
    def url(self) -> str:
        """Where it is, whatever the parts of the path are called."""
        return f"{self.method} {re.sub(r'{[^{}]*}', '{}', self.path)}"


@dataclass(frozen=True, slots=True)
class Document:
    """What a document says; what is not as OpenAPI has it is not there."""

    content: Schema

    def operations(self) -> tuple[Operation, ...]:
        """Every operation, in the order of the document."""
        paths = mapping(self.content.get("paths"))
        of_paths = [(path, mapping(item)) for path, item in paths.items()]
        return tuple(
            self._operation(method, path, item)
            for path, item in of_paths
            for method in METHODS
            if method in item
        )

    def resolved(self, value: Json) -> Schema:
        """The object, or the one it refers to, with what stands beside the reference.

        What was referred to tells so under ORIGIN.
        """
        found: Schema = mapping(value)
        origin: dict[str, str] = {}
        for _ in range(MOST_REFERENCES):
            if "$ref" not in found:
                return {**found, **origin}
            origin = origin or {ORIGIN: json.dumps(found, sort_keys=True)}
            beside = {key: said for key, said in found.items() if key != "$ref"}
            found = {**self._target(found["$ref"]), **beside}
        return NOTHING

    def _target(self, reference: Json) -> Schema:
        """What a reference inside the document means."""
        found: Json = self.content if str(reference).startswith("#/") else NOTHING
        for part in str(reference).split("/")[1:]:
            found = mapping(found).get(part.replace("~1", "/").replace("~0", "~"))
        return mapping(found)

    def _operation(self, method: str, path: str, item: Schema) -> Operation:
        said = mapping(item[method])
        parameters = [*items(item.get("parameters")), *items(said.get("parameters"))]
        takes = (*self._parameters(path, parameters), *self._body(said), *self._credentials(said))
        answers = mapping(said.get("responses"))
        return Operation(
            method=method,
            path=path,
            id=str(said.get("operationId", "")),
            takes=dict(takes),
            answers={status: self._answer(answer) for status, answer in answers.items()},
        )

    def _parameters(self, path: str, parameters: Sequence[Json]) -> Iterator[tuple[str, Part]]:
        """Those of the path by their place in it, for their names are not seen by clients."""
        order = re.findall(r"{([^{}]*)}", path)
        for parameter in map(self.resolved, parameters):
            name, where = str(parameter.get("name")), str(parameter.get("in"))
            label = f"{where} {name}"
            if where == "path" and name in order:
                label = f"part {order.index(name) + 1} of the path"
            needed = parameter.get("required") is True
            yield label, Part(label, mapping(parameter.get("schema")), needed)

    def _body(self, said: Schema) -> Iterator[tuple[str, Part]]:
        body = self.resolved(said.get("requestBody"))
        kinds = mapping(body.get("content"))
        needed = body.get("required") is True and len(kinds) == 1  # else another one would do
        for kind, content in kinds.items():
            yield f"a body of {kind}", Part("", mapping(mapping(content).get("schema")), needed)

    def _credentials(self, said: Schema) -> Iterator[tuple[str, Part]]:
        """Who is asked for some; one way among several may be none."""
        ways = [mapping(way) for way in items(said.get("security", self.content.get("security")))]
        if ways and all(ways):
            names = sorted({name for way in ways for name in way})
            yield f"credentials ({', '.join(names)})", Part(needed=True)

    def _answer(self, answer: Json) -> Mapping[str, Part]:
        said = self.resolved(answer)
        bodies = {
            kind: Part("", mapping(mapping(content).get("schema")))
            for kind, content in mapping(said.get("content")).items()
        }
        return {**bodies, **{f"header {name}": Part() for name in mapping(said.get("headers"))}}


def mapping(value: Json) -> Schema:
    """The value where it is an object, else an empty one."""
    return value if isinstance(value, Mapping) else NOTHING


def items(value: Json) -> Sequence[Json]:
    """The value where it is an array, else an empty one."""
    return value if isinstance(value, list) else ()


def read_document(content: str) -> Document | None:
    """The document in a text; None where it is no JSON object."""
    try:
        value = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return Document(value) if isinstance(value, dict) else None
