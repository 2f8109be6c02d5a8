"""What goes over the wire: the models of an entity."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from petsage_builder.field_types.field import Field
from petsage_builder.kinds.entities.asked import MAKING, Operation, Paginate
from petsage_builder.kinds.entities.homes import Home, Known
from petsage_builder.kinds.entities.including import Including, include_fields, including_of
from petsage_builder.kinds.entities.naming import PURPOSES, attribute, classes_of
from petsage_builder.kinds.entities.queries import Filter, filters_of
from petsage_builder.names import Ident, PyName, class_name
from petsage_builder.python_code import (
    Call,
    Code,
    Declaration,
    Either,
    Items,
    Name,
    Pairs,
    Subscript,
    Thunk,
    annotated,
    call,
)
from petsage_builder.text import Text

API_MODEL = Name("types.ApiModel", ".core")
READ_MODEL = Name("types.ReadModel", ".core")
OPTIONAL = Name("types.optional", ".core")
LONGEST_DOC = 200


@dataclass(frozen=True, slots=True)
class Model:
    """A class of the feature's models."""

    header: Call
    doc: Text
    fields: tuple[Declaration, ...]


@dataclass(frozen=True, slots=True)
class Wire:
    """An entity's part of the module `models.py`, and what it uses.

    `late`: models that stand after all others; `including`: what they can have embedded.
    """

    uses: tuple[object, ...]
    aliases: tuple[Declaration, ...]
    models: tuple[Model, ...]
    late: tuple[Model, ...]
    including: Including


def wires_of(homes: Sequence[Home], known: Known) -> tuple[Wire, ...]:
    """Every model that the operations of a feature's entities need."""
    entities = [home.entity for home in homes]
    taken: set[str] = {
        class_name(entity.name, purpose) for entity in entities for purpose in PURPOSES
    }
    taken |= classes_of(entities)
    return tuple(_wire(home, known, taken) for home in homes)


def _wire(home: Home, known: Known, taken: set[str]) -> Wire:
    including = including_of(home, known)
    makers = _Makers(home, including, taken)
    models, late = tuple(makers.models()), tuple(makers.late())
    aliases = tuple(makers.aliases.values())
    return Wire((aliases, models, late), aliases, models, late, including)


class _Makers:
    """Makes the models, and the aliases that they share."""

    def __init__(self, home: Home, including: Including, taken: set[str]) -> None:
        self.entity, self.names = home.entity, home.names
        self.including, self.taken = including, taken
        self.aliases: dict[Ident, Declaration] = {}
        entering = filter(_enters, self.entity.fields)
        self.types = {field.name: self._alias(field) for field in entering}

    def models(self) -> Iterator[Model]:
        does = self.entity.operations
        fields = [field for field in self.entity.fields if _enters(field)]
        if does & (MAKING | {Operation.REPLACE}):
            made = tuple(map(self._created, fields))
            yield self._model("create", API_MODEL, f"A new {self.names.one}.", made)
        if Operation.UPDATE in does:
            changed = tuple(map(self._changed, fields))
            said = "A change: what is left out stays as it is."
            yield self._model("update", API_MODEL, said, changed)
        if Operation.REPLACE in does:
            fixed = tuple(self._changed(field) for field in fields if field.immutable)
            base = Name(self.names.create)
            yield self._model("replace", base, f"The new state of {self.names.a}.", fixed)
        yield self._model("read", READ_MODEL, self._description(), tuple(self._read()))
        if Operation.BULK_CREATE in does:
            yield from self._bulk()
        if self.including.names:
            asked = include_fields(self.including)
            yield self._model("include", API_MODEL, "What to embed in the answer.", asked)
        yield from self._listed()
        if Operation.COUNT in does:
            said = f"How many {self.names.many} there are."
            count = (Declaration(Ident("count"), Name("int")),)
            yield self._model("count", READ_MODEL, said, count)

    def _model(self, purpose: str, base: Name, doc: str, fields: tuple[Declaration, ...]) -> Model:
        return Model(call(class_name(self.entity.name, purpose), base), Text(doc), fields)

    def _description(self) -> str:
        """The entity's own words, where they fit into a line."""
        asked = self.entity.description
        fits = asked is not None and "\n" not in asked.value and len(asked.value) <= LONGEST_DOC
        return asked.value if asked is not None and fits else f"{self.names.a.capitalize()}."

    def _alias(self, field: Field) -> Code:
        """The field's type by name, where it takes more than a name to say."""
        annotation = field.type.wire(field)
        if isinstance(annotation, Name):
            return annotation
        name = self._alias_name(field)
        self.aliases[field.name] = Declaration(name, None, annotation)
        return Name(name)

    def _alias_name(self, field: Field) -> PyName:
        """The entity's name and the field's: those of another entity may be called the same."""
        name = class_name(self.entity.name, field.name)
        while name in self.taken:
            name = PyName(f"{name}Value")
        self.taken.add(name)
        return name

    def _created(self, field: Field) -> Declaration:
        return _field(field, self.types[field.name], _default(field))

    def _changed(self, field: Field) -> Declaration:
        name = attribute(field.name)
        alias: dict[str, Code] = {} if name == field.name else {"alias": field.name}
        unset = call(Name("types.unset", ".core"), **alias)
        return Declaration(name, _typed(field, self.types[field.name]), unset)

    def _read(self) -> Iterator[Declaration]:
        yield Declaration(Ident("id"), Name("UUID", "uuid"))
        for field in self.entity.fields:
            if field.readable:
                yield _answered(field)
        if self.entity.timestamps:
            moment = Name("types.DateTime", ".core")
            yield Declaration(Ident("created_at"), moment)
            yield Declaration(Ident("updated_at"), moment)
        if self.entity.versioned:
            yield Declaration(Ident("version"), Name("int"))

    def _bulk(self) -> Iterator[Model]:
        """Several new ones, and what became of them."""
        most = Name("bulk.MOST", ".core")
        many = Subscript(Name("list"), (Name(self.names.create),))
        items = annotated(many, call(FIELD, min_length=1, max_length=most))
        said = f"New {self.names.many}: all of them are made, or none."
        yield self._model("bulk_create", API_MODEL, said, (Declaration(Ident("items"), items),))
        made = Subscript(Name("list"), (Name(self.names.read),))
        said = f"The new {self.names.many}, in the same order."
        yield self._model("bulk", READ_MODEL, said, (Declaration(Ident("items"), made),))

    def _listed(self) -> Iterator[Model]:
        """The query of the list and of the count, and the page."""
        does = self.entity.operations
        listing = self.entity.listing
        if does & {Operation.LIST, Operation.COUNT}:
            found = tuple(_filter(one) for one in filters_of(self.entity))
            said = f"Which {self.names.many} are meant."
            yield self._model("filter", API_MODEL, said, found)
        if Operation.LIST not in does:
            return
        embeds = (Name(self.names.include),) if self.including.names else ()
        bases = (Name(self.names.filter), *embeds, *_PAGE_BASES[listing.paginate])
        header = Call(Name(self.names.query), bases)
        yield Model(header, Text("Filters, order and page of the list."), tuple(self._query()))
        if not self.including.names:
            yield self._page()

    def _page(self) -> Model:
        items = Subscript(Name("list"), (Name(self.including.shown),))
        page = (Declaration(Ident("items"), items), *_PAGE_FIELDS[self.entity.listing.paginate])
        return self._model("page", READ_MODEL, f"A page of {self.names.many}.", page)

    def late(self) -> Iterator[Model]:
        """What holds models of other entities, which may stand below those of this one."""
        if not self.including.names:
            return
        said = f"{self.names.a.capitalize()}, and what was asked for beside it."
        base = Name(self.names.read)
        yield self._model("included", base, said, self.including.fields)
        if Operation.LIST in self.entity.operations:
            yield self._page()

    def _query(self) -> Iterator[Declaration]:
        listing = self.entity.listing
        if listing.paginate is not Paginate.NONE:
            words = Text("The most items on a page.")
            bounds: dict[str, Code] = {"ge": 1, "le": listing.max_size, "description": words}
            limit = call(FIELD, default=listing.default_size, **bounds)
            yield Declaration(Ident("limit"), Name("int"), limit)
        if listing.sort:
            orders = tuple(Text(f"{sign}{name}") for name in listing.sort for sign in ("", "-"))
            typed = Either(Subscript(Name("Literal", "typing"), orders), None)
            words = Text("What to order by; `-` in front reverses it.")
            yield Declaration(Ident("sort"), typed, call(OPTIONAL, words))


