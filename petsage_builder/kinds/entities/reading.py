"""Reads a request for entities: those that it asks for, or every problem in them."""

from __future__ import annotations

from collections.abc import Sequence

from petsage_builder import names
from petsage_builder.entries import Entry, json_type
from petsage_builder.errors import Problem
from petsage_builder.field_types.field import Field
from petsage_builder.kinds.entities.asked import (
    CHANGING,
    ENDING,
    BelongsTo,
    Entity,
    Locking,
    ManyToMany,
    Operation,
    Relation,
)
from petsage_builder.kinds.entities.request import EntityRequest, ListRequest
from petsage_builder.kinds.entities.rules.checks import orphan_flaws, read_checks
from petsage_builder.kinds.entities.rules.clashes import clashes
from petsage_builder.kinds.entities.rules.fields import read_fields
from petsage_builder.kinds.entities.rules.flaw import Flaw
from petsage_builder.kinds.entities.rules.include import read_include
from petsage_builder.kinds.entities.rules.indexing import read_indexes, read_unique_together
from petsage_builder.kinds.entities.rules.listing import read_listing
from petsage_builder.kinds.entities.rules.members import Members
from petsage_builder.kinds.entities.rules.plural import plural_of
from petsage_builder.kinds.entities.rules.relations import read_relations
from petsage_builder.kinds.entities.shape import PLACEHOLDER, Shape, read_shape
from petsage_builder.names import Ident
from petsage_builder.strict_json import JsonPath

AT = ("requirements", "entities")
MOST = 20


def read_entities(
    value: object, entry: Entry, path: JsonPath = AT
) -> tuple[tuple[Entity, ...] | None, list[Problem]]:
    """The entities that stand under the path, or every problem of what stands there."""
    if not isinstance(value, list):
        return None, [Problem(entry.where(path), f"must be a list, not {json_type(value)}.")]
    if not value:
        hint = 'Ask for one: [{"name": "pet", "fields": ["name:string{1,80}"]}].'
        return None, [Problem(entry.where(path), "must hold an entity.", hint)]
    if len(value) > MOST:
        message = f"holds {len(value)} entities; at most {MOST} make one feature."
        return None, [Problem(entry.where(path), message, "Ask for several features.")]
    problems = []
    entities = []
    for index, one in enumerate(value):
        entity, wrong = read_entity(one, entry, (*path, index))
        problems += wrong
        entities.append(entity)
    sound = tuple(entity for entity in entities if entity is not None)
    if not problems:
        flaws = clashes(sound)
        problems += [Problem(entry.where((*path, *f.path)), f.message, f.hint) for f in flaws]
    return (None if problems else sound), problems


def read_entity(value: object, entry: Entry, path: JsonPath) -> tuple[Entity | None, list[Problem]]:
    """The entity, or every problem in it."""
    if not isinstance(value, dict):
        return None, [Problem(entry.where(path), f"must be an object, not {json_type(value)}.")]
    shape = read_shape(value, entry, path)
    found: list[Flaw] = []
    entity = _entity(shape, found)
    problems = [*shape.problems, *(shape.problem(flaw, entry, path) for flaw in found)]
    return (None if problems else entity), problems


def _entity(shape: Shape, found: list[Flaw]) -> Entity:
    asked = shape.asked
    members = read_fields(asked.fields, shape.doubtful, found, complete=shape.complete)
    members, relations = read_relations(asked.relations, asked.name, members, found)
    listed = members.with_stamps() if asked.timestamps else members
    unique = read_unique_together(asked.unique_together, members, found)
    fields = _fields(members, relations)
    _check_operations(asked, fields, members, found)
    _check_features(asked, found)
    checks = read_checks(asked.checks, members, found)
    found += orphan_flaws(checks, [one for one in relations if isinstance(one, BelongsTo)])
    return Entity(
        name=asked.name,
        plural=_plural(asked, found),
        description=asked.description,
        fields=fields,
        relations=relations,
        unique_together=unique,
        indexes=read_indexes(asked.indexes, unique, listed, found),
        checks=checks,
        timestamps=asked.timestamps,
        soft_delete=asked.soft_delete,
        locking=asked.optimistic_lock,
        include=read_include(asked.include, relations, members, found),
        operations=frozenset(asked.operations),
        listing=read_listing(asked.list_ or ListRequest(), listed, found),
        renamed_from=asked.renamed_from,
    )


