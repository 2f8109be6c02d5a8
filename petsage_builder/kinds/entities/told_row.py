"""What is stored after each call that the README shows: one row, and how it is answered."""

from __future__ import annotations

from collections.abc import Mapping

from petsage_builder.field_types.field import Value
from petsage_builder.kinds.entities.asked import MAKING, Entity, Operation
from petsage_builder.kinds.entities.bodies import (
    change,
    defaults,
    json_object,
    on_wire,
    or_null,
    replacement,
)
from petsage_builder.kinds.entities.samples import Row, rows_of
from petsage_builder.kinds.entities.storage import unique_sets
from petsage_builder.names import Ident
from petsage_builder.python_code import Items, Pairs
from petsage_builder.text import Text

ID = Text("0190d6f8-5b1c-7e4e-9d0b-2f4d8f0c1a2b")
CREATED = Text("2024-02-29T08:30:00.123456Z")
CHANGED = Text("2024-02-29T08:45:00.654321Z")


class ToldRow:
    """The row that the calls are about; `there`: it is not deleted."""

    def __init__(self, entity: Entity) -> None:
        self.entity = entity
        self.rows = rows_of(entity)
        self.there = not entity.operations & MAKING
        self._make(self.rows[0])

    def _make(self, row: Row) -> Pairs:
        """It is a new one; the body that makes it."""
        self.now: Mapping[Ident, Value] = {**defaults(self.entity), **row}
        self.changed, self.version = CREATED, 1
        return on_wire(self.entity, row)

    def after(self, operation: Operation) -> Pairs | None:
        """The body that the operation takes; what is stored is then what it makes of it."""
        match operation:
            case Operation.CREATE:
                self.there = True
                return self._make(self.rows[0])
            case Operation.BULK_CREATE:
                row, self.there = self._another(), True
                return json_object(items=Items((self._make(row),)))
            case Operation.UPDATE:
                return self._change(change(self.entity, self.rows))
            case Operation.REPLACE:
                return self._change(replacement(self.entity, self.rows))
            case Operation.DELETE | Operation.BULK_DELETE:
                self._mark(there=False)
            case Operation.RESTORE:
                self._mark(there=True)
        return None

    def _change(self, row: Row) -> Pairs:
        after = {**self.now, **row}
        self.version += after != self.now
        self.now, self.changed = after, CHANGED
        return on_wire(self.entity, row)

    def _mark(self, *, there: bool) -> None:
        """It is deleted, or back: a change, if it was not before."""
        if there is not self.there:
            self.there, self.changed = there, CHANGED
            self.version += 1

    def _another(self) -> Row:
        """A row that goes with the one that is there; the first, where none was made before."""
        if Operation.CREATE not in self.entity.operations:
            return self.rows[0]
        clear = (row for row in reversed(self.rows) if not self.there or self._goes_with(row))
        return next(clear, self.rows[-1])

    def _goes_with(self, row: Row) -> bool:
        """Whether nothing that has to be unique is the same."""
        return not any(
            all(row.get(name) is not None and row.get(name) == self.now[name] for name in names)
            for names in unique_sets(self.entity)
        )

    def answered(self) -> Pairs:
        """What is stored, as it is answered."""
        fields = [field for field in self.entity.fields if field.readable]
        shown = tuple((Text(f.name), or_null(f, self.now[f.name])) for f in fields)
        moments = json_object(created_at=CREATED, updated_at=self.changed)
        stamped = moments.pairs if self.entity.timestamps else ()
        version = json_object(version=self.version).pairs if self.entity.versioned else ()
        return Pairs(((Text("id"), ID), *shown, *stamped, *version))
