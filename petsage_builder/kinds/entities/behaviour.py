"""What services do with an entity: filters, orders, and the rules of its fields."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from petsage_builder.field_types.field import Field
from petsage_builder.kinds.entities.asked import (
    CHANGING,
    ENDING,
    MAKING,
    Check,
    Compares,
    Comparison,
    Entity,
    Locking,
    ManyToMany,
    OneOf,
    Operation,
    Paginate,
    Requires,
)
from petsage_builder.kinds.entities.homes import Home, Known
from petsage_builder.kinds.entities.links import link_columns, link_name
from petsage_builder.kinds.entities.naming import EntityNames, attribute
from petsage_builder.kinds.entities.queries import Entry, conditions, sorts
from petsage_builder.names import Ident
from petsage_builder.python_code import (
    AnyOf,
    Call,
    Code,
    Compare,
    Declaration,
    Function,
    Items,
    Method,
    Name,
    Pairs,
    call,
)
from petsage_builder.text import Text

PYTHON = {
    Comparison.EQ: "==",
    Comparison.NE: "!=",
    Comparison.LT: "<",
    Comparison.LTE: "<=",
    Comparison.GT: ">",
    Comparison.GTE: ">=",
}
WORDS = {
    Comparison.EQ: "must be the same as",
    Comparison.NE: "must not be the same as",
    Comparison.LT: "must be less than",
    Comparison.LTE: "must be at most",
    Comparison.GT: "must be more than",
    Comparison.GTE: "must be at least",
}


@dataclass(frozen=True, slots=True)
class Behaviour:
    """An entity's part of the module `services.py`, and what it uses."""

    uses: tuple[object, ...]
    filters: tuple[Entry, ...]
    sorts: tuple[Entry, ...]
    page: Call
    rules: tuple[Call, ...]
    immutable: Pairs | None
    sealed: Pairs | None
    hashed: Items | None
    references: Pairs | None
    links: Pairs | None
    keeping: tuple[Code, ...]
    checking: tuple[Code, ...]
    advancing: tuple[Code, ...]
    expected: tuple[Declaration, ...]
    needs: tuple[str, ...]


EXPECTED = Declaration(Ident("expected"), Name("versions.Expected", ".core"), Name("None"))
PAGES = {
    Paginate.CURSOR: "pagination.by_cursor",
    Paginate.OFFSET: "pagination.by_offset",
    Paginate.NONE: "pagination.in_one_page",
}


def behaviour_of(home: Home, known: Known) -> Behaviour:
    """Everything that the services know of this entity's fields."""
    entity, names = home.entity, home.names
    references = _references(home, known) if _writes(entity) else None
    links = _links(home, known)
    rules = tuple(_rule(check, names) for check in entity.checks) if _writes(entity) else ()
    filters = conditions(entity, names)
    tables = (Name(f"{names.upper}_{table}") for table in ("FILTERS", "SORTS"))
    arguments = (Name(names.table), Name("query"), *tables)
    page = call(Name(PAGES[entity.listing.paginate], ".core"), Name("session"), *arguments)
    immutable = _by_attribute(field for field in entity.fields if field.immutable)
    sealed = _by_attribute(field for field in entity.fields if _sealed(field))
    hashed = tuple(Text(attribute(field.name)) for field in entity.fields if field.hash)
    used = _used(entity, names, home.feature)
    return Behaviour(
        uses=(used, rules, filters, references, links),
        filters=filters,
        sorts=sorts(entity, names),
        page=page,
        rules=rules,
        immutable=immutable if changes(entity) else None,
        sealed=sealed if changes(entity) else None,
        hashed=Items(hashed) if hashed and _writes(entity) else None,
        references=references,
        links=links,
        keeping=tuple(_keeping(entity, names)),
        checking=tuple(_checking(entity, names)),
        advancing=tuple(_advancing(entity, names)),
        expected=(EXPECTED,) if entity.versioned else (),
        needs=tuple(_needs(entity)),
    )


def _references(home: Home, known: Known) -> Pairs | None:
    """Attributes that hold ids, and the tables that these are of."""
    pairs = tuple(
        (Text(relation.field.name), table_name(known[relation.target.entity]))
        for relation in home.entity.belongs_to
    )
    return Pairs(pairs) if pairs else None


def table_name(home: Home) -> Name:
    """The class of its table."""
    return Name(home.names.table, f".features.{home.feature}.tables")


def _links(home: Home, known: Known) -> Pairs | None:
    """What holds lists of ids, and the tables of pairs that these are in."""
    pairs = tuple((Text(link.field.name), _link(home, link, known)) for link in home.entity.links)
    return Pairs(pairs) if pairs else None


def _link(home: Home, link: ManyToMany, known: Known) -> Call:
    table = link_name(home.entity, link)
    own, other = (
        Name(f"{table}.c.{column}", f".features.{home.feature}.tables")
        for column in link_columns(home.entity, link)
    )
    return call(Name("links.Link", ".core"), own, other, table_name(known[link.target.entity]))


def _by_attribute(fields: Iterable[Field]) -> Pairs | None:
    """Attributes, by their names on the wire; None where there is none."""
    pairs = tuple((Text(attribute(field.name)), Text(field.name)) for field in fields)
    return Pairs(pairs) if pairs else None


def _keeping(entity: Entity, names: EntityNames) -> Iterator[Code]:
    """What is done to the values of a change before they are set."""
    row, values = Name(names.variable), Name("values")
    fixed = [field for field in entity.fields if field.immutable]
    if any(map(_sealed, fixed)):
        yield call("keep_secrets", row, values, Name(f"{names.upper}_SEALED"))
    if fixed:
        yield call("rules.keep", row, values, Name(f"{names.upper}_IMMUTABLE"))
    if any(field.hash for field in entity.fields):
        yield call("hash_secrets", values, Name(f"{names.upper}_HASHED"))


