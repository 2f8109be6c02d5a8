"""Where clients ask for an entity, and what no schema can say of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial

from petsage_builder.field_types.field import Operator
from petsage_builder.kinds.entities.asked import (
    ENDING,
    Entity,
    Locking,
    Operation,
    Paginate,
)
from petsage_builder.kinds.entities.homes import Home, Known
from petsage_builder.kinds.entities.naming import EntityNames
from petsage_builder.kinds.entities.nested import nested_routes
from petsage_builder.kinds.entities.queries import filters_of
from petsage_builder.kinds.entities.statuses import ONE, QUERIES, is_held, may_conflict, statuses_of
from petsage_builder.names import Ident, Words
from petsage_builder.python_code import Call, Code, Either, Name, call
from petsage_builder.spec import ProjectSpec, Route, Unsaid
from petsage_builder.text import Text

BOUNDS = "no JSON Schema can say the bounds of a date, time, duration or decimal"


@dataclass(frozen=True, slots=True)
class Paths:
    """`prefix` is the router's own; `url` the whole path; `item` has the id's place in it."""

    prefix: Text
    url: Text
    item: Text
    count: Text


def paths_of(entity: Entity, names: EntityNames, project: ProjectSpec) -> Paths:
    """`/weight-entries` and what is below it."""
    prefix = f"/{names.plural.replace('_', '-')}"
    url = f"{project.api_prefix.value}{prefix}"
    return Paths(
        prefix=Text(prefix),
        url=Text(url),
        item=Text(f"{url}/{{{entity.name}_id}}"),
        count=Text(f"{url}/count"),
    )


@dataclass(frozen=True, slots=True)
class Routing:
    """An entity's part of `router.py`: a decorator for each operation, and what it uses."""

    uses: tuple[object, ...]
    list: Call
    count: Call
    create: Call
    read: Call
    update: Call
    replace: Call
    delete: Call
    restore: Call
    bulk_create: Call
    bulk_delete: Call
    locates: bool
    expects: Name


def routing_of(entity: Entity, names: EntityNames, feature: Ident) -> Routing:
    """Method, path, words and documented errors of every operation."""
    item = f"/{{{names.name}_id:uuid}}"
    one, many = names.name, names.plural
    on = partial(_on, names.router)
    decorators = {
        Operation.LIST: on("get", "", f"list_{many}", f"List {names.many}"),
        Operation.COUNT: on("get", "/count", f"count_{many}", f"Count {names.many}"),
        Operation.CREATE: on("post", "", f"create_{one}", f"Create {names.a}"),
        Operation.READ: on("get", item, f"get_{one}", f"Get {names.a}"),
        Operation.UPDATE: on("patch", item, f"update_{one}", f"Update {names.a}"),
        Operation.REPLACE: on("put", item, f"replace_{one}", f"Replace {names.a}"),
        Operation.DELETE: on("delete", item, f"delete_{one}", f"Delete {names.a}"),
        Operation.RESTORE: on("post", f"{item}/restore", f"restore_{one}", f"Restore {names.a}"),
        Operation.BULK_CREATE: on(
            "post", "/bulk", f"bulk_create_{many}", f"Create many {names.many}"
        ),
        Operation.BULK_DELETE: on(
            "delete", "/bulk", f"bulk_delete_{many}", f"Delete many {names.many}"
        ),
    }
    documented = {op: _with_answers(entity, op, call) for op, call in decorators.items()}
    asked = tuple(call for op, call in documented.items() if op in entity.operations)
    used = _used(entity, feature)
    return Routing(
        uses=(used, asked),
        **{operation.value: call for operation, call in documented.items()},
        locates={Operation.CREATE, Operation.READ} <= entity.operations,
        expects=Name(NEEDED if entity.locking is Locking.REQUIRED else MATCH, ".core"),
    )


MATCH, NEEDED = "versions.IfMatch", "versions.NeededIfMatch"
STATUS = {
    **dict.fromkeys((Operation.CREATE, Operation.BULK_CREATE), "status.HTTP_201_CREATED"),
    **dict.fromkeys((Operation.DELETE, Operation.BULK_DELETE), "status.HTTP_204_NO_CONTENT"),
}


def _on(router: str, method: str, path: str, function: str, summary: str) -> Call:
    """`owners.get(path, operation_id=..., summary=...)`."""
    words: dict[str, Code] = {"operation_id": Text(function), "summary": Text(summary)}
    return call(f"{router}.{method}", Text(path), **words)


def _with_answers(entity: Entity, operation: Operation, decorator: Call) -> Call:
    """The same with the status of success, where it is not 200, and with those of problems."""
    more: dict[str, Code] = {}
    if operation in STATUS:
        more["status_code"] = Name(STATUS[operation], "fastapi")
    errors = [status for status in statuses_of(entity, operation) if status != FASTAPIS]
    if errors:
        more["responses"] = call(Name("problems", ".core.domain_errors"), *errors)
    if entity.include and operation in {Operation.READ, Operation.LIST}:
        more["response_model_exclude_unset"] = True
    if entity.versioned and operation is Operation.READ:
        known = Name("versions.NOT_MODIFIED", ".core")
        more["responses"] = Either(known, more["responses"])
    return replace(decorator, keywords={**decorator.keywords, **more})


FASTAPIS = 422  # documented by FastAPI itself


