"""The cells of an entity in the playground of its feature: a call for each operation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from petsage_builder.kinds.entities.asked import MAKING, Entity, Operation
from petsage_builder.kinds.entities.calls import Answered
from petsage_builder.kinds.entities.factory import stored_targets
from petsage_builder.kinds.entities.homes import Home, Known
from petsage_builder.kinds.entities.proofs import Proofs
from petsage_builder.names import Ident
from petsage_builder.playground import YOURS, Cell, call_of
from petsage_builder.python_code import Code, Items, Pairs
from petsage_builder.text import Text

MANY = "bulk"
Row: TypeAlias = Mapping[str, Code]


def cells_of(
    home: Home, known: Known, proofs: Proofs, calls: Sequence[Answered], package: Ident
) -> Iterator[Cell]:
    """The calls of the README, on the samples of the tests; then one that is refused."""
    plural, names = home.names.plural, _Names(home, proofs)
    yield Cell(f"about-{plural}", f"## {home.names.many.capitalize()}", markdown=True)
    yield Cell(f"imports-{plural}", "\n".join(_imports(home, known, package)))
    stored = _stored(home.entity)
    begin = f"play.begin({', '.join(f'store_{h.names.plural}' for h in _homes(home, known))})\n"
    yield Cell(f"begin-{plural}", begin + (f"made = {plural.upper()}[0]" if stored else ""))
    for number, shown in enumerate(calls, 1):
        again = (
            begin if stored and shown.call.method == "delete" else ""
        )  # nobody can make it again
        yield Cell(f"call-{plural}-{number}", again + names.source(shown))
    refused = names.refused()
    yield Cell(f"refused-{plural}", refused)
    listed = call_of("GET", names.url, 200) if Operation.LIST in home.entity.operations else refused
    yield Cell(f"yours-{plural}", YOURS + listed)


def _stored(entity: Entity) -> bool:
    """Whether no client makes rows: those of the factory are there."""
    return not entity.operations & MAKING


def _homes(home: Home, known: Known) -> Iterator[Home]:
    yield from (known[target] for target in stored_targets(home))
    if _stored(home.entity):
        yield home


def _imports(home: Home, known: Known, package: Ident) -> Iterator[str]:
    for one in sorted(_homes(home, known), key=lambda one: one.file):
        rows = f"{one.names.plural.upper()}, " if one is home else ""
        yield f"from {package}.tests.factories.{one.file} import {rows}store_{one.names.plural}"
    yield f"from {package}.tests.features import test_{home.file}"


class _Names:
    """Calls that name the samples of the entity's tests."""

    def __init__(self, home: Home, proofs: Proofs) -> None:
        self.entity, self.rows = home.entity, [_known(row) for row in proofs.rows]
        self.module = f"test_{home.file}"
        self.url = f"{self.module}.URL"

    def source(self, shown: Answered) -> str:
        """A call of the README; the row that it makes is what the calls after it are about."""
        call = shown.call
        url = self._url(one=call.one, below=call.below or "", ids=call.ids)
        made = call_of(call.method.upper(), url, int(shown.status.value[:3]), *self._sent(shown))
        if call.keeps is None:
            return made
        if call.below == MANY:
            return f'many = {made}\nmade = many["items"][0]\nmany'
        return f"made = {made}\nmade"

    def refused(self) -> str:
        """A call that no operation of the entity lets through."""
        does, surprise = self.entity.operations, 'json={"surprise": 1}'
        query = 'params={"surprise": 1}'
        if Operation.READ in does:
            return call_of("GET", f"{self.module}.NONE", 404)
        if Operation.LIST in does:
            return call_of("GET", self.url, 422, query)
        if Operation.COUNT in does:
            return call_of("GET", self._url(below="count"), 422, query)
        if Operation.CREATE in does:
            return call_of("POST", self.url, 422, surprise)
        if Operation.BULK_CREATE in does:
            return call_of("POST", self._url(below=MANY), 422, surprise)
        if does & {Operation.UPDATE, Operation.REPLACE}:
            method = "PATCH" if Operation.UPDATE in does else "PUT"
            return call_of(method, f"{self.module}.NONE", 422, surprise, self._version())
        if Operation.BULK_DELETE in does:
            return call_of("DELETE", self._url(below=MANY), 422, query)
        return call_of("DELETE", f"{self.module}.NONE", 404, self._version())

    def _url(self, *, one: bool = False, below: str = "", ids: bool = False) -> str:
        if not (one or below):
            return self.url
        row = "/{made['id']}" if one else ""
        asked = "?id={made['id']}" if ids else ""
        return f'f"{{{self.url}}}{row}{f"/{below}" if below else ""}{asked}"'

    def _sent(self, shown: Answered) -> Iterator[str]:
        if shown.body is not None:
            yield f"json={self._body(shown.body, shown.call.below)}"
        if shown.call.version is not None:
            yield self._version()

    def _version(self) -> str:
        """Any version there is, where one has to be named."""
        return 'headers={"If-Match": "*"}' if self.entity.versioned else ""

    def _body(self, body: Pairs, below: str | None) -> str:
        if below != MANY:
            return self._row(_known(body))
        items = (items for _, items in body.pairs if isinstance(items, Items))
        rows = [row for one in items for row in one.items if isinstance(row, Pairs)]
        return f'{{"items": [{", ".join(self._row(_known(row)) for row in rows)}]}}'

    def _row(self, row: Row) -> str:
        """A row of the tests, or else one that is put together of their values."""
        if row in self.rows:
            return f"{self.module}.ROWS[{self.rows.index(row)}]"
        parts = (f'"{name}": {self._value(name, value)}' for name, value in row.items())
        return f"{{{', '.join(parts)}}}"

    def _value(self, name: str, value: Code) -> str:
        found = next(n for n, row in enumerate(self.rows) if row.get(name) == value)
        return f'{self.module}.ROWS[{found}]["{name}"]'


def _known(row: Pairs) -> Row:
    """The values that are known, by the names of their fields."""
    return {
        name.value: value
        for name, value in row.pairs
        if isinstance(name, Text) and value is not None
    }
