"""A request for entities: the entity that it asks for, or every problem with its place."""

from __future__ import annotations

import json
import time
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hostile import Case, case_id, cases

from petsage_builder.entries import Entry, entries_in
from petsage_builder.errors import Problem
from petsage_builder.field_types import FIELD_TYPES
from petsage_builder.field_types.field import Field, Given, Operator
from petsage_builder.kinds.entities.asked import (
    Compares,
    Comparison,
    Entity,
    OneOf,
    Operation,
    Paginate,
    Requires,
)
from petsage_builder.kinds.entities.reading import AT, read_entities
from petsage_builder.kinds.entities.request import DEFAULT_OPERATIONS, EntitiesRequirements
from petsage_builder.strict_json import parse
from petsage_builder.text import Text

OWNER: dict[str, Any] = {
    "name": "owner",
    "plural": "owners",
    "description": "A person who cares for one or more pets.",
    "fields": [
        {
            "name": "full_name",
            "type": "string",
            "min_length": 1,
            "max_length": 120,
            "example": "Ada Byron",
        },
        {"name": "email", "type": "email", "unique": True, "example": "ada@example.com"},
        {
            "name": "phone",
            "type": "string",
            "pattern": "^\\+[0-9]{7,15}$",
            "required": False,
            "example": "+442071234567",
        },
        {"name": "born_on", "type": "date", "required": False},
        {"name": "newsletter", "type": "boolean", "default": False},
    ],
    "list": {
        "paginate": "cursor",
        "default_size": 20,
        "max_size": 100,
        "filters": {"newsletter": ["eq"], "born_on": ["gte", "lte", "is_null"]},
        "sort": ["full_name", "created_at"],
        "search": ["full_name", "email"],
    },
}
TAG: dict[str, Any] = {
    "name": "tag",
    "plural": "tags",
    "fields": [
        "label:string{1,30}:unique",
        {
            "name": "colour",
            "type": "enum",
            "values": ["red", "amber", "green", "blue"],
            "default": "blue",
        },
    ],
    "timestamps": False,
    "operations": ["list", "create", "read", "delete"],
    "list": {"paginate": "none", "sort": ["label"]},
}


def entry_of(entities: object) -> Entry:
    request = {
        "feature": "pets",
        "description": "The pets.",
        "requirements": {"entities": entities},
    }
    (entry,) = entries_in(parse(json.dumps(request, indent=1).encode(), "r.json"))
    return entry


def outcome(entities: object) -> tuple[tuple[Entity, ...] | None, list[Problem]]:
    entry = entry_of(entities)
    return read_entities(entry.payload["requirements"]["entities"], entry)


def read(**keys: object) -> Entity:
    """The entity that these keys ask for, beside a name."""
    entities, problems = outcome([{"name": "pet", **keys}])
    assert [str(problem) for problem in problems] == []
    assert entities is not None
    return entities[0]


def said(**keys: object) -> list[str]:
    """What is said of an entity with these keys, each with its path below the entity."""
    entities, problems = outcome([{"name": "pet", **keys}])
    assert (entities is None) == bool(problems)
    return [
        str(problem).partition("requirements.entities[0]")[2].lstrip(".") for problem in problems
    ]


def field(**keys: object) -> Field:
    """The field that these keys ask for, beside another one that can be changed."""
    found, _ = read(fields=[{"name": "x", "type": "string", **keys}, "y:date"]).fields
    return found


def said_of_field(**keys: object) -> list[str]:
    return [one.removeprefix("fields[0]") for one in said(fields=[{"name": "x", **keys}])]


def assert_only(problems: list[str], expected: str) -> None:
    assert len(problems) == 1, problems
    assert expected in problems[0]


class TestSamples:
    def test_owner_is_read(self) -> None:
        owner = read(**OWNER)
        assert (owner.name, owner.plural, owner.timestamps) == ("owner", "owners", True)
        assert owner.description == Text("A person who cares for one or more pets.")
        assert [f"{one.name}:{one.type.name}" for one in owner.fields] == [
            "full_name:string",
            "email:email",
            "phone:string",
            "born_on:date",
            "newsletter:boolean",
        ]

    def test_fields_of_the_owner_have_their_limits_filled_in(self) -> None:
        full_name, email, phone, born_on, newsletter = read(**OWNER).fields
        assert (full_name.min_length, full_name.max_length) == (1, 120)
        assert (email.unique, email.max_length, email.examples) == (True, 254, ("ada@example.com",))
        assert (phone.nullable, phone.max_length) == (True, 255)
        assert phone.pattern == Text("^\\+[0-9]{7,15}$")
        assert (born_on.nullable, born_on.default) == (True, None)
        assert (newsletter.nullable, newsletter.default) == (False, Given(value=False))

    def test_list_of_the_owner_is_read(self) -> None:
        listing = read(**OWNER).listing
        assert (listing.paginate, listing.default_size, listing.max_size) == ("cursor", 20, 100)
        assert listing.filters == {
            "newsletter": (Operator.EQ,),
            "born_on": (Operator.GTE, Operator.LTE, Operator.IS_NULL),
        }
        assert (listing.sort, listing.search) == (
            ("full_name", "created_at"),
            ("full_name", "email"),
        )

    def test_tag_is_read(self) -> None:
        tag = read(**TAG)
        label, colour = tag.fields
        assert (label.min_length, label.max_length, label.unique) == (1, 30, True)
        assert colour.values == (Text("red"), Text("amber"), Text("green"), Text("blue"))
        assert colour.default == Given("blue")
        assert (tag.timestamps, tag.listing.paginate, tag.listing.max_size) == (
            False,
            Paginate.NONE,
            1000,
        )
        assert tag.operations == {
            Operation.LIST,
            Operation.CREATE,
            Operation.READ,
            Operation.DELETE,
        }


