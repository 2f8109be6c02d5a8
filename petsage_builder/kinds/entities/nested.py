"""Lists and rows of others below the path of one row: what belongs to it, or is tied to it.

Whatever has no bound is a list of its own, with the query and the pages of the other entity. The
service stands beside the others of what it finds; the route beside those of what it is about.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from petsage_builder.kinds.entities.asked import (
    BelongsTo,
    ManyToMany,
    Mirror,
    Nesting,
    Paginate,
)
from petsage_builder.kinds.entities.homes import Home, Known
from petsage_builder.kinds.entities.naming import attribute
from petsage_builder.names import Ident
from petsage_builder.python_code import Call, Code, Compare, Method, Name, call
from petsage_builder.spec import Route
from petsage_builder.text import Text


@dataclass(frozen=True, slots=True)
class Within:
    """A service that finds what belongs to a row of `parent`; `key` is its id."""

    function: Name
    key: Ident
    parent: Name
    missing: Text
    doc: Text
    condition: Code
    nothing: Text


@dataclass(frozen=True, slots=True)
class Nested:
    """A route below that of one row: its decorator, what it takes and answers, and the service."""

    function: Name
    decorator: Call
    doc: Text
    query: Name
    answer: Name
    service: Name
    many: bool


@dataclass(frozen=True, slots=True)
class Nesteds:
    """What an entity has of both kinds: services for others, and routes to others."""

    lists: tuple[Within, ...]
    rows: tuple[Within, ...]
    routes: tuple[Nested, ...]
    uses_in_services: tuple[object, ...]
    uses_in_router: tuple[object, ...]


def nesteds_of(home: Home, known: Known) -> Nesteds:
    """Everything below others that leads here, and everything below this that leads to others."""
    leading = [(known[parent], relation) for parent, relation in home.under]
    lists = tuple(_within(home, *one, known) for one in leading if _many(one[1]))
    rows = tuple(_within(home, *one, known) for one in leading if not _many(one[1]))
    routes = tuple(_nested(home, one, known) for one in home.entity.nestings)
    return Nesteds(
        lists=lists,
        rows=rows,
        routes=routes,
        uses_in_services=(lists, rows, tuple(_used(lists, rows))),
        uses_in_router=(routes, tuple(_used_in_router(routes))),
    )


def _many(relation: Nesting) -> bool:
    return isinstance(relation, ManyToMany) or relation.many


def _function(target: Home, parent: Home, *, many: bool) -> str:
    names = target.names
    own = f"list_{names.plural}" if many else f"get_{names.name}"
    return f"{own}_of_{parent.names.name}"


def function_of(home: Home, relation: Nesting) -> str:
    """The name of a route's function, and its operation id."""
    return f"{'list' if _many(relation) else 'get'}_{home.names.name}_{relation.name}"


def _within(home: Home, parent: Home, relation: Nesting, known: Known) -> Within:
    many = _many(relation)
    what = f"A page of the {home.names.many}" if many else f"The {home.names.one}"
    key = parent.names.name.followed_by(Ident("id"))
    return Within(
        function=Name(_service(home, parent, relation, many=many)),
        key=key,
        parent=parent.table,
        missing=parent.names.missing,
        doc=Text(f"{what} of this {parent.names.one}."),
        condition=_condition(home, parent, relation, key, known),
        nothing=Text(f"This {parent.names.one} has no {home.names.one}."),
    )


def _service(home: Home, parent: Home, relation: Nesting, *, many: bool) -> str:
    """Two relations may lead from one entity to another: each has a service of its own."""
    return f"{_function(home, parent, many=many)}_as_{relation.name}"


