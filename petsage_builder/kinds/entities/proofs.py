"""What the generated tests try: bodies, edges, orders and filters, all decided here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from petsage_builder.field_types.field import Case, Field
from petsage_builder.kinds.entities import sent_rows
from petsage_builder.kinds.entities.asked import Entity, Locking, Operation, Paginate
from petsage_builder.kinds.entities.constants import changes
from petsage_builder.kinds.entities.findings import (
    Finding,
    Query,
    bad_queries_of,
    findings_of,
    orders_of,
    searches_of,
)
from petsage_builder.kinds.entities.homes import Home, Known
from petsage_builder.kinds.entities.including import Embedded, embedded_of
from petsage_builder.kinds.entities.nested import function_of
from petsage_builder.kinds.entities.proven_nested import NestedProof, nested_proofs
from petsage_builder.kinds.entities.proven_references import References, references_of
from petsage_builder.kinds.entities.samples import Row, entangled, rows_of
from petsage_builder.kinds.entities.secrecy import Secrecy, secrecy_of
from petsage_builder.kinds.entities.storage import unique_sets
from petsage_builder.kinds.entities.violations import Violation, kept_rules, violations_of
from petsage_builder.names import Ident
from petsage_builder.python_code import Code, Items, Name, Pairs, Plus
from petsage_builder.spec import ProjectSpec
from petsage_builder.text import Text


@dataclass(frozen=True, slots=True)
class Try:
    """One parameter set of a test: what it is called, the field, and the value sent."""

    id: Text
    field: Text
    value: Code


@dataclass(frozen=True, slots=True)
class Versions:
    """Which changes of versions can be tried; `methods`: those that have to name one.

    `repeats`: whether the same update again changes nothing, which a new hash would.
    """

    update: bool
    repeats: bool
    replace: bool
    methods: Items


@dataclass(frozen=True, slots=True)
class Proofs:
    """The module `test_<feature>.py`; rows are as they are on the wire, `stored` as in Python.

    `defaults`: what fields are that a client leaves out; `hidden`: what is never answered;
    `taken`: sets of fields that may stand together only once; `whole`: the query of a full page.
    """

    rows: tuple[Pairs, ...]
    stored: tuple[Pairs, ...]
    least: Pairs
    defaults: Pairs
    hidden: Items
    page: int
    one_page: bool
    whole: Pairs
    required: Items
    accepted: tuple[Try, ...]
    refused: tuple[Try, ...]
    never_null: Items
    nullable: Items
    changeable: Items
    own: Items
    immutable: Items
    secrecy: Secrecy
    taken: Items
    findings: tuple[Finding, ...]
    searches: tuple[Finding, ...]
    orders: tuple[Finding, ...]
    violations: tuple[Violation, ...]
    later_violations: tuple[Violation, ...]
    kept_rules: tuple[Violation, ...]
    taken_later: Items
    replace_needs: Items
    replaceable: bool
    fixed: Items
    change: Pairs
    stamped: bool
    bad_queries: tuple[Query, ...]
    other_order: Text | None
    writes: Text
    writes_to: Name
    references: References
    versions: Versions
    nested: tuple[NestedProof, ...]
    embedded: tuple[Embedded, ...]
    includes: bool
    operations: Items


def proofs_of(home: Home, known: Known, project: ProjectSpec) -> Proofs:
    """Everything that the tests of the entity send and expect."""
    entity = home.entity
    rows = rows_of(entity)
    written = [field for field in entity.fields if not field.read_only]
    tied = entangled(entity)
    free = [field for field in written if field.name not in tied]
    changeable = list(_changeable(entity, free, rows))
    fixed = {field.name for field in written if field.immutable}
    violations = tuple(violations_of(entity, rows))
    taken = tuple(_taken(entity, rows))
    return Proofs(
        rows=tuple(sent_rows.wire(entity, row) for row in rows),
        stored=tuple(sent_rows.stored(entity, rows)),
        least=sent_rows.least(entity, rows[0]),
        defaults=sent_rows.defaults(entity),
        hidden=_texts(field for field in entity.fields if not field.readable),
        page=min(2, entity.listing.max_size),
        one_page=entity.listing.max_size >= len(rows),
        whole=_whole(entity, len(rows)),
        required=_texts(filter(sent_rows.needed, written)),
        accepted=tuple(_accepted(free)),
        refused=tuple(_refused(written)),
        never_null=_texts(field for field in written if not field.nullable),
        nullable=_texts(field for field in free if field.nullable and not field.immutable),
        changeable=_texts(changeable),
        own=sent_rows.own(entity),
        immutable=_texts(_fixed(entity, rows)),
        secrecy=secrecy_of(entity, rows),
        taken=_sets(taken),
        findings=tuple(findings_of(entity, rows)),
        searches=tuple(searches_of(entity, rows)),
        orders=tuple(orders_of(entity, rows)),
        violations=violations,
        later_violations=tuple(
            one for one in violations if changes(entity) and not fixed & one.names
        ),
        kept_rules=tuple(kept_rules(entity, rows)),
        taken_later=_sets(names for names in taken if not fixed & set(names)),
        replace_needs=_texts(f for f in written if sent_rows.needed(f) and not f.immutable),
        replaceable=len(rows) > 1 and not (fixed & tied),
        fixed=_texts(field for field in written if field.immutable),
        change=_change(changeable, rows),
        stamped=entity.timestamps and bool(changeable),
        bad_queries=tuple(bad_queries_of(entity)),
        other_order=Text(entity.listing.sort[0]) if entity.listing.sort else None,
        **_writer(entity),
        references=references_of(home, known, project),
        versions=_versions(entity, changeable),
        **_around(home, known),
    )


def _around(home: Home, known: Known) -> dict[str, Any]:
    """What is found below one row, what can be embedded in it, and all that is documented."""
    return {
        "nested": nested_proofs(home, known),
        "embedded": embedded_of(home),
        "includes": bool(home.entity.include),
        "operations": Items(tuple(map(Text, sorted(operation_ids(home))))),
    }


def _whole(entity: Entity, count: int) -> Pairs:
    """The query of a page with so many rows, or with as many as it may hold."""
    if entity.listing.paginate is Paginate.NONE:
        return Pairs(())
    return Pairs(((Text("limit"), min(count, entity.listing.max_size)),))


def _versions(entity: Entity, changeable: list[Field]) -> Versions:
    methods = {
        Operation.UPDATE: "PATCH",
        Operation.REPLACE: "PUT",
        Operation.DELETE: "DELETE",
    }
    named = entity.locking is Locking.REQUIRED
    asked = (method for op, method in methods.items() if named and op in entity.operations)
    return Versions(
        update=Operation.UPDATE in entity.operations and bool(changeable),
        repeats=not all(field.hash for field in changeable),
        replace=Operation.REPLACE in entity.operations,
        methods=Items(tuple(map(Text, asked))),
    )


def _change(changeable: list[Field], rows: tuple[Row, ...]) -> Pairs:
    """The first change that a PATCH can make, best one that it could make again."""
    first = sorted(changeable, key=lambda field: field.hash)[:1]
    return Pairs(tuple((Text(field.name), field.type.show(rows[1][field.name])) for field in first))


def _writer(entity: Entity) -> dict[str, Any]:
    """How any body gets to the server."""
    does = entity.operations
    if Operation.CREATE in does:
        return {"writes": Text("POST"), "writes_to": Name("URL")}
    if Operation.BULK_CREATE in does:
        bulk = Plus(Name("URL"), Text("/bulk"))
        return {"writes": Text("POST"), "writes_to": bulk}
    method = "PATCH" if Operation.UPDATE in does else "PUT"
    return {"writes": Text(method), "writes_to": Name("NONE")}


def operation_ids(home: Home) -> Iterator[str]:
    """The ids of the documented operations."""
    entity, names = home.entity, home.names
    many = {Operation.LIST, Operation.COUNT, Operation.BULK_CREATE, Operation.BULK_DELETE}
    one = {Operation.READ: "get"}
    for operation in entity.operations:
        if operation in many:
            yield f"{operation.value}_{names.plural}"
        else:
            yield f"{one.get(operation, operation.value)}_{names.name}"
    yield from (function_of(home, relation) for relation in home.entity.nestings)


def _texts(fields: Iterable[Field]) -> Items:
    return Items(tuple(Text(field.name) for field in fields))


def _sets(sets: Iterable[tuple[Ident, ...]]) -> Items:
    return Items(tuple(Items(tuple(map(Text, names))) for names in sets))


def _accepted(fields: list[Field]) -> Iterator[Try]:
    for field in fields:
        for case in field.type.inside(field):
            yield _try(field, case)


def _refused(fields: list[Field]) -> Iterator[Try]:
    for field in fields:
        for case in (*field.type.outside(field), *field.type.wrong):
            yield _try(field, case)


def _try(field: Field, case: Case) -> Try:
    return Try(Text(f"{field.name}_of_{case.name}"), Text(field.name), case.wire)


def _changeable(entity: Entity, free: list[Field], rows: tuple[Row, ...]) -> Iterator[Field]:
    """The fields whose value in the second row differs, and may be sent alone."""
    if Operation.UPDATE not in entity.operations or len(rows) < 2:
        return
    for field in free:
        differs = rows[1][field.name] not in (None, rows[0][field.name])
        if differs and not field.immutable:
            yield field


def _fixed(entity: Entity, rows: tuple[Row, ...]) -> Iterator[Field]:
    if not changes(entity) or len(rows) < 2:
        return
    for field in entity.fields:
        if field.immutable and rows[1][field.name] != rows[0][field.name]:
            yield field


def _taken(entity: Entity, rows: tuple[Row, ...]) -> Iterator[tuple[Ident, ...]]:
    """The sets of columns that can be taken alone: no other set is taken with them."""
    if len(rows) < 2:
        return
    tied = entangled(entity)
    for columns in unique_sets(entity):
        merged = {**rows[1], **{name: rows[0].get(name) for name in columns}}
        also = (other for other in unique_sets(entity) if other != columns)
        clear = not any(all(_same(merged, rows[0], name) for name in other) for other in also)
        given = all(rows[0].get(name) is not None for name in columns)
        if clear and given and not tied & set(columns):
            yield columns


def _same(one: Row, other: Row, name: Ident) -> bool:
    return name in one and one[name] is not None and one[name] == other[name]
