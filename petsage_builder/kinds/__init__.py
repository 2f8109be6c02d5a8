"""The kinds of feature; a request's `requirements` decides which one it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from petsage_builder import names, text
from petsage_builder.entries import Entry, json_type, read_entries
from petsage_builder.errors import Problem, RequestError, WorkspaceError
from petsage_builder.kinds import entities, status
from petsage_builder.names import Ident
from petsage_builder.request import DEFAULT_PACKAGE, FeatureRequest, validate
from petsage_builder.spec import Evolution, FeatureSpec, ProjectSpec
from petsage_builder.strict_json import JsonPath

PROSE = (
    "is prose, and a deterministic builder must not pretend to have honoured it.",
    (
        'Say it as data: "none" for a status endpoint, {"status": {"path": "/ready"}}, or '
        '{"entities": [{"name": "pet", "fields": ["name:string{1,80}"]}]}.'
    ),
)


@dataclass(frozen=True, slots=True)
class Kind:
    """`read` gives what is asked, or every problem in it; `resolve` decides everything."""

    name: str
    read: Callable[[object, Entry, JsonPath], tuple[Any, list[Problem]]]
    resolve: Callable[[FeatureRequest, Any, str, ProjectSpec], FeatureSpec]
    json_schema: Callable[[], dict[str, Any]]


KINDS: Mapping[str, Kind] = {
    "status": Kind("status", status.read, status.resolve, status.json_schema),
    "entities": Kind("entities", entities.read, entities.resolve, entities.json_schema),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A valid request: its entry, its envelope, and its requirements as its kind reads them."""

    entry: Entry
    request: FeatureRequest
    kind: Kind
    requirements: object

    @property
    def request_id(self) -> str:
        """The id that was given, or one that follows from what is asked."""
        return self.request.request_id or self.entry.identity(_payload(self.entry))


Reader: TypeAlias = Callable[[Entry, str], tuple[Asked | None, list[Problem]]]


def load_request(source: str) -> FeatureRequest:
    """The one request in a file; raises RequestError with every problem in it."""
    asked = validated(read_entries([source]))
    if len(asked) != 1:
        message = f"holds {len(asked)} requests."
        raise RequestError(Problem(source, message, "load_request() reads one."))
    return asked[0].request


def read(entry: Entry, package: str) -> tuple[Asked | None, list[Problem]]:
    """The entry as a valid request by itself, or every problem in it."""
    request, wrong = validate(FeatureRequest, entry.payload, entry, package=package)
    kind, requirements, wrong_requirements = _requirements(entry)
    if request and kind and requirements:
        return Asked(entry, request, kind, requirements), wrong_requirements
    return None, wrong + wrong_requirements


def validated(
    entries: Iterable[Entry],
    *,
    package: str = DEFAULT_PACKAGE,
    removed: str = "",
    read: Reader = read,
) -> list[Asked]:
    """Every entry as a valid request, or every problem of all of them.

    `removed`: a feature that goes, to which none may refer.
    """
    asked: list[Asked] = []
    problems: list[Problem] = []
    for entry in entries:
        one, wrong = read(entry, package)
        problems += wrong
        if one:
            asked.append(one)
    if problems or (problems := _twice(asked)):
        raise RequestError(*problems)
    return _linked(asked, removed)


def _linked(asked: list[Asked], removed: str) -> list[Asked]:
    """The same, each entity's relations with their targets; RequestError where there are none."""
    own = KINDS["entities"]
    if not any(one.kind is own for one in asked):
        return asked
    linked, problems = entities.link(
        [(a.request.feature, a.entry, a.requirements if a.kind is own else ()) for a in asked],
        removed,
    )
    if problems:
        raise RequestError(*problems)
    return [replace(a, requirements=linked.get(a.request.feature, a.requirements)) for a in asked]


def _requirements(entry: Entry) -> tuple[Kind | None, object, list[Problem]]:
    """The kind that the payload chooses, and its requirements or their problems."""
    at = ("requirements",)
    payload = _payload(entry)
    if isinstance(payload, str):
        return None, None, [Problem(entry.where(at), *PROSE)]
    if not isinstance(payload, dict):
        message = f'must be "none", null or an object, not {json_type(payload)}.'
        return None, None, [Problem(entry.where(at), message)]
    if unknown := [key for key in payload if key not in KINDS]:
        return None, None, [_unknown_kind(entry, key) for key in unknown]
    if len(payload) != 1:
        message = f"must name one kind: {', '.join(KINDS)}."
        return None, None, [Problem(entry.where(at), message)]
    kind = KINDS[next(iter(payload))]
    requirements, wrong = kind.read(payload[kind.name], entry, (*at, kind.name))
    return kind, requirements, wrong


def _payload(entry: Entry) -> Any:  # noqa: ANN401 (any JSON)
    """The requirements; those that say nothing ask for a status endpoint."""
    payload = entry.payload.get("requirements")
    return {"status": {}} if payload is None or payload == "none" else payload


