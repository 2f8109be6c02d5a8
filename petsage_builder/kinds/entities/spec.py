"""The entities kind: tables and what clients can do with them, everything decided."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from petsage_builder import filters
from petsage_builder.kinds.entities.asked import (
    CHANGING,
    ENDING,
    MAKING,
    Entity,
    Locking,
    Operation,
    Paginate,
)
from petsage_builder.kinds.entities.behaviour import Behaviour, behaviour_of
from petsage_builder.kinds.entities.creation import creation_of, late_relations
from petsage_builder.kinds.entities.drawing import drawing_of
from petsage_builder.kinds.entities.factory import Factory, factory_of
from petsage_builder.kinds.entities.fault import fault_of
from petsage_builder.kinds.entities.guide import Guide, guide_of
from petsage_builder.kinds.entities.homes import Asked, Home, Known
from petsage_builder.kinds.entities.including import Including
from petsage_builder.kinds.entities.links import LinkTable, link_table, tables_of
from petsage_builder.kinds.entities.naming import EntityNames, listed
from petsage_builder.kinds.entities.nested import Nesteds, nesteds_of
from petsage_builder.kinds.entities.playing import cells_of
from petsage_builder.kinds.entities.proofs import Proofs, proofs_of
from petsage_builder.kinds.entities.proven_constants import constants_of_tests
from petsage_builder.kinds.entities.proven_imports import imports_of_tests
from petsage_builder.kinds.entities.routes import (
    Paths,
    Routing,
    paths_of,
    routes_of,
    routing_of,
    unsaid_of,
)
from petsage_builder.kinds.entities.statuses import BODIES
from petsage_builder.kinds.entities.storage import Table, table_of
from petsage_builder.kinds.entities.wire import Model, Wire, wires_of
from petsage_builder.names import Ident, Words, words_title
from petsage_builder.playground import Cell, notebook_of
from petsage_builder.python_code import Declaration, Imports, imports_of
from petsage_builder.request import FeatureRequest
from petsage_builder.spec import Example, FeatureSpec, Part, ProjectSpec
from petsage_builder.text import Text


@dataclass(frozen=True, slots=True)
class Does:
    """The entity's operations, each a ready boolean for templates.

    `find`: some operation filters rows; `make`, `write`, `end`: one makes, writes or ends rows;
    `send`: one takes a body; `need`: one is about one row; `lock`: one changes or ends a row.
    `soft`: what is deleted is kept; `version`: rows count their versions; `name_version`: clients
    have to name theirs; `stamp`: rows tell when they were made and changed.
    """

    list: bool
    create: bool
    read: bool
    update: bool
    replace: bool
    delete: bool
    count: bool
    restore: bool
    bulk_create: bool
    bulk_delete: bool
    find: bool
    make: bool
    end: bool
    write: bool
    send: bool
    need: bool
    lock: bool
    soft: bool
    version: bool
    name_version: bool
    stamp: bool


@dataclass(frozen=True, slots=True)
class Pages:
    """How the list is cut, each way a ready boolean; none where there is no list."""

    by_cursor: bool
    by_offset: bool
    in_one: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EntitySpec(Part):
    """One entity: a part of each module, and a module of tests."""

    names: EntityNames
    does: Does
    wire: Wire
    table: Table
    links: tuple[LinkTable, ...]
    behaviour: Behaviour
    paths: Paths
    routing: Routing
    nested: Nesteds
    including: Including
    proofs: Proofs
    test_constants: tuple[Declaration, ...]
    test_imports: Imports
    factory: Factory
    guide: Guide
    cells: tuple[Cell, ...]
    about: Text
    pages: Pages


@dataclass(frozen=True, slots=True)
class ModuleImports:
    """The imports of the modules that hold all entities of the feature."""

    models: Imports
    tables: Imports
    services: Imports
    router: Imports


@dataclass(frozen=True, slots=True, kw_only=True)
class EntitiesSpec(FeatureSpec):
    """One or more entities; `many` names them."""

    entities: tuple[EntitySpec, ...]
    models: tuple[Model, ...]
    many: Words
    imports: ModuleImports

    @property
    def parts(self) -> tuple[Part, ...]:
        """The entities."""
        return self.entities

    @property
    def examples(self) -> tuple[tuple[Example, ...], ...]:
        """The calls of its README, entity by entity."""
        return tuple(tuple(one.guide.examples(one.file)) for one in self.entities)


def resolve(
    request: FeatureRequest, asked: Asked, request_id: str, project: ProjectSpec
) -> EntitiesSpec:
    """Everything about this feature, decided; its migration is put into the chain later."""
    homes = asked.homes
    entities = [home.entity for home in homes]
    wires = wires_of(homes, asked.known)
    late = late_relations(entities)
    specs = tuple(
        _entity(home, wire, late[home.entity.name], asked.known, project)
        for home, wire in zip(homes, wires, strict=True)
    )
    creation = creation_of(entities, {home.entity.name: home.names for home in homes})
    return EntitiesSpec(
        kind="entities",
        pack="entities",
        feature=request.feature,
        title=Text(words_title(request.feature)),
        description=request.description,
        request_id=request_id,
        routers=tuple(spec.names.router for spec in specs),
        routes=tuple(
            route
            for home, spec in zip(homes, specs, strict=True)
            for route in routes_of(home, asked.known, spec.paths)
        ),
        fault=fault_of(entities, [spec.names for spec in specs]),
        conditions=frozenset(name for spec in specs for name in _conditions(spec.behaviour))
        | ({"circles"} if any(late.values()) else set()),
        needs=asked.needs,
        tables=tuple(name for entity in entities for name in tables_of(entity)),
        schema=hashlib.sha256(filters.py(creation.upgrade).encode()).hexdigest(),
        creation=creation,
        unsaid=tuple(
            unsaid
            for entity, spec in zip(entities, specs, strict=True)
            for unsaid in unsaid_of(entity, spec.names, spec.paths)
        ),
        drawing=drawing_of(entities),
        playground=notebook_of(
            request.feature, project.package, (cell for spec in specs for cell in spec.cells)
        ),
        entities=specs,
        models=(
            *(model for spec in specs for model in spec.wire.models),
            *(model for spec in specs for model in spec.wire.late),
        ),
        many=Words(listed([spec.names.many for spec in specs])),
        imports=_imports(specs, project.package),
    )


def _conditions(behaviour: Behaviour) -> Iterator[str]:
    if behaviour.hashes:
        yield "hashes"
    yield from behaviour.needs


def _imports(specs: Sequence[EntitySpec], package: str) -> ModuleImports:
    return ModuleImports(
        models=imports_of(*(spec.wire.uses for spec in specs), package=package),
        tables=imports_of(*((spec.table.uses, spec.links) for spec in specs), package=package),
        services=imports_of(*(spec.behaviour.uses for spec in specs), package=package),
        router=imports_of(
            *((spec.routing.uses, spec.nested.uses_in_router) for spec in specs), package=package
        ),
    )


def _entity(
    home: Home, wire: Wire, late: frozenset[Ident], known: Known, project: ProjectSpec
) -> EntitySpec:
    entity, names, feature = home.entity, home.names, home.feature
    paths = paths_of(entity, names, project)
    lists = Operation.LIST in entity.operations
    proofs = proofs_of(home, known, project)
    nested, guide = nesteds_of(home, known), guide_of(home, known, paths)
    return EntitySpec(
        file=home.file,
        names=names,
        does=_does(entity),
        wire=wire,
        table=table_of(entity, late),
        links=tuple(link_table(entity, link) for link in entity.links),
        behaviour=behaviour_of(home, known, nested, wire.including),
        paths=paths,
        routing=routing_of(entity, names, feature),
        nested=nested,
        including=wire.including,
        proofs=proofs,
        test_constants=tuple(constants_of_tests(entity, proofs)),
        test_imports=imports_of_tests(home, proofs, project.package),
        factory=factory_of(home, known, project.package),
        guide=guide,
        cells=tuple(cells_of(home, known, proofs, guide.calls, project.package)),
        about=entity.description or Text(f"{names.a.capitalize()}."),
        pages=Pages(
            by_cursor=lists and entity.listing.paginate is Paginate.CURSOR,
            by_offset=lists and entity.listing.paginate is Paginate.OFFSET,
            in_one=lists and entity.listing.paginate is Paginate.NONE,
        ),
    )


def _does(entity: Entity) -> Does:
    operations = entity.operations
    asked = {operation.value: operation in operations for operation in Operation}
    changes = CHANGING | {Operation.RESTORE}
    return Does(
        **asked,
        find=bool(operations & {Operation.LIST, Operation.COUNT}),
        make=bool(operations & MAKING),
        write=bool(operations & (MAKING | changes)),
        end=bool(operations & ENDING),
        send=bool(operations & BODIES),
        need=bool(operations & ({Operation.READ} | changes | ENDING)),
        lock=bool(operations & (CHANGING | ENDING)),
        soft=entity.soft_delete,
        version=entity.versioned,
        name_version=entity.locking is Locking.REQUIRED,
        stamp=entity.timestamps,
    )
