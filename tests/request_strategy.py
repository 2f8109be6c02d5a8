"""Hypothesis strategies for requests with one entity, of any shape that is allowed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from field_strategy import PROSE, TYPES, Draw, Keys, maybe
from hypothesis import strategies as st

# Words that mean something to Python, pydantic, SQLAlchemy, FastAPI, SQL or the generated modules.
NAMES = (
    *("order", "group", "user", "select", "date", "class", "copy", "metadata", "type", "list"),
    *("entry", "weight_entry", "index", "table", "column", "value", "session", "request", "model"),
    *("query", "page", "rule", "filter", "field", "base", "entity", "db", "service", "none", "id2"),
    *("annotated", "any", "decimal", "response", "router", "status", "uuid", "text", "dict", "str"),
    *("exception", "mapped", "literal", "db_session", "row", "count", "mouse", "child", "pet"),
    *("types", "models", "lambda", "a", "x9", "schema", "not_found", "client", "app", "body"),
    "a_name_that_is_as_long_as_a_name_can_ever_be_xy",
)
FIELD_NAMES = (
    *("order", "group", "user", "select", "date", "class", "copy", "metadata", "type", "list"),
    *("name", "title", "from", "to", "json", "schema", "model_config", "model_name", "registry"),
    *("limit", "cursor", "offset", "sort", "search", "count", "items", "total", "query", "value"),
    *("self", "cls", "values", "datetime", "time", "uuid", "str", "int", "float", "bool", "none"),
    *("session", "body", "change", "default", "constraint", "primary", "key", "check", "a", "z9"),
    *("is_null", "name_in", "price", "amount", "starts_on", "ends_on", "lambda", "async", "true"),
    *("field", "mapped_column", "decimal", "annotated", "any", "literal", "base", "entity", "hash"),
    *("validate", "dict", "types", "table", "columns", "row", "property", "sa", "timedelta", "b_c"),
    "a_field_whose_name_is_as_long_as_names_may_be_xy",
)
WITHOUT_PLURAL = frozenset({NAMES[-1]})
OPERATIONS = ("list", "create", "read", "update", "replace", "delete", "count")
EQUALITY = ("eq", "ne", "in")
ORDER = (*EQUALITY, "lt", "lte", "gt", "gte")
TEXTUAL = (*EQUALITY, "contains", "starts_with")
ORDERED = ("integer", "bigint", "float", "decimal", "date", "time", "datetime", "duration")
SEARCHABLE = ("string", "text", "email", "url")
UNINDEXED = ("text", "json", "bytes", "array")
UNSORTED = (*UNINDEXED, "reference", "references")
PARAMETERS = {"limit", "cursor", "offset", "sort", "search"}
COMPARED = ("eq", "ne", "lt", "lte", "gt", "gte")
MOST_BYTES = 2600


@dataclass(slots=True)
class One:
    """A field or relation as it was drawn, and what follows for the rest of the entity.

    Relations have types of their own: `reference`, and `references` to many.
    """

    asked: Keys
    several: bool
    size: int | None
    checked: bool = True  # a check may be about it

    @property
    def name(self) -> str:
        return str(self.asked["name"])

    def says(self, key: str) -> bool:
        return bool(self.asked.get(key))

    @property
    def readable(self) -> bool:
        return not (self.says("write_only") or self.says("secret"))

    @property
    def nullable(self) -> bool:
        return self.asked.get("required") is False and self.asked.get("default") is None

    @property
    def free(self) -> bool:
        """Whether clients set it, and may leave it out."""
        return self.nullable and not self.says("read_only") and not self.says("hash")


@st.composite
def requests(draw: Draw, count: int = 1) -> list[dict[str, Any]]:
    """So many requests that can stand in one workspace."""
    named = st.lists(st.sampled_from(NAMES), min_size=count, max_size=count, unique=True)
    return [
        {
            "feature": f"f{number}_{name[:40].rstrip('_')}",
            "description": draw(PROSE),
            "requirements": {"entities": [entity(draw, name, number)]},
        }
        for number, name in enumerate(draw(named))
    ]


def entity(
    draw: Draw, name: str, number: int, relations: Sequence[One] = (), most_fields: int = 6
) -> dict[str, Any]:
    """An entity, whose lists, indexes and checks name its relations too; these are not in it."""
    fields = _fields(draw, {one.name for one in relations}, most_fields)
    members = [*relations, *fields]
    asked: dict[str, Any] = {"name": name, "fields": [one.asked for one in fields]}
    if maybe(draw) or name in WITHOUT_PLURAL:
        asked["plural"] = (
            f"{name[:38].rstrip('_')}_{draw(st.sampled_from(['many', 'all']))}{number}"
        )
    if maybe(draw):
        asked["description"] = draw(PROSE)
    if maybe(draw, 3):
        asked["timestamps"] = False
    asked["operations"] = _operations(draw, members)
    stamped = asked.get("timestamps", True)
    if "list" in asked["operations"] and maybe(draw, 1):
        asked["list"] = _listing(draw, members, stamped=stamped)
    asked["unique_together"] = list(_unique_together(draw, members))
    asked["indexes"] = list(_indexes(draw, members, asked["unique_together"], stamped=stamped))
    asked["checks"] = list(_checks(draw, [one for one in members if one.checked]))
    asked["fields"] = [_short(draw, one.asked) for one in fields]
    return {key: value for key, value in asked.items() if value != [] or key == "fields"}


def _fields(draw: Draw, taken: Collection[str], most: int) -> list[One]:
    able = [name for name in FIELD_NAMES if name not in taken]
    names = draw(st.lists(st.sampled_from(able), max_size=most, unique=True))
    fields = [_field(draw, name) for name in names]
    return [*fields, *_pair(draw, [name for name in able if name not in names])]


def _pair(draw: Draw, free: Sequence[str]) -> list[One]:
    """Two more fields of one kind, which can be compared with each other."""
    if not maybe(draw):
        return []
    kind = draw(st.sampled_from([*ORDERED, "string", "enum", "boolean"]))
    drawn = TYPES[kind](draw)
    first = draw(st.integers(0, len(free) - 2))
    return [
        One(
            {"name": name, "type": kind, **drawn.keys, **_flags(draw, kind, drawn)},
            drawn.several,
            drawn.size,
        )
        for name in free[first : first + 2]
    ]


def _field(draw: Draw, name: str) -> One:
    kind = draw(st.sampled_from(list(TYPES)))
    drawn = TYPES[kind](draw)
    asked = {"name": name, "type": kind, **drawn.keys, **_flags(draw, kind, drawn)}
    if maybe(draw, 3):
        asked["description"] = draw(PROSE)
    return One(asked, drawn.several, drawn.size)


def _flags(draw: Draw, kind: str, drawn: Any) -> Keys:  # noqa: ANN401 (Drawn)
    """Who sees and sets the field, and its values."""
    flags = draw(st.sampled_from(["", "", "", "read_only", "write_only", "secret", "hash"]))
    flags = "secret" if flags == "hash" and kind != "string" else flags
    said: Keys = {flags: True} if flags else {}
    if flags == "hash":
        said["secret"] = True
    if flags != "read_only" and maybe(draw, 5):
        said["immutable"] = True
    said |= _values(draw, drawn, may_default=not {"secret", "hash"} & {flags})
    if flags == "read_only" and "default" not in said:
        said["required"] = False
    indexed = drawn.size is not None and flags not in {"secret", "hash"}
    if indexed and drawn.several and "default" not in said and maybe(draw, 4):
        said["unique"] = True
    elif indexed and flags != "write_only" and maybe(draw, 6):
        said["index"] = True
    return said


def _values(draw: Draw, drawn: Any, *, may_default: bool) -> Keys:  # noqa: ANN401 (Drawn)
    said: Keys = {}
    if maybe(draw):
        said["required"] = False
    elif may_default and maybe(draw, 3):
        said["default"] = draw(drawn.values)
    if maybe(draw, 3):
        said["example"] = draw(drawn.values)
    elif maybe(draw, 5):
        said["examples"] = draw(st.lists(drawn.values, min_size=1, max_size=3))
    return said


def _operations(draw: Draw, fields: Sequence[One]) -> list[str]:
    fixed = bool(fields) and all(one.says("immutable") or one.says("read_only") for one in fields)
    able = [one for one in OPERATIONS if not (fixed and one in {"update", "replace"})]
    if maybe(draw):
        return able
    return draw(st.lists(st.sampled_from(able), min_size=1, unique=True))


def _unique_together(draw: Draw, fields: Sequence[One]) -> Iterator[list[str]]:
    able = [
        one
        for one in fields
        if one.several
        and one.size is not None
        and not one.says("unique")
        and not one.says("secret")
    ]
    chosen = able[: draw(st.integers(2, 3))] if maybe(draw, 3) else []
    if len(chosen) > 1 and sum(one.size or 0 for one in chosen) <= MOST_BYTES:
        yield [one.name for one in chosen]


def _indexes(
    draw: Draw, fields: Sequence[One], unique: list[list[str]], *, stamped: bool
) -> Iterator[list[str]]:
    able = {one.name: one.size for one in fields if one.readable and one.size is not None}
    able |= {"created_at": 16} if stamped else {}
    chosen = draw(st.lists(st.sampled_from(sorted(able)), max_size=3, unique=True)) if able else []
    alone = len(chosen) == 1 and any(
        one.name == chosen[0] and (one.says("unique") or one.says("index")) for one in fields
    )
    fits = sum(able[name] or 0 for name in chosen) <= MOST_BYTES
    if chosen and not alone and fits and chosen not in unique:
        yield chosen


def _checks(draw: Draw, fields: Sequence[One]) -> Iterator[Keys]:
    """Each field in one check at most of a kind, so that all can hold at once."""
    if len(fields) > 1 and maybe(draw, 1):
        one, other = fields[-2:]
        keys = ("type", "scale", "values", "target")
        same = all(one.asked.get(key) == other.asked.get(key) for key in keys)
        compared = same and one.several and one.asked["type"] not in UNINDEXED
        if compared and not (one.says("hash") or other.says("hash")):
            ordered = one.asked["type"] in ORDERED
            op = draw(st.sampled_from(COMPARED if ordered else COMPARED[:2]))
            referring = one.asked["type"] == "reference"  # one row may be all that there is
            able = one.free and other.free if referring else True
            if able and not one.says("read_only") and not other.says("read_only"):
                yield {"code": "one_and_other", "left": one.name, "op": op, "right": other.name}
    free = [one for one in fields if one.free]
    if len(free) > 1 and maybe(draw):
        yield {"code": "needs", "field": free[0].name, "requires": free[-1].name}
        free = free[1:-1]
    if len(free) > 1 and maybe(draw):
        yield {"code": "only_one", "one_of": [one.name for one in free[:3]]}


def _listing(draw: Draw, fields: Sequence[One], *, stamped: bool) -> Keys:
    said: Keys = {}
    paginate = draw(st.sampled_from(["", "cursor", "offset", "none"]))
    if paginate:
        said["paginate"] = paginate
    if paginate != "none":
        said |= draw(
            st.sampled_from(
                [{}, {"max_size": 1}, {"default_size": 1000}, {"default_size": 3, "max_size": 4}]
            )
        )
    shown = [one for one in fields if one.readable]
    kinds = {one.name: str(one.asked["type"]) for one in shown}
    kinds |= {"created_at": "datetime", "updated_at": "datetime"} if stamped else {}
    nullable = {one.name for one in shown if one.nullable}
    filters = dict(_filters(draw, kinds, nullable, {one.name for one in fields}))
    sortable = [name for name, kind in kinds.items() if kind not in UNSORTED]
    searchable = [name for name, kind in kinds.items() if kind in SEARCHABLE]
    said |= {"filters": filters} if filters else {}
    for key, names in (("sort", sortable), ("search", searchable)):
        chosen = draw(st.lists(st.sampled_from(names), unique=True)) if names else []
        said |= {key: chosen} if chosen else {}
    return said


def _filters(
    draw: Draw, kinds: dict[str, str], nullable: set[str], names: set[str]
) -> Iterator[tuple[str, list[str]]]:
    """Operators for some fields; no parameter has the name of another thing."""
    taken = PARAMETERS | names
    for name, kind in kinds.items():
        able = list(ORDER if kind in ORDERED else TEXTUAL if kind in SEARCHABLE else EQUALITY)
        able = [] if kind in {"json", "bytes", "array", "references"} else able
        able = [*able, "is_null"] if name in nullable else able
        able = [
            one
            for one in able
            if (name not in PARAMETERS if one == "eq" else f"{name}_{one}" not in taken)
        ]
        if able and maybe(draw):
            yield name, draw(st.lists(st.sampled_from(able), min_size=1, unique=True))


def _short(draw: Draw, asked: Keys) -> Keys | str:
    """The short form of a field, where it can say all, and half of the time."""
    left = dict(asked)
    name, kind = left.pop("name"), left.pop("type")
    braces = left.pop("min_length", ""), left.pop("max_length", "")
    optional = "" if left.pop("required", True) else "?"
    flags = "".join(f":{flag}" for flag in ("unique", "index", "immutable") if left.pop(flag, None))
    values = left.pop("values", [])
    plain = all(word.isalnum() for word in values)
    if left or not plain or not maybe(draw):
        return asked
    inside = f"({','.join(values)})" if values else ""
    bounds = f"{{{braces[0]},{braces[1]}}}" if any(part != "" for part in braces) else ""
    return f"{name}:{kind}{inside}{bounds}{optional}{flags}"
