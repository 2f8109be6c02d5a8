"""Everything that is known about the types of fields: one entry each.

Each entry says what its values are on the wire and in a column, which constraints it takes,
what is just inside and just outside of them, and how values are made for tests. To add a type,
write its entry, and name it here.
"""

from __future__ import annotations

from petsage_builder.field_types import (
    addresses,
    binary,
    decimals,
    moments,
    numbers,
    structures,
    text,
    words,
)
from petsage_builder.field_types.field import FieldType

FIELD_TYPES: dict[str, FieldType] = {
    entry.name: entry
    for entry in (
        *(text.STRING, text.TEXT),
        *(numbers.INTEGER, numbers.BIGINT, numbers.FLOAT, decimals.DECIMAL, numbers.YES_OR_NO),
        *(moments.DATE, moments.TIME, moments.INSTANT, moments.DURATION),
        *(words.ID, addresses.EMAIL, addresses.URL, words.ENUM),
        *(structures.JSON, binary.BYTES, structures.ARRAY),
    )
}
