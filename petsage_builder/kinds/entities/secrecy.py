"""What the generated tests look for to know that secrets are kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from petsage_builder.field_types.field import Field
from petsage_builder.kinds.entities.asked import CHANGING, MAKING, Entity, Operation
from petsage_builder.kinds.entities.samples import Row
from petsage_builder.kinds.entities.sent_rows import defaults, wire
from petsage_builder.printing import python
from petsage_builder.python_code import Items
from petsage_builder.text import Text

CHANGES = (Operation.UPDATE, Operation.REPLACE)
TELLING = 4  # characters that hardly stand in an answer by chance
# What is asked, for its answer to tell a secret.
ASKED = frozenset({Operation.LIST, Operation.READ}) | MAKING | CHANGING


@dataclass(frozen=True, slots=True)
class Secrecy:
    """Names of fields: whose secret no answer tells, and whose is stored as a hash after what.

    `hashes`: whether any test looks for a hash.
    """

    told: Items
    hashed: Items
    hashed_on_update: Items
    hashed_on_replace: Items
    hashes: bool


def secrecy_of(entity: Entity, rows: tuple[Row, ...]) -> Secrecy:
    """What is tested of the entity's secrets."""
    hashed = _texts(_hashed(entity))
    on_update, on_replace = (_texts(_hashed_on(change, entity, rows)) for change in CHANGES)
    return Secrecy(
        told=_texts(_told(entity, rows)),
        hashed=hashed,
        hashed_on_update=on_update,
        hashed_on_replace=on_replace,
        hashes=any((hashed, on_update, on_replace)),
    )


def _told(entity: Entity, rows: tuple[Row, ...]) -> Iterator[Field]:
    """The secrets that an answer could tell: texts that stand nowhere else."""
    if not entity.operations & ASKED:
        return
    sent = wire(entity, rows[0]).pairs
    for field in (field for field in entity.fields if field.secret):
        value = next((value for name, value in sent if name == Text(field.name)), None)
        others = [
            python(other)
            for name, other in (*sent, *defaults(entity).pairs)
            if name != Text(field.name)
        ]
        if isinstance(value, Text) and _tells(value.value, others):
            yield field


def _tells(text: str, others: Sequence[str]) -> bool:
    """Whether an answer with the text can only have it from its own field."""
    return len(text) >= TELLING and not any(text in other for other in others)


def _hashed(entity: Entity) -> Iterator[Field]:
    """The secrets whose hash a new row stores."""
    if Operation.CREATE in entity.operations:
        yield from (field for field in entity.fields if field.hash and not field.read_only)


def _hashed_on(change: Operation, entity: Entity, rows: tuple[Row, ...]) -> Iterator[Field]:
    """The secrets for which the change can send another one."""
    if change in entity.operations and len(rows) > 1:
        written = (field for field in entity.fields if field.hash and not field.read_only)
        yield from (f for f in written if not f.immutable and rows[1][f.name] is not None)


def _texts(fields: Iterable[Field]) -> Items:
    return Items(tuple(Text(field.name) for field in fields))
