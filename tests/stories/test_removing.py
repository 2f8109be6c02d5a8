"""A feature goes: its files, its request and its tables; nothing else, and never by half."""

from __future__ import annotations

import shutil
import sqlite3
import sys
from pathlib import Path

import pytest
from command_line import SEED, SERVICES, Door, process, status_request, tree, write
from evolutions import (
    Databases,
    Request,
    copied,
    databases,
    entity,
    request,
    servers,
    without,
)
from evolutions import build as build_unproven
from faults import KILLED, crash, faults
from forked import in_child
from projects import run, verified_project

from petsage_builder import pipeline
from petsage_builder.recorded_requests import Removal
from petsage_builder.staging import commit
from petsage_builder.undo import undoable

OWNERS = request("owners", entity("owner", "name:string{1,80}"))
TO_OWNER = {"name": "owner", "kind": "belongs_to", "target": "owners.owner", "on_delete": "cascade"}
TAGS = {"name": "tags", "kind": "many_to_many", "target": "tag"}
PET = entity("pet", "name:string{1,80}", relations=[TO_OWNER, TAGS])
PETS = request("pets", entity("tag", "label:string{1,30}"), PET)
LONELY = request("pets", entity("tag", "label:string{1,30}"), PET | {"relations": [TAGS]})
REQUESTS: list[Request] = [dict(SEED), OWNERS, PETS]
PET_SERVICES = "petsage_api/features/pets/services.py"
PET_TESTS = "petsage_api/tests/features/test_pets.py"
LINKS = "petsage_api/core/links.py"  # pets alone needs it
MINE = "\n# mine\n"
MENDING = "`petsage-builder remove pets --force` removes it; or move it, then build."
ALLOWED = "--allow-destructive"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with three features, which is copied for each test."""
    folder = tmp_path_factory.mktemp("three")
    return verified_project(folder / "generated", write(folder / "all.json", REQUESTS))


@pytest.fixture
def three(built: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(built, tmp_path / "generated"))


@pytest.fixture(scope="module")
def orphaned(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same without pets, whose services were edited by hand."""
    folder = Path(shutil.copytree(built, tmp_path_factory.mktemp("orphaned") / "generated"))
    edit(folder / PET_SERVICES)
    done = process("remove", "pets", ALLOWED, cwd=folder)
    assert done.code == 0, done.err
    kept = f"{PET_SERVICES} is kept: no longer rendered, but edited by hand. {MENDING}\n"
    assert kept in done.out
    return folder


@pytest.fixture
def orphan(orphaned: Path, tmp_path: Path) -> Path:
    """The edited file."""
    return Path(shutil.copytree(orphaned, tmp_path / "generated")) / PET_SERVICES


def lasting(folder: Path) -> dict[str, bytes]:
    """What git would keep: what was verified here, and what undoes it, are apart."""
    local = (".petsage/verified.json", ".petsage/undo")
    return {path: text for path, text in tree(folder).items() if not path.startswith(local)}


def mentions(folder: Path, word: str) -> list[str]:
    """The files that hold a word, in their text or in their path."""
    texts = {path: content.decode() for path, content in lasting(folder).items()}
    return [path for path, text in texts.items() if word in path or word in text]


def edit(file: Path) -> bytes:
    file.write_text(file.read_text() + MINE)
    return file.read_bytes()


def revisions(folder: Path) -> list[str]:
    """The migrations, the first one first."""
    return run(sys.executable, "-m", "alembic", "history", cwd=folder).splitlines()[::-1]