FIELD = Name("Field", "pydantic")
_PAGE_BASES = {
    Paginate.CURSOR: (Name("pagination.CursorQuery", ".core"),),
    Paginate.OFFSET: (Name("pagination.OffsetQuery", ".core"),),
    Paginate.NONE: (),
}
_PAGE_FIELDS = {
    Paginate.CURSOR: (Declaration(Ident("next_cursor"), Either(Name("str"), None)),),
    Paginate.OFFSET: (Declaration(Ident("total"), Name("int")),),
    Paginate.NONE: (),
}


def _enters(field: Field) -> bool:
    """Whether clients send it."""
    return not field.read_only


def _typed(field: Field, annotation: Code) -> Code:
    """The type with null where it is a value; what is never answered is not shown either."""
    typed = Either(annotation, None) if field.nullable else annotation
    if field.readable:
        return typed
    write_only = Pairs(((Text("writeOnly"), True),))
    hidden: dict[str, Code] = {"repr": False} if field.secret else {}
    return annotated(typed, call(FIELD, **hidden, json_schema_extra=write_only))


_REQUIRED = object()


def _default(field: Field) -> object:
    if field.default is not None:
        return field.type.literal(field.default.value)
    return None if field.nullable else _REQUIRED


def _field(field: Field, annotation: Code, default: object) -> Declaration:
    name = attribute(field.name)
    typed = _typed(field, annotation)
    said: dict[str, Code] = {} if name == field.name else {"alias": field.name}
    if default is _REQUIRED:
        return Declaration(name, typed, call(FIELD, **said)) if said else Declaration(name, typed)
    if not field.type.default_in_schema and default is not None:
        made = call(FIELD, default_factory=Thunk(_code(default)), **said)
        return Declaration(name, typed, made)
    plain = _code(default)
    named = said or isinstance(plain, Items | Pairs)  # pydantic copies it; linters can't know
    return Declaration(name, typed, call(FIELD, default=plain, **said) if named else plain)


def _code(default: object) -> Code:
    """None as a value that is printed: a declaration without one is another thing."""
    return Name("None") if default is None else default  # type: ignore[return-value]


def _answered(field: Field) -> Declaration:
    plain = field.type.plain(field)
    typed = Either(plain, None) if field.nullable else plain
    name = attribute(field.name)
    said: dict[str, Code] = {} if name == field.name else {"serialization_alias": field.name}
    if field.description is not None:
        said["description"] = field.description
    if field.examples:
        said["examples"] = _examples(field)
    return Declaration(name, annotated(typed, call(FIELD, **said)) if said else typed)


def _examples(field: Field) -> Code:
    return Items(tuple(map(field.type.show, field.examples)))


def _filter(one: Filter) -> Declaration:
    name = attribute(one.key)
    alias: dict[str, Code] = {} if name == one.key else {"alias": one.key}
    return Declaration(name, Either(one.annotation, None), call(OPTIONAL, one.description, **alias))
