"""Projects that change: built in steps without being verified, with databases that hold rows."""

from __future__ import annotations

import importlib
import json
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from evolution_driver import answer
from forked import in_child

from petsage_builder import pipeline
from petsage_builder.draft import Draft
from petsage_builder.entries import read_entries
from petsage_builder.recorded_requests import Removal
from petsage_builder.staging import commit
from petsage_builder.verify import postgres

# Loaded once, for every forked process that asks an app.
APP_LIBRARIES = ("alembic.autogenerate", "fastapi", "psycopg", "pydantic_settings")
Request = dict[str, Any]


def request(feature: str, *entities: Request) -> Request:
    """A feature with these entities."""
    asked = {"entities": list(entities)}
    return {"feature": feature, "description": f"All about {feature}.", "requirements": asked}


def entity(name: str, *fields: str | Request, **more: object) -> Request:
    """An entity that can be made, listed and read."""
    operations = ["list", "create", "read"]
    return {"name": name, "fields": list(fields), "operations": operations, **more}


def field(name: str, kind: str, **more: object) -> Request:
    """A field, in the long form."""
    return {"name": name, "type": kind, **more}


def draft_of(folder: Path, requests: Sequence[Request], *, allow: bool = False) -> Draft:
    """What a build of the requests would do; RequestErrors are the caller's."""
    source = folder.parent / f"{folder.name}.json"
    source.write_text(json.dumps(list(requests)), encoding="utf-8")
    options = pipeline.Options(folder, allow_destructive=allow)
    with pipeline.opened(options, "build", new=True) as opened:
        return pipeline.make_draft(opened, read_entries([str(source)]), options)


def build(folder: Path, requests: Sequence[Request], *, allow: bool = False) -> Draft:
    """The project with the requests built: that it is verified is for other tests."""
    draft = draft_of(folder, requests, allow=allow)
    assert not draft.changes.conflicts, draft.changes.conflicts
    with pipeline.opened(pipeline.Options(folder), "build", new=True) as opened:
        commit(opened, draft.changes)
    return draft


def without(folder: Path, feature: str, *, force: bool = False) -> None:
    """Takes a feature out of the project: that the rest is verified is for other tests."""
    removal = Removal(feature, force=force)
    options = pipeline.Options(folder, removal=removal, allow_destructive=True)
    with pipeline.opened(options, "remove") as opened:
        commit(opened, pipeline.make_draft(opened, [], options).changes)


def changes(draft: Draft) -> list[str]:
    """What the build changes in the database, destructive changes with a bang."""
    history = draft.plan.project.history
    return [f"{c.change}{'!' * c.destructive}" for one in history for c in one.changes]


@dataclass(frozen=True, slots=True)
class Databases:
    """An empty database of each kind, and a folder for what they answer."""

    folder: Path
    urls: dict[str, str]

    def ask(self, project: Path, *orders: Sequence[object]) -> dict[str, list[Any]]:
        """The answers of each database to the orders, given by the project's own code."""
        written = self.folder / "answers.json"
        assert in_child(answer, project, self.urls, orders, written) == 0
        answers: dict[str, list[Any]] = json.loads(written.read_text(encoding="utf-8"))
        return answers


@contextmanager
def servers() -> Iterator[str]:
    """The address of a PostgreSQL of our own."""
    with postgres.started(postgres.find_programs()) as server:
        yield server.url()


@contextmanager
def databases(folder: Path, server: str) -> Iterator[Databases]:
    """Empty databases: a file, and a schema of the server's."""
    for library in APP_LIBRARIES:
        importlib.import_module(library)
    engine = sa.create_engine(server)
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA IF EXISTS story CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA story")
    engine.dispose()
    url = sa.make_url(server).update_query_dict({"options": "-c search_path=story"})
    yield Databases(
        folder,
        {
            "sqlite": f"sqlite:///{folder / 'story.db'}",
            "postgresql": url.render_as_string(hide_password=False),
        },
    )


