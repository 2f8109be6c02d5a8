"""The errors that an entity's operations answer, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from petsage_builder.kinds.entities.asked import ENDING, Entity, Locking, Operation, Paginate
from petsage_builder.kinds.entities.bodies import json_object, on_wire
from petsage_builder.kinds.entities.naming import EntityNames
from petsage_builder.kinds.entities.routes import Paths
from petsage_builder.kinds.entities.samples import rows_of
from petsage_builder.kinds.entities.statuses import BODIES, ONE, VERSIONED, is_held, statuses_of
from petsage_builder.kinds.entities.storage import unique_sets
from petsage_builder.markdown import ApiCall, Line, Sentence, Span
from petsage_builder.names import Ident, Words
from petsage_builder.python_code import Code, Items, Pairs
from petsage_builder.text import Text

METHODS = {
    Operation.CREATE: "post",
    Operation.UPDATE: "patch",
    Operation.REPLACE: "put",
    Operation.DELETE: "delete",
    Operation.RESTORE: "post",
    Operation.BULK_CREATE: "post",
    Operation.BULK_DELETE: "delete",
}
ENDS = {
    Operation.UPDATE: "_change",
    Operation.REPLACE: "_replacement",
    Operation.BULK_CREATE: "_many",
}
BELOW = {
    Operation.COUNT: "count",
    Operation.RESTORE: "restore",
    Operation.BULK_CREATE: "bulk",
    Operation.BULK_DELETE: "bulk",
}
POST = Ident("post")
# The order in which a reader can make them.
ORDER = (
    Operation.CREATE,
    Operation.READ,
    Operation.LIST,
    Operation.COUNT,
    Operation.UPDATE,
    Operation.REPLACE,
    Operation.DELETE,
    Operation.RESTORE,
    Operation.BULK_CREATE,
    Operation.BULK_DELETE,
)
MISSING = " is missing."
STALE = "is not that of the version that there is now; somebody else has changed it."
INVALID = Text("The request is not valid.")
TOO_MUCH = Text("Extra inputs are not permitted")
TITLES = {404: "Not Found", 422: "Unprocessable Entity"}
NO_ID = Text("00000000-0000-0000-0000-000000000000")
REQUEST_ID = Text("5f1c0a1f79c09d0e358863c5a023c47b")


@dataclass(frozen=True, slots=True)
class Refused:
    """What is refused, by which call, and the problem that is answered."""

    when: Text
    call: ApiCall
    file: Text | None
    body: Pairs | None
    status: Text
    answer: Pairs


@dataclass(frozen=True, slots=True)
class ErrorLine:
    """A row of the table of errors."""

    status: int
    when: Line


def errors_of(entity: Entity, names: EntityNames) -> Iterator[ErrorLine]:
    """Each status that any operation answers, and when it does."""
    words = "A part of the request is not valid; each is named in "
    reasons: dict[int, Line] = {
        400: Text(" ".join(_unreadable(entity))),
        404: names.missing,
        409: Sentence(tuple(_conflicts(entity, names))),
        412: Sentence((Text("The"), Words(" "), Span(Text("ETag")), Words(" "), Text(STALE))),
        428: Sentence(
            (Text("The header"), Words(" "), Span(Text("If-Match")), Text(" is missing."))
        ),
        422: Sentence((Text(words), Words(" "), Span(Text("errors")), Text("."))),
    }
    found = {status for operation in entity.operations for status in statuses_of(entity, operation)}
    for status in sorted(found):
        yield ErrorLine(status, reasons[status])


def _unreadable(entity: Entity) -> Iterator[str]:
    if entity.operations & BODIES:
        yield "The body is not UTF-8."
    if Operation.LIST in entity.operations and entity.listing.paginate is Paginate.CURSOR:
        yield "The cursor is none, or was answered for another order."


def _conflicts(entity: Entity, names: EntityNames) -> Iterator[Line]:
    """Every reason for a 409, as a sentence of its own."""
    reasons = []
    if any(_unique(entity)):
        same = (Text(f"Another {names.one} has the same"), *_unique(entity), Text("."))
        reasons.append(Sentence(same))
    if fields := [relation.field.name for relation in entity.kept]:
        others = (part for name in fields for part in (Words(", or in "), Span(name)))
        _, *named = others
        said = (Text("There is none with the id in"), Words(" "), *named, Text("."))
        reasons.append(Sentence(said))
    if is_held(entity) and entity.operations & ENDING:
        reasons.append(Sentence((Text(f"Others refer to the {names.one}."),)))
    for number, reason in enumerate(reasons):
        yield from ((Words(" "),) if number else ())
        yield reason


def _unique(entity: Entity) -> Iterator[Line]:
    """What has to be unique, in words."""
    written = {field.name for field in entity.fields if not field.read_only}
    sets = [names for names in unique_sets(entity) if written & set(names)]
    for number, names in enumerate(sets):
        yield Words(", or the same " if number else " ")
        for position, name in enumerate(names):
            yield from ((Words(" and "),) if position else ())
            yield Span(name)


def refusal_of(entity: Entity, names: EntityNames, paths: Paths) -> Refused:
    """The problem that shows what all of them look like."""
    does = entity.operations
    if does & {Operation.LIST, Operation.COUNT}:
        path = paths.url if Operation.LIST in does else paths.count
        asked = ((Ident("surprise"), Text("1")),)
        call = ApiCall(method=Ident("get"), path=path, entity=entity.name, query=asked)
        problem = _problem(422, INVALID, _too_much("/query/surprise"))
        return Refused(Text("A query parameter that does not exist"), call, None, None, *problem)
    if does & ONE:
        operation = next(one for one in ORDER if one in does & ONE)
        call = _of_none(entity, operation, paths)
        problem = _problem(404, names.missing)
        return Refused(Text("An id that does not exist"), call, None, None, *problem)
    if Operation.BULK_DELETE in does:
        call = replace(_of_none(entity, Operation.BULK_DELETE, paths), one=False, ids=True)
        part = _part("/query/id/0", "refused", names.missing)
        problem = _problem(404, names.missing, part)
        return Refused(Text("An id that does not exist"), call, None, None, *problem)
    return _with_surprise(entity, paths)


def _with_surprise(entity: Entity, paths: Paths) -> Refused:
    """A body with a key that is not asked for; all that it can be sent to makes rows."""
    file = Words(f"{entity.name}_surprise")
    row = on_wire(entity, rows_of(entity)[0])
    many = Operation.CREATE not in entity.operations
    whole = json_object(items=Items((row,))) if many else row
    body = Pairs((*whole.pairs, (Text("surprise"), 1)))
    below = Words("bulk") if many else None
    call = ApiCall(method=POST, path=paths.url, entity=entity.name, body=file, below=below)
    problem = _problem(422, INVALID, _too_much("/body/surprise"))
    return Refused(Text("A key that does not exist"), call, Text(f"{file}.json"), body, *problem)


def _of_none(entity: Entity, operation: Operation, paths: Paths) -> ApiCall:
    """A call for an id that there is none of, with a file that was sent before if with any."""
    locked = entity.locking is Locking.REQUIRED and operation in VERSIONED
    return ApiCall(
        method=Ident(METHODS.get(operation, "get")),
        path=paths.url,
        entity=entity.name,
        one=True,
        id=NO_ID,
        body=Words(f"{entity.name}{ENDS[operation]}") if operation in ENDS else None,
        version=1 if locked else None,
        below=Words(BELOW[operation]) if operation in BELOW else None,
    )


def _too_much(location: str) -> Pairs:
    return _part(location, "extra_forbidden", TOO_MUCH)


def _part(location: str, code: str, detail: Code) -> Pairs:
    """What is said of one place in the request."""
    return json_object(location=Text(location), code=Text(code), detail=detail)


def _problem(status: int, detail: Text, *parts_of: Pairs) -> tuple[Text, Pairs]:
    """The status, and the problem with the parts of the request that it is about."""
    title = TITLES[status]
    said: dict[str, Code] = {"type": Text("about:blank"), "title": Text(title), "status": status}
    parts: dict[str, Code] = {"errors": Items(parts_of)} if parts_of else {}
    problem = json_object(**said, detail=detail, request_id=REQUEST_ID, **parts)
    return Text(f"{status} {title}"), problem