def evolve(
    asked: Iterable[Asked], built: Mapping[str, Entry | None], *, allowed: bool
) -> dict[Ident, Evolution]:
    """What becomes of the tables of features whose requests changed since they were built.

    `built`: those features, each with its request as it was built, None where it never was; those
    that nothing asks for any more are gone. Raises a RequestError where rows would be lost, unless
    that is `allowed`, or can't be kept.
    """
    own = KINDS["entities"]
    now = {one.request.feature: one for one in asked}
    changed = [
        (feature, one.entry, before, one.requirements if one.kind is own else None)
        for feature, one in now.items()
        if feature in built and ((before := _entities(built[feature])) or one.kind is own)
    ]
    changed += [
        (Ident(feature), entry, before, None)
        for feature, entry in built.items()
        if feature not in now and entry and (before := _entities(entry))
    ]
    if not changed:
        return {}
    evolved, problems = entities.evolve(changed, allowed=allowed)
    if problems:
        raise RequestError(*problems)
    return evolved


def _entities(entry: Entry | None) -> Any:  # noqa: ANN401 (as its kind reads them)
    """The entities of a request that was built; none of other kinds."""
    if entry is None:
        return ()
    kind, requirements, problems = _requirements(entry)
    if problems:
        raise WorkspaceError(*problems)
    return requirements if kind is KINDS["entities"] else ()


def _unknown_kind(entry: Entry, key: str) -> Problem:
    where = entry.where(("requirements", key), key=True)
    hint = names.did_you_mean(key, KINDS) or f"Known kinds: {', '.join(KINDS)}."
    return Problem(where, f"unknown kind {text.show(key)}.", hint)


def _twice(asked: Iterable[Asked]) -> list[Problem]:
    first: dict[str, Entry] = {}
    problems = []
    for one in asked:
        before = first.setdefault(one.request.feature, one.entry)
        if before is not one.entry:
            message = f"feature '{one.request.feature}' is already asked for at {before.where()}."
            problems.append(Problem(one.entry.where(("feature",)), message, "Keep one of them."))
    return problems


def resolve(asked: Iterable[Asked], project: ProjectSpec) -> ProjectSpec:
    """The project with every feature decided; raises RequestError with all that clashes."""
    specs: list[tuple[Asked, FeatureSpec]] = []
    problems: list[Problem] = []
    for one in asked:
        try:
            spec = one.kind.resolve(one.request, one.requirements, one.request_id, project)
            specs.append((one, spec))
        except ValueError as error:
            problems.append(Problem(one.entry.where(("requirements",)), str(error)))
    if problems := [*problems, *_taken_routes(specs), *_taken_tables(specs)]:
        raise RequestError(*problems)
    features = sorted((spec for _, spec in specs), key=lambda s: names.natural_key(s.feature))
    return replace(project, features=tuple(features))


def _taken_routes(specs: Iterable[tuple[Asked, FeatureSpec]]) -> list[Problem]:
    holder = dict.fromkeys(APP_ROUTES, "the app itself")
    problems = []
    for one, spec in specs:
        for route in spec.routes:
            before = holder.setdefault(f"{route.method} {route.url}", f"feature '{spec.feature}'")
            if before != f"feature '{spec.feature}'":
                message = f"the route {route.method} {route.url} belongs to {before}."
                hint = "Give this feature a path (status) or a plural (entities) of its own."
                problems.append(Problem(one.entry.where(("requirements",)), message, hint))
    return problems


def _taken_tables(specs: Iterable[tuple[Asked, FeatureSpec]]) -> list[Problem]:
    holder: dict[str, str] = {}
    problems = []
    for one, spec in specs:
        for table in spec.tables:
            if table in holder:
                message = f"the table '{table}' belongs to feature '{holder[table]}'."
                where = one.entry.where(("requirements", "entities"))
                problems.append(Problem(where, message, "Give this entity another name."))
            holder.setdefault(table, spec.feature)
    return problems


APP_ROUTES = (
    "GET /",
    "GET /docs",
    "GET /docs/oauth2-redirect",
    "GET /redoc",
    "GET /openapi.json",
    "GET /healthz",
    "GET /readyz",
)


def request_schema() -> dict[str, Any]:
    """The JSON Schema of a request, for editors."""
    schema = FeatureRequest.model_json_schema(by_alias=True)
    shapes = {kind.name: kind.json_schema() for kind in KINDS.values()}
    # References start at the top of the document, wherever the shape stands in it.
    definitions = {k: v for shape in shapes.values() for k, v in shape.pop("$defs", {}).items()}
    kinds = [
        {
            "type": "object",
            "properties": {name: shape},
            "required": [name],
            "additionalProperties": False,
        }
        for name, shape in shapes.items()
    ]
    words: list[dict[str, Any]] = [{"enum": ["none", None]}]
    described = {"description": schema["properties"]["requirements"]["description"]}
    schema["properties"]["requirements"] = {**described, "anyOf": words + kinds}
    dialect = "https://json-schema.org/draft/2020-12/schema"
    return {"$schema": dialect, **schema, "$defs": definitions}
