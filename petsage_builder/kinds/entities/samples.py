"""Sample rows of an entity: valid together, distinct where they must be, the same everywhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from petsage_builder.field_types.field import Field, Value
from petsage_builder.kinds.entities.asked import (
    Check,
    Compares,
    Comparison,
    Entity,
    OneOf,
    Requires,
    rule_sides,
)
from petsage_builder.kinds.entities.rules.samples import fits
from petsage_builder.kinds.entities.storage import unique_sets
from petsage_builder.names import Ident

MOST_ROWS = 6
MOST_VALUES = 12
MOST_TRIES = 20_000
LAST = 2
# Which values the rows after the first have: no two sorted fields bring them into one order.
ORDERS = (
    (0, 0, 1, 1, LAST),
    (1, 1, 0, 0, LAST),
    (0, 0, LAST, LAST, 1),
    (1, 1, LAST, LAST, 0),
    (0, 1, 1, 0, LAST),
    (1, 0, 0, 1, LAST),
)
SHUFFLED = (0, 3, 1, 5, 2, 4)  # where values are distinct: another order than that of creation
Row = Mapping[Ident, Value]


class NoSampleError(ValueError):
    """The rules of an entity leave no row that could be tested."""


def rows_of(entity: Entity) -> tuple[Row, ...]:
    """Up to six rows, of every field that clients write; the first prefers the examples given."""
    rows: list[Row] = []
    for number in range(MOST_ROWS):
        row = _row(entity, number, rows)
        if row is None:
            break
        rows.append(row)
    if not rows:
        message = "no values satisfy all checks at once; give examples that do."
        raise NoSampleError(message)
    return tuple(rows)


def row_with(entity: Entity, field: Field, value: Value, before: Sequence[Row]) -> Row | None:
    """A row in which the field has the value, beside the rows before it, if rules allow one."""
    fixed = replace(field.type, valid=lambda _: iter((value,)))
    only = replace(field, type=fixed, required=True, examples=())
    fields = tuple(only if one.name == field.name else one for one in entity.fields)
    return _row(replace(entity, fields=fields), len(before[:1]), before)


def candidates(field: Field) -> list[Value]:
    """Distinct valid values, the examples first."""
    found: list[Value] = []
    for value in (*field.examples, *islice(field.type.valid(field), MOST_VALUES)):
        if value not in found:
            found.append(value)
    return found


def domain(entity: Entity, field: Field) -> list[Value]:
    """The candidates, and those of the fields that it is compared with: they may have to meet."""
    found = candidates(field)
    for check in entity.checks:
        if isinstance(check, Compares) and field in (check.left, check.right):
            other = check.right if field == check.left else check.left
            found += [v for v in candidates(other) if v not in found and fits(field, v)]
    return found


def entangled(entity: Entity) -> frozenset[Ident]:
    """The fields whose values depend on each other."""
    return frozenset(side.name for check in entity.checks for side in rule_sides(check))


def server_sets(entity: Entity) -> Row:
    """What stands in the fields that clients never set."""
    return {
        field.name: None if field.default is None else field.default.value
        for field in entity.fields
        if field.read_only
    }


def holds(check: Check, row: Mapping[Ident, Value]) -> bool:
    """Whether the row, as far as it goes, satisfies the check."""
    if any(side.name not in row for side in rule_sides(check)):
        return True
    match check:
        case Compares(_, left, op, right):
            one, other = row[left.name], row[right.name]
            return one is None or other is None or COMPARE[op](one, other)
        case Requires(_, field, other_field):
            return row[field.name] is None or row[other_field.name] is not None
        case OneOf(_, fields):
            return sum(row[field.name] is not None for field in fields) == 1


COMPARE = {
    Comparison.EQ: lambda one, other: bool(one == other),
    Comparison.NE: lambda one, other: bool(one != other),
    Comparison.LT: lambda one, other: bool(one < other),
    Comparison.LTE: lambda one, other: bool(one <= other),
    Comparison.GT: lambda one, other: bool(one > other),
    Comparison.GTE: lambda one, other: bool(one >= other),
}


def _row(entity: Entity, number: int, before: Sequence[Row]) -> Row | None:
    """The next row, or None when there is none left."""
    fields = [field for field in entity.fields if not field.read_only]
    tied = entangled(entity) | {name for names in unique_sets(entity) for name in names}
    orders = {name: order for order, name in enumerate(entity.listing.sort)}
    free = {
        f.name: _free_value(f, number, orders.get(f.name, 0)) for f in fields if f.name not in tied
    }
    bound = [field for field in fields if field.name in tied]
    own = server_sets(entity)
    search = _Search(entity, bound, number, [{**own, **row} for row in before], own)
    found = search.fill({})
    return (
        None if found is None else {field.name: {**free, **found}[field.name] for field in fields}
    )


def _free_value(field: Field, number: int, order: int) -> Value:
    """Repeats often, for ties; a nullable field has none in some row."""
    values = candidates(field)[:: -1 if field.secret else 1]  # told from what others hold
    if not values:
        return None  # it refers to what tests have none of
    if number == 0 or len(values) == 1:
        return values[0]
    place = ORDERS[order % len(ORDERS)][number - 1]
    if field.nullable and place == LAST:
        return None
    later = values[1:]
    return later[place % len(later)]


@dataclass
class _Search:
    """Depth first, over the fields that depend on others or on the rows before."""

    entity: Entity
    fields: Sequence[Field]
    number: int
    before: Sequence[Row]
    own: Row
    tries: int = 0

    def fill(self, row: Row) -> Row | None:
        """The row with every field filled, or None."""
        self.tries += 1
        if self.tries > MOST_TRIES or not self._allowed({**self.own, **row}):
            return None
        if len(row) == len(self.fields):
            return row
        field = self.fields[len(row)]
        longer = (self.fill({**row, field.name: value}) for value in self._domain(field))
        return next((found for found in longer if found is not None), None)

    def _domain(self, field: Field) -> Iterator[Value]:
        values = domain(self.entity, field)
        first = SHUFFLED[self.number] % max(1, len(values))
        yield from values[first:] + values[:first]
        if field.nullable:
            yield None

    def _allowed(self, row: Row) -> bool:
        return all(holds(check, row) for check in self.entity.checks) and not any(
            all(name in row and row[name] is not None for name in names)
            and any(all(other[name] == row[name] for name in names) for other in self.before)
            for names in unique_sets(self.entity)
        )
