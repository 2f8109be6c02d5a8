"""The relations of an entity, each by itself and by their names; targets are found later."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from petsage_builder.field_types.field import Field
from petsage_builder.field_types.references import ANY, ID_ITEM, MOST_IDS, NONE, references
from petsage_builder.kinds.entities.asked import (
    OWN_COLUMNS,
    BelongsTo,
    ManyToMany,
    Mirror,
    OnDelete,
    Relation,
    RelationKind,
)
from petsage_builder.kinds.entities.request import RelationRequest
from petsage_builder.kinds.entities.rules.flaw import Flaw
from petsage_builder.kinds.entities.rules.members import Members
from petsage_builder.kinds.entities.rules.plural import singular_of
from petsage_builder.names import Ident

# What each kind says, beside its name and target: it has to, or it may.
NEEDS: Mapping[RelationKind, tuple[str, ...]] = {
    RelationKind.BELONGS_TO: ("on_delete",),
    RelationKind.HAS_ONE: ("inverse",),
    RelationKind.HAS_MANY: ("inverse",),
    RelationKind.MANY_TO_MANY: (),
}
MAY: Mapping[RelationKind, tuple[str, ...]] = {
    RelationKind.BELONGS_TO: ("required", "unique", "immutable", "description", "renamed_from"),
    RelationKind.HAS_ONE: ("description",),
    RelationKind.HAS_MANY: ("description",),
    RelationKind.MANY_TO_MANY: ("through", "description", "renamed_from"),
}
COMMON = ("name", "kind", "target")
HINTS = {
    "on_delete": 'Say "restrict", "cascade" or "set_null": what becomes of it then.',
    "inverse": "It names the belongs_to of the target that this one mirrors.",
}
PROTECTED = ("model_validate", "model_dump")  # pydantic warns of names that start so
PATHS = ("restore", "count", "bulk")


def read_relations(
    asked: Sequence[RelationRequest], entity: Ident, members: Members, found: list[Flaw]
) -> tuple[Members, tuple[Relation, ...]]:
    """The sound relations, and the members with the fields that hold their ids."""
    relations: dict[str, Relation] = {}
    taken: dict[str, str] = {name: f"the field '{name}'" for name in members.fields}
    doubtful = members.doubtful
    for index, one in enumerate(asked):
        inside = [*_keys(one), *_set_null(one), *_own(one, entity)]
        relation = None if inside else _relation(one)
        inside += _names(one, relation, taken)
        if inside or relation is None:
            doubtful |= {one.name}
            found += (flaw.below("relations", index) for flaw in inside)
        else:
            relations[one.name] = relation
    fields = {name: r.field for name, r in relations.items() if isinstance(r, BelongsTo)}
    others = frozenset(relations) - fields.keys()
    joined = replace(members, references=fields, others=others, doubtful=doubtful)
    return joined, tuple(relations.values())


def _keys(asked: RelationRequest) -> Iterator[Flaw]:
    """Keys that its kind needs, and keys that it makes no sense of."""
    for key in NEEDS[asked.kind]:
        if getattr(asked, key) is None:
            yield Flaw((), f"a {asked.kind} needs {key}.", HINTS[key])
    known = {*COMMON, *NEEDS[asked.kind], *MAY[asked.kind]}
    for key in sorted(asked.model_fields_set - known):
        takes = ", ".join((*NEEDS[asked.kind], *MAY[asked.kind]))
        yield Flaw((key,), f"a {asked.kind} has no {key}.", f"It takes {takes}.", at_key=True)


def _set_null(asked: RelationRequest) -> Iterator[Flaw]:
    if asked.on_delete is OnDelete.SET_NULL and asked.required:
        message = "set_null needs a relation that may be null."
        hint = 'Add "required": false, or say "restrict" or "cascade".'
        yield Flaw(("on_delete",), message, hint)


def _own(asked: RelationRequest, entity: Ident) -> Iterator[Flaw]:
    """A row can't have to belong to another one of its kind: there is always a first."""
    own = asked.target.feature is None and asked.target.entity == entity
    if asked.kind is RelationKind.BELONGS_TO and own and asked.required:
        message = f"the first {entity.replace('_', ' ')} would have none to belong to."
        yield Flaw(("required",), message, 'Say "required": false.')


def _names(
    asked: RelationRequest, relation: Relation | None, taken: dict[str, str]
) -> Iterator[Flaw]:
    """Names that are taken: its own, and that of the field that holds its ids."""
    if asked.name in OWN_COLUMNS or asked.name.startswith(PROTECTED):
        yield Flaw(("name",), f"'{asked.name}' is a name that the app itself uses.", "Rename it.")
    if isinstance(relation, Mirror) and asked.name in PATHS:
        yield Flaw(("name",), f"/{asked.name} is a path of its own.", "Rename it.")
    field = relation.field.name if isinstance(relation, BelongsTo | ManyToMany) else None
    for name in filter(None, (asked.name, field)):
        if name in taken:
            its = "" if name == asked.name else f"its field '{name}' is "
            message = f"{its}the name of {taken[name]} too." if its else f"is {taken[name]} too."
            yield Flaw(("name",), message, "Rename one of them.")
    for name in filter(None, (asked.name, field)):
        taken.setdefault(name, f"the relation '{asked.name}'")


def _relation(asked: RelationRequest) -> Relation:
    if asked.kind is RelationKind.BELONGS_TO and asked.on_delete is not None:
        field = _one_id(asked)
        return BelongsTo(asked.name, asked.target, asked.on_delete, field, asked.renamed_from)
    if asked.kind is RelationKind.MANY_TO_MANY:
        field = _ids(asked)
        return ManyToMany(asked.name, asked.target, field, asked.through, asked.renamed_from)
    if asked.inverse is None:
        raise AssertionError("its keys were checked")
    many = asked.kind is RelationKind.HAS_MANY
    return Mirror(asked.name, asked.target, asked.inverse, many)


def _one_id(asked: RelationRequest) -> Field:
    return Field(
        name=asked.name.followed_by(Ident("id")),
        type=ANY,
        description=asked.description,
        required=asked.required,
        unique=asked.unique,
        immutable=asked.immutable,
    )


def _ids(asked: RelationRequest) -> Field:
    return Field(
        name=singular_of(asked.name).followed_by(Ident("ids")),
        type=references(()),
        description=asked.description,
        default=NONE,
        items=ID_ITEM,
        max_length=MOST_IDS,
    )
