"""One verified build of entities that were once in each other's way: what drawn schemas found."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from command_line import write
from projects import clean_project

LONG = "a_name_that_is_as_long_as_a_name_can_ever_be_xy"


def to(target: str, on_delete: str = "cascade", **more: object) -> dict[str, Any]:
    """A relation to one row, called like the target if it has no other name."""
    name = target.rpartition(".")[2]
    return {"name": name, "kind": "belongs_to", "target": target, "on_delete": on_delete, **more}


def many(target: str, name: str) -> dict[str, Any]:
    return {"name": name, "kind": "many_to_many", "target": target}


def entity(name: str, *relations: dict[str, Any], **more: object) -> dict[str, Any]:
    """An entity of few fields; its plural is its own, whatever its name."""
    return {"name": name, "plural": f"{name[:40]}_all", "relations": [*relations], **more}


FREE: dict[str, Any] = {"required": False}
MAKES = ["create", "read", "delete"]
READS = ["list", "read"]
FEATURES: dict[str, list[dict[str, Any]]] = {
    # A link has two columns of the same name, or a table that is called like a function.
    "links": [
        entity("tag", many("tag", "tags"), operations=MAKES),
        entity("list", many("item", "items"), operations=MAKES),
        {"name": "item", "operations": READS},
        entity(LONG, many("item", LONG), operations=["read"]),
    ],
    # The relation to the own kind is part of a check; so is what orphans lose.
    "origins": [
        entity("breeder", operations=MAKES),
        entity(
            "cat",
            to("breeder", **FREE),
            to("cat", name="mother", **FREE),
            checks=[{"code": "one_origin", "one_of": ["mother", "breeder"]}],
        ),
    ],
    # Rows of both need each other: neither has what is unique twice, nor can be dropped first.
    "circles": [
        entity(
            "chair",
            to("member", **FREE),
            to("chair", name="next", **FREE),
            fields=["no:uuid:unique"],
        ),
        entity(
            "member", to("chair"), unique_together=[["chair", "nick"]], fields=["nick:string{,9}?"]
        ),
        entity("seat", to("seat", name="left", unique=True, **FREE), operations=MAKES),
    ],
    # What keeps a row is not there for clients: it is kept anyway, or has to name its version.
    "keepers": [
        entity("shelf", soft_delete=True, operations=MAKES),
        entity("room", optimistic_lock="required"),
        entity("book", to("shelf", "restrict"), to("room", "restrict"), operations=MAKES),
    ],
    # Another relation to the same row decides what becomes of it.
    "doubles": [
        entity("person", operations=MAKES),
        entity("profile", to("person", "restrict", unique=True), operations=MAKES),
        entity("note", to("person"), to("profile", "restrict"), operations=MAKES),
        entity(
            "loan",
            to("person", name="giver", **FREE),
            to("person", "restrict", name="keeper", **FREE),
            checks=[{"code": "keeps", "left": "giver", "op": "eq", "right": "keeper"}],
            operations=MAKES,
        ),
    ],
    # Classes of Python's own have the names of tables, or of an entity and a field together.
    "builtins": [
        entity("value_error", fields=["no:integer"], operations=MAKES),
        entity("exception", fields=["group:integer{0,9}"], operations=MAKES),
    ],
    # A row goes with one that it is tied to as well; or is tied to it twice.
    "ties": [
        entity("row", soft_delete=True, operations=["create", "bulk_delete"]),
        entity("cell", many("row", "some"), to("row", name="own", **FREE)),
        entity("pin", operations=MAKES),
        entity("board", many("pin", "pins"), many("pin", "copies")),
    ],
    # Operations that are left out take along what only they need.
    "parts": [
        entity("draft", optimistic_lock=True, operations=["create", "bulk_create"]),
        entity("print", optimistic_lock="required", operations=["read"], fields=["self:string?"]),
        entity(
            "door",
            # A letter may well be in its hash.
            fields=[
                {"name": "code", "type": "string", "max_length": 1, "secret": True, "hash": True}
            ],
            optimistic_lock=True,
            operations=["create", "update"],
        ),
        entity(
            "key",
            fields=["no:integer:unique", {"name": "pin", "type": "string", "secret": True}],
            soft_delete=True,
            operations=["delete", "count", "bulk_delete"],
        ),
    ],
}


def test_related_entities_build_verified_on_both_databases(
    tmp_path: Path, mypy_cache: Path
) -> None:
    asked = [
        {"feature": name, "description": "Some.", "requirements": {"entities": entities}}
        for name, entities in FEATURES.items()
    ]
    write(tmp_path / "generated/blueprint.toml", "[verify]\npostgres = true\n")
    clean_project(tmp_path, asked, mypy_cache)