def _used(entity: Entity, feature: Ident) -> tuple[Name, ...]:
    """What the template itself names."""
    does = entity.operations
    embeds = bool(entity.include) and Operation.READ in does
    asks = bool(does & QUERIES) or embeds
    locates = {Operation.CREATE, Operation.READ} <= does
    tells = entity.versioned and bool(does & ONE - {Operation.DELETE})
    used = {
        Name("APIRouter", "fastapi"): True,
        Name("Db", ".core.db"): True,
        Name("models", f".features.{feature}"): bool(does - ENDING),
        Name("services", f".features.{feature}"): True,
        Name("Annotated", "typing"): asks,
        Name("Query", "fastapi"): asks,
        Name("UUID", "uuid"): bool(does & ONE),
        Name("Request", "fastapi"): locates,
        Name("Response", "fastapi"): locates or tells,
        Name("versions", ".core"): entity.versioned and (locates or bool(does & ONE)),
        Name("bulk", ".core"): Operation.BULK_DELETE in does,
    }
    return tuple(name for name, needed in used.items() if needed)


def routes_of(home: Home, known: Known, paths: Paths) -> tuple[Route, ...]:
    """Every operation, as reports show it."""
    entity, names = home.entity, home.names
    read, item = names.read, paths.item.value
    created, replaced = names.create, names.replace
    bulk = f"{paths.url.value}/bulk"
    every = {
        Operation.LIST: ("GET", paths.url.value, "query", f"200 {names.page}"),
        Operation.CREATE: ("POST", paths.url.value, created, f"201 {read}"),
        Operation.COUNT: ("GET", paths.count.value, "query", f"200 {names.count}"),
        Operation.READ: ("GET", item, "nothing", f"200 {read}"),
        Operation.UPDATE: ("PATCH", item, names.update, f"200 {read}"),
        Operation.REPLACE: ("PUT", item, replaced, f"200 {read}"),
        Operation.DELETE: ("DELETE", item, "nothing", "204"),
        Operation.RESTORE: ("POST", f"{item}/restore", "nothing", f"200 {read}"),
        Operation.BULK_CREATE: ("POST", bulk, names.bulk_create, f"201 {names.bulk}"),
        Operation.BULK_DELETE: ("DELETE", bulk, "query", "204"),
    }
    if entity.include:
        every[Operation.READ] = ("GET", item, "query", f"200 {names.included}")
    own = (
        Route(method, url, "none", request, answer)
        for operation, (method, url, request, answer) in every.items()
        if operation in entity.operations
    )
    return (*own, *nested_routes(home, known, item))


def unsaid_of(entity: Entity, names: EntityNames, paths: Paths) -> Iterator[Unsaid]:
    """What a fuzzer would take for a contradiction between schema and answers.

    Made-up ids (404) and taken values (409) it allows by itself, until other statuses are named.
    """
    del names
    yield from _of_queries(entity, paths)
    yield from _of_bodies(entity, paths)


def _of_queries(entity: Entity, paths: Paths) -> Iterator[Unsaid]:
    asked = (one for one in filters_of(entity) if one.operator is not Operator.IS_NULL)
    bounded = any(one.field and not one.field.type.schema_says_all(one.field) for one in asked)
    cursor = entity.listing.paginate is Paginate.CURSOR
    for operation, path in ((Operation.LIST, paths.url), (Operation.COUNT, paths.count)):
        reasons = {
            "400": "a cursor is opaque" if cursor and operation is Operation.LIST else "",
            "422": BOUNDS if bounded else "",
        }
        if operation in entity.operations and any(reasons.values()):
            yield _unsaid("GET", path, reasons)


def _of_bodies(entity: Entity, paths: Paths) -> Iterator[Unsaid]:
    written = [field for field in entity.fields if not field.read_only]
    bounded = any(not field.type.schema_says_all(field) for field in written)
    fixed = any(field.immutable for field in written)
    taken = "it does not go with what is stored" if may_conflict(entity) else ""
    why = [BOUNDS] if bounded else []
    why += ["fields are checked against each other"] if entity.checks else []
    later = [*why, "an immutable field was changed"] if fixed else why
    unknown = "the id is made up"
    bulk = Text(f"{paths.url.value}/bulk")
    for operation, path in ((Operation.CREATE, paths.url), (Operation.BULK_CREATE, bulk)):
        if operation in entity.operations and why:
            yield _unsaid("POST", path, {"409": taken, "422": ", ".join(why)})
    versions = _of_versions(entity)
    for operation, method in ((Operation.UPDATE, "PATCH"), (Operation.REPLACE, "PUT")):
        reasons = {"404": unknown, "409": taken, **versions, "422": ", ".join(later)}
        if operation in entity.operations and (later or versions):
            yield _unsaid(method, paths.item, reasons)
    if Operation.DELETE in entity.operations and versions:
        held = "others refer to it" if is_held(entity) else ""
        yield _unsaid("DELETE", paths.item, {"404": unknown, "409": held, **versions})


def _of_versions(entity: Entity) -> dict[str, str]:
    if not entity.versioned:
        return {}
    needed = entity.locking is Locking.REQUIRED
    unnamed = {"428": "no schema may demand the header"} if needed else {}
    return {"412": "the version is made up", **unnamed}


def _unsaid(method: str, path: Text, reasons: dict[str, str]) -> Unsaid:
    known = {status: why for status, why in reasons.items() if why}
    said = "; ".join(f"{status}: {why}" for status, why in known.items())
    return Unsaid(Text(f"{method} {path.value}"), tuple(map(Text, ("2xx", *known))), Words(said))
