"""Requests that change in any way: rows are kept or the change is refused, never lost in silence.

A few changes here, and more by `make nightly`.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from evolution_driver import described
from evolutions import Request, build, changes, draft_of, entity, request, servers
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

from petsage_builder.draft import Draft
from petsage_builder.errors import RequestError

Draw = st.DrawFn
# A value that every variant of its type takes, and the variants.
TYPES: dict[str, tuple[str, list[Request]]] = {
    "string": ("ab", [{"max_length": size} for size in (2, 8, 80)]),
    "text": ("ab", [{"max_length": size} for size in (2, 500)]),
    "enum": ("ab", [{"values": ["ab", "cd"]}, {"values": ["ab", "cd", "efghij"]}]),
    "email": ("ab@example.com", [{}]),
    "integer": ("5", [{}, {"min": 0}, {"max": 9}]),
    "bigint": ("5", [{}]),
    "boolean": ("true", [{}]),
    "date": ("2020-01-02", [{}]),
    "decimal": ("1.50", [{"precision": 8, "scale": 2}, {"precision": 12, "scale": 4}]),
}
NAMES = ("name", "order", "age", "note", "price", "born", "group", "kind")
OTHER = entity("other", "label:string{1,20}")
LINK = {"kind": "belongs_to", "target": "other", "required": False, "on_delete": "set_null"}
MANY = {"kind": "many_to_many", "target": "other"}


@st.composite
def fields(draw: Draw, name: str) -> Request:
    kind = draw(st.sampled_from(sorted(TYPES)))
    asked = {"name": name, "type": kind, **draw(st.sampled_from(TYPES[kind][1]))}
    how = draw(st.sampled_from(["", "", "optional", "default"]))
    if how == "optional":
        asked["required"] = False
    elif how:
        asked["default"] = value(asked)
    return asked


def value(field: Request) -> object:
    """A value of the field, on the wire."""
    text = TYPES[field["type"]][0]
    return {"integer": 5, "bigint": 5, "boolean": True}.get(field["type"], text)


@st.composite
def stories(draw: Draw) -> tuple[list[Request], list[Request]]:
    """A request, and the same after any change."""
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=4, unique=True))
    before = [draw(fields(name)) for name in names]
    after = [new for field in before if (new := draw(changed(field)))]
    free = [f"new_{name}" for name in draw(st.lists(st.sampled_from(NAMES), max_size=2))]
    for name in dict.fromkeys(free):
        field = draw(fields(name))
        filled = "default" in field or field.get("required") is False
        after.append(field if filled else field | {"backfill": value(field)})
    relations = draw(related()), draw(related())
    old = entity("thing", *before, **draw(flags(before)), relations=relations[0])
    new = entity("thing", *after, **draw(flags(after)), relations=named(*relations))
    if draw(st.booleans()):
        new |= {"name": "item", "renamed_from": "thing"}
    return [request("things", OTHER, old)], [request("things", OTHER, new)]


@st.composite
def changed(draw: Draw, field: Request) -> Request | None:
    how = draw(st.sampled_from(["kept", "kept", "dropped", "renamed", "altered", "both"]))
    if how == "dropped":
        return None
    name = f"{field['name']}_now" if how in {"renamed", "both"} else field["name"]
    new = dict(field) if how in {"kept", "renamed"} else draw(fields(name))
    if "default" not in new and new.get("required", True) and how in {"altered", "both"}:
        new["backfill"] = value(new)
    origin = {"renamed_from": field["name"]} if name != field["name"] else {}
    return new | {"name": name} | origin


@st.composite
def related(draw: Draw) -> list[Request]:
    link = draw(st.sampled_from(["", "one", "first"]))
    many = draw(st.sampled_from(["", "many", "several"]))
    return [*([LINK | {"name": link}] if link else []), *([MANY | {"name": many}] if many else [])]


def named(before: list[Request], after: list[Request]) -> list[Request]:
    """The relations of after; each says what it was called, if it had another name."""
    was = {one["kind"]: one["name"] for one in before}
    origins = [was.get(one["kind"], one["name"]) for one in after]
    return [
        one if one["name"] == origin else one | {"renamed_from": origin}
        for one, origin in zip(after, origins, strict=True)
    ]


@st.composite
def flags(draw: Draw, asked: list[Request]) -> Request:
    said: Request = {"operations": ["list", "create", "read", "update", "delete"]}
    for key in ("timestamps", "soft_delete", "optimistic_lock"):
        said[key] = draw(st.booleans())
    plain = [field["name"] for field in asked if field["type"] != "text"]
    for key in ("unique_together", "indexes"):
        chosen = draw(st.lists(st.sampled_from(plain), max_size=3, unique=True)) if plain else []
        said |= {key: [chosen]} if len(chosen) > 1 and [chosen] not in said.values() else {}
    free = [f["name"] for f in asked if f.get("required") is False]
    if len(free) > 1 and draw(st.booleans()):
        said["checks"] = [{"code": "needs", "field": free[0], "requires": free[1]}]
    return said


class Database:
    """A database in this process, whose migrations run without the application."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine
        self.sqlite = engine.dialect.name == "sqlite"

    def run(self, migration: str, function: str) -> None:
        with self.engine.begin() as connection:
            context = MigrationContext.configure(connection)
            with Operations.context(context):
                scope: dict[str, Any] = {}
                exec(compile(migration, "migration.py", "exec"), scope)  # noqa: S102 (ours)
                scope[function]()

    def insert(self, table: str, row: dict[str, str]) -> None:
        columns = ", ".join(f'"{name}"' for name in row)
        values = ", ".join(f"'{value}'" for value in row.values())
        with self.engine.begin() as connection:
            connection.exec_driver_sql(f'INSERT INTO "{table}" ({columns}) VALUES ({values})')  # noqa: S608

    def rows(self, table: str) -> list[dict[str, str | None]]:
        with self.engine.connect() as connection:
            found = connection.exec_driver_sql(f'SELECT * FROM "{table}"').mappings()  # noqa: S608
            return [{k: None if v is None else str(v) for k, v in row.items()} for row in found]

    def stored(self, field: Request) -> str:
        text = TYPES[field["type"]][0]
        if self.sqlite and field["type"] == "decimal":
            return str(int(float(text) * 10 ** field["scale"]))
        if field["type"] == "decimal":
            return f"{float(text):.{field['scale']}f}"
        return {"true": "1" if self.sqlite else "True"}.get(text, text)

    def row(self, asked: list[Request]) -> dict[str, str]:
        """A row of the thing; own columns have a value where there are any."""
        columns = {c["name"] for c in sa.inspect(self.engine).get_columns("thing")}
        own = {"id": "0" * 31 + "2", "created_at": "2020-01-01 00:00:00.000000", "version": "1"}
        own |= {"updated_at": own["created_at"]}
        links = {"one_id": "0" * 31 + "1", "first_id": "0" * 31 + "1"}
        kept = {field["name"]: self.stored(field) for field in asked}
        return {k: v for k, v in (own | links | kept).items() if k in columns}


