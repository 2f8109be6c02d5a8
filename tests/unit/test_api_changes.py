"""What changes in an API, and what of it breaks clients: one rule, one test."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from petsage_builder.api import ApiChange, api_changes
from petsage_builder.api.document import Document, read_document

Json = Any
Documented = dict[str, Any]
Told = list[tuple[str, bool]]
PET = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "maxLength": 80},
        "species": {"type": "string", "enum": ["dog", "cat"], "default": "dog"},
        "age": {"anyOf": [{"type": "integer", "minimum": 0}, {"type": "null"}]},
        "tags": {"type": "array", "items": {"type": "string"}},
    },
    "required": ["name"],
    "additionalProperties": False,
}


def pets() -> Documented:
    """An API of two operations, as FastAPI writes it."""
    pet = {"$ref": "#/components/schemas/Pet"}
    body = {"application/json": {"schema": pet}}
    new = {"$ref": "#/components/schemas/New"}
    limit = {"in": "query", "name": "limit", "schema": {"type": "integer", "maximum": 100}}
    species = {"in": "query", "name": "species", "schema": {"type": "string"}}
    document = {
        "paths": {
            "/pets": {
                "get": {
                    "operationId": "list_pets",
                    "parameters": [limit, species],
                    "responses": {"200": {"content": body}},
                },
                "post": {
                    "operationId": "create_pet",
                    "requestBody": {
                        "required": True,
                        "content": {"application/json": {"schema": new}},
                    },
                    "responses": {"201": {"content": body}, "409": {}},
                },
            }
        },
        "components": {"schemas": {"Pet": PET, "New": PET}},
    }
    copied: Documented = json.loads(json.dumps(document))  # no part of it is shared
    return copied


def changes(old: Documented, new: Documented) -> tuple[ApiChange, ...]:
    return api_changes(Document(old), Document(new))


def told(old: Documented, new: Documented) -> list[tuple[str, str, bool]]:
    return [(one.operation, one.change, one.breaking) for one in changes(old, new)]


def posted(name: str, change: Mapping[str, Json]) -> Told:
    """What is told of POST /pets when a schema's field changes; None takes a keyword away."""
    new = pets()
    field = new["components"]["schemas"][name]["properties"]
    for path, value in change.items():
        *above, last = path.split(".")
        place = field
        for key in above:
            place = place[int(key) if isinstance(place, list) else key]
        if value is None:
            del place[last]
        else:
            place[last] = value
    found = told(pets(), new)
    return [(change, breaking) for where, change, breaking in found if where == "POST /pets"]


