"""Requests that change: the next migration, with rows that exist, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from evolutions import (
    Request,
    Story,
    build,
    copied,
    databases,
    entity,
    field,
    head,
    request,
    servers,
)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with servers() as url:
        yield url


@pytest.fixture
def story(tmp_path: Path, server: str) -> Iterator[Story]:
    with databases(tmp_path, server) as empty:
        yield Story(tmp_path, empty)


OWNER = entity("owner", "name:string{1,80}", "email:email:unique")
TAG = entity("tag", "label:string{1,30}:unique")
TO_OWNER = {"name": "owner", "kind": "belongs_to", "target": "owners.owner", "on_delete": "cascade"}
TAGS = {"name": "tags", "kind": "many_to_many", "target": "tag"}
PET = entity(
    "pet",
    *("name:string{1,80}", "age:integer?", "weight:decimal{6,2}?", "born:date?", "died:date?"),
    relations=[TO_OWNER, TAGS],
    unique_together=[["owner", "name"]],
    checks=[{"code": "in_order", "left": "born", "op": "lte", "right": "died"}],
    indexes=[["name", "age"]],
)
OWNERS, PETS = request("owners", OWNER), request("pets", TAG, PET)
REX = {
    "name": "Rex",
    "age": 3,
    "weight": "12.50",
    "born": "2020-01-01",
    "died": "2021-01-01",
    "owner_id": "@0",
    "tag_ids": ["@1"],
}
ROWS: list[tuple[str, Request]] = [
    ("/owners", {"name": "Ada", "email": "ada@example.com"}),
    ("/tags", {"label": "calm"}),
    ("/pets", REX),
]


def changed(asked: Request, **keys: object) -> Request:
    """The same with other keys; those that are None go."""
    return {key: value for key, value in (asked | keys).items() if value is not None}


def test_everything_can_be_renamed_at_once(story: Story) -> None:
    person = changed(OWNER, name="person", plural="people", renamed_from="owner")
    animal = entity(
        "animal",
        field("title", "string", min_length=1, max_length=120, renamed_from="name"),
        *("age:integer?", "weight:decimal{8,3}?", "born:date?"),
        field("gone", "date", required=False, renamed_from="died"),
        renamed_from="pet",
        relations=[
            TO_OWNER | {"name": "keeper", "target": "owners.person", "renamed_from": "owner"},
            TAGS | {"name": "labels", "renamed_from": "tags"},
        ],
        unique_together=[["keeper", "title"]],
        checks=[{"code": "in_order", "left": "born", "op": "lte", "right": "gone"}],
        indexes=[["title", "age"]],
    )
    after = [request("owners", person), request("pets", TAG, animal)]
    told, said = story.tell([OWNERS, PETS], after, ROWS)
    assert not [one for one in said if not one.startswith(("renames", "widens"))]
    for one in told.values():
        ada, calm, rex = one.made
        [found] = one.after["/animals"]
        assert found == {
            "id": rex["id"],
            "title": "Rex",
            "age": 3,
            "weight": "12.500",
            "born": "2020-01-01",
            "gone": "2021-01-01",
            "keeper_id": ada["id"],
            "label_ids": [calm["id"]],
        }
        [back] = one.back["/pets"]
        assert back == {key: rex[key] for key in back}
        assert one.lost == []


def test_children_outlive_a_change_of_their_parent(story: Story) -> None:
    node = entity(
        "node",
        "name:string{1,40}",
        relations=[
            {
                "name": "parent",
                "kind": "belongs_to",
                "target": "node",
                "on_delete": "cascade",
                "required": False,
            }
        ],
    )
    wider = [changed(OWNER, fields=["name:string{1,100}", "email:email"])]
    wider += [changed(node, fields=["name:string{1,90}", "note:text=none"])]
    rows: list[tuple[str, Request]] = [
        *ROWS,
        ("/nodes", {"name": "a"}),
        ("/nodes", {"name": "b", "parent_id": "@3"}),
    ]
    before = [request("owners", OWNER, node), PETS]
    told, _ = story.tell(before, [request("owners", *wider), PETS], rows)
    for one in told.values():
        assert [pet["name"] for pet in one.after["/pets"]] == ["Rex"]
        assert one.after["/pets"][0]["tag_ids"] == [one.made[1]["id"]]
        assert [node["parent_id"] for node in one.after["/nodes"]] == [None, one.made[3]["id"]]
        assert [node["note"] for node in one.after["/nodes"]] == ["none", "none"]
        assert len(one.back["/pets"]) == 1
        assert len(one.back["/nodes"]) == 2


def test_value_of_every_type_is_given_to_rows_that_exist(story: Story) -> None:
    plain = entity("thing", "name:string{1,80}", timestamps=False)
    values: dict[str, tuple[Request, object]] = {
        "a_string": ({"type": "string"}, 'it\'s "so" 100% {x} :y'),
        "a_text": ({"type": "text"}, "two\nlines"),
        "an_integer": ({"type": "integer"}, -7),
        "a_bigint": ({"type": "bigint"}, 9_000_000_000),
        "a_float": ({"type": "float"}, 0.1),
        "a_decimal": ({"type": "decimal", "precision": 18, "scale": 4}, "-12345678901234.5678"),
        "a_boolean": ({"type": "boolean"}, True),
        "a_date": ({"type": "date"}, "2024-02-29"),
        "a_time": ({"type": "time"}, "08:30:00.000001"),
        "a_datetime": ({"type": "datetime"}, "2024-02-29T23:59:59.999999Z"),
        "a_duration": ({"type": "duration"}, "P1DT2H3M4.000005S"),
        "a_uuid": ({"type": "uuid"}, "0190d6f8-5b1c-7e4e-9d0b-2f4d8f0c1a2b"),
        "an_email": ({"type": "email"}, "ada@example.com"),
        "a_url": ({"type": "url"}, "https://example.com/a?b=%20"),
        "an_enum": ({"type": "enum", "values": ["it's", "b"]}, "it's"),
        "a_json": ({"type": "json"}, {"a": [1, 2.5, None, True, "x"]}),
        "some_bytes": ({"type": "bytes"}, "AAEC/w=="),
        "an_array": ({"type": "array", "items": {"type": "decimal"}}, ["1.50", "2.00"]),
        "dates": ({"type": "array", "items": {"type": "date"}}, ["2024-02-29"]),
    }
    added = [
        {"name": f"{key}_{number}", how: value, **kind}
        for number, how in enumerate(("default", "backfill"))
        for key, (kind, value) in values.items()
    ]
    after = entity("thing", "name:string{1,80}", *added, optimistic_lock=True)
    told, said = story.tell(
        [request("things", plain)], [request("things", after)], [("/things", {"name": "a"})]
    )
    assert "adds column thing.created_at" in said
    expected = {f"{key}_{n}": value for n in (0, 1) for key, (_, value) in values.items()}
    for one in told.values():
        [found] = one.after["/things"]
        assert {key: found[key] for key in expected} == expected
        assert found["version"] == 1
        assert one.lost == []


def test_what_no_longer_fits_is_made_to_fit_when_that_is_allowed(story: Story) -> None:
    before = entity(
        "thing",
        *("name:string{1,80}", "kind:enum(small,large,enormous)", "price:decimal{8,4}"),
        *("count:bigint", "note:string?", "level:integer?", "code:integer", "free:text"),
        field("colour", "enum", values=["red", "blue"], required=False),
        "size:string",
    )
    after = entity(
        "thing",
        *("name:string{1,4}", "kind:enum(small,large)=small", "price:decimal{6,2}"),
        *("count:integer{0,9}", "note:string=none", "code:string=new", "free:string{0,5}"),
        field("level", "integer", backfill=5),
        field("colour", "enum", values=["red"], required=False),
        field("size", "enum", values=["small"], required=False),
    )
    row = {
        "name": "abcdef",
        "kind": "enormous",
        "price": "-1.2350",
        "count": 7,
        "note": None,
        "level": None,
        "code": 12,
        "free": "longer text",
        "colour": "blue",
        "size": "large",
    }
    told, _ = story.tell(
        [request("things", before)], [request("things", after)], [("/things", row)], allow=True
    )
    for one in told.values():
        [found] = one.after["/things"]
        del found["id"]
        assert found == {
            "name": "abcd",
            "kind": "small",
            "price": "-1.24",
            "count": 7,
            "note": "none",
            "level": 5,
            "code": "new",
            "free": "longe",
            "colour": None,
            "size": None,
        }
        assert one.lost == ["thing.columns"]  # code and size come back without values


def test_wider_types_keep_values(story: Story) -> None:
    before = entity(
        "thing",
        *("name:string{1,8}", "kind:enum(a,b)", "price:decimal{6,2}", "count:integer"),
        *("mail:email", "list:array(integer)", "long:string", "maybe:integer"),
    )
    after = entity(
        "thing",
        *("name:string{1,80}", "kind:string", "price:decimal{10,4}", "count:bigint"),
        *("mail:string", "list:json", "long:text", "maybe:integer?"),
    )
    row = {
        "name": "abcdefgh",
        "kind": "b",
        "price": "-1.25",
        "count": -7,
        "long": "x" * 255,
        "mail": "a@example.com",
        "list": [1, 2],
        "maybe": 4,
    }
    told, said = story.tell(
        [request("things", before)], [request("things", after)], [("/things", row)]
    )
    assert [one for one in said if one.endswith("!")] == []
    for one in told.values():
        [found] = one.after["/things"]
        assert {key: found[key] for key in row} == row | {"price": "-1.2500"}
        [back] = one.back["/things"]
        assert {key: back[key] for key in row if key != "list"} == {
            key: row[key] for key in row if key != "list"
        }


def test_entities_and_relations_come_and_go(story: Story) -> None:
    vet = entity("vet", "name:string{1,80}")
    to_vet = {
        "name": "vet",
        "kind": "belongs_to",
        "target": "vet",
        "on_delete": "set_null",
        "required": False,
    }
    vets = {"name": "vets", "kind": "many_to_many", "target": "vet"}
    after = changed(PET, relations=[to_vet, vets], unique_together=None)
    told, said = story.tell([OWNERS, PETS], [OWNERS, request("pets", vet, after)], ROWS, allow=True)
    assert {one for one in said if one.endswith("!")} == {
        "drops table tag!",
        "drops table pet_tags!",
        "drops column pet.owner_id!",
    }
    for one in told.values():
        [rex] = one.after["/pets"]
        assert (rex["name"], rex["vet_id"], rex["vet_ids"]) == ("Rex", None, [])
        assert one.lost == ["pet.columns"]  # no owner is known any more


def test_constraints_come_and_go(story: Story) -> None:
    rule = {"code": "needs", "field": "died", "requires": "born"}
    one_of = {"code": "one", "one_of": ["age", "weight"]}
    bare = changed(PET, unique_together=None, checks=[rule], indexes=None)
    full = changed(
        PET,
        fields=[*PET["fields"][1:], "name:string{1,80}:unique"],
        unique_together=[["age", "born"]],
        checks=[*PET["checks"], one_of],
        indexes=[["born", "age"]],
        list={"sort": ["age"], "filters": {"weight": ["gte"]}},
    )
    rows: list[tuple[str, Request]] = [*ROWS[:2], ("/pets", REX | {"weight": None})]
    told, said = story.tell(
        [OWNERS, request("pets", TAG, bare)], [OWNERS, request("pets", TAG, full)], rows
    )
    assert [one for one in said if one.endswith("!")] == []
    assert "drops check ck_pet_needs of pet" in said
    assert any(one.startswith("adds check ck_pet_one of pet; the migration fails") for one in said)
    for one in told.values():
        assert len(one.after["/pets"]) == len(one.back["/pets"]) == 1
        assert one.lost == []


def test_soft_delete_is_switched_on_and_off(story: Story) -> None:
    operations = [*TAG["operations"], "delete"]
    hard = changed(TAG, operations=operations)
    soft = changed(TAG, operations=operations, soft_delete=True)
    rows: list[tuple[str, Request]] = [("/tags", {"label": "calm"})]
    told, said = story.tell([request("tags", hard)], [request("tags", soft)], rows)
    assert any(one.startswith("adds unique index uq_tag_label of tag") for one in said)
    for one in told.values():
        assert [tag["label"] for tag in one.after["/tags"]] == ["calm"]
        assert one.lost == []


def test_three_steps_in_a_row(story: Story) -> None:
    first, second = "name:string{1,80}", "born:date=2020-01-01"
    third = field("title", "string", max_length=90, renamed_from="name")
    steps: list[list[str | Request]] = [[first], [first, second], [third, second]]
    requests = [request("things", entity("thing", *fields)) for fields in steps]
    old = story.folder / "old"
    build(old, [requests[0]])
    new = copied(old, "new")
    build(new, [requests[1]])
    middle = head(new)
    build(new, [requests[2]])
    versions = sorted((new / "migrations/versions").iterdir())
    assert len(versions) == 3
    assert f'down_revision = "{middle}"' in "".join(one.read_text() for one in versions)
    rows = [("/things", {"name": "a"})]
    told = story.migrate(old, new, rows, before=requests[:1], after=requests[2:])
    for one in told.values():
        [found] = one.after["/things"]
        assert (found["title"], found["born"]) == ("a", "2020-01-01")
        assert one.lost == []


def test_feature_of_another_kind_drops_its_tables(story: Story) -> None:
    old = story.folder / "old"
    build(old, [OWNERS])
    new = copied(old, "new")
    status = {"feature": "owners", "description": "Up.", "requirements": "none"}
    build(new, [status], allow=True)
    story.databases.ask(old, ("upgrade", "head"))
    for answers in story.databases.ask(
        new, ("upgrade", "head"), ("check",), ("schema",), ("downgrade", "base")
    ).values():
        assert answers == [None, None, {}, None]


def test_reference_to_nothing_stops_a_migration(story: Story) -> None:
    loose = entity("pet", "owner_id:uuid")
    strict = entity("pet", relations=[TO_OWNER | {"target": "owner"}])
    old = story.folder / "old"
    build(old, [request("owners", OWNER, loose)])
    new = copied(old, "new")
    build(new, [request("owners", OWNER, strict)])
    nobody = {"owner_id": "0190d6f8-5b1c-7e4e-9d0b-2f4d8f0c1a2b"}
    made = story.databases.ask(old, ("upgrade", "head"), ("post", "/pets", nobody))
    assert [answers[1][0] for answers in made.values()] == [201, 201]
    for answers in story.databases.ask(new, ("upgrade", "head"), ("foreign_keys",)).values():
        assert answers[0] is not None
        assert "owner" in answers[0]
        assert answers[1] == "1"
    for answers in story.databases.ask(old, ("get", "/pets"), ("schema",), ("expected",)).values():
        assert len(answers[0][1]["items"]) == 1
        assert answers[1] == answers[2]