class TestDefaults:
    def test_entity_may_be_only_a_name(self) -> None:
        pet = read()
        assert (pet.plural, pet.fields, pet.checks, pet.timestamps) == ("pets", (), (), True)
        assert (pet.unique_together, pet.indexes) == ((), ())
        assert pet.operations == set(DEFAULT_OPERATIONS)
        assert (pet.listing.paginate, pet.listing.default_size, pet.listing.max_size) == (
            Paginate.CURSOR,
            20,
            100,
        )

    @pytest.mark.parametrize(
        ("name", "plural"),
        [("weight_entry", "weight_entries"), ("child", "children"), ("class", "classes")],
    )
    def test_plural_follows_english_rules(self, name: str, plural: str) -> None:
        assert read(name=name).plural == plural

    @pytest.mark.parametrize(
        ("type_", "limits"),
        [("string", 255), ("text", 10_000), ("email", 254), ("array", 100), ("bytes", 65_535)],
    )
    def test_type_has_limits_when_nothing_is_said(self, type_: str, limits: int) -> None:
        items = "string" if type_ == "array" else None
        assert field(type=type_, items=items).max_length == limits

    @pytest.mark.parametrize("name", list(FIELD_TYPES))
    def test_every_type_can_be_asked_for(self, name: str) -> None:
        items = {"type": "date"} if name == "array" else None
        values = ["a"] if name == "enum" else None
        assert field(type=name, items=items, values=values).type is FIELD_TYPES[name]

    @pytest.mark.parametrize(
        ("asked", "sizes"),
        [({"default_size": 200}, (200, 200)), ({"max_size": 10}, (10, 10))],
    )
    def test_size_that_is_not_said_makes_room(
        self, asked: dict[str, int], sizes: tuple[int, int]
    ) -> None:
        listing = read(list=asked).listing
        assert (listing.default_size, listing.max_size) == sizes


