"""What annotations say of a field: its constraints, its description, its examples."""

from __future__ import annotations

from itertools import islice

from petsage_builder.field_types.field import Field
from petsage_builder.python_code import Call, Code, Items, Name, annotated

MOST_EXAMPLES = 5


def constrained(base: Code, field: Field, *last: Code, **constraints: Code) -> Code:
    """`Annotated[base, Field(...), ...]`."""
    return annotated(base, *described(field, **constraints), *last)


def described(field: Field, **constraints: Code) -> tuple[Code, ...]:
    """`Field(...)` with the constraints, the description and the examples; nothing when empty."""
    keywords = dict(constraints)
    if field.description is not None:
        keywords["description"] = field.description
    if field.examples and field.readable:
        keywords["examples"] = _shown(field)
    return (Call(Name("Field", "pydantic"), (), keywords),) if keywords else ()


def _shown(field: Field) -> Code:
    return Items(tuple(field.type.show(value) for value in islice(field.examples, MOST_EXAMPLES)))