@dataclass(frozen=True, slots=True)
class Told:
    """What a database holds after a change, and after it was taken back, by path.

    `lost`: the parts of the old schema that are others then.
    """

    made: list[Any]
    after: dict[str, Any]
    back: dict[str, Any]
    lost: list[str]


@dataclass(frozen=True, slots=True)
class Story:
    """A folder and a database of each kind, for one change of one project."""

    folder: Path
    databases: Databases

    def tell(
        self,
        before: Sequence[Request],
        after: Sequence[Request],
        rows: Sequence[tuple[str, Request]],
        *,
        allow: bool = False,
    ) -> tuple[dict[str, Told], list[str]]:
        """What becomes of rows that the old app made, up, down and up again; and the changes."""
        old = self.folder / "old"
        build(old, before)
        new = copied(old, "new")
        changed = changes(build(new, after, allow=allow))
        return self.migrate(old, new, rows, before=before, after=after), changed

    def migrate(
        self,
        old: Path,
        new: Path,
        rows: Sequence[tuple[str, Request]],
        *,
        before: Sequence[Request],
        after: Sequence[Request],
    ) -> dict[str, Told]:
        """The same for projects that are there."""
        ask, wanted = self.databases.ask, [("get", path) for path in paths(after)]
        posts = [("post", path, body) for path, body in rows]
        made = ask(old, ("upgrade", "head"), *posts)
        steps = [("upgrade", "head"), ("check",), ("schema",), ("expected",), ("foreign_keys",)]
        up = ask(new, *steps, *wanted, ("downgrade", head(old)))
        there = [("get", path) for path in paths(before)]
        down = ask(old, ("schema",), ("expected",), *there)
        again = ask(
            new, ("upgrade", "head"), ("check",), *wanted, ("downgrade", "base"), ("schema",)
        )
        told = {}
        for name in self.databases.urls:
            assert [answer for answer in made[name][1:] if answer[0] != 201] == []
            migrated, checked, schema, expected, guarded, *found, undone = up[name]
            assert (migrated, checked, undone) == (None, None, None), name
            assert schema == expected, name
            assert guarded == "1", name
            assert again[name][:2] == [None, None], name
            assert again[name][-2:] == [None, {}], name
            assert [answer[0] for answer in found] == [200] * len(wanted)
            told[name] = Told(
                made=[body for _, body in made[name][1:]],
                after=dict(zip(paths(after), [rows_of(a) for a in found], strict=True)),
                back=dict(zip(paths(before), [rows_of(a) for a in down[name][2:]], strict=True)),
                lost=list(differences(down[name][1], down[name][0])),
            )
        return told


def rows_of(answer: list[Any]) -> list[Any]:
    """The rows of a list, without the moments in them; none where it can't be read."""
    if answer[0] != 200:
        return []
    items: list[dict[str, Any]] = answer[1]["items"]
    return [{k: v for k, v in item.items() if not k.endswith("_at")} for item in items]


def differences(expected: Any, found: Any) -> Iterator[str]:  # noqa: ANN401 (JSON)
    """The parts of a schema that are others than expected."""
    if expected.keys() != found.keys():
        yield "tables"
    for table in expected.keys() & found.keys():
        for part, content in expected[table].items():
            if found[table][part] != content:
                yield f"{table}.{part}"


def paths(requests: Sequence[Request]) -> list[str]:
    """Where the entities of requests are listed."""
    asked = (one["requirements"] for one in requests if isinstance(one["requirements"], dict))
    return [f"/{e.get('plural') or e['name'] + 's'}" for one in asked for e in one["entities"]]


def head(project: Path) -> str:
    """The last step of its history."""
    manifest = json.loads((project / ".petsage/manifest.json").read_text())
    steps = [s for f in manifest["features"].values() for s in f.get("migrations", [])]
    followed = {step["down_revision"] for step in steps}
    [last] = [step["revision"] for step in steps if step["revision"] not in followed]
    return str(last)


def copied(project: Path, name: str) -> Path:
    """The same project in another folder, to be changed there."""
    return Path(shutil.copytree(project, project.with_name(name)))
