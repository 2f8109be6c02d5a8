"""What a change does to the database, in words: what goes with it, and what it still needs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from petsage_builder.kinds.entities.asked import Entity, OneOf, rule_sides
from petsage_builder.kinds.entities.evolution.columns import narrowings, unlisted
from petsage_builder.kinds.entities.evolution.fills import fill_of
from petsage_builder.kinds.entities.evolution.matching import Matched, Pair
from petsage_builder.kinds.entities.evolution.moves import Move
from petsage_builder.kinds.entities.evolution.steps import Change
from petsage_builder.kinds.entities.evolution.tables import (
    CHECK,
    FOREIGN,
    UNIQUE,
    is_nullable,
    mentions,
)
from petsage_builder.kinds.entities.links import link_name
from petsage_builder.names import Ident
from petsage_builder.python_code import Call
from petsage_builder.strict_json import JsonPath

WORDS = {FOREIGN: "foreign key", UNIQUE: "unique constraint", CHECK: "check"}
MAY_FAIL = "the migration fails, and changes nothing, where rows that exist break it"
SOFT = "rows that were deleted come back"
OPTIONAL = 'Say "required": false'
VALUE = f'Give it a "default" or a "backfill" for them, or say {OPTIONAL[4:]}.'


@dataclass(frozen=True, slots=True)
class Finding:
    """One change; `lost` says what goes with it, `missing` what it can't be without.

    `path`: below the list of entities, as it is asked for now.
    """

    change: str
    path: JsonPath = ()
    lost: str = ""
    missing: str = ""
    hint: str = ""


def findings(matched: Matched, change: Change) -> Iterator[Finding]:
    """Everything that changes in the tables of a feature."""
    for entity in matched.dropped:
        lost = f"drops the table {entity.name}, and every row in it is lost."
        hint = f'If it has another name now, say "renamed_from": "{entity.name}" there.'
        hint = hint if matched.added else ""
        yield Finding(f"drops table {entity.name}", lost=lost, hint=hint)
    for entity, link in change.dropped_links:
        yield _dropped_link(link_name(entity, link), link.name, _number(matched, entity))
    for old, new in matched.tables.items():
        yield Finding(f"renames table {old} to {new}")
    for entity in change.added:
        yield Finding(f"adds table {entity.name}")
    for entity, link in change.added_links:
        yield Finding(f"adds table {link_name(entity, link)}")
    moves = {move.new.name: move for move in change.moves}
    for pair in matched.pairs:
        yield from _pair(pair, moves.pop(pair.after.name))
    for move in moves.values():
        if move.old.name != move.new.name:
            yield Finding(f"renames table {move.old.name} to {move.new.name}")
        yield from _parts(move)


def _number(matched: Matched, entity: Entity) -> JsonPath:
    """Where the relations of an entity stand that stays."""
    numbers = [pair.number for pair in matched.pairs if pair.before is entity]
    return (numbers[0], "relations") if numbers else ()


def _dropped_link(table: Ident, relation: Ident, path: JsonPath) -> Finding:
    lost = f"drops the table {table}, and every link in it is lost."
    hint = f'If the relation has another name now, say "renamed_from": "{relation}" there.'
    return Finding(f"drops table {table}", path, lost=lost, hint=hint if path else "")


def _pair(pair: Pair, move: Move) -> Iterator[Finding]:
    yield from _gone(pair, move)
    for new, old in move.sources.items():
        if new in move.new.columns:
            yield Finding(f"renames column {move.new.name}.{old} to {new}")
    for column in move.added:
        yield from _added(pair, move, column)
    for column in move.kept:
        yield from _kept(pair, move, column)
    yield from _impossible(pair, move)
    yield from _parts(move)


def _gone(pair: Pair, move: Move) -> Iterator[Finding]:
    for column in move.named.columns:
        if column in move.gone - move.replaced:
            named = f"{move.new.name}.{column}"
            lost = f"drops the column {named}, and its values are lost."
            if column == "deleted_at":
                lost = f"drops the column {named}: {SOFT}."
            is_field = column in move.named.fields
            hint = f'If it has another name now, say "renamed_from": "{column}" there.'
            path = (pair.number, "fields")
            yield Finding(f"drops column {named}", path, lost=lost, hint=hint if is_field else "")


def _added(pair: Pair, move: Move, column: str) -> Iterator[Finding]:
    named = f"{move.new.name}.{column}"
    field = move.new.fields.get(column)
    path = _path(pair.after, pair.number, column)
    needs = not is_nullable(move.new.columns[column]) and fill_of(column, field) is None
    missing = f"the column {named} is new, and rows that exist have no value for it."
    hint = _advice(pair.after, column) if needs else ""
    if column in move.replaced:
        lost = f"drops the column {named} and adds it anew: its values can't become others."
        yield Finding(f"drops column {named}, and adds it anew", path, lost=lost)
        if needs:
            yield Finding("", path, missing=missing, hint=hint)
        return
    yield Finding(f"adds column {named}", path, missing=missing if needs else "", hint=hint)


def _advice(entity: Entity, column: str) -> str:
    """How a column that is new, or takes null no more, can be had."""
    if any(relation.field.name == column for relation in entity.belongs_to):
        return f"There is no value to give: {OPTIONAL.lower()}."
    field = next(field for field in entity.fields if field.name == column)
    return f"{OPTIONAL}." if field.unique or field.secret else VALUE


def _path(entity: Entity, number: int, column: str) -> JsonPath:
    """Where the field or the relation of a column stands in the request."""
    for place, relation in enumerate(entity.relations):
        if relation in entity.kept and column == relation.field.name:
            return (number, "relations", place)
    held = {relation.field.name for relation in entity.kept}
    own = [field.name for field in entity.fields if field.name not in held]
    return (number, "fields", own.index(Ident(column))) if column in own else (number,)


def _kept(pair: Pair, move: Move, column: str) -> Iterator[Finding]:
    both = move.fields(column)
    if both is None:
        return
    named = f"{move.new.name}.{column}"
    path = _path(pair.after, pair.number, column)
    reasons = list(narrowings(*both))
    if reasons:
        said = "; ".join(reasons)
        lost = f"narrows {named} ({said}): values that exist may no longer fit."
        yield Finding(f"narrows {named}: {said}", path, lost=lost)
    elif move.retyped(column):
        yield Finding(f"widens column {named}")
    if move.relaxed(column):
        yield Finding(f"lets column {named} be null")
    yield from _tightened(pair, move, column, path)
    if unlisted(*both) and not fill_of(column, both[1]) and not both[1].nullable:
        missing = f"rows of {named} may hold a value that is gone, and there is none for them."
        yield Finding("", path, missing=missing, hint=VALUE)


def _tightened(pair: Pair, move: Move, column: str, path: JsonPath) -> Iterator[Finding]:
    if not move.tightened(column):
        return
    named = f"{move.new.name}.{column}"
    if fill_of(column, move.new.fields.get(column)):
        yield Finding(f"fills column {named} where it is null, and lets it be null no more")
        return
    lost = f"lets the column {named} be null no more, and rows that exist may have no value."
    change = f"lets column {named} be null no more; {MAY_FAIL}"
    yield Finding(change, path, lost=lost, hint=_advice(pair.after, column))


def _impossible(pair: Pair, move: Move) -> Iterator[Finding]:
    """Rows that exist have none of the fields of which exactly one is to be given."""
    new = frozenset(move.added)
    for place, check in enumerate(pair.after.checks):
        if isinstance(check, OneOf) and new.issuperset(side.name for side in rule_sides(check)):
            missing = f"no row that exists can pass '{check.code}': all of its fields are new."
            path = (pair.number, "checks", place)
            hint = "Build the fields first, and the check when rows have their values."
            yield Finding("", path, missing=missing, hint=hint)


def _parts(move: Move) -> Iterator[Finding]:
    """The constraints and indexes that are really new or gone, not those that are renamed."""
    table = move.new.name
    for before, after, judged in (
        (move.named.constraints, move.new.constraints, True),
        (move.named.indexes, move.new.indexes, False),
    ):
        for name, part in before.items():
            if name not in after:
                yield Finding(f"drops {_word(part)} {name} of {table}")
        for name, part in after.items():
            if before.get(name) != part:
                verb = "changes" if name in before else "adds"
                unique = "unique" in part.keywords
                note = f"; {MAY_FAIL}" if (judged or unique) and _judges(move, part) else ""
                yield Finding(f"{verb} {_word(part)} {name} of {table}{note}")


def _word(part: Call) -> str:
    index = "unique index" if "unique" in part.keywords else "index"
    return WORDS.get(part.function.value, index)


def _judges(move: Move, part: Call) -> bool:
    """Whether rows that exist can break it: it is about a column that has values."""
    return mentions(part, move.kept)