class TestStatus:
    def test_feature_goes_and_nothing_speaks_of_it_any_more(
        self, door: Door, workspace: Path
    ) -> None:
        write(workspace.parent / "beacon.json", status_request("beacon", "/beacon"))
        assert door("beacon.json").code == 0
        done = door("remove", "beacon")
        assert done.code == 0, done.err
        assert "  ok    control   1 of 1 features" in done.out
        assert "Feature 'beacon' was removed.\n" in done.out
        assert done.out.endswith("BUILD COMPLETE.\n")
        assert mentions(workspace, "beacon") == []
        assert door("check", "--files-only", "--strict").code == 0

    def test_last_feature_can_go_and_come_back_byte_for_byte(
        self, door: Door, workspace: Path, request_file: Path
    ) -> None:
        before = lasting(workspace)
        assert door("remove", "smoke_test").code == 0
        assert mentions(workspace, "smoke_test") == []
        assert door(request_file).code == 0
        assert lasting(workspace) == before

    def test_rehearsal_writes_nothing_and_shows_what_would_go(
        self, door: Door, workspace: Path
    ) -> None:
        before = tree(workspace)
        done = door("remove", "smoke_test", "--dry-run")
        assert done.code == 0
        assert f"removed   {SERVICES}  (no longer rendered)\n" in done.out
        assert "removed   requests/smoke_test.json\n" in done.out
        assert "    -def get_api_status() -> StatusResponse:\n" in done.out
        assert "Nothing was verified, and nothing was written." in done.out
        assert tree(workspace) == before

    def test_report_for_programs_tells_every_file(self, door: Door, workspace: Path) -> None:
        report = door("remove", "smoke_test", "--report", "json").json()
        assert (report["ok"], report["committed"], report["features"]) == (True, True, [])
        gone = {file["path"] for file in report["files"] if file["outcome"] == "removed"}
        assert {SERVICES, "requests/smoke_test.json"} <= gone
        assert not [path for path in gone if (workspace / path).exists()]
        after = door("build", "--report", "json").json()
        assert gone.isdisjoint(file["path"] for file in after["files"])

    def test_feature_whose_request_was_deleted_by_hand_can_go(
        self, door: Door, workspace: Path
    ) -> None:
        (workspace / "requests/smoke_test.json").unlink()
        refused = door("build")
        assert "`petsage-builder remove smoke_test` takes the feature out." in refused.err
        assert door("remove", "smoke_test").code == 0
        assert mentions(workspace, "smoke_test") == []

    def test_file_that_was_deleted_by_hand_is_no_matter(self, door: Door, workspace: Path) -> None:
        (workspace / SERVICES).unlink()
        done = door("remove", "smoke_test")
        assert done.code == 0, done.err
        assert SERVICES not in done.out
        assert door("check", "--files-only", "--strict").code == 0


class TestRefusals:
    @pytest.mark.parametrize(
        ("name", "said"),
        [
            ("smoke_tst", "smoke_tst: is no feature of this workspace. Did you mean 'smoke_test'?"),
            ("zebra", "zebra: is no feature of this workspace. Its features: smoke_test."),
            ("../../x", "../../x: is no feature of this workspace. Its features: smoke_test."),
        ],
    )
    def test_unknown_feature_is_named(
        self, door: Door, workspace: Path, name: str, said: str
    ) -> None:
        before = tree(workspace)
        done = door("remove", name)
        assert done.code == 2
        assert said in done.err
        assert tree(workspace) == before

    def test_request_that_was_never_built_is_told(self, door: Door, workspace: Path) -> None:
        write(workspace / "requests/ready.json", status_request("ready", "/ready"))
        done = door("remove", "ready")
        assert done.code == 2
        assert "requests/ready.json: is not built, so there is nothing to remove." in done.err

    def test_edited_request_says_that_the_feature_is_to_stay(
        self, door: Door, workspace: Path
    ) -> None:
        write(workspace / "requests/smoke_test.json", {**SEED, "description": "It lives."})
        before = tree(workspace)
        done = door("remove", "smoke_test")
        assert done.code == 1
        assert "requests/smoke_test.json: was edited since the last build" in done.err
        assert tree(workspace) == before
        assert door("remove", "smoke_test", "--force").code == 0
        assert mentions(workspace, "smoke_test") == []

    def test_lost_record_leaves_nobody_to_say_what_was_edited(
        self, door: Door, workspace: Path
    ) -> None:
        (workspace / f".petsage/base/{SERVICES}.base").unlink()
        before = tree(workspace)
        done = door("remove", "smoke_test")
        assert done.code == 1
        assert f"nobody knows whether {SERVICES} was edited." in done.err
        assert tree(workspace) == before
        assert door("build").code == 0  # the file is as it is rendered, so its record comes back
        assert door("remove", "smoke_test").code == 0

    def test_feature_that_others_refer_to_stays(self, door: Door, three: Path) -> None:
        before = tree(three)
        for options in ([], [ALLOWED, "--force"]):
            done = door("remove", "owners", *options)
            assert done.code == 2
            [problem] = [line for line in done.err.splitlines() if "✗" in line]
            assert "requests/pets.json:" in problem
            assert "pets.pet.owner refers to owners.owner, so feature 'owners' can't" in problem
            assert "Take the relation out of this request first, or remove 'pets'." in problem
        assert tree(three) == before

    def test_relation_can_be_taken_out_in_the_same_change(self, door: Door, three: Path) -> None:
        write(three / "requests/pets.json", LONELY)
        done = door("remove", "owners")
        assert done.code == 2
        assert "drops the column pet.owner_id" in done.err
        assert "drops the table owner, and every row in it is lost." in done.err
        done = door("remove", "owners", ALLOWED)
        assert done.code == 0, done.err
        assert [step.rpartition(", ")[2] for step in revisions(three)[2:]] == [
            "Change the tables of tags and pets.",
            "Drop the table of owners.",
        ]
        assert door("check", "--files-only").code == 0


