"""A call for each operation, as the README shows it: what is sent, and what is answered."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from petsage_builder.field_types.field import Operator
from petsage_builder.kinds.entities.asked import ENDING, MAKING, Entity, Operation, Paginate
from petsage_builder.kinds.entities.bodies import json_object
from petsage_builder.kinds.entities.errors import BELOW, ENDS, METHODS, ORDER
from petsage_builder.kinds.entities.findings import MATCHES
from petsage_builder.kinds.entities.naming import EntityNames
from petsage_builder.kinds.entities.queries import Filter, filters_of
from petsage_builder.kinds.entities.routes import Paths
from petsage_builder.kinds.entities.statuses import VERSIONED, statuses_of
from petsage_builder.kinds.entities.told_row import ID, ToldRow
from petsage_builder.markdown import ApiCall, Line, Sentence, Span
from petsage_builder.names import Ident, Words
from petsage_builder.python_code import Code, Items, Pairs
from petsage_builder.text import Text

PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._@:+/-]{0,39}")
SUCCESS = {
    **dict.fromkeys(MAKING, "201 Created"),
    **dict.fromkeys(ENDING, "204 No Content"),
}
MAKES = (Operation.CREATE, Operation.BULK_CREATE)
BULK = frozenset({Operation.BULK_CREATE, Operation.BULK_DELETE})


@dataclass(frozen=True, slots=True)
class Answered:
    """A call, the file that it sends if any, and the answer; `refused` lists other statuses."""

    title: Words
    route: Text
    does: Line
    call: ApiCall
    file: Text | None
    body: Pairs | None
    status: Text
    answer: Pairs | None
    refused: Words | None


def calls_of(entity: Entity, names: EntityNames, paths: Paths) -> tuple[Answered, ...]:
    """Every operation, each on what the one before it has left."""
    calls = _Calls(entity, names, paths)
    order = [operation for operation in ORDER if operation in entity.operations]
    if Operation.CREATE not in order and Operation.BULK_CREATE in order:
        order.remove(Operation.BULK_CREATE)
        order.insert(0, Operation.BULK_CREATE)
    return tuple(call for operation in order for call in calls.of(operation))


class _Calls:
    """Knows what is stored after each call."""

    def __init__(self, entity: Entity, names: EntityNames, paths: Paths) -> None:
        self.entity, self.names, self.paths = entity, names, paths
        self.told = ToldRow(entity)

    def of(self, operation: Operation) -> Iterator[Answered]:
        """The call, after those before it; what it deletes is made again, if it has to be."""
        if operation is Operation.BULK_DELETE and not self.told.there:
            for again in [one for one in MAKES if one in self.entity.operations][:1]:
                yield replace(self._of(again), title=Words(f"{self._title(again)} again"))
        yield self._of(operation)

    def _of(self, operation: Operation) -> Answered:
        locked = self.entity.versioned and operation in VERSIONED
        version = self.told.version if locked else None
        body = self.told.after(operation)
        file = None if body is None else Words(self._file(operation))
        method = METHODS.get(operation, "get")
        refused = ", ".join(map(str, statuses_of(self.entity, operation)))
        return Answered(
            title=Words(self._title(operation)),
            route=Text(f"{method.upper()} {self._route(operation)}"),
            does=self._does(operation),
            call=replace(self._call(operation, method, file), version=version),
            file=None if file is None else Text(f"{file}.json"),
            body=body,
            status=Text(SUCCESS.get(operation, "200 OK")),
            answer=self._answer(operation),
            refused=Words(refused) if refused else None,
        )

    def _route(self, operation: Operation) -> str:
        base = self.paths.url if operation in _MANY else self.paths.item
        return f"{base.value}/{BELOW[operation]}" if operation in BELOW else base.value

    def _call(self, operation: Operation, method: str, file: Words | None) -> ApiCall:
        makes = operation in MAKING
        many = operation is Operation.BULK_CREATE
        return ApiCall(
            method=Ident(method),
            path=self.paths.url,
            entity=self.entity.name,
            one=operation not in _MANY,
            query=tuple(self._query(operation)),
            body=file,
            keeps=ID if makes else None,
            kept='["items"][0]["id"]' if many else '["id"]',
            below=Words(BELOW[operation]) if operation in BELOW else None,
            ids=operation is Operation.BULK_DELETE,
        )

    def _title(self, operation: Operation) -> str:
        word = operation.removeprefix("bulk_").capitalize()
        if operation in BULK:
            return f"{word} many {self.names.many}"
        many = operation in {Operation.LIST, Operation.COUNT}
        return f"{word} {self.names.many if many else self.names.a}"

    def _does(self, operation: Operation) -> Line:
        one = self.names.one
        changed = "Changes what is sent; what is left out stays as it is, and null is a value."
        said: dict[Operation, Line] = {
            Operation.CREATE: self._created(),
            Operation.READ: Text(f"The {one} with this id."),
            Operation.LIST: _PAGES[self.entity.listing.paginate],
            Operation.COUNT: Text("How many there are that the filters let through."),
            Operation.UPDATE: Text(changed),
            Operation.REPLACE: Text(f"Changes all of the {one}; {self._left_out}."),
            Operation.DELETE: self._deleted(),
            Operation.RESTORE: Text(f"Brings the {one} back, as it was before it was deleted."),
            Operation.BULK_CREATE: Text("Makes all of them, up to 100, or none."),
            Operation.BULK_DELETE: Text("Removes all of them, up to 100, or none."),
        }
        return said[operation]

    def _deleted(self) -> Line:
        if self.entity.soft_delete:
            return Text(f"Removes the {self.names.one}; its row is kept, but nobody finds it.")
        return Text(f"Removes the {self.names.one}, for good.")

    def _created(self) -> Line:
        made = f"Makes {self.names.a}."
        if Operation.READ not in self.entity.operations:
            return Text(made)
        says = Text("says where it is.")
        return Sentence((Text(f"{made} The header"), SPACE, _span("Location"), SPACE, says))

    @property
    def _left_out(self) -> str:
        back = "what is left out goes back to its default, or to null"
        fixed = any(field.immutable for field in self.entity.fields)
        return f"{back}, but for what never changes" if fixed else back

    def _file(self, operation: Operation) -> str:
        return f"{self.entity.name}{ENDS.get(operation, '')}"

    def _answer(self, operation: Operation) -> Pairs | None:
        if operation in ENDING:
            return None
        if operation is Operation.COUNT:
            return json_object(count=1)
        one = self.told.answered()
        if operation is Operation.BULK_CREATE:
            return json_object(items=Items((one,)))
        if operation is not Operation.LIST:
            return one
        end: dict[Paginate, dict[str, Code]] = {
            Paginate.CURSOR: {"next_cursor": None},
            Paginate.OFFSET: {"total": 1},
            Paginate.NONE: {},
        }
        return json_object(items=Items((one,)), **end[self.entity.listing.paginate])

    def _query(self, operation: Operation) -> Iterator[tuple[Ident, Text]]:
        """A filter that finds what is stored, and an order."""
        if operation not in {Operation.LIST, Operation.COUNT}:
            return
        asked = ((one.key, self._asked(one)) for one in filters_of(self.entity))
        found = ((key, value) for key, value in asked if value is not None)
        yield from (pair for pair, _ in zip(found, range(1), strict=False))
        if operation is Operation.LIST and self.entity.listing.sort:
            yield Ident("sort"), Text(f"-{self.entity.listing.sort[0]}")

    def _asked(self, one: Filter) -> Text | None:
        """A value that the filter finds what is stored by, if it is plain enough to be shown."""
        if one.field is None or one.operator is None or one.field.name not in self.told.now:
            return None
        value = self.told.now[one.field.name]
        if one.operator is Operator.IS_NULL:
            return Text("true" if value is None else "false")
        if value is None or not MATCHES[one.operator](value, value):
            return None
        return _in_query(one.field.type.show(value))


_MANY = frozenset({Operation.LIST, Operation.COUNT, Operation.CREATE}) | BULK
SPACE = Words(" ")


def _span(text: str) -> Span:
    return Span(Text(text))


_PAGES: dict[Paginate, Line] = {
    Paginate.CURSOR: Sentence(
        (
            *(Text("A page;"), SPACE, _span("next_cursor"), SPACE),
            *(Text("is the"), SPACE, _span("cursor"), SPACE, Text("of the page after it.")),
        )
    ),
    Paginate.OFFSET: Sentence(
        (Text("A page;"), SPACE, _span("total"), SPACE, Text("is how many there are on all pages."))
    ),
    Paginate.NONE: Text("All of them; no more than 1,000."),
}


def _in_query(shown: Code) -> Text | None:
    """The value in a query string, if it is plain."""
    if isinstance(shown, bool):
        return Text(str(shown).lower())
    if isinstance(shown, int | float):
        return Text(str(shown))
    return shown if isinstance(shown, Text) and PLAIN.fullmatch(shown.value) else None
