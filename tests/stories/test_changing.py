"""Requests that change, as users build them: what is refused, told, kept and verified."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from command_line import Door, own_template, tree, write
from evolutions import Request, entity, field, request
from projects import rebuilt, verified_project

THINGS = request("things", entity("thing", "name:string{1,80}", "age:integer?"))
LESS = request("things", entity("thing", "name:string{1,80}"))
MORE = request("things", entity("thing", "name:string{1,80}", "age:integer?", "born:date?"))
BY_HAND = "\n# by hand\n"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with one feature, which is copied for each test."""
    folder = tmp_path_factory.mktemp("things")
    verified_project(folder / "generated", write(folder / "things.json", THINGS))
    return folder


@pytest.fixture
def generated(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    return tmp_path / "generated"


def revisions(generated: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in sorted((generated / "migrations/versions").iterdir())}


@pytest.fixture(scope="module")
def grown(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace whose built migration was edited and has another template; then one more came."""
    folder = shutil.copytree(made / "generated", tmp_path_factory.mktemp("grown") / "generated")
    [name] = revisions(folder)
    file = folder / "migrations/versions" / name
    file.write_text(file.read_text() + BY_HAND)
    template = "storage/files/migrations/migration.py.jinja"
    own_template(folder, template, "def upgrade", "# another one\ndef upgrade")
    write(folder / "requests/things.json", MORE)
    return rebuilt(folder)


@pytest.fixture(scope="module")
def recovered(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace that lost its records of a migration and of a request, built again."""
    folder = shutil.copytree(made / "generated", tmp_path_factory.mktemp("lost") / "generated")
    record_of_migration(folder).unlink()
    spoil(record_of_request(folder))
    return rebuilt(folder)


def record_of_migration(generated: Path) -> Path:
    """Of the first one."""
    [record, *_] = sorted((generated / ".petsage/base/migrations/versions").iterdir())
    return record


def record_of_request(generated: Path) -> Path:
    return generated / ".petsage/base/requests/things.json.base"


def spoil(record: Path) -> None:
    record.write_text(record.read_text().replace("age", "old"))


def test_loss_is_refused_until_it_is_allowed(generated: Path, door: Door) -> None:
    before, built = tree(generated), revisions(generated)
    write(generated.parent / "things.json", LESS)
    done = door("things.json")
    assert done.code == 2
    assert "drops the column thing.age, and its values are lost." in done.err
    assert tree(generated) == before
    done = door("things.json", "--allow-destructive")
    assert done.code == 0, done.err
    assert "  database: drops column thing.age  (destructive)" in done.out
    after = revisions(generated)
    assert len(after) == 2
    assert after.items() > built.items()


def test_request_on_file_can_be_edited(generated: Path, door: Door) -> None:
    write(generated / "requests/things.json", MORE)
    stale = door("check", "--files-only", "--report", "json").json()
    assert stale["exit_code"] == 1
    done = door("build", "--report", "json")
    assert done.code == 0, done.err
    assert done.json()["database"] == [
        {"feature": "things", "change": "adds column thing.born", "destructive": False}
    ]
    assert len(revisions(generated)) == 2
    assert door("check", "--files-only", "--strict").code == 0
    now = tree(generated)
    assert door("build").code == 0
    assert tree(generated) == now


def test_edited_request_that_loses_rows_is_refused_too(generated: Path, door: Door) -> None:
    write(generated / "requests/things.json", LESS)
    assert "requests/things.json:1:" in door("build").err
    assert door("check", "--files-only").code == 1  # it only says that the request is stale
    assert "drops column thing.age  (destructive)" in door("status").out
    assert door("build", "--allow-destructive").code == 0


def test_rehearsal_says_what_changes_in_the_database(generated: Path, door: Door) -> None:
    write(generated.parent / "things.json", LESS)
    before = tree(generated)
    refused = door("things.json", "--dry-run")
    assert refused.code == 2
    assert "  database: drops column thing.age  (destructive)\n" in refused.out
    said = "drops the column thing.age, and its values are lost."
    assert refused.out.splitlines()[-1].startswith("DRY RUN FAILED: things.json:1:")
    assert said in refused.out.splitlines()[-1]
    options = ("--dry-run", "--allow-destructive", "--report")
    assert door("things.json", *options, "json").json()["database"] == [
        {"feature": "things", "change": "drops column thing.age", "destructive": True}
    ]
    shown = door("things.json", *options, "markdown").out
    assert "# Database\n\n- drops column thing.age (destructive)" in shown
    assert tree(generated) == before


def test_hand_edit_of_a_built_migration_is_kept(made: Path, grown: Path, door: Door) -> None:
    [(name, built)] = revisions(made / "generated").items()
    assert revisions(grown)[name] == built + BY_HAND.encode()
    base = grown / f".petsage/base/migrations/versions/{name}.base"
    assert base.read_bytes() == built
    assert door("check", "--files-only", "--workspace", grown).code == 0
    assert door("check", "--files-only", "--strict", "--workspace", grown).code == 1


def test_built_migration_is_never_rendered_anew(made: Path, grown: Path) -> None:
    built, after = revisions(made / "generated"), revisions(grown)
    [new] = after.keys() - built.keys()
    assert b"# another one" in after[new]
    assert [after[name] for name in built] == [built[name] + BY_HAND.encode() for name in built]


def test_lost_record_of_a_built_migration_is_named(generated: Path, door: Door) -> None:
    record_of_migration(generated).unlink()
    assert "tampered record" in door("check", "--files-only").out
    [name] = revisions(generated)
    (generated / "migrations/versions" / name).write_text("# another one\n")
    assert "Restore it from git" in door("build").err


def test_lost_record_of_a_built_migration_comes_back(made: Path, recovered: Path) -> None:
    before = record_of_migration(made / "generated").read_bytes()
    assert record_of_migration(recovered).read_bytes() == before


def test_lost_record_of_a_request_is_needed_for_a_change(generated: Path, door: Door) -> None:
    spoil(record_of_request(generated))
    assert "does not say what is true" in door("check", "--files-only").out
    write(generated / "requests/things.json", MORE)
    done = door("build")
    assert done.code == 1
    assert "nobody knows what the tables look like" in done.err


def test_lost_record_of_a_request_comes_back(made: Path, recovered: Path) -> None:
    before = record_of_request(made / "generated").read_bytes()
    assert record_of_request(recovered).read_bytes() == before


def test_new_required_field_needs_a_value(generated: Path, door: Door) -> None:
    before = tree(generated)
    born = field("born", "date")
    write(generated.parent / "things.json", more(born))
    done = door("things.json", "--allow-destructive")
    assert done.code == 2
    assert 'Give it a "default" or a "backfill" for them' in done.err
    assert tree(generated) == before
    write(generated.parent / "things.json", more(born | {"backfill": "2020-01-01"}))
    done = door("things.json", "--dry-run")
    assert done.code == 0, done.err


def test_change_is_verified_on_both_databases(generated: Path, door: Door) -> None:
    blueprint = generated / "blueprint.toml"
    blueprint.write_text(blueprint.read_text() + "\n[verify]\npostgres = true\n")
    title = field("title", "string", min_length=1, max_length=90, renamed_from="name")
    born = field("born", "date", backfill="2020-01-01")
    write(generated.parent / "things.json", request("things", entity("thing", title, born)))
    done = door("things.json", "--allow-destructive")
    assert done.code == 0, done.err
    assert "on PostgreSQL" in done.out


def more(*fields: str | Request) -> Request:
    return request("things", entity("thing", "name:string{1,80}", "age:integer?", *fields))