@contextlib.contextmanager
def databases(server: str, schema: str) -> Iterator[list[Database]]:
    """An empty database of each kind; foreign keys are not guarded in SQLite's."""
    main = sa.create_engine(server)
    with main.begin() as connection:
        connection.exec_driver_sql(f"DROP SCHEMA IF EXISTS {schema} CASCADE")
        connection.exec_driver_sql(f"CREATE SCHEMA {schema}")
    url = sa.make_url(server).update_query_dict({"options": f"-c search_path={schema}"})
    engines = [transactional(sa.create_engine("sqlite://")), sa.create_engine(url)]
    try:
        yield [Database(engine) for engine in engines]
    finally:
        for engine in (*engines, main):
            engine.dispose()


def transactional(engine: sa.Engine) -> sa.Engine:
    """SQLite that changes tables in a transaction, as the application's does."""

    @sa.event.listens_for(engine, "connect")
    def leave_it_to_us(connection: Any, _record: object) -> None:  # noqa: ANN401 (of the driver)
        connection.isolation_level = None

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    return engine


def migration_of(draft: Draft) -> str:
    """The new step of the one feature; one that does nothing where there is none."""
    idle = "def upgrade(): pass\ndef downgrade(): pass\n"
    step = next((one.migration for one in draft.plan.project.history), None)
    return draft.rendered[f"migrations/versions/{step.revision}_things.py"] if step else idle


