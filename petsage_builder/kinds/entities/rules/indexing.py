"""What is unique together and what is indexed together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from petsage_builder.field_types.field import Field
from petsage_builder.kinds.entities.rules import samples
from petsage_builder.kinds.entities.rules.flaw import Flaw
from petsage_builder.kinds.entities.rules.members import Members, idents
from petsage_builder.names import Ident
from petsage_builder.strict_json import JsonPath

MAX_TOGETHER = 8
# A page of PostgreSQL's index takes entries of 2,704 bytes, whatever the values are.
MAX_BYTES = 2600

Group = tuple[Ident, ...]


def read_unique_together(
    asked: Sequence[Sequence[str]], members: Members, found: list[Flaw]
) -> tuple[Group, ...]:
    """The groups whose values are unique together."""
    groups = []
    for index, wanted in enumerate(asked):
        path = ("unique_together", index)
        fields = _group(wanted, 2, members, path, found)
        for name, field in fields.items():
            found += _not_unique_together(field, (*path, wanted.index(name)))
        groups.append(idents(fields.values()))
    found += _twice("unique_together", groups)
    return tuple(groups)


def read_indexes(
    asked: Sequence[Sequence[str]],
    unique: Iterable[Group],
    members: Members,
    found: list[Flaw],
) -> tuple[Group, ...]:
    """The groups that are indexed together, in the order of their fields."""
    groups = []
    kept = set(unique)
    for index, wanted in enumerate(asked):
        path = ("indexes", index)
        fields = _group(wanted, 1, members, path, found)
        for name, field in fields.items():
            if not field.readable:
                message = f"no list can ask for {field.name}, which is never shown."
                found.append(Flaw((*path, wanted.index(name)), message))
        group = idents(fields.values())
        if group in kept or (len(fields) == 1 and any(map(_indexed, fields.values()))):
            found.append(Flaw(path, "these fields have their index already.", "Leave it out."))
        groups.append(group)
    found += _twice("indexes", groups, in_any_order=False)
    return tuple(groups)


def _indexed(field: Field) -> bool:
    return field.unique or field.index


def size_flaws(fields: Iterable[Field]) -> list[Flaw]:
    """Fields that are unique or indexed alone, and too long for it; each below its name."""
    return [
        Flaw((field.name, "max_length"), _too_long([field]), "Give a shorter max_length.")
        for field in fields
        if (field.unique or field.index) and field.type.unique and _bytes([field]) > MAX_BYTES
    ]


def _group(
    wanted: Sequence[str], least: int, members: Members, path: JsonPath, found: list[Flaw]
) -> dict[str, Field]:
    if not least <= len(wanted) <= MAX_TOGETHER:
        message = f"must hold {least} to {MAX_TOGETHER} fields, not {len(wanted)}."
        hint = 'A single field says "unique": true.' if least > 1 else ""
        found.append(Flaw(path, message, hint))
        return {}
    fields = members.find_all(wanted, path, found)
    plain = [field for field in fields.values() if field.type.unique]
    for name, field in fields.items():
        if not field.type.unique:
            message = f"{field.name} can't be indexed: it is of type {field.type.name}."
            found.append(Flaw((*path, wanted.index(name)), message))
    if _bytes(plain) > MAX_BYTES:
        found.append(Flaw(path, _too_long(plain), "Give a shorter max_length."))
    return fields


def _not_unique_together(field: Field, path: JsonPath) -> list[Flaw]:
    if field.unique:
        message = f"{field.name} is unique by itself, so it always is with others."
        return [Flaw(path, message, "Leave one of the two out.")]
    if field.secret:
        message = f"{field.name} is a secret, which a conflict would tell."
        return [Flaw(path, message, "Leave it out.")]
    if field.type.unique and samples.count(field) < samples.ENOUGH:
        message = f"{field.name} has fewer than {samples.ENOUGH} values that tests could take."
        return [Flaw(path, message, f'Give {field.name} "examples": [..., ...].')]
    return []


def _twice(key: str, groups: Sequence[Group], *, in_any_order: bool = True) -> list[Flaw]:
    spelled = [tuple(sorted(group)) if in_any_order else group for group in groups]
    return [
        Flaw((key, index), f"is the same as {key}[{spelled.index(group)}].", "Keep one of them.")
        for index, group in enumerate(spelled)
        if group and spelled.index(group) < index
    ]


def _bytes(fields: Iterable[Field]) -> int:
    """The most that the values need in an index."""
    return sum(field.type.width(field) for field in fields)


def _too_long(fields: Sequence[Field]) -> str:
    size = _bytes(fields)
    named = " and ".join(idents(fields))
    return f"{named} can need {size:,} bytes; an index holds {MAX_BYTES:,}."