Cases = Mapping[str, tuple[Mapping[str, Json], Told]]
TAKEN: Cases = {
    "a field that may be left out": (
        {"color": {"type": "string"}},
        [("takes color, which may be left out", False)],
    ),
    "no field": ({"tags": None}, [("no longer takes tags", True)]),
    "a shorter text": (
        {"name.maxLength": 40},
        [("takes less as name: maxLength 40, was 80", True)],
    ),
    "a longer text": (
        {"name.maxLength": 90},
        [("takes more as name: maxLength 90, was 80", False)],
    ),
    "text of any length": (
        {"name.maxLength": None},
        [("takes more as name: no maxLength, was 80", False)],
    ),
    "a new bound": ({"name.minLength": 1}, [("takes less as name: minLength 1", True)]),
    "a lower bound": (
        {"age.anyOf.0.minimum": -1},
        [("takes more as age: minimum -1, was 0", False)],
    ),
    "a new pattern": ({"name.pattern": "^a"}, [('takes less as name: pattern "^a"', True)]),
    "one more choice": (
        {"species.enum": ["dog", "cat", "bird"]},
        [('takes more as species: "bird" too', False)],
    ),
    "one choice less": ({"species.enum": ["dog"]}, [('takes less as species: no "cat"', True)]),
    "any text": ({"species.enum": None}, [("takes more as species: any value", False)]),
    "few texts": (
        {"name.enum": ["Rex"]},
        [('takes less as name: only "Rex"', True)],
    ),
    "another type": (
        {"name.type": "boolean"},
        [("takes less as name: no string", True), ("takes more as name: boolean too", False)],
    ),
    "fractions": (
        {"age.anyOf.0.type": "number"},
        [('takes more as age: type "number", was "integer"', False)],
    ),
    "no null": (
        {"age.anyOf": [{"type": "integer", "minimum": 0}]},
        [("takes less as age: no null", True)],
    ),
    "anything": ({"name": {}}, [("takes more as name: any too", False)]),
    "another default": (
        {"species.default": "cat"},
        [('takes "cat" for species where it is left out', False)],
    ),
    "items of another type": (
        {"tags.items.type": "integer"},
        [("takes less as tags[]: no string", True), ("takes more as tags[]: number too", False)],
    ),
    "no new text": ({"name.title": "Name", "name.examples": ["Rex"]}, []),
}
ANSWERED: Cases = {
    "a new field": ({"color": {"type": "string"}}, [("answers color", False)]),
    "a field less": ({"tags": None}, [("no longer answers tags", True)]),
    "a shorter text": (
        {"name.maxLength": 40},
        [("answers less as name: maxLength 40, was 80", False)],
    ),
    "a longer text": (
        {"name.maxLength": 90},
        [("answers more as name: maxLength 90, was 80", True)],
    ),
    "one more choice": (
        {"species.enum": ["dog", "cat", "bird"]},
        [('answers more as species: "bird" too', True)],
    ),
    "one choice less": ({"species.enum": ["dog"]}, [('answers less as species: no "cat"', False)]),
    "never null": (
        {"age.anyOf": [{"type": "integer", "minimum": 0}]},
        [("answers less as age: no null", False)],
    ),
    "null too": (
        {"name": {"anyOf": [{"type": "string", "maxLength": 80}, {"type": "null"}]}},
        [("answers more as name: null too", True)],
    ),
    "another pattern": (
        {"name.pattern": "^a"},
        [('answers less as name: pattern "^a"', False)],
    ),
    "another default": ({"species.default": "cat"}, []),
}


@pytest.mark.parametrize("case", TAKEN)
def test_what_is_taken_breaks_when_it_gets_less(case: str) -> None:
    change, expected = TAKEN[case]
    assert posted("New", change) == expected


@pytest.mark.parametrize("case", ANSWERED)
def test_what_is_answered_breaks_when_it_gets_more_or_is_missing(case: str) -> None:
    change, expected = ANSWERED[case]
    assert posted("Pet", change) == expected


def test_pattern_that_is_another_one_breaks_both_ways() -> None:
    old, new = pets(), pets()
    for document, pattern in ((old, "^a"), (new, "^b")):
        for schema in document["components"]["schemas"].values():
            schema["properties"]["name"]["pattern"] = pattern
    assert told(old, new)[1:] == [
        ("POST /pets", 'takes something else as name: pattern "^b", was "^a"', True),
        ("POST /pets", 'answers something else as name: pattern "^b", was "^a"', True),
    ]


def test_change_of_one_schema_is_told_of_every_operation_with_its_place() -> None:
    new = pets()
    new["components"]["schemas"]["Page"] = {
        "type": "object",
        "properties": {"items": {"type": "array", "items": {"$ref": "#/components/schemas/Pet"}}},
    }
    page = {"application/json": {"schema": {"$ref": "#/components/schemas/Page"}}}
    new["paths"]["/pets"]["get"]["responses"]["200"]["content"] = page
    newer = copy.deepcopy(new)
    newer["components"]["schemas"]["Pet"]["properties"]["color"] = {"type": "string"}
    assert told(new, newer) == [
        ("GET /pets", "answers items[].color", False),
        ("POST /pets", "answers color", False),
    ]