class TestFields:
    def test_bounds_are_values_of_the_type(self) -> None:
        weight = field(type="decimal", precision=6, scale=1, min=0, exclusive_max="99.5")
        assert (weight.min, weight.exclusive_max) == (Decimal("0.0"), Decimal("99.5"))
        assert field(type="date", min="2020-02-01").min == date(2020, 2, 1)

    def test_secret_is_write_only(self) -> None:
        assert field(secret=True).write_only
        assert not field(secret=True).readable

    def test_null_default_of_an_optional_field_is_none_at_all(self) -> None:
        assert field(required=False, default=None).default is None

    def test_optional_field_with_a_default_is_never_null(self) -> None:
        assert not field(required=False, default="a").nullable

    def test_examples_are_gathered_without_repetition(self) -> None:
        assert field(examples=["b", "a", "b"]).examples == ("b", "a")

    def test_items_are_a_field_of_their_own(self) -> None:
        items = field(type="array", items={"type": "string", "max_length": 3}).items
        assert items is not None
        assert (items.name, items.type.name, items.max_length) == ("item", "string", 3)

    def test_items_have_a_short_form(self) -> None:
        items = field(type="array", items="integer{1,3}").items
        assert items is not None
        assert (items.min, items.max) == (1, 3)

    @pytest.mark.parametrize("key", ["min_length", "pattern", "description", "max_length"])
    def test_null_says_nothing(self, key: str) -> None:
        assert field(**{key: None}) == field()

    @pytest.mark.parametrize(
        ("keys", "expected"),
        [
            ({}, '.type: is required, and missing. Add "type": ...'),
            ({"type": "strng"}, ".type: unknown type 'strng'. Did you mean 'string'?"),
            ({"type": "money"}, ".type: unknown type 'money'. Known: string, text, "),
            ({"type": 1}, ".type: must be a string, not a number."),
            (
                {"type": "date", "min_lenght": 1},
                "unknown key 'min_lenght'. Did you mean 'min_length'",
            ),
            ({"type": "date", "zzz": 1}, "unknown key 'zzz'. Known keys: type, min, max,"),
            ({"type": "date", "required": "no"}, ".required: must be a boolean, not a string."),
            (
                {"type": "date", "min_length": 1},
                ".min_length: a type date takes no min_length. It takes min, exclusive_min, max,",
            ),
            (
                {"type": "uuid", "min": 1},
                ".min: a type uuid takes no min. It takes no constraints.",
            ),
            (
                {"type": "string", "min_length": 1.5},
                ".min_length: must be a whole number, not 1.5.",
            ),
            (
                {"type": "string", "min_length": True},
                ".min_length: must be a whole number, not a b",
            ),
            ({"type": "string", "min_length": -1}, ".min_length: must be 0 to 1000, not -1."),
            ({"type": "string", "max_length": 0}, ".max_length: must be 1 to 10000, not 0."),
            (
                {"type": "string", "max_length": 10_001},
                ".max_length: must be 1 to 10000, not 10001",
            ),
            ({"type": "text", "max_length": 1_000_001}, ".max_length: must be 1 to 1000000, not"),
            ({"type": "bytes", "max_length": 700_001}, ".max_length: must be 1 to 700000, not"),
            ({"type": "email", "max_length": 19}, ".max_length: must be 20 to 254, not 19."),
            ({"type": "url", "max_length": 2049}, ".max_length: must be 30 to 2048, not 2049."),
            (
                {"type": "string", "min_length": 9, "max_length": 8},
                ".min_length: must not be above max_length; 9 is. Change min_length or max_length.",
            ),
            (
                {"type": "string", "min_length": 256},
                ".min_length: must not be above max_length, which is 255 when not given; 256 is.",
            ),
            ({"type": "decimal", "precision": 19}, ".precision: must be 1 to 18 digits, not 19."),
            ({"type": "decimal", "precision": 0}, ".precision: must be 1 to 18 digits, not 0."),
            (
                {"type": "decimal", "precision": 4, "scale": 5},
                ".scale: must be 0 to 4 (the precision",
            ),
            (
                {"type": "decimal", "precision": 1},
                ".scale: must be 0 to 1 (the precision), not 2, w",
            ),
            (
                {"type": "decimal", "min": 0.5},
                ".min: must be a decimal written as a string, such as",
            ),
            ({"type": "decimal", "min": "0.005"}, ".min: has more than 2 digits after the point."),
            ({"type": "integer", "min": 2**31}, ".min: must be at most 2147483647."),
            ({"type": "integer", "min": "1"}, ".min: must be a whole number."),
            (
                {"type": "integer", "min": 2, "max": 1},
                ".max: min 2 and max 1 leave no value. Give a",
            ),
            (
                {"type": "date", "min": "2020-01-02", "max": "2020-01-01"},
                ".max: min '2020-01-02' and",
            ),
            ({"type": "date", "min": "2020-13-01"}, ".min: is no date, such as 2024-02-29."),
            ({"type": "date", "exclusive_min": "9999-12-31"}, ".exclusive_min: leaves no value of"),
            (
                {"type": "float", "exclusive_min": 1, "max": 1},
                ".max: exclusive_min 1.0 and max 1.0 l",
            ),
            (
                {"type": "float", "exclusive_min": 1.7976931348623157e308},
                ".exclusive_min: leaves no",
            ),
            (
                {"type": "integer", "exclusive_min": 1, "exclusive_max": 2},
                ".exclusive_max: leaves no value of this type that fits. Give a larger range.",
            ),
            (
                {"type": "integer", "min": 1, "exclusive_min": 1},
                ".exclusive_min: is given beside `min`. Keep one of them.",
            ),
            (
                {"type": "integer", "max": 1, "exclusive_max": 1},
                ".exclusive_max: is given beside `m",
            ),
            ({"type": "enum"}, ".values: must hold 1 to 100 values, not 0. An example is"),
            ({"type": "enum", "values": []}, ".values: must hold 1 to 100 values, not 0."),
            (
                {"type": "enum", "values": [str(n) for n in range(101)]},
                ".values: must hold 1 to 100",
            ),
            ({"type": "enum", "values": "a"}, ".values: must be a list, not a string."),
            ({"type": "enum", "values": ["a", 1]}, ".values[1]: must be a string, not a number."),
            ({"type": "enum", "values": ["a", None]}, ".values[1]: must be a string, not null."),
            ({"type": "enum", "values": ["a", "b", "a"]}, ".values[2]: 'a' is given twice."),
            (
                {"type": "enum", "values": ["\u00e9", "e\u0301"]},
                ".values[1]: '\u00e9' is given twice.",
            ),
            ({"type": "enum", "values": ["a", " "]}, ".values[1]: is blank; write at least one"),
            (
                {"type": "enum", "values": ["a" * 101]},
                ".values[0]: has 101 characters; at most 100",
            ),
            ({"type": "array"}, ".items: is required, and missing. An example is"),
            ({"type": "array", "items": 1}, ".items: must be an object, not a number."),
            ({"type": "array", "items": "json"}, ".items.type: a list can't hold 'json'."),
            (
                {"type": "array", "items": {"type": "array"}},
                ".items.type: a list can't hold 'array'.",
            ),
            (
                {"type": "array", "items": {"type": "strin"}},
                ".items.type: unknown type 'strin'. Did",
            ),
            ({"type": "array", "items": "string{"}, ".items: the '{' at character 7 has no '}'"),
            (
                {"type": "array", "items": {"type": "date", "unique": True}},
                ".items.unique: unknown key",
            ),
            (
                {"type": "array", "items": {"type": "uuid", "min": 1}},
                ".items.min: a type uuid takes no",
            ),
            (
                {"type": "array", "items": "string", "max_items": 1001},
                ".max_items: must be 1 to 1000,",
            ),
            (
                {"type": "array", "items": "date", "min_items": 101},
                ".min_items: must be 0 to 100, not 101.",
            ),
            (
                {"type": "string", "items": "string"},
                ".items: a type string takes no items. It takes",
            ),
            (
                {"type": "json", "unique": True},
                ".unique: a type json can't be unique, for it can't",
            ),
            ({"type": "text", "index": True}, ".index: a type text can't be indexed."),
        ],
    )
    def test_wrong_field_is_refused_in_words(self, keys: dict[str, Any], expected: str) -> None:
        assert_only(said_of_field(**keys), expected)

    @pytest.mark.parametrize(
        ("keys", "expected"),
        [
            ({"default": 1}, ".default: must be a string."),
            ({"default": None}, ".default: null is no value of a required field. Say"),
            ({"default": "abcd", "max_length": 3}, ".default: has 4 characters; at most 3 are"),
            ({"example": "a", "min_length": 2}, ".example: has 1 characters; at least 2 are"),
            ({"example": None}, ".example: must be a string."),
            ({"examples": ["a", 2]}, ".examples[1]: must be a string."),
            ({"examples": "a"}, ".examples: must be a list, not a string."),
            ({"examples": ["a"] * 21}, ".examples: holds 21; at most 20 are allowed."),
            ({"example": "a", "examples": ["b"]}, ".examples: is given beside `example`."),
            ({"type": "integer", "max": 5, "default": 6}, ".default: must be at most 5."),
            ({"type": "enum", "values": ["a"], "default": "b"}, ".default: must be one of 'a'."),
            ({"type": "array", "items": "date", "example": ["x"]}, ".example: is no date, such as"),
            ({"type": "json", "default": ["a\0"]}, ".default: character 2 is U+0000 (NULL)"),
            ({"pattern": "^[0-9]{5}$", "example": "x"}, ".example: does not match the pattern"),
        ],
    )
    def test_value_outside_the_constraints_is_refused(
        self, keys: dict[str, Any], expected: str
    ) -> None:
        assert_only(said_of_field(**{"type": "string", **keys}), expected)

    @pytest.mark.parametrize(
        ("keys", "expected"),
        [
            ({"pattern": "("}, ".pattern: "),
            ({"pattern": "(a+)+$"}, ".pattern: "),
            ({"pattern": ""}, ".pattern: has 0 characters; 1 to 500 are allowed."),
            ({"pattern": "a" * 501}, ".pattern: has 501 characters; 1 to 500 are allowed."),
            ({"pattern": "a\u202eb"}, ".pattern: character 2 is U+202E"),
            (
                {"pattern": "^[A-Z]{3}$", "min_length": 4},
                '.pattern: no value could be made that fits. Give one: "example": ...',
            ),
            (
                {"pattern": "^a$", "unique": True},
                ".pattern: a unique field needs at least two values for tests; only one is known.",
            ),
            (
                {"type": "enum", "values": ["a"], "unique": True},
                ".unique: a unique field needs at least two values for tests; only one is known.",
            ),
        ],
    )
    def test_pattern_that_gives_no_values_is_refused(
        self, keys: dict[str, Any], expected: str
    ) -> None:
        assert_only(said_of_field(**{"type": "string", **keys}), expected)

    def test_unique_pattern_is_accepted_with_two_values(self) -> None:
        assert field(pattern="^[0-9]{5}$", unique=True).unique

    def test_items_of_which_no_value_can_be_made_are_refused(self) -> None:
        items = {"type": "string", "pattern": "^[A-Z]{3}$", "min_length": 4}
        expected = ".items.pattern: no value could be made that fits. Take a simpler pattern"
        assert_only(said_of_field(type="array", items=items), expected)

    @pytest.mark.parametrize(
        ("keys", "expected"),
        [
            ({"read_only": True}, ".read_only: clients can't set a read_only field, so it needs"),
            (
                {"read_only": True, "required": False, "immutable": True},
                ".immutable: a field can't be both read_only and immutable.",
            ),
            (
                {"read_only": True, "required": False, "write_only": True},
                ".write_only: a field can't be both read_only and write_only.",
            ),
            (
                {"read_only": True, "required": False, "secret": True},
                ".secret: a field can't be both read_only and secret.",
            ),
            ({"hash": True}, '.hash: only a secret is hashed. Add "secret": true.'),
            ({"hash": True, "secret": True, "type": "email"}, ".hash: only a string can be hashed"),
            ({"secret": True, "write_only": False}, ".write_only: a secret is always write_only."),
            ({"secret": True, "default": "a"}, ".default: a secret's default would stand in the"),
            ({"secret": True, "unique": True}, ".unique: a unique secret would tell, by its"),
            ({"secret": True, "hash": True, "unique": True}, ".unique: a unique secret would tell"),
            ({"unique": True, "default": "a"}, ".default: a unique field's default could be taken"),
            ({"unique": True, "index": True}, ".index: a unique field has its index already."),
            (
                {"write_only": True, "index": True},
                ".index: no list can ask for what is never shown",
            ),
            (
                {"unique": True, "max_length": 651},
                ".max_length: x can need 2,604 bytes; an index holds 2,600. Give a shorter",
            ),
        ],
    )
    def test_flags_that_contradict_each_other_are_refused(
        self, keys: dict[str, Any], expected: str
    ) -> None:
        assert_only(said_of_field(**{"type": "string", **keys}), expected)

    @pytest.mark.parametrize(
        "keys",
        [
            {"read_only": True, "required": False},
            {"read_only": True, "default": "a"},
            {"write_only": True, "unique": True},
            {"secret": True, "hash": True, "immutable": True},
            {"unique": True, "max_length": 650},
            {"type": "url", "unique": True},
        ],
    )
    def test_flags_that_fit_are_accepted(self, keys: dict[str, Any]) -> None:
        assert field(**keys)


