"""Who sees and who sets a field, and what that rules out."""

from __future__ import annotations

from collections.abc import Iterator

from petsage_builder.field_types import FIELD_TYPES
from petsage_builder.kinds.entities.request import FieldRequest
from petsage_builder.kinds.entities.rules.flaw import Flaw

NOT_WITH_READ_ONLY = ("immutable", "write_only", "secret")


def flaws(asked: FieldRequest) -> Iterator[Flaw]:
    """What contradicts itself in a field's flags."""
    yield from _read_only(asked)
    yield from _secret(asked)
    yield from _unique(asked)
    yield from _index(asked)
    yield from _backfill(asked)


def _read_only(asked: FieldRequest) -> Iterator[Flaw]:
    if not asked.read_only:
        return
    for flag in NOT_WITH_READ_ONLY:
        if getattr(asked, flag):
            message = f"a field can't be both read_only and {flag}."
            reason = "Clients never set what is read_only." if flag == "immutable" else ""
            yield Flaw((flag,), message, reason or "Keep one of them.")
    if asked.required and asked.default is None:
        message = "clients can't set a read_only field, so it needs a value of its own."
        hint = 'Add "default": ... or "required": false.'
        yield Flaw(("read_only",), message, hint)


def _secret(asked: FieldRequest) -> Iterator[Flaw]:
    if asked.hash and not asked.secret:
        yield Flaw(("hash",), "only a secret is hashed.", 'Add "secret": true.')
    if asked.hash and not FIELD_TYPES[asked.type].hashes:
        message = f"only a string can be hashed, not a type {asked.type}."
        yield Flaw(("hash",), message, "Passwords are strings.")
    if not asked.secret:
        return
    if "write_only" in asked.model_fields_set and not asked.write_only:
        yield Flaw(("write_only",), "a secret is always write_only.", "Leave it out.")
    if asked.default is not None:
        message = "a secret's default would stand in the code, where it is no secret."
        yield Flaw(("default",), message, "Leave it out.")


def _unique(asked: FieldRequest) -> Iterator[Flaw]:
    if not asked.unique:
        return
    if not FIELD_TYPES[asked.type].unique:
        message = f"a type {asked.type} can't be unique, for it can't be indexed."
        yield Flaw(("unique",), message, "Leave it out.")
    if asked.secret:
        message = "a unique secret would tell, by its conflict, what others have."
        yield Flaw(("unique",), message, "Leave it out.")
    if asked.default is not None:
        message = "a unique field's default could be taken by one row only."
        yield Flaw(("default",), message, 'Leave it out, or say "required": false instead.')


def _index(asked: FieldRequest) -> Iterator[Flaw]:
    if not asked.index:
        return
    if not FIELD_TYPES[asked.type].unique:
        yield Flaw(("index",), f"a type {asked.type} can't be indexed.", "Leave it out.")
    elif asked.unique:
        yield Flaw(("index",), "a unique field has its index already.", "Leave it out.")
    elif asked.write_only or asked.secret:
        message = "no list can ask for what is never shown, so no index can help."
        yield Flaw(("index",), message, "Leave it out.")


def _backfill(asked: FieldRequest) -> Iterator[Flaw]:
    """What rows that exist get is for fields that are required, and have no default."""
    if "backfill" not in asked.model_fields_set:
        return
    place, leave = ("backfill",), "Leave it out."
    if asked.default is not None:
        yield Flaw(place, "is given beside `default`, which rows that exist get too.", leave)
    elif not asked.required:
        yield Flaw(place, "is for a required field: without it, null is the value.", leave)
    if asked.unique:
        message = "a unique field's backfill could be taken by one row only."
        yield Flaw(place, message, 'Say "required": false instead, and fill it in later.')
    if asked.secret:
        message = "a secret's backfill would stand in the code, where it is no secret."
        yield Flaw(place, message, 'Say "required": false instead.')