class TestEdits:
    def test_edited_file_is_kept_and_named_until_it_goes(
        self, door: Door, orphan: Path, tmp_path: Path
    ) -> None:
        assert orphan.read_text().endswith(MINE)
        assert list(orphan.parent.iterdir()) == [orphan]
        said = f"{PET_SERVICES}: orphan: no longer rendered, but edited by hand. {MENDING}"
        assert said in door("check", "--files-only").out
        found = door("check")
        assert found.code == 1
        assert f"CHECK FAILED: {said}\n" in found.out
        again = door("remove", "pets")
        assert again.code == 2
        assert "`petsage-builder remove pets --force` removes that, too." in again.err
        assert door("remove", "pets", "--force").code == 0
        assert not orphan.parent.exists()
        assert door("check", "--files-only", "--strict").code == 0
        assert mentions(tmp_path / "generated", "# mine") == []

    def test_orphan_that_was_moved_away_is_forgotten_by_the_next_build(
        self, door: Door, orphan: Path
    ) -> None:
        orphan.rename(orphan.with_name("kept.py"))
        assert door("check", "--files-only").code == 1
        assert door("build").code == 0
        assert door("check", "--files-only", "--strict").code == 0
        assert orphan.with_name("kept.py").read_text().endswith(MINE)

    def test_edit_is_kept_again_when_the_feature_comes_back(
        self, door: Door, orphan: Path, built: Path, tmp_path: Path
    ) -> None:
        write(tmp_path / "pets.json", PETS)
        done = door("pets.json", "--report", "json")
        assert done.code == 0, done.err
        outcomes = {file["path"]: file["outcome"] for file in done.json()["files"]}
        assert outcomes[PET_SERVICES] == "kept"
        assert orphan.read_text().endswith(MINE)
        orphan.write_text(orphan.read_text().removesuffix(MINE))
        assert_same_but_for_migrations(lasting(built), lasting(tmp_path / "generated"))

    def test_edited_test_of_what_is_gone_stops_the_removal_and_is_named(
        self, door: Door, three: Path
    ) -> None:
        edit(three / PET_TESTS)
        before = tree(three)
        done = door("remove", "pets", ALLOWED)
        assert done.code == 1
        said = f"{PET_TESTS}: is kept, for it was edited by hand; but what it needs is there no"
        assert said in done.out
        assert "removes it; or move it, then run this again." in done.out
        assert "Nothing was written." in done.out
        assert tree(three) == before
        assert door("remove", "pets", ALLOWED, "--force").code == 0
        assert not (three / PET_TESTS).exists()

    def test_test_of_your_own_that_needs_the_feature_stops_the_removal(
        self, door: Door, workspace: Path
    ) -> None:
        tests = workspace / "petsage_api/tests/features"
        own = write(tests / "test_own.py", (tests / "test_smoke_test.py").read_text())
        before = tree(workspace)
        done = door("remove", "smoke_test", "--force")
        assert done.code == 1
        assert "BUILD FAILED: check import: petsage_api/tests/features/test_own.py\n" in done.out
        assert tree(workspace) == before
        own.unlink()
        assert door("remove", "smoke_test").code == 0

    def test_edited_module_that_no_feature_needs_is_not_the_features(
        self, door: Door, three: Path
    ) -> None:
        edited = edit(three / LINKS)
        without(three, "pets", force=True)
        assert (three / LINKS).read_bytes() == edited
        assert f"{LINKS}: orphan: no longer rendered, but edited by hand. Delete it, or" in (
            door("check", "--files-only").out
        )
        (three / LINKS).unlink()
        assert door("build").code == 0
        assert door("check", "--files-only", "--strict").code == 0