class TestNames:
    @pytest.mark.parametrize("case", cases("name", "embed", "rename"), ids=case_id)
    def test_strange_names_are_accepted_everywhere(self, case: Case) -> None:
        entity = read(
            name=case.value,
            plural="all_of_them",
            fields=[f"{case.value}:date", "other_one:date"],
            checks=[
                {"code": "a_rule", "left": case.value, "op": "lt", "right": "other_one"},
            ],
        )
        assert (entity.name, entity.fields[0].name) == (case.value, case.value)
        assert read(name="one_of_them", plural=case.value).plural == case.value
        checks = [{"code": case.value, "left": "a_1", "op": "lt", "right": "a_2"}]
        assert read(fields=["a_1:date", "a_2:date"], checks=checks).checks[0].code == case.value

    @pytest.mark.parametrize("case", cases("name", "reject"), ids=case_id)
    @pytest.mark.parametrize("place", ["name", "plural", "fields[0].name", "checks[0].code"])
    def test_hostile_names_are_refused(self, place: str, case: Case) -> None:
        keys: dict[str, Any] = {place: case.value}
        if place.startswith("fields"):
            keys = {"fields": [{"name": case.value, "type": "date"}]}
        if place.startswith("checks"):
            check = {"code": case.value, "one_of": ["a", "b"]}
            keys = {"fields": ["a:date?", "b:date?"], "checks": [check]}
        (problem,) = said(**keys)
        assert problem.startswith(f"{place}: ")

    @pytest.mark.parametrize("case", cases("names"), ids=case_id)
    def test_names_that_collide_are_refused(self, case: Case) -> None:
        assert said(fields=[{"name": name, "type": "date"} for name in case.value])

    def test_name_in_a_short_form_gets_the_hint_of_any_name(self) -> None:
        assert_only(said(fields=["Pet Name:date"]), "Did you mean 'pet_name'?")

    @pytest.mark.parametrize("name", ["id", "created_at", "updated_at", "deleted_at", "version"])
    def test_own_columns_are_refused(self, name: str) -> None:
        expected = f"fields[0].name: '{name}' is a column that the builder itself keeps."
        assert_only(said(fields=[{"name": name, "type": "date"}]), expected)

    @pytest.mark.parametrize(
        ("first", "second", "expected"),
        [
            ("x", "x", "fields[1].name: 'x' is the name of another field too. Rename one of them"),
            ("x1", "x_1", "fields[1].name: 'x_1' and 'x1' are both X1 as class names."),
        ],
    )
    def test_fields_that_collide_are_refused(self, first: str, second: str, expected: str) -> None:
        assert_only(said(fields=[f"{first}:date", f"{second}:date"]), expected)

    @pytest.mark.parametrize(
        ("keys", "expected"),
        [
            ({"name": "sheep"}, "name: the plural 'sheep' must differ from the name 'sheep'. Give"),
            ({"plural": "pet"}, "plural: the plural 'pet' must differ from the name 'pet'."),
            ({"name": "x1", "plural": "x_1"}, "plural: the plural 'x_1' must differ"),
            ({"name": "a" * 48}, "name: no plural could be made of 'aaa"),
        ],
    )
    def test_plural_like_its_singular_is_refused(self, keys: dict[str, Any], expected: str) -> None:
        assert_only(said(**keys), expected)


