"""The behaviour of pets."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from httpx import AsyncClient
from sqlalchemy import Engine, delete
from sqlalchemy.orm import Session

from petsage_api.features.owners.tables import Owner
from petsage_api.features.pets.tables import Pet
from petsage_api.features.tags.tables import Tag
from petsage_api.tests import bodies, expect
from petsage_api.tests.factories.owners import store_owners
from petsage_api.tests.factories.tags import store_tags

Make = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]

pytestmark = pytest.mark.anyio

URL = "/api/v1/pets"
NONE = URL + "/00000000-0000-7000-8000-000000000000"
ROWS: list[dict[str, Any]] = [
    {
        "name": "Rex",
        "species": "bird",
        "weight_kg": "12.50",
        "chip": "985112345678903",
        "born_on": "2020-01-01",
        "adopted_on": "2020-01-01",
        "notes": "amber",
        "owner_id": "00000000-0000-7000-8000-4c1029690001",
        "tag_ids": ["00000000-0000-7000-8000-2a1073a60001"],
    },
    {
        "name": "cedar",
        "species": "cat",
        "weight_kg": "1.01",
        "chip": "000000000000002",
        "born_on": "2020-01-04",
        "adopted_on": "2020-01-04",
        "notes": "birch",
        "owner_id": "00000000-0000-7000-8000-4c1029690001",
        "tag_ids": ["00000000-0000-7000-8000-2a1073a60001", "00000000-0000-7000-8000-2a1073a60002"],
    },
    {
        "name": "amber",
        "species": "cat",
        "weight_kg": "1.01",
        "chip": "000000000000000",
        "born_on": "2020-01-02",
        "adopted_on": "2020-01-02",
        "notes": "birch",
        "owner_id": "00000000-0000-7000-8000-4c1029690002",
        "tag_ids": ["00000000-0000-7000-8000-2a1073a60001", "00000000-0000-7000-8000-2a1073a60002"],
    },
    {
        "name": "elder",
        "species": "dog",
        "weight_kg": None,
        "chip": "000000000000004",
        "born_on": "2020-01-06",
        "adopted_on": "2020-01-06",
        "notes": "cedar",
        "owner_id": "00000000-0000-7000-8000-4c1029690003",
        "tag_ids": [
            "00000000-0000-7000-8000-2a1073a60001",
            "00000000-0000-7000-8000-2a1073a60002",
            "00000000-0000-7000-8000-2a1073a60003",
        ],
    },
    {
        "name": "birch",
        "species": "dog",
        "weight_kg": None,
        "chip": "000000000000001",
        "born_on": "2020-01-03",
        "adopted_on": "2020-01-03",
        "notes": "cedar",
        "owner_id": "00000000-0000-7000-8000-4c1029690003",
        "tag_ids": [
            "00000000-0000-7000-8000-2a1073a60001",
            "00000000-0000-7000-8000-2a1073a60002",
            "00000000-0000-7000-8000-2a1073a60003",
        ],
    },
    {
        "name": "daisy",
        "species": "other",
        "weight_kg": "2.01",
        "chip": "000000000000003",
        "born_on": "2020-01-05",
        "adopted_on": "2020-01-05",
        "notes": None,
        "owner_id": "00000000-0000-7000-8000-4c1029690002",
        "tag_ids": ["00000000-0000-7000-8000-2a1073a60002"],
    },
]
LEAST: dict[str, Any] = {
    "name": "Rex",
    "species": "bird",
    "born_on": "2020-01-01",
    "adopted_on": "2020-01-01",
    "owner_id": "00000000-0000-7000-8000-4c1029690001",
}
DEFAULTS: dict[str, Any] = {
    "weight_kg": None,
    "chip": None,
    "born_on": None,
    "adopted_on": None,
    "notes": None,
    "tag_ids": [],
}
HIDDEN: list[str] = []
OWN = ["id", "created_at", "updated_at", "version"]
IMMUTABLE: list[str] = ["chip"]
FOUND = [
    pytest.param({"species": "bird"}, [0], id="species_given"),
    pytest.param({"species_in": ["bird"]}, [0], id="species_in_given"),
    pytest.param({"weight_kg_gte": "12.50"}, [0], id="weight_kg_gte_given"),
    pytest.param({"weight_kg_lte": "12.50"}, [0, 1, 2, 5], id="weight_kg_lte_given"),
    pytest.param({"weight_kg_is_null": True}, [3, 4], id="weight_kg_is_null_true"),
    pytest.param({"weight_kg_is_null": False}, [0, 1, 2, 5], id="weight_kg_is_null_false"),
    pytest.param({"owner_id": "00000000-0000-7000-8000-4c1029690001"}, [0, 1], id="owner_id_given"),
    pytest.param({"born_on_gte": "2020-01-04"}, [1, 3, 5], id="born_on_gte_given"),
    pytest.param({"born_on_gte": "2020-01-07"}, [], id="born_on_gte_matching_none"),
    pytest.param({"born_on_lt": "2020-01-04"}, [0, 2, 4], id="born_on_lt_given"),
    pytest.param({"born_on_lt": "2020-01-01"}, [], id="born_on_lt_matching_none"),
]
ACCEPTED = [
    pytest.param("name", "x", id="name_of_1_character"),
    pytest.param("name", "x" * 80, id="name_of_80_characters"),
    pytest.param("species", "dog", id="species_of_value_1"),
    pytest.param("species", "cat", id="species_of_value_2"),
    pytest.param("species", "bird", id="species_of_value_3"),
    pytest.param("species", "other", id="species_of_value_4"),
    pytest.param("weight_kg", "0.00", id="weight_kg_of_the_least"),
    pytest.param("chip", "000000000000000", id="chip_of_matching_1"),
    pytest.param("chip", "000000000000001", id="chip_of_matching_2"),
    pytest.param("chip", "000000000000002", id="chip_of_matching_3"),
    pytest.param("notes", "", id="notes_of_0_characters"),
    pytest.param("notes", "x" * 2000, id="notes_of_2000_characters"),
    pytest.param("tag_ids", [], id="tag_ids_of_nothing"),
]
REFUSED = [
    pytest.param("name", "", id="name_of_0_characters"),
    pytest.param("name", "x" * 81, id="name_of_81_characters"),
    pytest.param("name", " " * 1, id="name_of_blank"),
    pytest.param("name", 1, id="name_of_a_number"),
    pytest.param("name", True, id="name_of_a_boolean"),
    pytest.param("name", "a\x00b", id="name_of_a_nul"),
    pytest.param("species", "other_", id="species_of_no_value"),
    pytest.param("species", 1, id="species_of_a_number"),
    pytest.param("species", True, id="species_of_a_boolean"),
    pytest.param("weight_kg", "-0.01", id="weight_kg_of_below_the_least"),
    pytest.param("weight_kg", "10000", id="weight_kg_of_too_many_digits_before_the_point"),
    pytest.param("weight_kg", "0.001", id="weight_kg_of_too_many_digits_after_the_point"),
    pytest.param("weight_kg", 1, id="weight_kg_of_a_number"),
    pytest.param("weight_kg", "many", id="weight_kg_of_a_word"),
    pytest.param("weight_kg", True, id="weight_kg_of_a_boolean"),
    pytest.param("weight_kg", "1e3", id="weight_kg_of_an_exponent"),
    pytest.param("weight_kg", "NaN", id="weight_kg_of_nan"),
    pytest.param("chip", "x" * 256, id="chip_of_256_characters"),
    pytest.param("chip", "!", id="chip_of_not_matching"),
    pytest.param("chip", 1, id="chip_of_a_number"),
    pytest.param("chip", True, id="chip_of_a_boolean"),
    pytest.param("chip", "a\x00b", id="chip_of_a_nul"),
    pytest.param("born_on", 1, id="born_on_of_a_number"),
    pytest.param("born_on", True, id="born_on_of_a_boolean"),
    pytest.param("born_on", "many", id="born_on_of_a_word"),
    pytest.param("born_on", "2023-02-29", id="born_on_of_a_day_that_is_none"),
    pytest.param("born_on", "2023-02-28T12", id="born_on_of_a_moment"),
    pytest.param("adopted_on", 1, id="adopted_on_of_a_number"),
    pytest.param("adopted_on", True, id="adopted_on_of_a_boolean"),
    pytest.param("adopted_on", "many", id="adopted_on_of_a_word"),
    pytest.param("adopted_on", "2023-02-29", id="adopted_on_of_a_day_that_is_none"),
    pytest.param("adopted_on", "2023-02-28T12", id="adopted_on_of_a_moment"),
    pytest.param("notes", "x" * 2001, id="notes_of_2001_characters"),
    pytest.param("notes", 1, id="notes_of_a_number"),
    pytest.param("notes", True, id="notes_of_a_boolean"),
    pytest.param("notes", "a\x00b", id="notes_of_a_nul"),
    pytest.param("owner_id", 1, id="owner_id_of_a_number"),
    pytest.param("owner_id", "not-a-uuid", id="owner_id_of_no_uuid"),
    pytest.param(
        "owner_id", "0190d6f85b1c7e4e9d0b2f4d8f0c1a2b", id="owner_id_of_a_uuid_without_hyphens"
    ),
    pytest.param(
        "tag_ids", ["0190d6f8-5b1c-7e4e-9d0b-2f4d8f0c1a2b"] * 101, id="tag_ids_of_101_ids"
    ),
    pytest.param("tag_ids", [1], id="tag_ids_of_an_id_that_is_a_number"),
    pytest.param("tag_ids", ["not-a-uuid"], id="tag_ids_of_an_id_that_is_no_uuid"),
    pytest.param(
        "tag_ids",
        ["0190d6f85b1c7e4e9d0b2f4d8f0c1a2b"],
        id="tag_ids_of_an_id_that_is_a_uuid_without_hyphens",
    ),
    pytest.param("tag_ids", [None], id="tag_ids_of_an_id_that_is_null"),
    pytest.param("tag_ids", 1, id="tag_ids_of_a_number"),
    pytest.param("tag_ids", "many", id="tag_ids_of_a_word"),
    pytest.param("tag_ids", {}, id="tag_ids_of_an_object"),
]
UNKNOWN = [
    ("owner_id", "00000000-0000-7000-8000-000000000000"),
    ("tag_ids", ["00000000-0000-7000-8000-000000000000"]),
]
LATER_UNKNOWN = [
    ("owner_id", "00000000-0000-7000-8000-000000000000"),
    ("tag_ids", ["00000000-0000-7000-8000-000000000000"]),
]


async def test_created_pet_is_answered_and_kept(client: AsyncClient) -> None:
    response = await client.post(URL, json=ROWS[0])
    assert response.status_code == 201
    created = response.json()
    assert {name: value for name, value in created.items() if name not in OWN} == answered(ROWS[0])
    assert UUID(created["id"]).version == 7
    assert response.headers["location"] == f"{URL}/{created['id']}"
    assert (await client.get(response.headers["location"])).json() == created


async def test_create_without_what_is_optional_sets_the_defaults(make: Make) -> None:
    created = await make(LEAST)
    expected = {name: LEAST.get(name, value) for name, value in DEFAULTS.items()}
    assert bodies.part(created, DEFAULTS) == expected


@pytest.mark.parametrize("name", ["name", "species", "owner_id"])
async def test_create_needs(client: AsyncClient, name: str) -> None:
    body = {key: value for key, value in ROWS[0].items() if key != name}
    expect.refused(await client.post(URL, json=body), name)


@pytest.mark.parametrize("name", ["name", "species", "owner_id", "tag_ids"])
async def test_create_refuses_null_as(client: AsyncClient, name: str) -> None:
    expect.refused(await client.post(URL, json=ROWS[0] | {name: None}), name)


@pytest.mark.parametrize(("name", "value"), ACCEPTED)
async def test_create_accepts(make: Make, name: str, value: object) -> None:
    created = await make(ROWS[0] | {name: value})
    assert name in HIDDEN or created[name] == value


@pytest.mark.parametrize(("name", "value"), REFUSED)
async def test_create_refuses(client: AsyncClient, name: str, value: object) -> None:
    expect.refused(await bodies.send(client, "POST", URL, ROWS[0] | {name: value}), name)


@pytest.mark.parametrize("name", [*OWN, "surprise"])
async def test_create_refuses_to_set(client: AsyncClient, name: str) -> None:
    expect.refused(await client.post(URL, json=ROWS[0] | {name: "x"}), name)


@pytest.mark.parametrize("names", [["chip"], ["owner_id", "name"]])
async def test_create_refuses_taken(client: AsyncClient, make: Make, names: list[str]) -> None:
    await make(ROWS[0])
    expect.taken(await client.post(URL, json=ROWS[1] | bodies.part(ROWS[0], names)), names)
    await make(ROWS[1])


@pytest.mark.parametrize(
    ("code", "location", "broken"),
    [
        (
            "adopted_after_birth",
            "/body/adopted_on",
            {"adopted_on": "2020-01-01", "born_on": "2020-01-02"},
        ),
    ],
)
async def test_create_refuses_what_breaks(
    client: AsyncClient, code: str, location: str, broken: dict[str, Any]
) -> None:
    response = await client.post(URL, json=ROWS[0] | broken)
    assert response.status_code == 422
    assert [(one["code"], one["location"]) for one in response.json()["errors"]] == [
        (code, location)
    ]


@pytest.mark.parametrize(
    ("code", "kept"),
    [
        ("adopted_after_birth", {"adopted_on": "2020-01-02", "born_on": "2020-01-01"}),
    ],
)
async def test_create_accepts_what_keeps(make: Make, code: str, kept: dict[str, Any]) -> None:
    created = await make(ROWS[0] | kept)
    assert created == created | {name: kept[name] for name in kept if name not in HIDDEN}, code


async def test_pet_is_read_by_its_id(client: AsyncClient, make: Make) -> None:
    one, *others = [await make(row) for row in ROWS]
    assert (await client.get(f"{URL}/{one['id']}")).json() == one
    assert [(await client.get(f"{URL}/{other['id']}")).json() for other in others] == others


async def test_unknown_pet_is_not_found(client: AsyncClient) -> None:
    expect.problem(await client.get(NONE), 404)


async def test_id_that_is_none_is_not_found(client: AsyncClient) -> None:
    expect.problem(await client.get(f"{URL}/1"), 404)


@pytest.mark.parametrize("name", ["name", "species", "weight_kg", "notes", "tag_ids"])
async def test_update_changes_only(client: AsyncClient, make: Make, name: str) -> None:
    before = await make(ROWS[0])
    response = await client.patch(f"{URL}/{before['id']}", json={name: ROWS[1][name]})
    assert response.status_code == 200
    after = response.json()
    shown = {name: ROWS[1][name]} if name not in HIDDEN else {}
    assert bodies.unstamped(after) == bodies.unstamped(before | shown)
    assert (await client.get(f"{URL}/{before['id']}")).json() == after


async def test_update_moves_the_moment_of_the_last_change(client: AsyncClient, make: Make) -> None:
    before = await make(ROWS[0])
    response = await client.patch(f"{URL}/{before['id']}", json={"name": "cedar"})
    after = response.json()
    assert after["created_at"] == before["created_at"]
    assert datetime.fromisoformat(after["updated_at"]) > datetime.fromisoformat(
        before["updated_at"]
    )


async def test_update_of_nothing_changes_nothing(client: AsyncClient, make: Make) -> None:
    before = await make(ROWS[0])
    response = await client.patch(f"{URL}/{before['id']}", json={})
    assert response.status_code == 200
    assert response.json() == before


@pytest.mark.parametrize("name", ["weight_kg", "notes"])
async def test_update_to_null_clears(client: AsyncClient, make: Make, name: str) -> None:
    before = await make(ROWS[0])
    response = await client.patch(f"{URL}/{before['id']}", json={name: None})
    assert response.status_code == 200
    assert name in HIDDEN or response.json()[name] is None


@pytest.mark.parametrize("name", ["name", "species", "owner_id", "tag_ids"])
async def test_update_refuses_null_as(client: AsyncClient, make: Make, name: str) -> None:
    before = await make(ROWS[0])
    expect.refused(await client.patch(f"{URL}/{before['id']}", json={name: None}), name)


@pytest.mark.parametrize(("name", "value"), REFUSED)
async def test_update_refuses(client: AsyncClient, make: Make, name: str, value: object) -> None:
    before = await make(ROWS[0])
    expect.refused(await bodies.send(client, "PATCH", f"{URL}/{before['id']}", {name: value}), name)


@pytest.mark.parametrize("name", [*OWN, "surprise"])
async def test_update_refuses_to_set(client: AsyncClient, make: Make, name: str) -> None:
    before = await make(ROWS[0])
    expect.refused(await client.patch(f"{URL}/{before['id']}", json={name: "x"}), name)


@pytest.mark.parametrize("name", ["chip"])
async def test_update_refuses_to_change_immutable(
    client: AsyncClient, make: Make, name: str
) -> None:
    before = await make(ROWS[0])
    url = f"{URL}/{before['id']}"
    expect.refused(await client.patch(url, json={name: ROWS[1][name]}), name)
    assert (await client.patch(url, json={name: ROWS[0][name]})).json() == before


@pytest.mark.parametrize("names", [["owner_id", "name"]])
async def test_update_refuses_taken(client: AsyncClient, make: Make, names: list[str]) -> None:
    await make(ROWS[0])
    other = await make(ROWS[1])
    response = await client.patch(f"{URL}/{other['id']}", json=bodies.part(ROWS[0], names))
    expect.taken(response, names)


@pytest.mark.parametrize(
    ("code", "location", "broken"),
    [
        (
            "adopted_after_birth",
            "/body/adopted_on",
            {"adopted_on": "2020-01-01", "born_on": "2020-01-02"},
        ),
    ],
)
async def test_update_refuses_what_breaks(
    client: AsyncClient, make: Make, code: str, location: str, broken: dict[str, Any]
) -> None:
    before = await make(ROWS[0])
    response = await client.patch(f"{URL}/{before['id']}", json=broken)
    assert response.status_code == 422
    assert [(one["code"], one["location"]) for one in response.json()["errors"]] == [
        (code, location)
    ]


async def test_update_of_an_unknown_pet_is_not_found(client: AsyncClient) -> None:
    expect.problem(await client.patch(NONE, json={}), 404)


async def test_replace_sets_everything(client: AsyncClient, make: Make) -> None:
    before = await make(ROWS[0])
    body = ROWS[1] | bodies.part(ROWS[0], IMMUTABLE)
    response = await client.put(f"{URL}/{before['id']}", json=body)
    assert response.status_code == 200
    after = response.json()
    assert bodies.unstamped(after) == bodies.unstamped(before | answered(body))
    assert (await client.get(f"{URL}/{before['id']}")).json() == after


async def test_replace_sets_what_is_left_out_back_to_its_default(
    client: AsyncClient, make: Make
) -> None:
    before = await make(ROWS[0])
    body = {name: value for name, value in LEAST.items() if name not in IMMUTABLE}
    response = await client.put(f"{URL}/{before['id']}", json=body)
    assert response.status_code == 200
    kept = bodies.part(before, [name for name in IMMUTABLE if name not in HIDDEN])
    assert bodies.unstamped(response.json()) == bodies.unstamped(before | answered(body) | kept)


@pytest.mark.parametrize("name", ["name", "species", "owner_id"])
async def test_replace_needs(client: AsyncClient, make: Make, name: str) -> None:
    before = await make(ROWS[0])
    body = {key: value for key, value in ROWS[0].items() if key != name}
    expect.refused(await client.put(f"{URL}/{before['id']}", json=body), name)


@pytest.mark.parametrize(("name", "value"), REFUSED)
async def test_replace_refuses(client: AsyncClient, make: Make, name: str, value: object) -> None:
    before = await make(ROWS[0])
    body = ROWS[0] | {name: value}
    expect.refused(await bodies.send(client, "PUT", f"{URL}/{before['id']}", body), name)


@pytest.mark.parametrize("name", [*OWN, "surprise"])
async def test_replace_refuses_to_set(client: AsyncClient, make: Make, name: str) -> None:
    before = await make(ROWS[0])
    response = await client.put(f"{URL}/{before['id']}", json=ROWS[0] | {name: "x"})
    expect.refused(response, name)


@pytest.mark.parametrize("name", ["chip"])
async def test_replace_refuses_to_change_immutable(
    client: AsyncClient, make: Make, name: str
) -> None:
    before = await make(ROWS[0])
    body = ROWS[0] | {name: ROWS[1][name]}
    expect.refused(await client.put(f"{URL}/{before['id']}", json=body), name)


@pytest.mark.parametrize("names", [["owner_id", "name"]])
async def test_replace_refuses_taken(client: AsyncClient, make: Make, names: list[str]) -> None:
    await make(ROWS[0])
    other = await make(ROWS[1])
    body = ROWS[1] | bodies.part(ROWS[0], names)
    expect.taken(await client.put(f"{URL}/{other['id']}", json=body), names)


async def test_replace_of_an_unknown_pet_is_not_found(client: AsyncClient) -> None:
    expect.problem(await client.put(NONE, json=ROWS[0]), 404)


async def test_deleted_pet_is_gone(client: AsyncClient, make: Make) -> None:
    one, *others = [await make(row) for row in ROWS]
    response = await client.delete(f"{URL}/{one['id']}")
    assert response.status_code == 204
    assert response.content == b""
    expect.problem(await client.delete(f"{URL}/{one['id']}"), 404)
    expect.problem(await client.get(f"{URL}/{one['id']}"), 404)
    assert [(await client.get(f"{URL}/{other['id']}")).json() for other in others] == others


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        pytest.param({}, [0, 1, 2, 3, 4, 5], id="creation"),
        pytest.param({"sort": "name"}, [0, 2, 4, 1, 5, 3], id="name_ascending"),
        pytest.param({"sort": "-name"}, [3, 5, 1, 4, 2, 0], id="name_descending"),
        pytest.param({"sort": "created_at"}, [0, 1, 2, 3, 4, 5], id="created_at_ascending"),
        pytest.param({"sort": "-created_at"}, [5, 4, 3, 2, 1, 0], id="created_at_descending"),
        pytest.param({"sort": "weight_kg"}, [1, 2, 5, 0, 3, 4], id="weight_kg_ascending"),
        pytest.param({"sort": "-weight_kg"}, [0, 5, 2, 1, 4, 3], id="weight_kg_descending"),
    ],
)
async def test_pages_hold_every_pet_once_in_order_of(
    client: AsyncClient, make: Make, query: dict[str, Any], expected: list[int]
) -> None:
    ids = [(await make(row))["id"] for row in ROWS]
    listed = await walk(client, query)
    assert [ids.index(item["id"]) for item in listed] == expected


async def test_list_shows_what_was_created(client: AsyncClient, make: Make) -> None:
    assert await walk(client, {}) == []
    created = [await make(row) for row in ROWS]
    assert await walk(client, {}) == created


async def test_list_takes_as_many_statements_for_one_pet_as_for_many(
    client: AsyncClient, make: Make, statements: list[str]
) -> None:
    counts = []
    for added in (ROWS[:1], ROWS[1:]):
        for row in added:
            await make(row)
        statements.clear()
        response = await client.get(URL, params={"limit": 6})
        assert response.status_code == 200
        counts.append(len(statements))
    assert counts[0] == counts[1] > 0


@pytest.mark.parametrize(("query", "found"), FOUND)
async def test_list_filters_by(
    client: AsyncClient, make: Make, query: dict[str, Any], found: list[int]
) -> None:
    ids = [(await make(row))["id"] for row in ROWS]
    listed = await walk(client, query)
    assert [ids.index(item["id"]) for item in listed] == found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        pytest.param({"search": "EX"}, [0], id="part_of_name"),
        pytest.param({"search": "MBE"}, [0, 2], id="part_of_notes"),
        pytest.param({"search": "%"}, [], id="percent"),
        pytest.param({"search": "_x_"}, [], id="underscore"),
        pytest.param({"search": "' OR 1=1 --"}, [], id="quote"),
        pytest.param({"search": '"'}, [], id="double_quote"),
        pytest.param({"search": "\\"}, [], id="backslash"),
        pytest.param({"search": "/%"}, [], id="slash"),
    ],
)
async def test_search_finds(
    client: AsyncClient, make: Make, query: dict[str, Any], found: list[int]
) -> None:
    ids = [(await make(row))["id"] for row in ROWS]
    listed = await walk(client, query)
    assert [ids.index(item["id"]) for item in listed] == found


@pytest.mark.parametrize(
    "query",
    [
        pytest.param({"surprise": "1"}, id="an_unknown_name"),
        pytest.param({"sort": "surprise"}, id="an_order_by_what_is_not_there"),
        pytest.param({"limit": 0}, id="no_items_a_page"),
        pytest.param({"limit": 101}, id="too_many_items_a_page"),
        pytest.param({"weight_kg_is_null": "perhaps"}, id="weight_kg_is_null_of_a_word"),
        pytest.param({"owner_id": "not-a-uuid"}, id="owner_id_of_no_uuid"),
        pytest.param({"search": " "}, id="a_blank_search"),
    ],
)
async def test_list_refuses(client: AsyncClient, query: dict[str, Any]) -> None:
    response = await client.get(URL, params=query)
    expect.problem(response, 422)
    assert response.json()["errors"][0]["location"].startswith(f"/query/{next(iter(query))}")


async def test_page_ends_in_a_cursor_unless_it_is_the_last(client: AsyncClient, make: Make) -> None:
    for row in ROWS:
        await make(row)
    part = (await client.get(URL, params={"limit": 1})).json()
    assert len(part["items"]) == 1
    assert bool(part["next_cursor"]) is (len(ROWS) > 1)
    whole = (await client.get(URL, params={"limit": len(ROWS)})).json()
    assert len(whole["items"]) == len(ROWS)
    assert whole["next_cursor"] is None


@pytest.mark.parametrize("cursor", ["x", "bnVsbA", "WyIiLG51bGwsIngiXQ", "eyJhIjoxfQ", "_w"])
async def test_made_up_cursor_is_refused(client: AsyncClient, cursor: str) -> None:
    expect.problem(await client.get(URL, params={"cursor": cursor}), 400)


async def test_cursor_of_another_order_is_refused(client: AsyncClient, make: Make) -> None:
    for row in ROWS:
        await make(row)
    page = (await client.get(URL, params={"limit": 1})).json()
    query = {"cursor": page["next_cursor"], "sort": "name"}
    expect.problem(await client.get(URL, params=query), 400)


async def test_count_counts_every_pet(client: AsyncClient, make: Make) -> None:
    assert (await client.get(f"{URL}/count")).json() == {"count": 0}
    for row in ROWS:
        await make(row)
    assert (await client.get(f"{URL}/count")).json() == {"count": len(ROWS)}


@pytest.mark.parametrize(("query", "found"), FOUND)
async def test_count_filters_by(
    client: AsyncClient, make: Make, query: dict[str, Any], found: list[int]
) -> None:
    for row in ROWS:
        await make(row)
    assert (await client.get(f"{URL}/count", params=query)).json() == {"count": len(found)}


@pytest.mark.parametrize(("name", "value"), UNKNOWN)
async def test_create_refuses_unknown(client: AsyncClient, name: str, value: object) -> None:
    expect.missing(await client.post(URL, json=ROWS[0] | {name: value}), name)


@pytest.mark.parametrize(("name", "value"), LATER_UNKNOWN)
async def test_update_refuses_unknown(
    client: AsyncClient, make: Make, name: str, value: object
) -> None:
    before = await make(ROWS[0])
    expect.missing(await client.patch(f"{URL}/{before['id']}", json={name: value}), name)


@pytest.mark.parametrize(("name", "value"), LATER_UNKNOWN)
async def test_replace_refuses_unknown(
    client: AsyncClient, make: Make, name: str, value: object
) -> None:
    before = await make(ROWS[0])
    body = ROWS[0] | {name: value}
    expect.missing(await client.put(f"{URL}/{before['id']}", json=body), name)


async def test_update_ties_and_unties_tags(client: AsyncClient, make: Make) -> None:
    before, *others = [await make(row) for row in ROWS]
    ids: list[str] = [
        "00000000-0000-7000-8000-2a1073a60001",
        "00000000-0000-7000-8000-2a1073a60002",
        "00000000-0000-7000-8000-2a1073a60003",
    ]
    for tied in ([], ids, ids[1:]):
        response = await client.patch(f"{URL}/{before['id']}", json={"tag_ids": tied})
        after = response.json()
        assert bodies.unstamped(after) == bodies.unstamped(before | {"tag_ids": tied})
        assert after["updated_at"] != before["updated_at"]
        assert after["version"] == before["version"] + 1
        before = after
    assert [(await client.get(f"{URL}/{other['id']}")).json() for other in others] == others


async def test_pet_loses_deleted_tags(client: AsyncClient, make: Make, session: Session) -> None:
    created = await make(ROWS[0])
    gone, *kept = created["tag_ids"]
    session.execute(delete(Tag).where(Tag.id == UUID(gone)))
    session.commit()
    after = (await client.get(f"{URL}/{created['id']}")).json()
    assert after["tag_ids"] == kept


async def test_pet_goes_with_its_owner(make: Make, session: Session) -> None:
    key = UUID("00000000-0000-7000-8000-4c1029690003")
    created = await make(ROWS[0] | {"owner_id": str(key)})
    statement = delete(Owner).where(Owner.id == key)
    session.execute(statement)
    session.commit()
    assert session.get(Pet, UUID(created["id"])) is None


async def test_deleted_pet_is_kept_in_the_table(
    client: AsyncClient, make: Make, session: Session
) -> None:
    created = await make(ROWS[0])
    await client.delete(f"{URL}/{created['id']}")
    kept = session.get_one(Pet, UUID(created["id"]))
    assert kept.deleted_at is not None
    assert await walk(client, {}) == []
    assert (await client.get(f"{URL}/count")).json() == {"count": 0}
    expect.problem(await client.patch(f"{URL}/{created['id']}", json={}), 404)
    expect.problem(await client.put(f"{URL}/{created['id']}", json=ROWS[0]), 404)


@pytest.mark.parametrize("names", [["chip"], ["owner_id", "name"]])
async def test_deleted_pet_takes_nothing(client: AsyncClient, make: Make, names: list[str]) -> None:
    deleted = await make(ROWS[0])
    await client.delete(f"{URL}/{deleted['id']}")
    await make(ROWS[1] | bodies.part(ROWS[0], names))
    expect.taken(await client.post(f"{URL}/{deleted['id']}/restore"), names)


async def test_restored_pet_is_as_it_was(client: AsyncClient, make: Make) -> None:
    created = await make(ROWS[0])
    await client.delete(f"{URL}/{created['id']}")
    response = await client.post(f"{URL}/{created['id']}/restore")
    assert response.status_code == 200
    assert bodies.unstamped(response.json()) == bodies.unstamped(created)
    assert response.json()["version"] == created["version"] + 2
    assert response.headers["etag"] == '"3"'
    assert (await client.get(f"{URL}/{created['id']}")).json() == response.json()


async def test_restore_of_what_is_not_deleted_changes_nothing(
    client: AsyncClient, make: Make
) -> None:
    created = await make(ROWS[0])
    response = await client.post(f"{URL}/{created['id']}/restore")
    assert response.status_code == 200
    assert response.json() == created


async def test_restore_of_an_unknown_pet_is_not_found(client: AsyncClient) -> None:
    expect.problem(await client.post(f"{NONE}/restore"), 404)


async def test_create_tells_the_version(client: AsyncClient) -> None:
    response = await client.post(URL, json=ROWS[0])
    assert response.headers["etag"] == '"1"'
    assert response.json()["version"] == 1


async def test_read_tells_the_version(client: AsyncClient, make: Make) -> None:
    created = await make(ROWS[0])
    response = await client.get(f"{URL}/{created['id']}")
    assert response.headers["etag"] == '"1"'
    assert response.json()["version"] == created["version"] == 1


@pytest.mark.parametrize("known", ['"1"', 'W/"1"', '"7", "1"', "*"])
async def test_read_of_what_is_known_answers_nothing(
    client: AsyncClient, make: Make, known: str
) -> None:
    created = await make(ROWS[0])
    response = await client.get(f"{URL}/{created['id']}", headers={"If-None-Match": known})
    assert response.status_code == 304
    assert response.headers["etag"] == '"1"'
    assert response.content == b""


@pytest.mark.parametrize("known", ['"2"', '"x"', "1", "", '"1', '"99999999999999999999"'])
async def test_read_of_what_is_not_known_answers_it(
    client: AsyncClient, make: Make, known: str
) -> None:
    created = await make(ROWS[0])
    response = await client.get(f"{URL}/{created['id']}", headers={"If-None-Match": known})
    assert response.status_code == 200
    assert response.json() == created


async def test_update_advances_the_version(client: AsyncClient, make: Make) -> None:
    created = await make(ROWS[0])
    url, change = f"{URL}/{created['id']}", {"name": "cedar"}
    response = await client.patch(url, json=change, headers={"If-Match": '"1"'})
    assert response.headers["etag"] == '"2"'
    assert response.json()["version"] == 2
    again = await client.patch(url, json=change, headers={"If-Match": '"2"'})
    assert again.headers["etag"] == '"2"'


@pytest.mark.parametrize("stale", ['"2"', 'W/"1"', '"x"', "1", "", '"99999999999999999999"'])
async def test_update_of_another_version_is_refused(
    client: AsyncClient, make: Make, stale: str
) -> None:
    created = await make(ROWS[0])
    url, change = f"{URL}/{created['id']}", {"name": "cedar"}
    expect.problem(await client.patch(url, json=change, headers={"If-Match": stale}), 412)
    assert (await client.get(url)).json() == created


async def test_only_one_of_many_updates_at_once_succeeds(
    live_client: AsyncClient, engine: Engine
) -> None:
    with Session(engine) as session:
        store_owners(session)
        store_tags(session)
        session.commit()
    created = (await live_client.post(URL, json=ROWS[0])).json()
    url, change = f"{URL}/{created['id']}", {"name": "cedar"}
    headers = {"If-Match": '"1"'}
    answers = await asyncio.gather(
        *(live_client.patch(url, json=change, headers=headers) for _ in range(20))
    )
    assert sorted(answer.status_code for answer in answers) == [200, *[412] * 19]


async def test_replace_of_another_version_is_refused(client: AsyncClient, make: Make) -> None:
    created = await make(ROWS[0])
    url = f"{URL}/{created['id']}"
    expect.problem(await client.put(url, json=ROWS[0], headers={"If-Match": '"2"'}), 412)
    response = await client.put(url, json=ROWS[0], headers={"If-Match": '"1"'})
    assert response.status_code == 200
    assert response.headers["etag"] == f'"{response.json()["version"]}"'


async def test_delete_of_another_version_is_refused(client: AsyncClient, make: Make) -> None:
    created = await make(ROWS[0])
    url = f"{URL}/{created['id']}"
    expect.problem(await client.delete(url, headers={"If-Match": '"2"'}), 412)
    assert (await client.delete(url, headers={"If-Match": '"1"'})).status_code == 204


@pytest.mark.parametrize("content", bodies.BROKEN)
async def test_body_that_is_none_is_refused(client: AsyncClient, content: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    response = await client.request("POST", URL, content=content, headers=headers)
    assert response.status_code in {400, 422}
    expect.problem(response, response.status_code)


async def test_body_of_another_type_is_refused(client: AsyncClient) -> None:
    headers = {"Content-Type": "text/plain"}
    content = json.dumps(ROWS[0])
    response = await client.request("POST", URL, content=content, headers=headers)
    expect.problem(response, 422)


async def test_body_that_is_too_large_is_refused(client: AsyncClient, app: FastAPI) -> None:
    content = b" " * (app.state.settings.max_body_bytes + 1)
    response = await client.request("POST", URL, content=content)
    expect.problem(response, 413)


async def test_operations_are_documented(app: FastAPI) -> None:
    expect.documented(
        app,
        URL,
        "Pets",
        [
            "count_pets",
            "create_pet",
            "delete_pet",
            "get_pet",
            "list_pets",
            "replace_pet",
            "restore_pet",
            "update_pet",
        ],
    )


@pytest.fixture
def client(client: AsyncClient, session: Session) -> AsyncClient:
    """A client of an application that holds what the rows refer to."""
    store_owners(session)
    store_tags(session)
    session.commit()
    return client


@pytest.fixture
def make(client: AsyncClient) -> Make:
    """Creates a pet, and answers what the client gets."""

    async def create(row: dict[str, Any]) -> dict[str, Any]:
        response = await client.post(URL, json=row)
        assert response.status_code == 201, response.text
        created: dict[str, Any] = response.json()
        return created

    return create


async def walk(client: AsyncClient, query: dict[str, Any]) -> list[dict[str, Any]]:
    """The items of all pages."""
    items: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    for _ in range(len(ROWS) + 1):
        response = await client.get(URL, params={"limit": 2} | query | cursor)
        assert response.status_code == 200, response.text
        page = response.json()
        items += page["items"]
        if page["next_cursor"] is None:
            return items
        cursor = {"cursor": page["next_cursor"]}
    raise AssertionError("the pages do not end")


def answered(row: dict[str, Any]) -> dict[str, Any]:
    """What is answered of a row that was sent, apart from what only the server sets."""
    shown = DEFAULTS | {name: value for name, value in row.items() if name not in HIDDEN}
    return {name: value for name, value in shown.items() if name not in OWN}