def assert_same_but_for_migrations(before: dict[str, bytes], after: dict[str, bytes]) -> None:
    """Every file is as it was; beside them, there are new steps of the database's history."""
    new = after.keys() - before.keys()
    assert before.keys() <= after.keys()
    assert len(new) == 4  # the tables' end and their return, each with its record
    assert all("migrations/versions/" in path for path in new)
    changed = {path for path, content in before.items() if after[path] != content}
    assert changed == {".petsage/manifest.json"}


class TestStored:
    def test_loss_is_refused_and_every_table_named(self, door: Door, three: Path) -> None:
        before = tree(three)
        for options in ([], ["--dry-run"], ["--force"]):
            done = door("remove", "pets", *options)
            assert done.code == 2
            said = done.out if options == ["--dry-run"] else done.err
            assert "drops the table tag, and every row in it is lost. --allow-des" in said
            assert "drops the table pet, and every row in it is lost. --allow-des" in said
            assert "drops the table pet_tags, and every link in it is lost. --allow" in said
        assert tree(three) == before

    def test_rehearsal_shows_the_migration_that_drops_the_tables(
        self, door: Door, three: Path
    ) -> None:
        before = tree(three)
        done = door("remove", "pets", "--dry-run", ALLOWED, "--report", "json")
        assert {(one["feature"], one["change"]) for one in done.json()["database"]} == {
            ("pets", "drops table tag"),
            ("pets", "drops table pet"),
            ("pets", "drops table pet_tags"),
        }
        assert all(change["destructive"] for change in done.json()["database"])
        files = {file["path"]: file["diff"] for file in done.json()["files"] if file["diff"]}
        [diff] = [files[path] for path in files if path.startswith("migrations/versions/")]
        assert '+    op.drop_table("pet_tags")' in diff
        assert tree(three) == before

    def test_tables_go_and_the_rows_of_others_stay(self, door: Door, three: Path) -> None:
        database = three.parent / "kept.db"
        url = {"DATABASE_URL": f"sqlite:///{database}"}
        alembic = (sys.executable, "-m", "alembic")
        run(*alembic, "upgrade", "head", cwd=three, **url)
        insert_owner(database)
        before = lasting(three)
        done = door("remove", "pets", ALLOWED)
        assert done.code == 0, done.err
        assert "database: drops table pet  (destructive)\n" in done.out
        run(*alembic, "upgrade", "head", cwd=three, **url)
        run(*alembic, "check", cwd=three, **url)
        assert tables(database) == {"owner"}
        assert owners(database) == ["Ada"]
        run(*alembic, "downgrade", "-1", cwd=three, **url)
        assert tables(database) == {"owner", "pet", "tag", "pet_tags"}
        run(*alembic, "upgrade", "head", cwd=three, **url)
        write(three.parent / "pets.json", PETS)
        assert door("pets.json").code == 0
        assert_same_but_for_migrations(before, lasting(three))
        assert len(revisions(three)) == 4
        run(*alembic, "upgrade", "head", cwd=three, **url)
        run(*alembic, "check", cwd=three, **url)
        assert owners(database) == ["Ada"]
        assert door("check", "--files-only", "--strict").code == 0

    def test_last_feature_that_stores_leaves_the_history_of_the_database(
        self, door: Door, three: Path
    ) -> None:
        database = three.parent / "kept.db"
        url = {"DATABASE_URL": f"sqlite:///{database}"}
        alembic = (sys.executable, "-m", "alembic")
        run(*alembic, "upgrade", "head", cwd=three, **url)
        without(three, "pets")
        for feature in ("owners", "smoke_test"):
            done = door("remove", feature, ALLOWED)
            assert done.code == 0, done.err
        assert len(revisions(three)) == 4
        run(*alembic, "upgrade", "head", cwd=three, **url)
        run(*alembic, "check", cwd=three, **url)
        assert tables(database) == set()
        assert mentions(three, "erDiagram") == []
        assert door("check", "--files-only", "--strict").code == 0
        now = lasting(three)
        assert door("build").code == 0
        assert lasting(three) == now

    def test_feature_of_another_kind_can_follow_in_its_name(self, door: Door, three: Path) -> None:
        without(three, "pets")
        build_unproven(three, [status_request("pets", "/pets")])
        assert len(revisions(three)) == 3
        assert door("remove", "pets", "--dry-run").code == 0  # it holds no row to allow the loss of
        without(three, "pets")
        assert len(revisions(three)) == 3
        assert door("check", "--files-only", "--strict").code == 0

    def test_hand_edit_of_a_migration_stays_in_the_chain(self, door: Door, three: Path) -> None:
        [first] = [p for p in (three / "migrations/versions").iterdir() if "pets" in p.name]
        edited = edit(first)
        without(three, "pets", force=True)
        assert first.read_bytes() == edited
        assert door("check", "--files-only").code == 0

    def test_removal_is_verified_on_both_databases(self, door: Door, three: Path) -> None:
        blueprint = three / "blueprint.toml"
        blueprint.write_text(blueprint.read_text() + "\n[verify]\npostgres = true\n")
        done = door("remove", "pets", ALLOWED)
        assert done.code == 0, done.err
        assert "on PostgreSQL" in done.out