class TestText:
    PLACES = ("description", "example", "default", "values")

    @staticmethod
    def keys(place: str, value: str) -> dict[str, Any]:
        if place == "values":
            return {"type": "enum", "values": [value]}
        return {"type": "string", "min_length": 1, place: value}

    @pytest.mark.parametrize("case", cases("text", "embed", "strip"), ids=case_id)
    @pytest.mark.parametrize("place", PLACES)
    def test_strange_text_is_kept(self, place: str, case: Case) -> None:
        assert field(**self.keys(place, case.value))

    @pytest.mark.parametrize("case", cases("text", "reject"), ids=case_id)
    @pytest.mark.parametrize("place", PLACES)
    def test_hostile_text_is_refused(self, place: str, case: Case) -> None:
        (problem,) = said_of_field(**self.keys(place, case.value))
        assert problem.startswith(f".{place}")
        assert len(problem) < 200

    @pytest.mark.parametrize("case", cases("text", "reject"), ids=case_id)
    def test_hostile_text_is_refused_as_the_description_of_an_entity(self, case: Case) -> None:
        (problem,) = said(description=case.value)
        assert problem.startswith("description: ")

    def test_text_is_normalised(self) -> None:
        assert field(default="e\u0301\r\n").default == Given("\u00e9\n")


FIELDS = [
    "name:string{1,80}",
    "kind:enum(dog,cat)",
    "weight:decimal{6,2}?",
    "height:decimal{6,3}?",
    "born_on:date?",
    "died_on:date?",
    "seen_at:datetime",
    "notes:text?",
    "extra:json?",
    "photo:bytes?",
    "tags:array(string)?",
    "chip:string{1,15}:unique",
    "status:string{1,9}=new",
    {"name": "pin", "type": "string", "secret": True, "hash": True, "required": False},
    {"name": "hint", "type": "string", "write_only": True},
    {"name": "rank", "type": "integer", "read_only": True, "required": False},
]


class TestGroups:
    def test_groups_keep_the_order_of_their_fields(self) -> None:
        pet = read(
            fields=FIELDS,
            unique_together=[["name", "born_on"], ["name", "died_on"]],
            indexes=[["kind", "created_at"], ["created_at", "kind"], ["weight"]],
        )
        assert pet.unique_together == (("name", "born_on"), ("name", "died_on"))
        assert pet.indexes == (("kind", "created_at"), ("created_at", "kind"), ("weight",))

    @pytest.mark.parametrize(
        ("keys", "expected"),
        [
            ({"unique_together": "name"}, "unique_together: must be a list, not a string."),
            ({"unique_together": ["name"]}, "unique_together[0]: must be a list, not a string."),
            (
                {"unique_together": [["name"]]},
                "unique_together[0]: must hold 2 to 8 fields, not 1.",
            ),
            (
                {"unique_together": [["name", "name"]]},
                "unique_together[0][1]: 'name' is given twice",
            ),
            (
                {"unique_together": [["name", "knd"]]},
                "[0][1]: no field is called 'knd'. Did you mean",
            ),
            (
                {"unique_together": [["name", "zzz"]]},
                "[0][1]: no field is called 'zzz'. Fields: nam",
            ),
            ({"unique_together": [["name", "created_at"]]}, "[0][1]: there is no created_at here."),
            ({"unique_together": [["name", "id"]]}, "[0][1]: id can't be named here."),
            ({"unique_together": [["name", "notes"]]}, "[0][1]: notes can't be indexed: it is of"),
            ({"unique_together": [["name", "extra"]]}, "[0][1]: extra can't be indexed: it is of"),
            ({"unique_together": [["name", "chip"]]}, "[0][1]: chip is unique by itself, so it"),
            ({"unique_together": [["name", "pin"]]}, "[0][1]: pin is a secret, which a conflict"),
            (
                {"unique_together": [["name", "kind"], ["kind", "name"]]},
                "unique_together[1]: is the same as unique_together[0]. Keep one of them.",
            ),
            ({"indexes": [[]]}, "indexes[0]: must hold 1 to 8 fields, not 0."),
            (
                {"indexes": [["photo"]]},
                "indexes[0][0]: photo can't be indexed: it is of type bytes.",
            ),
            ({"indexes": [["tags"]]}, "indexes[0][0]: tags can't be indexed: it is of type array."),
            ({"indexes": [["hint"]]}, "indexes[0][0]: no list can ask for hint, which is never"),
            ({"indexes": [["chip"]]}, "indexes[0]: these fields have their index already."),
            ({"indexes": [["name"], ["name"]]}, "indexes[1]: is the same as indexes[0]."),
            (
                {"indexes": [["name", "kind"]], "unique_together": [["name", "kind"]]},
                "indexes[0]: these fields have their index already.",
            ),
            ({"indexes": [["created_at"]], "timestamps": False}, "[0][0]: there is no created_at"),
        ],
    )
    def test_wrong_group_is_refused_in_words(self, keys: dict[str, Any], expected: str) -> None:
        assert_only(said(fields=FIELDS, **keys), expected)

    def test_fields_too_long_for_one_index_are_refused(self) -> None:
        fields = ["a:string{0,400}", "b:string{0,400}"]
        expected = "indexes[0]: a and b can need 3,200 bytes; an index holds 2,600."
        assert_only(said(fields=fields, indexes=[["a", "b"]]), expected)

    def test_unique_together_needs_two_values_of_each_field(self) -> None:
        fields = [{"name": "a", "type": "enum", "values": ["x"]}, "b:date"]
        expected = "unique_together[0][0]: a has fewer than 2 values that tests could take."
        assert_only(said(fields=fields, unique_together=[["a", "b"]]), expected)