@pytest.mark.parametrize(
    ("name", "needed", "expected"),
    [
        ("New", ["name", "age"], ("needs age", True)),
        ("New", [], ("no longer needs name", False)),
        ("Pet", ["name", "age"], ("always answers age", False)),
        ("Pet", [], ("may answer without name", True)),
    ],
)
def test_fields_that_have_to_be_there_are_told(
    name: str, needed: list[str], expected: tuple[str, bool]
) -> None:
    new = pets()
    new["components"]["schemas"][name]["required"] = needed
    assert ("POST /pets", *expected) in told(pets(), new)


def test_new_field_that_is_needed_breaks() -> None:
    new = pets()
    new["components"]["schemas"]["New"]["properties"]["chip"] = {"type": "string"}
    new["components"]["schemas"]["New"]["required"].append("chip")
    assert told(pets(), new) == [("POST /pets", "needs chip", True)]


def test_fields_without_a_name_are_told() -> None:
    new = pets()
    for schema in new["components"]["schemas"].values():
        del schema["additionalProperties"]
    assert told(pets(), new)[1:] == [
        ("POST /pets", "takes *, which may be left out", False),
        ("POST /pets", "answers *", False),
    ]


def test_operation_that_comes_is_told_in_short_and_one_that_goes_breaks() -> None:
    fewer = pets()
    del fewer["paths"]["/pets"]["post"]
    assert told(fewer, pets()) == [
        ("POST /pets", "added: takes New; answers 201 Pet", False),
    ]
    assert told(pets(), fewer) == [("POST /pets", "removed", True)]
    assert [change.outcome for change in changes(fewer, pets())] == ["added"]
    assert [change.outcome for change in changes(pets(), fewer)] == ["removed"]


def test_operation_that_moves_breaks_and_is_compared_with_what_it_was() -> None:
    new = pets()
    new["paths"]["/animals"] = new["paths"].pop("/pets")
    del new["paths"]["/animals"]["get"]["parameters"][1]
    assert told(pets(), new) == [
        ("GET /animals", "moved here from GET /pets", True),
        ("GET /animals", "no longer takes query species", True),
        ("POST /animals", "moved here from POST /pets", True),
    ]
    assert {change.outcome for change in changes(pets(), new)} == {"moved"}


def test_other_name_of_a_part_of_the_path_is_no_change() -> None:
    def one(name: str) -> Documented:
        part = {"in": "path", "name": name, "required": True, "schema": {"type": "string"}}
        return {"paths": {f"/pets/{{{name}}}": {"get": {"parameters": [part]}}}}

    assert told(one("id"), one("pet_id")) == []


def test_parameters_are_told_by_where_they_are() -> None:
    new = pets()
    match = {"in": "header", "name": "If-Match", "required": True, "schema": {"type": "string"}}
    limit = {"in": "query", "name": "limit", "schema": {"type": "integer", "maximum": 50}}
    new["paths"]["/pets"]["get"]["parameters"] = [limit, match]
    assert told(pets(), new) == [
        ("GET /pets", "no longer takes query species", True),
        ("GET /pets", "needs header If-Match", True),
        ("GET /pets", "takes less as query limit: maximum 50, was 100", True),
    ]


def test_statuses_of_success_break_and_those_of_errors_do_not() -> None:
    new = pets()
    answers = new["paths"]["/pets"]["post"]["responses"]
    answers["202"], answers["412"] = answers.pop("201"), answers.pop("409")
    assert told(pets(), new) == [
        ("POST /pets", "no longer answers 201", True),
        ("POST /pets", "may answer 202", True),
        ("POST /pets", "no longer answers 409", False),
        ("POST /pets", "may answer 412", False),
    ]


def test_new_428_is_a_header_that_is_needed() -> None:
    new = pets()
    new["paths"]["/pets"]["post"]["responses"]["428"] = {}
    needs = "needs a condition such as header If-Match: may answer 428"
    assert told(pets(), new) == [("POST /pets", needs, True)]
    assert told(new, pets()) == [("POST /pets", "no longer answers 428", False)]


