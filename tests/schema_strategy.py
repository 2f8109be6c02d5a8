"""Hypothesis strategies for schemas: entities that refer to each other in any way allowed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from field_strategy import PROSE, Draw, Keys, maybe
from hypothesis import strategies as st
from request_strategy import NAMES, One, entity

from petsage_builder.kinds.entities.rules.plural import singular_of
from petsage_builder.names import Ident

MOST = 6  # entities in a schema
MOST_FIELDS = 1  # and two that are compared
# None of them is the plural of another one, which would be refused in one feature.
ENTITY_NAMES = (
    *(name for name in NAMES if name not in {"types", "models"}),
    *("link", "reference", "version", "key", "owner", "tag", "restore", "bulk", "parent"),
)
RELATION_NAMES = (
    *("order", "class", "metadata", "group", "owner", "tags", "registry", "session", "items"),
    *("links", "references", "restore", "count", "bulk", "self", "none", "values", "index"),
    *("model", "row", "rows", "known", "key", "client", "body", "db", "uuid", "types", "query"),
    *("mother", "father", "children", "mice", "news", "series", "statuses", "weight_entry"),
    *("import", "lambda", "any", "a", "z9", "changes", "expected", "versions", "services", "sa"),
    *("name", "value", "json", "copy", "schema", "base", "field", "pagination", "limit", "select"),
    "a_relation_whose_name_is_as_long_as_names_may_b",
)
EFFECTS = ("restrict", "cascade", "set_null")


@dataclass(slots=True)
class Place:
    """An entity that is being drawn; `order`: rows of it need those of lower ones at most."""

    name: str
    feature: str
    order: int


@dataclass(slots=True)
class Schema:
    """Where its entities stand, and the names of tables that are taken in the whole workspace."""

    places: list[Place]
    tables: set[str]


@st.composite
def schemas(draw: Draw, count: int = 1) -> list[dict[str, Any]]:
    """The requests of so many schemas that can stand in one workspace."""
    names = iter(draw(st.permutations(ENTITY_NAMES)))
    tables = set(ENTITY_NAMES)
    requests: list[dict[str, Any]] = []
    for number in range(count):
        own = list(islice(names, draw(st.integers(1, MOST))))
        requests += _schema(draw, own, tables, number)
    return draw(st.permutations(requests))


def _schema(
    draw: Draw, names: Sequence[str], tables: set[str], number: int
) -> Iterator[dict[str, Any]]:
    """Its features, each of which refers to those before it at most."""
    schema = Schema([], tables)
    feature = ""
    for order, name in enumerate(names):
        feature = feature if feature and maybe(draw) else f"f{number}_{name[:40].rstrip('_')}"
        schema.places.append(Place(name, feature, order))
    drawn = [(place.feature, _entity(draw, schema, place, number)) for place in schema.places]
    for feature in dict.fromkeys(place.feature for place in schema.places):
        inside = [entity for home, entity in drawn if home == feature]
        yield {
            "feature": feature,
            "description": draw(PROSE),
            "requirements": {"entities": draw(st.permutations(inside))},
        }


def _entity(draw: Draw, schema: Schema, place: Place, number: int) -> Keys:
    relations = list(_relations(draw, schema, place))
    asked = entity(draw, place.name, number, relations, MOST_FIELDS)
    needed = set(_needed(asked))
    for one in relations:
        if one.name in needed and one.asked["on_delete"] == "set_null":
            one.asked["on_delete"] = "cascade"  # for what a check needs is never taken away
    asked["relations"] = [_relation(draw, one, place.feature) for one in relations]
    return asked | _options(draw, asked)


def _needed(asked: Keys) -> Iterator[str]:
    """What the checks may need to be given."""
    for check in asked.get("checks", []):
        yield from [check["requires"]] if "requires" in check else check.get("one_of", [])


def _relations(draw: Draw, schema: Schema, place: Place) -> Iterator[One]:
    """As its other parts name them; each has a name, and a field, that nothing else has."""
    taken: set[str] = set()
    own_kind = True
    for name in draw(st.lists(_relation_names(schema), max_size=4, unique=True)):
        one = draw(st.sampled_from(KINDS))(draw, schema, place, name)
        field = one.asked["field"]
        table = f"{place.name}_{name}"
        if not taken & {name, field} and not (one.asked["links"] and table in schema.tables):
            taken |= {name, field}
            schema.tables |= {table} if one.asked["links"] else set()
            if own_kind and one.asked["target"] is place:
                own_kind, one.checked = False, True  # one of several would need a first row
            yield one


def _relation_names(schema: Schema) -> st.SearchStrategy[str]:
    """Words, and names of the schema's own entities: one, and many; not that of a column."""
    own = [place.name for place in schema.places if place.name != "version"]
    return st.sampled_from(RELATION_NAMES) | st.sampled_from(
        [*own, *(f"{name}s" for name in own if len(name) < 48)]
    )


def _belongs_to(draw: Draw, schema: Schema, place: Place, name: str) -> One:
    """To a row of an entity that is there before, or to one of any in its feature, or none."""
    target = draw(st.sampled_from(_reachable(schema, place)))
    early = target.order < place.order
    said: Keys = {"required": False} if not early or maybe(draw) else {}
    effects = EFFECTS if said else EFFECTS[:2]
    said["on_delete"] = draw(st.sampled_from(effects))
    for flag in ("unique", "immutable"):
        said |= {flag: True} if maybe(draw, 4) else {}
    asked = {"name": name, "type": "reference", "target": target, "field": f"{name}_id", **said}
    return One({**asked, "links": False}, several=True, size=16, checked=early)


def _many_to_many(draw: Draw, schema: Schema, place: Place, name: str) -> One:
    target = draw(st.sampled_from(_reachable(schema, place)))
    field = f"{singular_of(Ident(name))}_ids"
    asked = {"name": name, "type": "references", "target": target, "field": field, "links": True}
    return One(asked, several=False, size=None)


KINDS = (_belongs_to, _belongs_to, _many_to_many)


def _reachable(schema: Schema, place: Place) -> list[Place]:
    """The entities of its feature and of those before it, seldom itself where there are more."""
    found = [
        one for one in schema.places if one.feature == place.feature or one.order < place.order
    ]
    others = [one for one in found if one is not place]
    return [*others, *others, place]


def _relation(draw: Draw, one: One, feature: str) -> Keys:
    """The relation as it is asked for."""
    target = one.asked["target"]
    near = target.feature == feature and maybe(draw, 1)
    kept = ("name", "required", "on_delete", "unique", "immutable")
    said = {key: one.asked[key] for key in kept if key in one.asked}
    said["kind"] = "many_to_many" if one.asked["links"] else "belongs_to"
    said["target"] = target.name if near else f"{target.feature}.{target.name}"
    if maybe(draw, 4):
        said["description"] = draw(PROSE)
    return said


def _options(draw: Draw, asked: Keys) -> Keys:
    """Versions, deletions that can be undone, and what is done with many rows at once."""
    said: Keys = {}
    operations = list(asked["operations"])
    locked = draw(st.sampled_from([False, False, True, "required"]))
    if locked:
        said["optimistic_lock"] = locked
    operations += ["bulk_create"] if maybe(draw, 3) else []
    operations += ["bulk_delete"] if maybe(draw, 3) and locked != "required" else []
    if {"delete", "bulk_delete"} & set(operations) and maybe(draw):
        said["soft_delete"] = True
        operations += ["restore"] if maybe(draw) else []
    return said | {"operations": operations}