class TestChecks:
    def test_three_forms_are_read(self) -> None:
        pet = read(
            fields=FIELDS,
            checks=[
                {"code": "dies_last", "left": "died_on", "op": "gte", "right": "born_on"},
                {"code": "weight_dated", "field": "weight", "requires": "born_on"},
                {"code": "one_size", "one_of": ["weight", "height"]},
            ],
        )
        named = {str(one.name): one for one in pet.fields}
        assert pet.checks == (
            Compares(pet.checks[0].code, named["died_on"], Comparison.GTE, named["born_on"]),
            Requires(pet.checks[1].code, named["weight"], named["born_on"]),
            OneOf(pet.checks[2].code, (named["weight"], named["height"])),
        )
        assert [check.code for check in pet.checks] == ["dies_last", "weight_dated", "one_size"]

    @pytest.mark.parametrize(
        ("check", "expected"),
        [
            ({}, ": must have left, op and right; or field and requires; or one_of; it has none."),
            (
                {"left": "weight"},
                ": must have left, op and right; or field and requires; or one_of; i",
            ),
            ({"one_of": ["weight", "height"], "field": "weight"}, "it has field and one_of."),
            (
                {"left": "weight", "op": "ge", "right": "height"},
                ".op: unknown comparison 'ge'. Did",
            ),
            ({"left": "a", "op": "eq", "right": "name"}, ".left: no field is called 'a'."),
            ({"left": "name", "op": "eq", "right": "name"}, ".right: is the same field as `left`."),
            (
                {"left": "name", "op": "eq", "right": "kind"},
                ".right: name is of type string, kind enum. Only fields of one type are compared.",
            ),
            (
                {"left": "weight", "op": "lt", "right": "height"},
                ".right: weight has the scale 2, height 3. Give both the same scale.",
            ),
            (
                {"left": "name", "op": "lt", "right": "chip"},
                ".op: a type string has no order, so lt",
            ),
            (
                {"left": "extra", "op": "eq", "right": "photo"},
                ".left: a type json can't be compared.",
            ),
            (
                {"left": "seen_at", "op": "lt", "right": "created_at"},
                ".right: there is no created_at",
            ),
            (
                {"left": "name", "op": "eq", "right": "pin"},
                ".right: only a hash of pin is kept, whi",
            ),
            ({"field": "name", "requires": "weight"}, '.field: name always has a value. Say "requ'),
            ({"field": "weight", "requires": "status"}, ".requires: status always has a value."),
            ({"field": "weight", "requires": "rank"}, ".requires: rank is read_only, so no client"),
            ({"field": "weight", "requires": "weight"}, ".requires: is the same field as `field`."),
            ({"one_of": ["weight"]}, ".one_of: must name 2 to 8 fields, not 1."),
            ({"one_of": ["weight", "weight"]}, ".one_of[1]: 'weight' is given twice."),
            ({"one_of": ["weight", "name"]}, ".one_of[1]: name always has a value."),
            ({"one_of": "weight"}, ".one_of: must be a list, not a string."),
            ({"one_of": ["weight", 1]}, ".one_of[1]: must be a string, not a number."),
            ({"one_off": []}, ".one_off: unknown key 'one_off'. Did you mean 'one_of'?"),
        ],
    )
    def test_wrong_check_is_refused_in_words(self, check: dict[str, Any], expected: str) -> None:
        problems = said(fields=FIELDS, checks=[{"code": "a_rule", **check}])
        assert_only([one.removeprefix("checks[0]") for one in problems], expected)

    def test_codes_are_told_apart(self) -> None:
        check = {"code": "a_rule", "one_of": ["weight", "height"]}
        expected = "checks[1].code: 'a_rule' is the code of another check too."
        assert_only(said(fields=FIELDS, checks=[check, check]), expected)

    def test_code_is_no_name_of_a_field(self) -> None:
        check = {"code": "weight", "one_of": ["weight", "height"]}
        expected = "checks[0].code: 'weight' is a field's name; a code that says the rule reads"
        assert_only(said(fields=FIELDS, checks=[check]), expected)


