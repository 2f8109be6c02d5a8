"""The constants of an entity's services: what its filters, rules and relations are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from petsage_builder.field_types.field import Field
from petsage_builder.kinds.entities.asked import (
    CHANGING,
    ENDING,
    MAKING,
    Entity,
    ManyToMany,
    Operation,
)
from petsage_builder.kinds.entities.homes import Home, Known
from petsage_builder.kinds.entities.including import Including
from petsage_builder.kinds.entities.links import link_columns, link_variable
from petsage_builder.kinds.entities.naming import attribute
from petsage_builder.kinds.entities.queries import Entry, conditions, sorts
from petsage_builder.kinds.entities.rules_code import rule_of
from petsage_builder.names import PyName
from petsage_builder.python_code import Call, Code, Declaration, Items, Name, Pairs, call
from petsage_builder.text import Text


def constants_of(home: Home, known: Known) -> Iterator[Declaration]:
    """Every constant that the services of the entity name, in the order of the module."""
    entity, names = home.entity, home.names
    does = entity.operations
    if does & ({Operation.READ, Operation.RESTORE} | CHANGING | ENDING):
        yield _constant(home, "MISSING", None, names.missing)
    if does & {Operation.LIST, Operation.COUNT}:
        kind = Name("pagination.Filters", ".core")
        yield _constant(home, "FILTERS", kind, _dict(conditions(entity, names)))
    if Operation.LIST in does:
        kind = Name("pagination.Sorts", ".core")
        yield _constant(home, "SORTS", kind, _dict(sorts(entity, names)))
    if writes(entity):
        yield from _of_writes(home, known)
    if entity.links:
        yield _constant(home, "LINKS", Name("links.Links", ".core"), _links(home, known))


def late_constants_of(home: Home, including: Including) -> Iterator[Declaration]:
    """Those that name constants of other entities."""
    if including.loads is not None:
        yield _constant(home, "INCLUDES", Name("includes.Includes", ".core"), including.loads)


def writes(entity: Entity) -> bool:
    """Whether rows are made or changed."""
    return bool(entity.operations & (MAKING | CHANGING | {Operation.RESTORE}))


def changes(entity: Entity) -> bool:
    """Whether the fields of rows can be changed."""
    return bool(entity.operations & CHANGING)


def is_sealed(field: Field) -> bool:
    """Whether it never changes, and only its hash is kept."""
    return field.immutable and field.hash


def _of_writes(home: Home, known: Known) -> Iterator[Declaration]:
    entity = home.entity
    if entity.checks:
        rules = tuple(rule_of(check, home.names) for check in entity.checks)
        yield _constant(home, "RULES", None, rules)
    fixed = [field for field in entity.fields if field.immutable]
    if fixed and changes(entity):
        yield _constant(home, "IMMUTABLE", None, _by_attribute(fixed))
    if changes(entity) and any(map(is_sealed, fixed)):
        yield _constant(home, "SEALED", None, _by_attribute(filter(is_sealed, fixed)))
    if entity.belongs_to:
        kind = Name("references.References", ".core")
        yield _constant(home, "REFERENCES", kind, _references(home, known))
    if hashed := [field for field in entity.fields if field.hash]:
        names = tuple(Text(attribute(field.name)) for field in hashed)
        yield _constant(home, "HASHED", None, Items(names))


def _constant(home: Home, word: str, annotation: Code, value: Code) -> Declaration:
    return Declaration(PyName(f"{home.names.upper}_{word}"), annotation, value)


def _dict(entries: Iterable[Entry]) -> Pairs:
    return Pairs(tuple((entry.key, entry.code) for entry in entries))


def _by_attribute(fields: Iterable[Field]) -> Pairs:
    """Attributes, by their names on the wire."""
    return Pairs(tuple((Text(attribute(field.name)), Text(field.name)) for field in fields))


def _references(home: Home, known: Known) -> Pairs:
    """Attributes that hold ids, and the tables that these are of."""
    return Pairs(
        tuple(
            (Text(relation.field.name), known[relation.target.entity].table)
            for relation in home.entity.belongs_to
        )
    )


def _links(home: Home, known: Known) -> Pairs:
    """What holds lists of ids, and the tables of pairs that these are in."""
    return Pairs(
        tuple((Text(link.field.name), _link(home, link, known)) for link in home.entity.links)
    )


def _link(home: Home, link: ManyToMany, known: Known) -> Call:
    table = link_variable(home.entity, link)
    own, other = (
        home.of_tables(f"{table}.c.{column}") for column in link_columns(home.entity, link)
    )
    return call(Name("links.Link", ".core"), own, other, known[link.target.entity].table)