def insert_owner(database: Path) -> None:
    with sqlite3.connect(database) as connection:
        connection.execute("INSERT INTO owner VALUES (?, 'Ada', '2020-01-01', '2020-01-01')", "1")


def owners(database: Path) -> list[str]:
    with sqlite3.connect(database) as connection:
        return [name for (name,) in connection.execute("SELECT name FROM owner")]


def tables(database: Path) -> set[str]:
    with sqlite3.connect(database) as connection:
        found = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        return {name for (name,) in found} - {"alembic_version"}


def test_rows_of_others_survive_on_both_databases(tmp_path: Path) -> None:
    with servers() as server, databases(tmp_path, server) as empty:
        old, new = tmp_path / "old", tmp_path / "new"
        build_unproven(old, REQUESTS)
        shutil.copytree(old, new)
        without(new, "pets")
        again = copied(new, "again")
        build_unproven(again, [PETS])
        post_rows(empty, old)
        up = [("upgrade", "head"), ("check",), ("schema",), ("expected",)]
        for migrated, checked, schema, expected, (_, found) in empty.ask(
            new, *up, ("get", "/owners")
        ).values():
            assert (migrated, checked, schema) == (None, None, expected)
            assert schema.keys() == {"owner"}
            assert [owner["name"] for owner in found["items"]] == ["Ada"]
        for migrated, checked, schema, expected, (_, pets), undone, nothing in empty.ask(
            again, *up, ("get", "/pets"), ("downgrade", "base"), ("schema",)
        ).values():
            assert (migrated, checked, schema) == (None, None, expected)
            assert schema.keys() == {"owner", "pet", "tag", "pet_tags"}
            assert (pets["items"], undone, nothing) == ([], None, {})


def post_rows(empty: Databases, project: Path) -> None:
    """An owner, a tag, and a pet that has both, in each database."""
    rex = {"name": "Rex", "owner_id": "@0", "tag_ids": ["@1"]}
    rows = [("/owners", {"name": "Ada"}), ("/tags", {"label": "calm"}), ("/pets", rex)]
    made = empty.ask(project, ("upgrade", "head"), *(("post", path, row) for path, row in rows))
    assert [[code for code, _ in posted] for _, *posted in made.values()] == [[201] * 3] * 2


def test_killed_removal_is_finished_or_dropped_by_the_next_command(
    door: Door, workspace: Path, tmp_path: Path
) -> None:
    old = lasting(workspace)
    options = pipeline.Options(workspace, removal=Removal("smoke_test"))

    def remove_until(call: int) -> int:
        """The changes that it makes to the disk; at this one it is killed."""
        with pipeline.opened(options, "remove") as opened:
            changes = pipeline.make_draft(opened, [], options).changes
            with faults(call, fault=crash) as found:
                commit(opened, undoable(opened, changes))
        return found.calls

    spare = shutil.copytree(workspace, tmp_path / "spare")
    calls = remove_until(1 << 30)
    new = lasting(workspace)
    seen = set()
    for call in range(2, calls, 9):
        shutil.rmtree(workspace)
        shutil.copytree(spare, workspace)
        assert in_child(remove_until, call) == KILLED
        assert door("check", "--files-only").code == 0
        found = lasting(workspace)
        assert found in (old, new)
        seen.add(found == new)
    assert seen == {False, True}
