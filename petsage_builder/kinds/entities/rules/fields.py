"""The fields of an entity, each by itself and by their names."""

from __future__ import annotations

from collections.abc import Sequence

from petsage_builder import names
from petsage_builder.field_types import FIELD_TYPES
from petsage_builder.field_types.field import Field
from petsage_builder.kinds.entities.request import FieldRequest
from petsage_builder.kinds.entities.rules import samples, visibility
from petsage_builder.kinds.entities.rules.constraints import constrained
from petsage_builder.kinds.entities.rules.flaw import Flaw
from petsage_builder.kinds.entities.rules.indexing import size_flaws
from petsage_builder.kinds.entities.rules.members import Members


def read_fields(
    asked: Sequence[FieldRequest],
    doubtful: frozenset[str],
    found: list[Flaw],
    *,
    complete: bool,
) -> Members:
    """The sound fields; the names of the others stay in doubt."""
    fields: dict[str, Field] = {}
    for index, one in enumerate(asked):
        inside: list[Flaw] = []
        field = read_field(one, inside)
        if inside:
            doubtful |= {one.name}
            found += (flaw.below("fields", index) for flaw in inside)
        else:
            fields.setdefault(one.name, field)
    found += _same_names(asked)
    return Members(fields, doubtful, complete)


def read_field(asked: FieldRequest, found: list[Flaw]) -> Field:
    """One field; it is sound when nothing was found."""
    field = Field(
        name=asked.name,
        type=FIELD_TYPES[asked.type],
        description=asked.description,
        required=asked.required,
        unique=asked.unique,
        index=asked.index,
        immutable=asked.immutable,
        read_only=asked.read_only,
        write_only=asked.write_only or asked.secret,
        secret=asked.secret,
        hash=asked.hash,
        renamed_from=asked.renamed_from,
    )
    found += visibility.flaws(asked)
    before = len(found)
    field = constrained(field, asked, found)
    if len(found) > before:
        return field  # nothing can be measured by constraints that are wrong
    field = samples.with_values(field, asked, found)
    found += (Flaw(f.path[1:], f.message, f.hint) for f in size_flaws([field]))
    if len(found) == before:
        found += _too_few_samples(field)
    return field


def _too_few_samples(field: Field) -> list[Flaw]:
    """Every field needs a value for tests to send, a unique one needs two."""
    wanted = samples.ENOUGH if field.unique else 1
    known = samples.count(field, wanted)
    if known == wanted:
        return []
    place = ("pattern",) if field.pattern else ("unique",) if field.unique else ()
    if known:
        message = "a unique field needs at least two values for tests; only one is known."
        return [Flaw(place, message, 'Give two: "examples": [..., ...].')]
    message = "no value could be made that fits."
    form = '"examples": [..., ...]' if field.unique else '"example": ...'
    return [Flaw(place, message, f"Give one: {form}.")]


def _same_names(asked: Sequence[FieldRequest]) -> list[Flaw]:
    """Names that are the same, or would be as parts of class names."""
    first: dict[str, FieldRequest] = {}
    problems = []
    for index, field in enumerate(asked):
        cased = names.class_name(field.name)
        other = first.setdefault(cased, field)
        if other is field:
            continue
        message = f"'{field.name}' is the name of another field too."
        if other.name != field.name:
            message = f"'{field.name}' and '{other.name}' are both {cased} as class names."
        problems.append(Flaw(("fields", index, "name"), message, "Rename one of them."))
    return problems