class TestList:
    @pytest.mark.parametrize(
        ("asked", "expected"),
        [
            ({"paginat": "none"}, ".paginat: unknown key 'paginat'. Did you mean 'paginate'?"),
            (
                {"paginate": "pages"},
                ".paginate: unknown kind of page 'pages'. Known: cursor, offset",
            ),
            (
                {"paginate": "none", "max_size": 9},
                ".max_size: a list without pages has no max_size;",
            ),
            ({"max_size": 0}, ".max_size: must be 1 to 1,000 rows, not 0."),
            ({"max_size": 1001}, ".max_size: must be 1 to 1,000 rows, not 1001."),
            ({"default_size": True}, ".default_size: must be a whole number, not a boolean."),
            ({"default_size": 9, "max_size": 8}, ".default_size: must not be above max_size, whi"),
            ({"filters": []}, ".filters: must be an object, not an array."),
            ({"filters": {"knd": ["eq"]}}, ".filters.knd: no field is called 'knd'. Did you mean"),
            ({"filters": {"kind": []}}, ".filters.kind: names no operator. An example is"),
            ({"filters": {"kind": "eq"}}, ".filters.kind: must be a list, not a string."),
            ({"filters": {"kind": ["equals"]}}, ".filters.kind[0]: unknown operator 'equals'."),
            ({"filters": {"kind": ["eq", "eq"]}}, ".filters.kind[1]: eq is given twice."),
            (
                {"filters": {"kind": ["lt"]}},
                ".filters.kind[0]: lt makes no sense of a type enum. It",
            ),
            (
                {"filters": {"born_on": ["contains"]}},
                "contains makes no sense of a type date. It t",
            ),
            ({"filters": {"extra": ["eq"]}}, "eq makes no sense of a type json. It takes is_null."),
            (
                {"filters": {"kind": ["is_null"]}},
                ".filters.kind[0]: kind is never null, so is_null",
            ),
            (
                {"filters": {"pin": ["eq"]}},
                ".filters.pin: pin is secret, and a list would tell what",
            ),
            ({"filters": {"hint": ["eq"]}}, ".filters.hint: hint is write_only, and a list would"),
            ({"filters": {"id": ["eq"]}}, ".filters.id: id can't be named here."),
            ({"sort": ["nam"]}, ".sort[0]: no field is called 'nam'. Did you mean 'name'?"),
            ({"sort": ["name", "name"]}, ".sort[1]: 'name' is given twice."),
            ({"sort": ["notes"]}, ".sort[0]: a type text can't be sorted by."),
            ({"sort": ["pin"]}, ".sort[0]: pin is secret, and a list would tell what it holds."),
            (
                {"search": ["weight"]},
                ".search[0]: a type decimal can't be searched; only text can.",
            ),
            ({"search": ["hint"]}, ".search[0]: hint is write_only, and a list would tell what it"),
            ({"search": ["created_at"]}, ".search[0]: a type datetime can't be searched"),
        ],
    )
    def test_wrong_list_is_refused_in_words(self, asked: dict[str, Any], expected: str) -> None:
        problems = said(fields=FIELDS, list=asked)
        assert_only([one.removeprefix("list") for one in problems], expected)

    def test_moments_of_the_server_can_be_filtered_and_sorted_by(self) -> None:
        asked = {"filters": {"created_at": ["gte"]}, "sort": ["updated_at"]}
        listing = read(list=asked).listing
        assert (listing.filters, listing.sort) == (
            {"created_at": (Operator.GTE,)},
            ("updated_at",),
        )

    def test_moments_are_missing_without_timestamps(self) -> None:
        problems = said(timestamps=False, list={"sort": ["created_at"]})
        assert_only(problems, "list.sort[0]: there is no created_at here. Lists and indexes can")

    @pytest.mark.parametrize("name", ["limit", "cursor", "offset", "sort", "search"])
    def test_parameter_of_every_list_is_no_filter(self, name: str) -> None:
        keys = {"fields": [f"{name}:integer"], "list": {"filters": {name: ["eq"]}}}
        assert_only(said(**keys), f"list.filters.{name}[0]: ?{name}= is a parameter of every list.")

    def test_field_named_like_a_parameter_can_be_filtered_otherwise(self) -> None:
        assert read(fields=["limit:integer"], list={"filters": {"limit": ["gte"]}})

    @pytest.mark.parametrize(
        ("fields", "filters", "expected"),
        [
            (
                ["weight:integer", "weight_gte:integer"],
                {"weight": ["gte"]},
                "list.filters.weight[0]: ?weight_gte= would read as the field weight_gte.",
            ),
            (
                ["a:string", "a_starts:string", "a_starts_with:string"],
                {"a": ["starts_with"]},
                "list.filters.a[0]: ?a_starts_with= would read as the field a_starts_with.",
            ),
        ],
    )
    def test_filters_that_share_a_parameter_are_refused(
        self, fields: list[str], filters: dict[str, list[str]], expected: str
    ) -> None:
        assert_only(said(fields=fields, list={"filters": filters}), expected)


class TestOperations:
    @pytest.mark.parametrize(
        ("keys", "expected"),
        [
            ({"operations": []}, "operations: names no operation. Leave it out for all, or say"),
            ({"operations": ["read", "read"]}, "operations[1]: read is given twice."),
            (
                {"operations": ["raed"]},
                "operations[0]: unknown operation 'raed'. Did you mean 'read'",
            ),
            ({"operations": "read"}, "operations: must be a list, not a string."),
            ({"operations": ["read"], "list": {}}, "list: is given, but `operations` has no list."),
            (
                {"fields": [{"name": "a", "type": "date", "immutable": True}]},
                'no field can be changed. Say "operations": ["list", "create", "read", "delete"].',
            ),
        ],
    )
    def test_wrong_operations_are_refused_in_words(
        self, keys: dict[str, Any], expected: str
    ) -> None:
        assert_only(said(**keys), expected)

    def test_count_can_be_asked_for(self) -> None:
        assert read(operations=["count"]).operations == {Operation.COUNT}


class TestRefusals:
    @pytest.mark.parametrize(
        ("keys", "expected"),
        [
            ({"access": "public"}, "access: access can't be built yet."),
            ({"actions": []}, "actions: actions can't be built yet."),
            ({"extends": "animal"}, "extends: inheritance is not in version 1. Give each entity"),
            ({"primary_key": ["a", "b"]}, "primary_key: composite and own primary keys are not in"),
        ],
    )
    def test_what_does_not_work_yet_is_refused_by_name(
        self, keys: dict[str, Any], expected: str
    ) -> None:
        assert_only(said(**keys), expected)

    @pytest.mark.parametrize("key", ["access", "primary_key"])
    def test_what_does_not_work_yet_is_refused_in_fields(self, key: str) -> None:
        (problem,) = said_of_field(type="date", **{key: "a"})
        assert problem.startswith(f".{key}: ")
        assert "unknown" not in problem

    def test_polymorphic_relations_are_refused_for_what_they_are(self) -> None:
        relations = [{"name": "a", "kind": "belongs_to", "targets": ["b", "c"]}]
        problems = said(relations=relations)
        assert "relations[0]: polymorphic relations are not in version 1. Take one" in problems[0]

    def test_nothing_may_be_asked_for(self) -> None:
        assert read(relations=[], include=[], soft_delete=False, optimistic_lock=False)

    @pytest.mark.parametrize(
        ("keys", "expected"),
        [
            (
                {"operations": ["create", "restore"]},
                "operations[1]: what is deleted is gone, so it can't be restored. Add",
            ),
            (
                {"soft_delete": True, "operations": ["create"]},
                "soft_delete: is given, but nothing deletes. Add",
            ),
            (
                {"optimistic_lock": "required", "operations": ["bulk_delete", "create"]},
                "operations[0]: clients can't name the versions of many rows at once.",
            ),
            ({"optimistic_lock": "yes"}, 'optimistic_lock: must be true, false or "required".'),
            ({"include": ["owner"]}, "include[0]: no relation is called 'owner'."),
        ],
    )
    def test_what_does_not_go_together_is_refused(
        self, keys: dict[str, Any], expected: str
    ) -> None:
        assert_only(said(**keys), expected)

    @pytest.mark.parametrize(
        ("other", "place"),
        [
            ({"name": "pet", "plural": "animals"}, "[1].name: 'pet' and 'pet'"),
            ({"name": "pets", "plural": "animals"}, "[1].name: 'pets' and 'pets'"),
            ({"name": "animal", "plural": "pet"}, "[1].plural: 'pet' and 'pet'"),
            ({"name": "animal", "plural": "pets"}, "[1].plural: 'pets' and 'pets'"),
        ],
    )
    def test_entities_of_a_feature_do_not_share_names(
        self, other: dict[str, Any], place: str
    ) -> None:
        entities, problems = outcome([{"name": "pet", "plural": "pets"}, other])
        assert entities is None
        [problem] = problems
        assert f"requirements.entities{place} of another entity are the same name" in str(problem)

    def test_feature_has_several_entities(self) -> None:
        entities, _ = outcome([{"name": "pet"}, {"name": "tag"}])
        assert [entity.name for entity in entities or ()] == ["pet", "tag"]

    def test_feature_has_a_bounded_number_of_entities(self) -> None:
        entities, problems = outcome([{"name": f"pet{n}"} for n in range(21)])
        assert entities is None
        assert [p.message for p in problems] == ["holds 21 entities; at most 20 make one feature."]

    @pytest.mark.parametrize(
        ("entities", "expected"),
        [
            ({}, "requirements.entities: must be a list, not an object."),
            ([], "requirements.entities: must hold an entity. Ask for one: "),
            (["pet"], "requirements.entities[0]: must be an object, not a string."),
            ([{}], 'requirements.entities[0].name: is required, and missing. Add "name": ...'),
        ],
    )
    def test_what_is_no_list_of_an_entity_is_refused(self, entities: object, expected: str) -> None:
        _, problems = outcome(entities)
        assert_only([str(problem) for problem in problems], expected)