def _checking(entity: Entity, names: EntityNames) -> Iterator[Code]:
    """What is looked up before values are set: rows that they refer to."""
    given = (Name("session"), Name(names.variable), Name("values"))
    if entity.belongs_to:
        yield call("references.check", *given, Name(f"{names.upper}_REFERENCES"))
    if entity.links:
        changes = call("links.changes", *given, Name(f"{names.upper}_LINKS"))
        yield Declaration(Ident("changes"), None, changes)


def _advancing(entity: Entity, names: EntityNames) -> Iterator[Code]:
    """What is done after values are set: rules are checked, and the change is noted."""
    row = Name(names.variable)
    if entity.checks:
        yield call("rules.check", row, Name(f"{names.upper}_RULES"))
    if _stamps_links(entity):
        yield call("links.stamp", row, Name("changes"))
    if entity.versioned:
        more: dict[str, Code] = {"changed": call("bool", Name("changes"))} if entity.links else {}
        yield call("versions.advance", Name("session"), row, **more)


def _needs(entity: Entity) -> Iterator[str]:
    """The modules of the core that only some entities need."""
    if entity.versioned:
        yield "versions"
    if entity.locking is Locking.REQUIRED and entity.operations & (CHANGING | ENDING):
        yield "named_versions"
    if entity.operations & BULK:
        yield "bulk"


BULK = frozenset({Operation.BULK_CREATE, Operation.BULK_DELETE})


def _writes(entity: Entity) -> bool:
    return changes(entity) or bool(entity.operations & (MAKING | {Operation.RESTORE}))


def changes(entity: Entity) -> bool:
    """Whether the fields of rows can be changed."""
    return bool(entity.operations & CHANGING)


def _used(entity: Entity, names: EntityNames, feature: Ident) -> tuple[Name, ...]:
    """What the template itself names, by the operations it prints."""
    does = entity.operations
    writes = _writes(entity)
    finds = changes(entity) or bool(does & ({Operation.READ, Operation.RESTORE} | ENDING))
    lists = bool(does & {Operation.LIST, Operation.COUNT})
    fixed = changes(entity) and any(field.immutable for field in entity.fields)
    used = {
        Name("Session", "sqlalchemy.orm"): True,
        Name("models", f".features.{feature}"): bool(does - ENDING),
        Name(names.table, f".features.{feature}.tables"): True,
        Name("pagination", ".core"): lists,
        Name("UUID", "uuid"): finds,
        Name("NotFound", ".core.domain_errors"): finds,
        Name("Any", "typing"): writes,
        Name("utcnow", ".core.columns"): _tells_time(entity),
        Name("versions", ".core"): entity.versioned and (writes or bool(does & ENDING)),
        Name("bulk", ".core"): bool(does & BULK),
        Name("rows", ".core"): Operation.READ in does or (writes and bool(entity.links)),
        Name("references", ".core"): writes and bool(entity.belongs_to),
        Name("links", ".core"): bool(entity.links) and bool(does - {Operation.DELETE}),
        Name("rules", ".core"): writes and (bool(entity.checks) or fixed),
        Name("hash_secrets", ".core.hashing"): writes and any(f.hash for f in entity.fields),
        Name("keep_secrets", ".core.hashing"): fixed and any(_sealed(f) for f in entity.fields),
    }
    return tuple(name for name, needed in used.items() if needed)


def _tells_time(entity: Entity) -> bool:
    """Whether a service notes a moment: that of a deletion."""
    return entity.soft_delete and bool(entity.operations & ENDING)


def _stamps_links(entity: Entity) -> bool:
    """Whether a change of links is a change of the row."""
    return changes(entity) and bool(entity.links) and entity.timestamps


def _sealed(field: Field) -> bool:
    return field.immutable and field.hash


def _rule(check: Check, names: EntityNames) -> Call:
    """`Rule(code, where, what to say, what must hold)`."""
    where, said = place_and_words(check)
    holds = Function(names.variable, _holds(check, names))
    return call(Name("rules.Rule", ".core"), Text(check.code), Text(where), Text(said), holds)


def place_and_words(check: Check) -> tuple[str, str]:
    """The field that a broken check is reported at, and what is said of it."""
    match check:
        case Compares(_, left, op, right):
            return left.name, f"{left.name} {WORDS[op]} {right.name}."
        case Requires(_, field, other):
            return field.name, f"{field.name} needs {other.name} beside it."
        case OneOf(_, fields):
            *others, last = (field.name for field in fields)
            return fields[0].name, f"Exactly one of {', '.join(others)} and {last} must be given."


def _holds(check: Check, names: EntityNames) -> Code:
    match check:
        case Compares(_, left, op, right):
            missing = tuple(_missing(side, names) for side in (left, right) if side.nullable)
            holds = Compare(_of(left, names), PYTHON[op], _of(right, names))
            return AnyOf((*missing, holds)) if missing else holds
        case Requires(_, field, other):
            return AnyOf((_missing(field, names), Compare(_of(other, names), "is not", None)))
        case OneOf(_, fields):
            given = Items(tuple(_of(field, names) for field in fields))
            return Compare(Method(given, Name("count"), (None,)), "==", len(fields) - 1)


def _of(field: Field, names: EntityNames) -> Name:
    return Name(f"{names.variable}.{attribute(field.name)}")


def _missing(field: Field, names: EntityNames) -> Code:
    return Compare(_of(field, names), "is", None)