def _condition(home: Home, parent: Home, relation: Nesting, key: Ident, known: Known) -> Code:
    if isinstance(relation, Mirror):
        mirrored = next(r for r in home.entity.belongs_to if r.name == relation.inverse)
        return Compare(home.column(attribute(mirrored.field.name)), "==", Name(key))
    if relation.through is None:
        raise AssertionError("plain links are in the row itself")
    middle = known[relation.through.entity]
    here, there = sides(middle, parent, home)
    conditions: list[Code] = [Compare(middle.column(here.field.name), "==", Name(key))]
    if middle.entity.soft_delete:
        conditions.append(Method(middle.column("deleted_at"), Name("is_"), (None,)))
    tied = call("sa.select", middle.column(there.field.name))
    found = Method(tied, Name("where"), tuple(conditions))
    return Method(home.column("id"), Name("in_"), (found,))


def sides(middle: Home, parent: Home, target: Home) -> tuple[BelongsTo, BelongsTo]:
    """The relations of the entity in between: to this side, and to the other one."""
    here = [r for r in middle.entity.belongs_to if r.target.entity == parent.names.name]
    there = [r for r in middle.entity.belongs_to if r.target.entity == target.names.name]
    return here[0], there[-1]


def _nested(home: Home, relation: Nesting, known: Known) -> Nested:
    target = known[relation.target.entity]
    many = _many(relation)
    own = target.feature == home.feature
    service = _service(target, home, relation, many=many)
    what = target.names.many if many else target.names.one
    verb = "List" if many else "Get"
    function = function_of(home, relation)
    path = f"/{{{home.names.name}_id:uuid}}/{relation.name.replace('_', '-')}"
    more: dict[str, Code] = {"response_model_exclude_unset": True} if target.entity.include else {}
    problems = call(Name("problems", ".core.domain_errors"), *_statuses(target, many=many))
    return Nested(
        function=Name(function),
        decorator=call(
            f"{home.names.router}.get",
            Text(path),
            operation_id=Text(function),
            summary=Text(f"{verb} the {what} of {home.names.a}"),
            responses=problems,
            **(more if many else {}),
        ),
        doc=Text(f"{'A page of the' if many else 'The'} {what} of this {home.names.one}."),
        query=_model(target, target.names.query, own=own),
        answer=_model(target, target.names.page if many else target.names.read, own=own),
        service=_in(target, "services", service, own=own),
        many=many,
    )


def _statuses(target: Home, *, many: bool) -> tuple[int, ...]:
    cursor = many and target.entity.listing.paginate is Paginate.CURSOR
    return (400, 404) if cursor else (404,)


def _model(target: Home, name: str, *, own: bool) -> Name:
    return _in(target, "models", name, own=own)


def _in(target: Home, module: str, name: str, *, own: bool) -> Name:
    """What another feature's module has by its own name; what this one's has below the module's."""
    if own:
        return Name(f"{module}.{name}", f".features.{target.feature}")
    return Name(name, f".features.{target.feature}.{module}")


def _used(lists: tuple[Within, ...], rows: tuple[Within, ...]) -> Iterator[Name]:
    if lists or rows:
        yield Name("UUID", "uuid")
        yield Name("rows", ".core")
        yield Name("NotFound", ".core.domain_errors")
    if rows:
        yield Name("sa.select")


def _used_in_router(routes: tuple[Nested, ...]) -> Iterator[Name]:
    if routes:
        yield Name("UUID", "uuid")
    if any(one.many for one in routes):
        yield Name("Annotated", "typing")
        yield Name("Query", "fastapi")


def nested_routes(home: Home, known: Known, item: str) -> Iterator[Route]:
    """The routes, as reports show them."""
    yield from (route for route, _ in nested_words(home, known, item))


def nested_words(home: Home, known: Known, item: str) -> Iterator[tuple[Route, str]]:
    """The routes, and what each finds."""
    for relation in home.entity.nestings:
        target = known[relation.target.entity]
        url = f"{item}/{relation.name.replace('_', '-')}"
        many = _many(relation)
        answer = target.names.page if many else target.names.read
        route = Route("GET", url, "none", "query" if many else "nothing", f"200 {answer}")
        yield route, target.names.many if many else target.names.one
