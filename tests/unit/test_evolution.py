"""What a changed request does to the database: said in words, refused where rows would be lost."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest
from evolutions import Request, entity, request

from petsage_builder import kinds
from petsage_builder.entries import entries_in
from petsage_builder.errors import RequestError
from petsage_builder.filters import py
from petsage_builder.spec import Evolution
from petsage_builder.strict_json import parse

OWNER = entity("owner", "name:string{1,80}", "age:integer?")
PET = entity("pet", "name:string{1,80}", "age:integer?", "kind:enum(cat,dog)")
LINK = {"name": "owner", "kind": "belongs_to", "target": "owner", "on_delete": "cascade"}
FRIENDS = {"name": "friends", "kind": "many_to_many", "target": "owner"}


def evolve(
    before: Sequence[Request] | None, after: Sequence[Request], *, allowed: bool = False
) -> dict[Any, Evolution]:
    """What becomes of features of these requests; None: nothing was built before."""
    known = {} if before is None else {r["feature"]: entry for r, entry in read(before, "old")}
    asked = kinds.validated(entry for _, entry in read(after, "new"))
    built = {one["feature"]: known.get(one["feature"]) for one in after}
    return kinds.evolve(asked, built, allowed=allowed)


def read(requests: Sequence[Request], source: str) -> list[Any]:
    document = parse(json.dumps(list(requests)).encode(), source)
    return list(zip(requests, entries_in(document), strict=True))


def said(before: Sequence[Request] | None, *after: Request, allowed: bool = False) -> list[str]:
    """The changes of one feature, destructive ones with a bang."""
    found = evolve(before, [request("pets", *after)], allowed=allowed)["pets"]
    return [f"{one.change}{'!' * one.destructive}" for one in found.changes]


def refusals(before: Sequence[Request] | None, *after: Request, allowed: bool = False) -> list[str]:
    """The problems of one feature, without their file and line."""
    with pytest.raises(RequestError) as raised:
        evolve(before, [request("pets", *after)], allowed=allowed)
    return [str(problem).partition(" ")[2] for problem in raised.value.problems]


def built(*entities: Request) -> list[Request]:
    return [request("pets", *entities)]


def pet(*fields: str | Request, **more: object) -> Request:
    return entity("pet", *fields, **more)


def field(name: str, kind: str, **more: object) -> Request:
    return {"name": name, "type": kind, **more}


class TestWhatChanges:
    def test_nothing(self) -> None:
        found = evolve(built(PET), [request("pets", PET)])["pets"]
        assert (found.steps, found.changes) == (None, ())

    @pytest.mark.parametrize(
        ("after", "expected"),
        [
            (pet(*PET["fields"], "born:date?"), ["adds column pet.born"]),
            (pet(*PET["fields"], "born:date=2020-01-01"), ["adds column pet.born"]),
            (pet("name:string{1,90}", *PET["fields"][1:]), ["widens column pet.name"]),
            (pet("name:text{1,90}", *PET["fields"][1:]), ["widens column pet.name"]),
            (pet(PET["fields"][0], "age:bigint?", PET["fields"][2]), ["widens column pet.age"]),
            (pet(*PET["fields"][:2], "kind:enum(cat,dog,bird)"), ["widens column pet.kind"]),
            (pet(*PET["fields"][:2], "kind:string"), ["widens column pet.kind"]),
            (pet(*PET["fields"][:2], "kind:enum(dog,cat)"), []),
            (pet("name:string{0,80}", *PET["fields"][1:]), []),
            (
                pet("name:string{1,80}?", *PET["fields"][1:]),
                ["lets column pet.name be null"],
            ),
            (
                pet(*PET["fields"][:1], "age:integer=1", *PET["fields"][2:]),
                ["fills column pet.age where it is null, and lets it be null no more"],
            ),
            (
                pet(
                    field("title", "string", min_length=1, max_length=80, renamed_from="name"),
                    *PET["fields"][1:],
                ),
                ["renames column pet.name to title"],
            ),
            (PET | {"name": "cat", "renamed_from": "pet"}, ["renames table pet to cat"]),
            (PET | {"indexes": [["age", "name"]]}, ["adds index ix_pet_age_name of pet"]),
        ],
    )  # fmt: skip
    def test_is_told(self, after: Request, expected: list[str]) -> None:
        assert said(built(PET), after) == expected

    def test_entities_and_links_are_told(self) -> None:
        friendly = PET | {"relations": [FRIENDS]}
        assert said(built(PET), OWNER, friendly) == ["adds table owner", "adds table pet_friends"]

    def test_constraint_that_may_fail_is_told(self) -> None:
        [found] = said(built(PET), PET | {"unique_together": [["name", "age"]]})
        assert found.startswith(
            "adds unique constraint uq_pet_name_age of pet; the migration fails"
        )

    def test_new_feature_tells_its_tables(self) -> None:
        assert said(None, PET) == ["adds table pet"]

    def test_renamed_relation_keeps_its_ids(self) -> None:
        keeper = LINK | {"name": "keeper", "renamed_from": "owner"}
        buddies = FRIENDS | {"name": "buddies", "renamed_from": "friends"}
        before = built(OWNER, PET | {"relations": [LINK, FRIENDS]})
        assert said(before, OWNER, PET | {"relations": [keeper, buddies]}) == [
            "renames column pet.owner_id to keeper_id",
            "renames table pet_friends to pet_buddies",
        ]

    def test_what_was_renamed_before_stays(self) -> None:
        after = PET | {"name": "cat", "renamed_from": "pet"}
        assert said(built(after), after) == []
        wider = after | {"fields": [*PET["fields"], "born:date?"]}
        assert said(built(after), wider) == ["adds column cat.born"]


class TestWhatIsLost:
    @pytest.mark.parametrize(
        ("after", "expected"),
        [
            (
                pet(*PET["fields"][1:]),
                "requirements.entities[0].fields: drops the column pet.name, and its values are",
            ),
            (
                pet("name:string{1,40}", *PET["fields"][1:]),
                "requirements.entities[0].fields[0]: narrows pet.name (max_length 80 becomes 40): ",
            ),
            (
                pet("name:string{2,80}", *PET["fields"][1:]),
                "requirements.entities[0].fields[0]: narrows pet.name (min_length 1 becomes 2): ",
            ),
            (
                pet(field("name", "string", min_length=1, max_length=80, pattern="^[a-z]+$"),
                    *PET["fields"][1:]),
                "requirements.entities[0].fields[0]: narrows pet.name (it has a pattern now): ",
            ),
            (
                pet(PET["fields"][0], "age:integer{0,}?", PET["fields"][2]),
                "requirements.entities[0].fields[1]: narrows pet.age (its least value is larger): ",
            ),
            (
                pet(PET["fields"][0], "age:integer{,99}?", PET["fields"][2]),
                "requirements.entities[0].fields[1]: narrows pet.age (its largest value is small",
            ),
            (
                pet(*PET["fields"][:2], "kind:enum(cat)=cat"),
                "requirements.entities[0].fields[2]: narrows pet.kind (the value 'dog' is gone): ",
            ),
            (
                pet(PET["fields"][0], "age:string?", PET["fields"][2]),
                "requirements.entities[0].fields[1]: drops the column pet.age and adds it anew: ",
            ),
            (
                pet(PET["fields"][0], "age:integer", PET["fields"][2]),
                "requirements.entities[0].fields[1]: lets the column pet.age be null no more, and ",
            ),
            (
                PET | {"timestamps": False},
                "requirements.entities[0].fields: drops the column pet.created_at, and its values ",
            ),
            (
                PET | {"name": "cat"},
                "requirements.entities: drops the table pet, and every row in it is lost. If",
            ),
        ],
    )  # fmt: skip
    def test_is_refused_and_named(self, after: Request, expected: str) -> None:
        assert refusals(built(PET), after)[0].startswith(expected)
        assert [one for one in said(built(PET), after, allowed=True) if one.endswith("!")]

    def test_refusal_says_what_to_write(self) -> None:
        [problem] = refusals(built(PET), pet(*PET["fields"][1:]))
        assert problem.endswith(
            'If it has another name now, say "renamed_from": "name" there. '
            "--allow-destructive goes on without them."
        )

    def test_relations_are_named(self) -> None:
        before = built(OWNER, PET | {"relations": [LINK, FRIENDS]})
        found = refusals(before, OWNER, PET)
        assert "drops the table pet_friends, and every link in it is lost." in found[0]
        assert "drops the column pet.owner_id, and its values are lost." in found[1]

    def test_relation_to_another_entity_loses_its_ids(self) -> None:
        vet = entity("vet", "name:string")
        link = LINK | {"required": False}
        before = built(OWNER, vet, PET | {"relations": [link, FRIENDS]})
        other = [one | {"target": "vet"} for one in (link, FRIENDS)]
        found = refusals(before, OWNER, vet, PET | {"relations": other})
        assert "drops the table pet_friends" in found[0]
        assert "drops the column pet.owner_id and adds it anew" in found[1]

    def test_another_kind_loses_the_tables(self) -> None:
        status = {"feature": "pets", "description": "Up.", "requirements": "none"}
        with pytest.raises(RequestError, match="drops the table pet, and every row in it is lost"):
            evolve(built(PET), [status])
        found = evolve(built(PET), [status], allowed=True)["pets"]
        assert found.steps is not None
        assert py(found.steps.upgrade) == '(op.drop_table("pet"),)'

    def test_hash_in_place_of_a_secret_loses_it(self) -> None:
        secret = field("code", "string", secret=True, required=False)
        [found] = refusals(built(pet(secret)), pet(secret | {"hash": True}))
        assert "drops the column pet.code and adds it anew" in found


class TestWhatIsMissing:
    """Refused even where losses are allowed."""

    @pytest.mark.parametrize(
        ("added", "advice"),
        [
            (
                "born:date",
                'Give it a "default" or a "backfill" for them, or say "required": false.',
            ),
            ("chip:string:unique", 'Say "required": false.'),
            (field("pin", "string", secret=True), 'Say "required": false.'),
        ],
    )
    def test_new_required_field_needs_a_value(self, added: str | Request, advice: str) -> None:
        [problem] = refusals(built(PET), pet(*PET["fields"], added), allowed=True)
        assert "is new, and rows that exist have no value for it." in problem
        assert problem.endswith(advice)

    def test_new_required_relation_has_no_value(self) -> None:
        after = PET | {"relations": [LINK]}
        [problem] = refusals(built(OWNER, PET), OWNER, after, allowed=True)
        assert problem.startswith("requirements.entities[1].relations[0]: the column pet.owner_id")
        assert problem.endswith('There is no value to give: say "required": false.')

    def test_rows_of_a_word_that_is_gone_need_another(self) -> None:
        after = pet(*PET["fields"][:2], "kind:enum(cat)")
        [problem] = refusals(built(PET), after, allowed=True)
        assert "rows of pet.kind may hold a value that is gone, and there is none" in problem

    def test_one_of_new_fields_can_not_be_asked_of_rows_that_exist(self) -> None:
        check = {"code": "one", "one_of": ["a", "b"]}
        after = pet(*PET["fields"], "a:date?", "b:date?", checks=[check])
        [problem] = refusals(built(PET), after, allowed=True)
        assert problem.startswith("requirements.entities[0].checks[0]: no row that exists can pass")


class TestRenames:
    @pytest.mark.parametrize(
        ("after", "expected"),
        [
            (
                pet(*PET["fields"], field("note", "text", required=False, renamed_from="nam")),
                ".fields[3].renamed_from: no field 'nam' was built. Did you mean 'name'?",
            ),
            (
                pet(*PET["fields"], field("note", "text", required=False, renamed_from="x")),
                ".fields[3].renamed_from: no field 'x' was built. Leave it out",
            ),
            (
                pet(*PET["fields"], field("note", "text", required=False, renamed_from="name")),
                ".fields[3].renamed_from: the field 'name' is still there, so it was not renamed.",
            ),
            (
                pet(
                    *PET["fields"][1:],
                    field("one", "string", renamed_from="name"),
                    field("two", "string", renamed_from="name"),
                ),
                ".fields[3].renamed_from: another field was renamed from 'name' too.",
            ),
            (PET | {"renamed_from": "cat", "name": "dog"}, ".renamed_from: no entity 'cat' was"),
        ],
    )
    def test_of_nothing_are_refused(self, after: Request, expected: str) -> None:
        found = refusals(built(PET), after, allowed=True)
        assert found[0].startswith(f"requirements.entities[0]{expected}")

    def test_in_a_feature_that_was_never_built_are_refused(self) -> None:
        [problem] = refusals(None, PET | {"renamed_from": "cat"})
        assert "no entity 'cat' was built. Leave it out: it is for what was built under" in problem

    def test_of_a_relation_are_refused_where_there_was_none(self) -> None:
        after = PET | {"relations": [LINK | {"renamed_from": "keeper", "required": False}]}
        [problem] = refusals(built(OWNER, PET), OWNER, after)
        assert "relations[0].renamed_from: no relation 'keeper' was built." in problem


class TestSeveralFeatures:
    OWNERS = request("owners", OWNER)
    PETS = request("pets", PET | {"relations": [LINK | {"target": "owners.owner"}]})

    def test_renamed_entity_takes_its_references_along(self) -> None:
        person = OWNER | {"name": "person", "plural": "people", "renamed_from": "owner"}
        pets = request("pets", PET | {"relations": [LINK | {"target": "owners.person"}]})
        found = evolve([self.OWNERS, self.PETS], [request("owners", person), pets])
        assert [one.change for one in found["owners"].changes] == ["renames table owner to person"]
        assert (found["pets"].steps, found["pets"].changes) == (None, ())

    def test_reference_to_the_old_name_is_refused_with_the_new_one(self) -> None:
        person = OWNER | {"name": "person", "plural": "people", "renamed_from": "owner"}
        with pytest.raises(RequestError, match="It is 'person' now: name that here, and build"):
            evolve([self.OWNERS, self.PETS], [request("owners", person), self.PETS])

    def test_table_is_dropped_after_what_referred_to_it(self) -> None:
        vets = request("owners", entity("vet", "name:string"))
        found = evolve([self.OWNERS, self.PETS], [vets, request("pets", PET)], allowed=True)
        assert found["pets"].followers == {"owners"}
        assert found["owners"].followers == frozenset()


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({"backfill": "2020-01-01", "default": "2020-01-02"}, "is given beside `default`"),
        ({"backfill": "2020-01-01", "required": False}, "is for a required field"),
        ({"backfill": "2020-01-01", "unique": True}, "could be taken by one row only"),
        ({"backfill": "soon"}, "is no date, such as 2024-02-29."),
        ({"backfill": None}, "null is no value of a required field."),
    ],
)
def test_backfill_is_a_value_for_rows_of_a_required_field(keys: Request, expected: str) -> None:
    [problem] = refusals(None, pet(field("born", "date", **keys)))
    assert problem.startswith("requirements.entities[0].fields[0].backfill: ")
    assert expected in problem


def test_leftover_backfill_is_of_no_use_and_no_harm() -> None:
    born = field("born", "date", backfill="2020-01-01")
    assert said(built(pet(born)), pet(born | {"backfill": "2021-01-01"})) == []