def look(folder: Path, server: str, before: list[Request], after: list[Request]) -> None:
    note(json.dumps([before, after]))
    first = build(folder / "old", before)
    try:
        draft = draft_of(folder / "old", after)
        silent = True
    except RequestError:
        draft = draft_of(folder / "old", after, allow=True)
        silent = False
    said = changes(draft)
    assert any(one.endswith("!") for one in said) is not silent
    plain = draft_of(folder / "new", without_origins(after))
    [_, old] = before[0]["requirements"]["entities"]
    [_, new] = after[0]["requirements"]["entities"]
    with databases(server, "changed") as found, databases(server, "fresh") as fresh:
        for database, expected in zip(found, fresh, strict=True):
            database.run(migration_of(first), "upgrade")
            schema = described(database.engine)
            database.insert("other", other_row(database))
            row = database.row(old["fields"])
            database.insert("thing", row)
            there = database.rows("thing")
            try:
                database.run(migration_of(draft), "upgrade")
            except sa.exc.IntegrityError:
                assert any("the migration fails" in one for one in said)
                assert kept(database.rows("thing")) == kept(there)
                continue
            expected.run(migration_of(plain), "upgrade")
            assert described(database.engine) == described(expected.engine)
            judge(database, old, new, silent=silent)
            database.run(migration_of(draft), "downgrade")
            if silent:
                assert described(database.engine) == schema
                assert kept(database.rows("thing")) == kept(there)
            database.run(migration_of(draft), "upgrade")
            assert described(database.engine) == described(expected.engine)


def kept(rows: list[dict[str, str | None]]) -> list[list[tuple[str, str | None]]]:
    return [sorted(row.items()) for row in rows]


def other_row(database: Database) -> dict[str, str]:
    columns = {c["name"] for c in sa.inspect(database.engine).get_columns("other")}
    row = {"id": "0" * 31 + "1", "label": "x"}
    moments = {"created_at", "updated_at"} & columns
    return row | dict.fromkeys(moments, "2020-01-01 00:00:00.000000")


def judge(database: Database, old: Request, new: Request, *, silent: bool) -> None:
    """Every value of the row is there under its new name, unless its loss was told."""
    [row] = database.rows(new["name"])
    origins = {field.get("renamed_from", field["name"]): field for field in new["fields"]}
    for field in old["fields"]:
        becomes = origins.get(field["name"])
        if silent:
            assert becomes is not None
        if becomes and (silent or becomes["type"] == field["type"]):
            assert row[becomes["name"]] == database.stored(becomes)


def without_origins(asked: Any) -> Any:  # noqa: ANN401 (JSON)
    """The same request, as if nothing had been built before."""
    if isinstance(asked, list):
        return [without_origins(one) for one in asked]
    if isinstance(asked, dict):
        return {k: without_origins(v) for k, v in asked.items() if k != "renamed_from"}
    return asked


def test_any_change_keeps_rows_or_says_what_is_lost(
    pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with servers() as server:

        @settings(
            max_examples=int(pytestconfig.getoption("drawn_requests")),
            phases=[Phase.generate],
            derandomize=True,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(stories())
        def change_and_look(story: tuple[list[Request], list[Request]]) -> None:
            look(tmp_path_factory.mktemp("changed"), server, *story)

        change_and_look()
