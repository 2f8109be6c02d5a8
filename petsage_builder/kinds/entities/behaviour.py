"""What services do with an entity: filters, orders, and the rules of its fields."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from petsage_builder.kinds.entities.asked import (
    CHANGING,
    ENDING,
    Entity,
    Locking,
    Operation,
    Paginate,
)
from petsage_builder.kinds.entities.constants import (
    changes,
    constants_of,
    is_sealed,
    late_constants_of,
    writes,
)
from petsage_builder.kinds.entities.homes import Home, Known
from petsage_builder.kinds.entities.including import Including
from petsage_builder.kinds.entities.naming import EntityNames
from petsage_builder.kinds.entities.nested import Nesteds
from petsage_builder.names import Ident
from petsage_builder.python_code import (
    Call,
    Code,
    Declaration,
    Name,
    Subscript,
    call,
)


@dataclass(frozen=True, slots=True)
class Behaviour:
    """An entity's part of the module `services.py`, and what it uses.

    `keeping`, `checking`, `advancing`: what is done to the values of a change, before they are
    set, and after; `expected`, `within`, `embedding`: parameters that not all services have.
    """

    uses: tuple[object, ...]
    constants: tuple[Declaration, ...]
    late_constants: tuple[Declaration, ...]
    page: Call
    fixes: bool
    hashes: bool
    links: bool
    keeping: tuple[Code, ...]
    checking: tuple[Code, ...]
    advancing: tuple[Code, ...]
    expected: tuple[Declaration, ...]
    within: tuple[Declaration, ...]
    embedding: tuple[Declaration, ...]
    needs: tuple[str, ...]


EXPECTED = Declaration(Ident("expected"), Name("versions.Expected", ".core"), Name("None"))
INCLUDE = Declaration(
    Ident("include"),
    Subscript(Name("Collection", "collections.abc"), (Name("str"),)),
    Name("includes.NOTHING", ".core"),
)
WITHIN = Declaration(
    Ident("within"),
    Name("pagination.Within", ".core"),
    Name("pagination.ANYWHERE", ".core"),
)
PAGES = {
    Paginate.CURSOR: "pagination.by_cursor",
    Paginate.OFFSET: "pagination.by_offset",
    Paginate.NONE: "pagination.in_one_page",
}


def behaviour_of(home: Home, known: Known, nesteds: Nesteds, including: Including) -> Behaviour:
    """Everything that the services know of this entity's fields."""
    entity, names = home.entity, home.names
    constants = tuple(constants_of(home, known))
    late = tuple(late_constants_of(home, including))
    tables = (Name(f"{names.upper}_{table}") for table in ("FILTERS", "SORTS"))
    within = (Name("within"),) if nesteds.lists else ()
    arguments = (Name("session"), Name(names.table), Name("query"), *tables, *within)
    return Behaviour(
        uses=(_used(home), constants, late, nesteds.uses_in_services),
        constants=constants,
        late_constants=late,
        page=call(Name(PAGES[entity.listing.paginate], ".core"), *arguments),
        fixes=changes(entity) and any(field.immutable for field in entity.fields),
        hashes=writes(entity) and any(field.hash for field in entity.fields),
        links=bool(entity.links),
        keeping=tuple(_keeping(entity, names)),
        checking=tuple(_checking(entity, names)),
        advancing=tuple(_advancing(entity, names)),
        expected=(EXPECTED,) if entity.versioned else (),
        within=(WITHIN,) if nesteds.lists else (),
        embedding=(INCLUDE,) if including.loads else (),
        needs=tuple(_needs(entity)),
    )


def _keeping(entity: Entity, names: EntityNames) -> Iterator[Code]:
    """What is done to the values of a change before they are set."""
    row, values = Name(names.variable), Name("values")
    fixed = [field for field in entity.fields if field.immutable]
    if any(map(is_sealed, fixed)):
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
    if entity.versioned and entity.operations & (CHANGING | BACK):
        more: dict[str, Code] = {"changed": call("bool", Name("changes"))} if entity.links else {}
        yield call("versions.advance", Name("session"), row, **more)


def _needs(entity: Entity) -> Iterator[str]:
    """The modules of the core that only some entities need."""
    if writes(entity) and (entity.checks or any(field.immutable for field in entity.fields)):
        yield "rules"
    if entity.kept and writes(entity):
        yield "references"
    if entity.links:
        yield from ("links", "references")
    if entity.versioned:
        yield "versions"
    if entity.locking is Locking.REQUIRED and entity.operations & (CHANGING | ENDING):
        yield "named_versions"
    if entity.operations & BULK:
        yield "bulk"
    if entity.include:
        yield from ("includes", "links", "references")


BULK = frozenset({Operation.BULK_CREATE, Operation.BULK_DELETE})


def _used(home: Home) -> tuple[Name, ...]:
    """What the template itself names, by the operations it prints."""
    entity = home.entity
    does = entity.operations
    written = writes(entity)
    finds = changes(entity) or bool(does & ({Operation.READ, Operation.RESTORE} | ENDING))
    lists = bool(does & {Operation.LIST, Operation.COUNT})
    fixed = changes(entity) and any(field.immutable for field in entity.fields)
    used = {
        Name("Session", "sqlalchemy.orm"): True,
        Name("models", f".features.{home.feature}"): bool(does - ENDING),
        home.table: True,
        Name("pagination", ".core"): lists,
        Name("UUID", "uuid"): finds,
        Name("NotFound", ".core.domain_errors"): finds,
        Name("Any", "typing"): written,
        Name("utcnow", ".core.columns"): _tells_time(entity),
        Name("versions", ".core"): entity.versioned and bool(does & (CHANGING | ENDING | BACK)),
        Name("bulk", ".core"): bool(does & BULK),
        Name("rows", ".core"): Operation.READ in does or (written and bool(entity.links)),
        Name("references", ".core"): written and bool(entity.belongs_to),
        Name("includes", ".core"): bool(entity.include),
        Name("Collection", "collections.abc"): bool(entity.include) and Operation.READ in does,
        Name("links", ".core"): bool(entity.links) and bool(does - {Operation.DELETE}),
        Name("rules", ".core"): written and (bool(entity.checks) or fixed),
        Name("hash_secrets", ".core.hashing"): written and any(f.hash for f in entity.fields),
        Name("keep_secrets", ".core.hashing"): fixed and any(is_sealed(f) for f in entity.fields),
    }
    return tuple(name for name, needed in used.items() if needed)


BACK = frozenset({Operation.RESTORE})


def _tells_time(entity: Entity) -> bool:
    """Whether a service notes a moment: that of a deletion."""
    return entity.soft_delete and bool(entity.operations & ENDING)


def _stamps_links(entity: Entity) -> bool:
    """Whether a change of links is a change of the row."""
    return changes(entity) and bool(entity.links) and entity.timestamps
