"""Relations in requests: what each says, where it leads, and what is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest

from petsage_builder.blueprint import parse_blueprint, resolve_project
from petsage_builder.entries import Entry, entries_in
from petsage_builder.errors import RequestError
from petsage_builder.kinds import Asked, resolve, validated
from petsage_builder.kinds.entities.asked import BelongsTo, Entity, ManyToMany, OnDelete
from petsage_builder.kinds.entities.links import tables_of
from petsage_builder.strict_json import parse

PROJECT = resolve_project(parse_blueprint(None))

OWNER = {"name": "owner", "fields": ["name:string"]}
TO_OWNER = {"name": "owner", "kind": "belongs_to", "target": "owner", "on_delete": "cascade"}
TAG = {"name": "tag", "fields": ["label:string"]}
TAGS = {"name": "tags", "kind": "many_to_many", "target": "tag"}
PETS = {"name": "pets", "kind": "has_many", "target": "pet", "inverse": "owner"}


def request(feature: str, *entities: dict[str, Any]) -> dict[str, Any]:
    return {
        "feature": feature,
        "description": "Some.",
        "requirements": {"entities": list(entities)},
    }


def entries(*requests: dict[str, Any]) -> list[Entry]:
    return entries_in(parse(json.dumps(requests).encode(), "r.json"))


def asked(*requests: dict[str, Any]) -> list[Asked]:
    return validated(entries(*requests))


def said(*requests: dict[str, Any]) -> list[str]:
    """What is said of the requests, without the place in the file."""
    with pytest.raises(RequestError) as caught:
        asked(*requests)
    return [str(problem).partition(" ")[2] for problem in caught.value.problems]


def pet(**relation: Any) -> dict[str, Any]:  # noqa: ANN401
    """A pet with one relation: by default to an owner."""
    given = {key: value for key, value in (TO_OWNER | relation).items() if value is not None}
    return {"name": "pet", "fields": ["name:string"], "relations": [given]}


def entities(*requests: dict[str, Any]) -> dict[str, Entity]:
    found: list[Any] = [one.requirements for one in asked(*requests)]
    return {entity.name: entity for one in found for entity in one.entities}


class TestBelongsTo:
    def test_its_field_holds_the_id(self) -> None:
        found = entities(request("pets", OWNER, pet()))["pet"]
        [relation] = found.relations
        assert isinstance(relation, BelongsTo)
        assert relation.on_delete is OnDelete.CASCADE
        assert [field.name for field in found.fields] == ["name", "owner_id"]
        assert found.fields[1].required

    def test_it_leads_to_another_feature(self) -> None:
        found = entities(request("pets", pet(target="owners.owner")), request("owners", OWNER))
        assert found["pet"].relations[0].target.feature == "owners"

    def test_feature_may_name_itself(self) -> None:
        found = entities(request("pets", OWNER, pet(target="pets.owner")))
        assert found["pet"].relations[0].target.feature == "pets"

    def test_its_name_stands_for_the_field(self) -> None:
        one = pet() | {
            "unique_together": [["owner", "name"]],
            "indexes": [["owner", "created_at"]],
            "list": {"filters": {"owner": ["eq", "in"]}},
        }
        found = entities(request("pets", OWNER, one))["pet"]
        assert found.unique_together == (("owner_id", "name"),)
        assert found.indexes == (("owner_id", "created_at"),)
        assert list(found.listing.filters) == ["owner_id"]

    def test_entity_may_belong_to_one_of_its_kind(self) -> None:
        one = pet(name="mother", target="pet", required=False)
        assert entities(request("pets", one))["pet"].fields[1].nullable

    def test_entities_may_belong_to_each_other(self) -> None:
        leader = TO_OWNER | {"name": "favourite", "target": "pet", "required": False}
        found = entities(request("pets", OWNER | {"relations": [leader]}, pet()))
        assert [one.name for one in found["owner"].belongs_to] == ["favourite"]

    @pytest.mark.parametrize(
        ("keys", "expected"),
        [
            (
                {"on_delete": None},
                'relations[0]: a belongs_to needs on_delete. Say "restrict", "cascade" or',
            ),
            ({"on_delete": "keep"}, "relations[0].on_delete: unknown on_delete 'keep'. Known: "),
            (
                {"on_delete": "set_null"},
                "relations[0].on_delete: set_null needs a relation that may be null. Add ",
            ),
            ({"kind": "belongs"}, "relations[0].kind: unknown kind of relation 'belongs'. Did you"),
            ({"inverse": "pets"}, "relations[0].inverse: a belongs_to has no inverse. It takes"),
            ({"through": "pet"}, "relations[0].through: a belongs_to has no through. It takes"),
            ({"name": "name"}, "relations[0].name: is the field 'name' too. Rename one of them."),
            ({"name": "version"}, "relations[0].name: 'version' is a name that the app itself"),
            ({"target": "ower"}, "relations[0].target: this feature has no entity 'ower'. Did you"),
            ({"target": "a.b.c"}, "relations[0].target: 'b.c' is no name: a name starts with"),
            (
                {"target": "onwers.owner"},
                "relations[0].target: feature 'onwers' is not built, and its request is not given.",
            ),
            (
                {"target": "pet"},
                "relations[0].required: the first pet would have none to belong to. Say ",
            ),
            (
                {"target": "pets.pet"},
                "relations[0].required: the first pet would have none to belong to. Say ",
            ),
        ],
    )
    def test_refused(self, keys: dict[str, Any], expected: str) -> None:
        [problem] = said(request("pets", pet(**keys), OWNER))
        assert problem.startswith(f"requirements.entities[0].{expected}")

    def test_field_may_not_be_called_as_that_of_the_id(self) -> None:
        one = pet() | {"fields": ["owner_id:uuid"]}
        [problem] = said(request("pets", OWNER, one))
        assert "[1].relations[0].name: its field 'owner_id' is the name of the field" in problem

    def test_relations_do_not_share_names(self) -> None:
        one = pet()
        one["relations"] *= 2
        [problem, _] = said(request("pets", OWNER, one))
        assert "relations[1].name: is the relation 'owner' too. Rename one of them." in problem

    def test_target_elsewhere_is_told(self) -> None:
        [problem] = said(request("pets", pet()), request("owners", OWNER))
        assert problem.endswith("has no entity 'owner'. Did you mean 'owners.owner'?")

    def test_target_in_a_feature_without_entities_is_refused(self) -> None:
        status = {"feature": "health", "description": "Up.", "requirements": "none"}
        [problem] = said(request("pets", pet(target="health.owner")), status)
        assert "feature 'health' has no entity 'owner'. It has no entities." in problem

    def test_target_that_another_request_renames_is_refused(self) -> None:
        person = OWNER | {"name": "person"}
        [problem] = said(request("pets", pet(target="owners.owner")), request("owners", person))
        assert "feature 'owners' has no entity 'owner'. It has person." in problem

    def test_circle_of_required_relations_is_named(self) -> None:
        back = TO_OWNER | {"name": "favourite", "target": "pet"}
        [problem] = said(request("pets", OWNER | {"relations": [back]}, pet()))
        assert "each of these needs the next one first: owner -> pet -> owner." in problem

    def test_circle_of_features_is_named(self) -> None:
        back = TO_OWNER | {"name": "favourite", "target": "pets.pet", "required": False}
        owners = request("owners", OWNER | {"relations": [back]})
        [problem] = said(owners, request("pets", pet(target="owners.owner")))
        assert "these features refer to each other: owners -> pets -> owners." in problem

    def test_relation_can_be_in_a_check(self) -> None:
        one = {
            "name": "pet",
            "relations": [
                TO_OWNER | {"required": False},
                TO_OWNER | {"name": "shelter", "required": False},
            ],
            "checks": [{"code": "one_keeper", "one_of": ["owner", "shelter"]}],
        }
        found = entities(request("pets", OWNER, one))["pet"]
        assert [check.code for check in found.checks] == ["one_keeper"]

    @pytest.mark.parametrize(
        "check", [{"one_of": ["owner", "name"]}, {"field": "name", "requires": "owner"}]
    )
    def test_relation_that_a_check_needs_is_not_set_to_null(self, check: dict[str, Any]) -> None:
        one = pet(required=False, on_delete="set_null")
        one |= {"fields": ["name:string?"], "checks": [{"code": "known", **check}]}
        [problem] = said(request("pets", OWNER, one))
        assert "entities[1].checks: set_null would break the check 'known'. Say" in problem

    def test_relation_that_needs_another_may_be_set_to_null(self) -> None:
        one = pet(required=False, on_delete="set_null")
        check = {"code": "known", "field": "owner", "requires": "name"}
        one |= {"fields": ["name:string?"], "checks": [check]}
        assert entities(request("pets", OWNER, one))["pet"].checks

    def test_relation_to_its_own_kind_can_be_in_a_check(self) -> None:
        one = {
            "name": "pet",
            "relations": [
                TO_OWNER | {"required": False},
                TO_OWNER | {"name": "mother", "target": "pet", "required": False},
            ],
            "checks": [{"code": "one_origin", "one_of": ["mother", "owner"]}],
        }
        found = entities(request("pets", OWNER, one))["pet"]
        assert [check.code for check in found.checks] == ["one_origin"]


class TestManyToMany:
    def test_its_field_holds_the_ids(self) -> None:
        one = {"name": "pet", "relations": [TAGS]}
        found = entities(request("pets", TAG, one))["pet"]
        [relation] = found.relations
        assert isinstance(relation, ManyToMany)
        [field] = found.fields
        assert (field.name, field.nullable, field.required) == ("tag_ids", False, True)
        assert found.columns == ()

    @pytest.mark.parametrize(
        ("keys", "expected"),
        [
            ({"on_delete": "cascade"}, "on_delete: a many_to_many has no on_delete."),
            ({"required": False}, "required: a many_to_many has no required."),
            ({"target": "tg"}, "target: this feature has no entity 'tg'. Did you mean 'tag'?"),
            ({"through": "tagging"}, "through: this feature has no entity 'tagging'."),
            ({"through": "tag"}, "through: tag has 0 belongs_to to pet, not 1."),
        ],
    )
    def test_refused(self, keys: dict[str, Any], expected: str) -> None:
        one = {"name": "pet", "relations": [TAGS | keys]}
        problem, *_ = said(request("pets", one, TAG))
        assert problem.startswith(f"requirements.entities[0].relations[0].{expected}")

    def test_its_table_has_a_name_that_databases_take(self) -> None:
        long = "a_name_that_is_as_long_as_a_name_can_ever_be_xy"
        one = {"name": long, "plural": "pets", "relations": [TAGS | {"name": long}]}
        found = entities(request("pets", TAG, one))
        _, table = tables_of(found[long])
        assert len(table) <= 60

    def test_its_table_is_not_that_of_an_entity(self) -> None:
        one, other = {"name": "pet", "relations": [TAGS]}, {"name": "pet_tags"}
        named = other | {"plural": "pairs"}
        with pytest.raises(RequestError, match="the table 'pet_tags' belongs to feature 'pets'"):
            resolve(asked(request("pets", TAG, one, named)), PROJECT)

    def test_list_can_not_name_it(self) -> None:
        one = {"name": "pet", "relations": [TAGS], "list": {"sort": ["tags"]}}
        [problem] = said(request("pets", TAG, one))
        assert "sort[0]: tags is a relation to many, which has no column to name here." in problem


class TestMirrors:
    def test_refused_without_what_it_mirrors(self) -> None:
        one = OWNER | {"relations": [PETS | {"inverse": "keeper"}]}
        [problem] = said(request("pets", one, pet()))
        assert "inverse: pet has no belongs_to 'keeper' to owner." in problem

    def test_has_one_needs_a_unique_relation(self) -> None:
        one = OWNER | {"relations": [PETS | {"kind": "has_one"}]}
        [problem] = said(request("pets", one, pet()))
        assert 'kind: several pets could belong to one owner. Say "unique": true of' in problem

    def test_has_many_needs_a_list(self) -> None:
        one = OWNER | {"relations": [PETS]}
        [problem] = said(request("pets", one, pet() | {"operations": ["create", "read"]}))
        assert "target: pets can't be listed, so those of one owner can't be." in problem

    def test_inverse_is_needed(self) -> None:
        relation = {key: value for key, value in PETS.items() if key != "inverse"}
        [problem] = said(request("pets", OWNER | {"relations": [relation]}, pet()))
        assert "relations[0]: a has_many needs inverse. It names the belongs_to" in problem


class TestRemoval:
    """What refers to a feature that is to go."""

    @pytest.mark.parametrize(
        "relation",
        [
            TO_OWNER | {"target": "owners.owner"},
            {"name": "owners", "kind": "many_to_many", "target": "owners.owner"},
            PETS | {"name": "owners", "target": "owners.owner", "inverse": "pet"},
            TAGS | {"through": "owners.owner"},
        ],
        ids=["belongs_to", "many_to_many", "has_many", "through"],
    )
    def test_every_kind_of_relation_holds_it(self, relation: dict[str, Any]) -> None:
        own = {"name": "pet", "fields": ["name:string"], "relations": [relation]}
        [problem] = refused("owners", request("pets", TAG, own))
        assert f"pets.pet.{relation['name']} refers to owners.owner, so feature 'o" in problem
        assert problem.endswith("Take the relation out of this request first, or remove 'pets'.")

    def test_every_relation_of_every_feature_is_named(self) -> None:
        one = pet(target="owners.owner")
        several = refused("owners", request("pets", one), request("cats", one | {"name": "cat"}))
        assert [problem.split()[1] for problem in several] == ["pets.pet.owner", "cats.cat.owner"]

    def test_relations_to_others_hold_nothing(self) -> None:
        requests = request("pets", OWNER, pet()), request("tags", TAG)
        assert len(validated(entries(*requests), removed="owners")) == 2


def refused(removed: str, *requests: dict[str, Any]) -> list[str]:
    """What is said of the requests where a feature is to go."""
    with pytest.raises(RequestError) as caught:
        validated(entries(*requests), removed=removed)
    return [str(problem).partition(" ")[2] for problem in caught.value.problems]