def test_headers_and_kinds_of_an_answer_are_told() -> None:
    new = pets()
    answer = new["paths"]["/pets"]["get"]["responses"]["200"]
    answer["headers"] = {"ETag": {}}
    answer["content"]["text/csv"] = {}
    assert told(pets(), new) == [
        ("GET /pets", "answers text/csv", False),
        ("GET /pets", "answers header ETag", False),
    ]
    assert told(new, pets()) == [
        ("GET /pets", "no longer answers text/csv", True),
        ("GET /pets", "no longer answers header ETag", True),
    ]


def test_another_kind_of_body_is_not_needed() -> None:
    new = pets()
    new["paths"]["/pets"]["post"]["requestBody"]["content"]["text/csv"] = {}
    assert told(pets(), new) == [
        ("POST /pets", "no longer needs a body of application/json", False),
        ("POST /pets", "takes a body of text/csv, which may be left out", False),
    ]


def test_credentials_that_are_asked_for_break_and_those_that_are_not_do_not() -> None:
    new = {**pets(), "security": [{"bearer": []}]}
    new["paths"]["/pets"]["get"]["security"] = [{}, {"bearer": []}]
    assert told(pets(), new) == [("POST /pets", "needs credentials (bearer)", True)]
    assert told(new, pets()) == [("POST /pets", "no longer needs credentials (bearer)", False)]


def test_schema_that_refers_to_itself_is_compared() -> None:
    old, new = pets(), pets()
    for document, most in ((old, 9), (new, 5)):
        pet = {"$ref": "#/components/schemas/Pet"}
        properties = document["components"]["schemas"]["Pet"]["properties"]
        properties["mother"] = {"anyOf": [pet, {"type": "null"}]}
        properties["children"] = {"type": "array", "items": pet, "maxItems": most}
    assert ("GET /pets", "answers less as children: maxItems 5, was 9", False) in told(old, new)


def test_circle_of_references_and_of_unions_ends() -> None:
    new = pets()
    circle = {"$ref": "#/components/schemas/Pet"}
    new["components"]["schemas"]["Pet"] = {"anyOf": [circle, circle]}
    new["components"]["schemas"]["New"] = {"$ref": "#/components/schemas/New"}
    assert told(pets(), new) == [
        ("GET /pets", "answers less as the answer: no object", False),
        ("POST /pets", "takes more as the body: any too", False),
        ("POST /pets", "answers less as the answer: no object", False),
    ]


def test_invisible_characters_are_told_as_escapes() -> None:
    new = pets()
    new["components"]["schemas"]["Pet"]["properties"]["na\u202eme"] = {}
    assert ("POST /pets", "answers na\\u202eme", False) in told(pets(), new)


@pytest.mark.parametrize("content", ["", "[]", "nothing", "[" * 100_000])
def test_text_that_is_no_document_is_none(content: str) -> None:
    assert read_document(content) is None


WORDS = st.sampled_from(
    [
        *("paths", "/a", "get", "parameters", "in", "name", "requestBody", "responses", "200"),
        *("content", "security", "components", "schema", "$ref", "#/a", "anyOf", "type"),
        *("object", "properties", "required", "additionalProperties", "items", "enum"),
        *("maximum", "default"),
    ]
)
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=20,
)
PATHS = st.fixed_dictionaries(
    {"paths": st.dictionaries(st.just("/a"), st.dictionaries(st.just("get"), ANY_JSON))}
)
SCHEMAS = st.builds(
    lambda schema: {"paths": {"/a": {"get": {"parameters": [{"schema": schema}]}}}}, ANY_JSON
)
DOCUMENTS = st.dictionaries(WORDS, ANY_JSON) | PATHS | SCHEMAS


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(DOCUMENTS, DOCUMENTS)
def test_documents_of_any_shape_are_compared(old: Documented, new: Documented) -> None:
    assert changes(old, old) == ()
    assert all(change.breaking == bool(change.why) for change in changes(old, new))