def _fields(members: Members, relations: tuple[Relation, ...]) -> tuple[Field, ...]:
    """The fields that were asked for, and those that hold the ids of others."""
    own = [one.field for one in relations if isinstance(one, BelongsTo)]
    own += [r.field for r in relations if isinstance(r, ManyToMany) and r.through is None]
    return (*members.fields.values(), *own)


def _plural(asked: EntityRequest, found: list[Flaw]) -> Ident:
    if asked.name is PLACEHOLDER:
        return asked.plural or PLACEHOLDER
    hint = f'Give one: "plural": "{asked.name[:38].rstrip("_")}_records".'
    try:
        plural = asked.plural or plural_of(asked.name)
    except ValueError:
        found.append(Flaw(("name",), f"no plural could be made of '{asked.name}'.", hint))
        return asked.name
    if names.class_name(plural) == names.class_name(asked.name):
        message = f"the plural '{plural}' must differ from the name '{asked.name}'."
        found.append(Flaw(("plural",) if asked.plural else ("name",), message, hint))
    return plural


def _check_operations(
    asked: EntityRequest, fields: Sequence[Field], members: Members, found: list[Flaw]
) -> None:
    operations = asked.operations
    if not operations:
        hint = 'Leave it out for all, or say ["list", "read"].'
        found.append(Flaw(("operations",), "names no operation.", hint))
    for index, operation in enumerate(operations):
        if operation in operations[:index]:
            found.append(Flaw(("operations", index), f"{operation} is given twice."))
    if asked.list_ is not None and Operation.LIST not in operations:
        message = "is given, but `operations` has no list."
        found.append(Flaw(("list",), message, "Add it there, or leave this out.", at_key=True))
    known = members.complete and not members.doubtful
    if known and _nothing_to_change(fields):
        left = [f'"{one}"' for one in operations if one not in CHANGING]
        if len(left) < len(operations):
            message = "update and replace could change nothing: no field can be changed."
            hint = f'Say "operations": [{", ".join(left)}].'
            found.append(Flaw(("operations",), message, hint))


def _check_features(asked: EntityRequest, found: list[Flaw]) -> None:
    """Operations, and what they need or rule out."""
    operations = frozenset(asked.operations)
    if Operation.RESTORE in operations and not asked.soft_delete:
        place = ("operations", asked.operations.index(Operation.RESTORE))
        message = "what is deleted is gone, so it can't be restored."
        found.append(Flaw(place, message, 'Add "soft_delete": true, or leave it out.'))
    if asked.soft_delete and not operations & ENDING:
        message = "is given, but nothing deletes."
        found.append(Flaw(("soft_delete",), message, 'Add "delete" to the operations.'))
    if asked.include and not operations & {Operation.LIST, Operation.READ}:
        message = "is given, but nothing is read."
        found.append(Flaw(("include",), message, "Leave it out.", at_key=True))
    if asked.optimistic_lock is Locking.REQUIRED and Operation.BULK_DELETE in operations:
        place = ("operations", asked.operations.index(Operation.BULK_DELETE))
        message = "clients can't name the versions of many rows at once."
        hint = 'Say "optimistic_lock": true, or leave this operation out.'
        found.append(Flaw(place, message, hint))


def _nothing_to_change(fields: Sequence[Field]) -> bool:
    """Whether clients can change none of the fields; an entity may have none at all."""
    return bool(fields) and all(field.immutable or field.read_only for field in fields)
