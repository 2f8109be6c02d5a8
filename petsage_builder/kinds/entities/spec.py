"""The entities kind: a table and what clients can do with it, everything decided."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from petsage_builder import filters
from petsage_builder.kinds.entities.asked import Entity, Operation, Paginate
from petsage_builder.kinds.entities.behaviour import Behaviour, behaviour_of
from petsage_builder.kinds.entities.guide import Guide, guide_of
from petsage_builder.kinds.entities.naming import EntityNames, entity_names
from petsage_builder.kinds.entities.proofs import Proofs, proofs_of
from petsage_builder.kinds.entities.routes import (
    Paths,
    Routing,
    paths_of,
    routes_of,
    routing_of,
    unsaid_of,
)
from petsage_builder.kinds.entities.storage import Table, table_of
from petsage_builder.kinds.entities.wire import Wire, wire_of
from petsage_builder.names import words_title
from petsage_builder.request import FeatureRequest
from petsage_builder.spec import Fault, FeatureSpec, ProjectSpec
from petsage_builder.text import Text


@dataclass(frozen=True, slots=True)
class Does:
    """The entity's operations, each a ready boolean for templates.

    `find`: some operation filters rows; `write`: one writes a row; `need`: one is about one row;
    `lock`: one changes or ends a row.
    """

    list: bool
    create: bool
    read: bool
    update: bool
    replace: bool
    delete: bool
    count: bool
    find: bool
    write: bool
    need: bool
    lock: bool


@dataclass(frozen=True, slots=True)
class Pages:
    """How the list is cut, each way a ready boolean; none where there is no list."""

    by_cursor: bool
    by_offset: bool
    in_one: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EntitiesSpec(FeatureSpec):
    """One entity."""

    names: EntityNames
    does: Does
    wire: Wire
    table: Table
    behaviour: Behaviour
    paths: Paths
    routing: Routing
    proofs: Proofs
    guide: Guide
    about: Text
    pages: Pages


def resolve(
    request: FeatureRequest, entity: Entity, request_id: str, project: ProjectSpec
) -> EntitiesSpec:
    """Everything about this feature, decided; its migration is put into the chain later."""
    names = entity_names(entity)
    package = project.package
    table = table_of(entity, package)
    paths = paths_of(entity, names, project)
    behaviour = behaviour_of(entity, names, request.feature, package)
    lists = Operation.LIST in entity.operations
    kept = filters.py((table.create, *table.create_indexes))
    conditions = {"hashes": behaviour.hashed, "rules": behaviour.rules or behaviour.immutable}
    return EntitiesSpec(
        kind="entities",
        pack="entities",
        feature=request.feature,
        title=Text(words_title(request.feature)),
        description=request.description,
        request_id=request_id,
        routes=routes_of(entity, names, paths),
        fault=_fault(entity, names),
        conditions=frozenset(name for name, needed in conditions.items() if needed),
        tables=(entity.name,),
        schema=hashlib.sha256(kept.encode()).hexdigest(),
        unsaid=tuple(unsaid_of(entity, names, paths)),
        names=names,
        does=_does(entity.operations),
        wire=wire_of(entity, names, package),
        table=table,
        behaviour=behaviour,
        paths=paths,
        routing=routing_of(entity, names, request.feature, project),
        proofs=proofs_of(entity, names, request.feature, package),
        guide=guide_of(entity, names, paths),
        pages=Pages(
            by_cursor=lists and entity.listing.paginate is Paginate.CURSOR,
            by_offset=lists and entity.listing.paginate is Paginate.OFFSET,
            in_one=lists and entity.listing.paginate is Paginate.NONE,
        ),
        about=entity.description or Text(f"{names.a.capitalize()}."),
    )


def _does(operations: frozenset[Operation]) -> Does:
    asked = {operation.value: operation in operations for operation in Operation}
    write = {Operation.CREATE, Operation.UPDATE, Operation.REPLACE}
    need = {Operation.READ, Operation.UPDATE, Operation.REPLACE, Operation.DELETE}
    return Does(
        **asked,
        find=bool(operations & {Operation.LIST, Operation.COUNT}),
        write=bool(operations & write),
        need=bool(operations & need),
        lock=bool(operations & (need - {Operation.READ})),
    )


def _fault(entity: Entity, names: EntityNames) -> Fault:
    """One of the services fails."""
    functions = {
        Operation.LIST: f"list_{names.plural}",
        Operation.READ: f"get_{names.name}",
        Operation.CREATE: f"create_{names.name}",
        Operation.UPDATE: f"update_{names.name}",
        Operation.REPLACE: f"replace_{names.name}",
        Operation.DELETE: f"delete_{names.name}",
        Operation.COUNT: f"count_{names.plural}",
    }
    function = next(functions[one] for one in functions if one in entity.operations)
    code = f"""

def {function}(*_: object, **__: object) -> None:
    raise RuntimeError("fault")
"""
    return Fault(file="services.py", replaces=function, code=code)
