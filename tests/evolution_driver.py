"""Runs inside a generated project: migrates databases, asks the app, and says what is there."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import importlib
import io
import json
import os
import re
import sys
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx
import sqlalchemy as sa
from alembic import command
from alembic.config import Config


class Driver:
    """One database, and the project in this folder."""

    def __init__(self, url: str) -> None:
        os.environ["DATABASE_URL"] = url
        self.db = importlib.import_module("petsage_api.core.db")
        importlib.import_module("petsage_api.features")
        self.engine = self.db.make_engine(url, pool_size=2)
        self.made: list[str] = []
        self.config = Config(
            toml_file=Path("pyproject.toml"),
            attributes={"engine": self.engine},
            stdout=io.StringIO(),
        )

    @functools.cached_property
    def app(self) -> Any:  # noqa: ANN401 (of a library that only the project needs)
        return importlib.import_module("petsage_api.main").create_app()

    def upgrade(self, revision: str) -> str | None:
        return self._said(command.upgrade, revision)

    def downgrade(self, revision: str) -> str | None:
        return self._said(command.downgrade, revision)

    def check(self) -> str | None:
        return self._said(command.check)

    def _said(self, work: Any, *arguments: str) -> str | None:  # noqa: ANN401
        """None, or what went wrong."""
        try:
            work(self.config, *arguments)
        except Exception as error:  # noqa: BLE001 (the test judges it)
            return f"{type(error).__name__}: {error}"
        return None

    def post(self, path: str, body: object) -> list[Any]:
        """What was made; in the body, `@0` is the id of what was made first, and so on."""
        written = re.sub(r"@([0-9]+)", lambda found: self.made[int(found[1])], json.dumps(body))
        code, made = asyncio.run(self._request("POST", path, json.loads(written)))
        self.made.append(made.get("id", ""))
        return [code, made]

    def get(self, path: str) -> list[Any]:
        return asyncio.run(self._request("GET", path, None))

    async def _request(self, method: str, path: str, body: object) -> list[Any]:
        app = self.app
        transport = httpx.ASGITransport(app)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url="http://test") as client,
        ):
            found = await client.request(method, f"/api/v1{path}", json=body)
            return [found.status_code, found.json() if found.content else None]

    def sql(self, statement: str) -> list[list[Any]]:
        with self.engine.begin() as connection:
            found = connection.exec_driver_sql(statement)
            rows = found.all() if found.returns_rows else []
            return [[str(value) if value is not None else None for value in row] for row in rows]

    def foreign_keys(self) -> str:
        """Whether they are guarded: SQLite's setting."""
        return self.sql("PRAGMA foreign_keys")[0][0] if self.sqlite else "1"

    @property
    def sqlite(self) -> bool:
        return bool(self.engine.dialect.name == "sqlite")

    def schema(self) -> Any:  # noqa: ANN401 (JSON)
        return described(self.engine)

    def expected(self) -> Any:  # noqa: ANN401 (JSON)
        """The schema that the code makes of an empty database."""
        with self._empty() as engine:
            self.db.Base.metadata.create_all(engine)
            return described(engine)

    @contextlib.contextmanager
    def _empty(self) -> Any:  # noqa: ANN401 (an iterator of engines)
        if self.sqlite:
            yield sa.create_engine("sqlite://")
            return
        self.sql("DROP SCHEMA IF EXISTS expected CASCADE")
        self.sql("CREATE SCHEMA expected")
        url = self.engine.url.update_query_dict({"options": "-c search_path=expected"})
        engine = sa.create_engine(url.render_as_string(hide_password=False))
        yield engine
        engine.dispose()
        self.sql("DROP SCHEMA expected CASCADE")


def described(engine: sa.Engine) -> Any:  # noqa: ANN401 (JSON)
    """Every table with its parts, in no order but that of their names."""
    inspector = sa.inspect(engine)
    tables = set(inspector.get_table_names()) - {"alembic_version"}
    sqlite = engine.dialect.name == "sqlite"
    return {name: table(inspector, name, sqlite=sqlite) for name in sorted(tables)}


def table(inspector: Any, name: str, *, sqlite: bool) -> dict[str, Any]:  # noqa: ANN401
    primary = inspector.get_pk_constraint(name)
    return {
        "columns": sorted(
            [c["name"], str(c["type"]), c["nullable"], c["default"]]
            for c in inspector.get_columns(name)
        ),
        "primary": [*primary["constrained_columns"], None if sqlite else primary["name"]],
        "unique": sorted(
            [u["name"], u["column_names"]] for u in inspector.get_unique_constraints(name)
        ),
        "foreign": sorted(
            [
                key["name"],
                key["constrained_columns"],
                key["referred_table"],
                key["referred_columns"],
                key["options"].get("ondelete"),
            ]
            for key in inspector.get_foreign_keys(name)
        ),
        "checks": sorted([c["name"], c["sqltext"]] for c in inspector.get_check_constraints(name)),
        "indexes": sorted(
            [
                index["name"],
                index["column_names"],
                bool(index["unique"]),
                sorted(map(str, index.get("dialect_options", {}).values())),
            ]
            for index in inspector.get_indexes(name)
            if not index.get("duplicates_constraint")
        ),
    }


def answer(
    project: Path, urls: Mapping[str, str], orders: Sequence[Sequence[Any]], written: Path
) -> None:
    """For a forked process: {name: [answer to each order]}, as JSON, by the project's own code."""
    os.chdir(project)
    sys.path.insert(0, str(project))
    sys.dont_write_bytecode, sys.pycache_prefix = False, str(written.with_name("bytecode"))
    answers = {}
    try:
        for name, url in urls.items():
            driver = Driver(url)
            answers[name] = [getattr(driver, order)(*rest) for order, *rest in orders]
            driver.engine.dispose()
    except BaseException:
        traceback.print_exc()
        raise
    written.write_text(json.dumps(answers), encoding="utf-8")
