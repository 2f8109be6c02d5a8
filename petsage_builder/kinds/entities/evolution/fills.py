"""What rows that exist get in a column that always has a value."""

from __future__ import annotations

from collections.abc import Mapping

from petsage_builder.field_types.field import Field, Given
from petsage_builder.python_code import ON_SQLITE, Code, IfElse, call
from petsage_builder.text import Text

# The form in which SQLAlchemy writes moments in SQLite, so that they compare as texts.
NOW = IfElse(
    ON_SQLITE,
    call("sa.func.strftime", Text("%Y-%m-%d %H:%M:%f000"), Text("now")),
    call("sa.func.now"),
)
OWN: Mapping[str, Given] = {"created_at": Given(NOW), "updated_at": Given(NOW), "version": Given(1)}


def fill_of(column: str, field: Field | None) -> Given | None:
    """The value, as a migration writes it; None where there is none."""
    if field is None:
        return OWN.get(column)
    given = field.default or field.backfill
    return Given(kept(field, given)) if given else None


def kept(field: Field, given: Given) -> Code:
    """A value of the field as it is written into its column."""
    kind = field.type
    return kind.kept(given.value, field) if kind.kept else kind.literal(given.value)