class TestAllAtOnce:
    def test_every_problem_is_named_once(self) -> None:
        problems = said(
            plurl="pets",
            optimistic_lock=3,
            fields=[
                "a:strng",
                {"name": "b", "type": "date", "requird": True, "min_length": 1},
                "c:string{5,2}",
                "d",
                {"name": "e", "type": "date", "min": "no"},
                "f:date",
            ],
            unique_together=[["a", "nope"], "a"],
            checks=[
                {"code": "Bad", "one_of": ["a", "b"]},
                {"code": "rule", "left": "c", "op": "lt", "right": "gone"},
            ],
            list={"filters": {"b": ["what"], "e": ["eq"], "f": ["contains"]}, "sort": ["lost"]},
        )
        assert sorted(one.partition(": ")[0] for one in problems) == [
            "checks[0].code",
            "checks[1].right",
            "fields[0].type",
            "fields[1].min_length",
            "fields[1].requird",
            "fields[2].min_length",
            "fields[3]",
            "fields[4].min",
            "list.filters.b[0]",
            "list.filters.f[0]",
            "list.sort[0]",
            "optimistic_lock",
            "plurl",
            "unique_together[0][1]",
            "unique_together[1]",
        ]

    def test_field_after_one_that_is_left_out_keeps_its_place(self) -> None:
        assert [one.partition(":")[0] for one in said(fields=["a:dat", "b:date{1,2}"])] == [
            "fields[0].type",
            "fields[1].min",
            "fields[1].max",
        ]

    def test_nothing_is_said_of_a_field_whose_own_problem_is_named(self) -> None:
        assert_only(said(fields=["a:dat"], list={"sort": ["a"]}), "fields[0].type")

    def test_nothing_is_said_of_names_that_nobody_can_know(self) -> None:
        assert_only(said(fields=[{"type": "date"}], list={"sort": ["a"]}), "fields[0].name")

    def test_place_in_the_file_is_named(self) -> None:
        _, problems = outcome([{"name": "pet", "fields": ["a:date", "b:strin"]}])
        assert problems[0].where == "r.json:10:6 requirements.entities[0].fields[1].type"


class TestLimits:
    def test_two_hundred_fields_are_accepted(self) -> None:
        fields = [f"f_{number}x:string{{1,80}}?" for number in range(200)]
        assert len(read(fields=fields).fields) == 200

    @pytest.mark.parametrize(
        ("key", "items", "most"),
        [
            ("fields", "a:date", 200),
            ("checks", {"code": "a"}, 50),
            ("indexes", ["a"], 50),
            ("unique_together", ["a", "b"], 20),
        ],
    )
    def test_more_than_the_limit_is_one_problem(self, key: str, items: object, most: int) -> None:
        expected = f"{key}: holds {most + 1}; at most {most} are allowed."
        assert_only(said(**{key: [items] * (most + 1)}), expected)

    def test_more_than_a_hundred_filters_are_one_problem(self) -> None:
        filters = {f"f_{number}x": ["eq"] for number in range(101)}
        assert_only(said(list={"filters": filters}), "list.filters: holds 101; at most 100")

    def test_many_unknown_keys_are_refused_in_a_moment(self) -> None:
        started = time.process_time()
        problems = said(**{f"key_{number}": 1 for number in range(30_000)})
        assert len(problems) == 101
        assert problems[-1] == ": and 29900 more problems like these."
        assert time.process_time() - started < 5


class TestSchema:
    def test_schema_knows_the_types_and_the_short_form(self) -> None:
        schema = EntitiesRequirements.model_json_schema()
        definitions = schema["$defs"]
        types = definitions["FieldRequest"]["properties"]["type"]["oneOf"]
        assert [kind["const"] for kind in types] == list(FIELD_TYPES)
        kinds = definitions["EntityRequest"]["properties"]["fields"]["items"]["anyOf"]
        assert [kind.get("$ref", kind.get("type")) for kind in kinds] == [
            "#/$defs/FieldRequest",
            "string",
        ]

    @pytest.mark.parametrize("model", ["EntityRequest", "FieldRequest", "ListRequest"])
    def test_every_key_is_described(self, model: str) -> None:
        properties = EntitiesRequirements.model_json_schema()["$defs"][model]["properties"]
        assert [key for key, value in properties.items() if not value.get("description")] == []

    @pytest.mark.parametrize("entity", [OWNER, TAG])
    def test_model_reads_what_the_reader_reads(self, entity: dict[str, Any]) -> None:
        assert EntitiesRequirements.model_validate({"entities": [entity]}).entities[0].name


def test_entities_stand_below_requirements() -> None:
    assert AT == ("requirements", "entities")
