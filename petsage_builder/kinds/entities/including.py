"""What clients can have embedded: the models, and how each relation is loaded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from petsage_builder.kinds.entities.asked import BelongsTo, ManyToMany, Mirror, Relation
from petsage_builder.kinds.entities.homes import Home, Known
from petsage_builder.kinds.entities.naming import attribute
from petsage_builder.names import Ident, PyName
from petsage_builder.python_code import (
    Call,
    Code,
    Declaration,
    Either,
    Items,
    Name,
    Pairs,
    Subscript,
    call,
)
from petsage_builder.text import Text

UNSET = Name("types.unset", ".core")


@dataclass(frozen=True, slots=True)
class Including:
    """The relations that can be embedded: fields of the answer, names, and how they are loaded."""

    fields: tuple[Declaration, ...]
    names: tuple[Text, ...]
    loads: Pairs | None
    shown: PyName


@dataclass(frozen=True, slots=True)
class Embedded:
    """What a test looks for: the embedded row, or rows, whose ids the field holds."""

    name: Text
    field: Text
    many: bool


def including_of(home: Home, known: Known) -> Including:
    """Everything about what can be embedded in the answers of an entity."""
    asked = tuple(_included(home))
    fields = tuple(_declared(home, relation, known) for relation in asked)
    loads = Pairs(tuple((Text(r.name), _load(home, r, known)) for r in asked)) if asked else None
    return Including(
        fields=fields,
        names=tuple(Text(relation.name) for relation in asked),
        loads=loads,
        shown=home.names.included if asked else home.names.read,
    )


def embedded_of(home: Home) -> tuple[Embedded, ...]:
    """The relations whose ids stand in the answer itself."""
    return tuple(
        Embedded(Text(one.name), Text(one.field.name), isinstance(one, ManyToMany))
        for one in _included(home)
        if not isinstance(one, Mirror)
    )


def mirrored_of(home: Home) -> frozenset[Ident]:
    """The relations whose rows refer to this one."""
    return frozenset(one.name for one in _included(home) if isinstance(one, Mirror))


def _included(home: Home) -> Iterator[Relation]:
    named = {relation.name: relation for relation in home.entity.relations}
    yield from (named[name] for name in home.entity.include)


def _declared(home: Home, relation: Relation, known: Known) -> Declaration:
    target = known[relation.target.entity]
    own = target.feature == home.feature
    read = Name(target.names.read, "" if own else f".features.{target.feature}.models")
    many = isinstance(relation, ManyToMany)
    typed = Subscript(Name("list"), (read,)) if many else Either(read, None)
    name = attribute(relation.name)
    alias: dict[str, Code] = {} if name == relation.name else {"alias": relation.name}
    return Declaration(name, typed, call(UNSET, **alias))


def _load(home: Home, relation: Relation, known: Known) -> Call:
    target = known[relation.target.entity]
    table = target.table
    links = _links(home, target)
    match relation:
        case BelongsTo(field=field):
            return call(Name("includes.One", ".core"), Text(field.name), table, links)
        case ManyToMany(field=field):
            own = Subscript(Name(f"{home.names.upper}_LINKS"), (Text(field.name),))
            return call(Name("includes.Many", ".core"), Text(field.name), own, links)
        case Mirror(inverse=inverse):
            back = next(r.field for r in target.entity.belongs_to if r.name == inverse)
            column = target.column(attribute(back.name))
            return call(Name("includes.Back", ".core"), column, table, links)


def _links(home: Home, target: Home) -> Code:
    """The links of the rows that are embedded; their answer holds those ids."""
    if not target.entity.links:
        return Pairs(())
    own = target.feature == home.feature
    module = "" if own else f".features.{target.feature}.services"
    return Name(f"{target.names.upper}_LINKS", module)


def include_fields(including: Including) -> tuple[Declaration, ...]:
    """The query parameter that asks for them."""
    each = Subscript(Name("Literal", "typing"), including.names)
    words = Text("What to embed.")
    field = call(
        Name("Field", "pydantic"),
        default=Items(()),
        max_length=len(including.names),
        description=words,
    )
    return (Declaration(Ident("include"), Subscript(Name("list"), (each,)), field),)
