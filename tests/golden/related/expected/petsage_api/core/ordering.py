"""The order of a list, and cursors: what tells where in it a page ends."""

import base64
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from types import GenericAlias
from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
from pydantic import Field, TypeAdapter
from sqlalchemy.orm import InstrumentedAttribute

from petsage_api.core import types
from petsage_api.core.columns import Duration, ExactNumeric, UTCDateTime
from petsage_api.core.db import Entity
from petsage_api.core.domain_errors import BadRequest
from petsage_api.core.rows import Row

Column = InstrumentedAttribute[Any]
Sorts = Mapping[str, Column]
_Comparison = Callable[[Any, Any], sa.ColumnElement[bool]]

_SORTABLE: Mapping[type[sa.types.TypeEngine[Any]], Any] = {
    sa.String: types.Text,
    sa.Integer: Annotated[int, Field(strict=True, ge=-(2**31), lt=2**31)],
    sa.BigInteger: Annotated[int, Field(strict=True, ge=-(2**63), lt=2**63)],
    sa.Double: Annotated[float, Field(strict=True, allow_inf_nan=False)],
    sa.Boolean: types.Bool,
    sa.Date: types.Date,
    sa.Time: types.Time,
    sa.Uuid: UUID,
    UTCDateTime: types.DateTime,
    Duration: types.Duration,
}


@dataclass(frozen=True, slots=True)
class Order:
    """By one column, rows without a value last, then by id; or by id alone."""

    name: str
    column: Column | None
    key: Column

    @classmethod
    def of(cls, entity: type[Entity], query: types.ApiModel, sorts: Sorts) -> "Order":
        """The order that the query asks for."""
        name: str = getattr(query, "sort", None) or ""
        return cls(name, sorts[name.removeprefix("-")] if name else None, entity.id)

    @property
    def columns(self) -> list[sa.ColumnElement[Any]]:
        """What to order by."""
        last = self._directed(self.key)
        if self.column is None:
            return [last]
        first = self._directed(self.column)
        return [first.nulls_last() if _is_nullable(self.column) else first, last]

    def _directed(self, column: Column) -> sa.UnaryExpression[Any]:
        return column.desc() if self.name.startswith("-") else column.asc()

    def after(self, cursor: str) -> sa.ColumnElement[bool]:
        """The condition that a row comes after the one that the cursor was made of."""
        value, last = self._read(cursor)
        beyond: _Comparison = operator.lt if self.name.startswith("-") else operator.gt
        if self.column is None:
            return beyond(self.key, last)
        if value is None:
            return sa.and_(self.column.is_(None), beyond(self.key, last))
        here = sa.tuple_(sa.literal(value, self.column.type), last)
        rest = beyond(sa.tuple_(self.column, self.key), here)
        return sa.or_(rest, self.column.is_(None)) if _is_nullable(self.column) else rest

    def cursor(self, row: Row) -> str:
        """What tells where the row stands in this order."""
        value = None if self.column is None else row[self.column.key]
        text = _adapter(self.column).dump_json((self.name, value, row["id"]))
        return base64.urlsafe_b64encode(text).rstrip(b"=").decode()

    def _read(self, cursor: str) -> tuple[Any, UUID]:
        try:
            text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
            name, value, last = _adapter(self.column).validate_json(text, strict=True)
        except ValueError:
            raise BadRequest("The cursor is not valid.") from None
        if name != self.name:
            raise BadRequest("The cursor was made for another order.")
        return value, last


def _is_nullable(column: Column) -> bool:
    return bool(column.expression.nullable)


@cache
def _adapter(column: Column | None) -> TypeAdapter[tuple[str, Any, UUID]]:
    """What writes and checks the content of a cursor: the order, the column's value, the id."""
    value: Any = None
    if column is not None:
        value = _sortable(column.type)
        value = value | None if _is_nullable(column) else value
    content: Any = GenericAlias(tuple, (str, value, UUID))
    return TypeAdapter(content)


def _sortable(kind: sa.types.TypeEngine[Any]) -> Any:  # noqa: ANN401 - an annotation
    if isinstance(kind, ExactNumeric):
        return Annotated[Decimal, types.DecimalString(kind.precision, kind.scale, signed=True)]
    return _SORTABLE[type(kind)]
