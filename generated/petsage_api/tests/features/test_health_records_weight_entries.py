"""The behaviour of weight entries."""

import json
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from httpx import AsyncClient
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from petsage_api.features.health_records.tables import WeightEntry
from petsage_api.features.pets.tables import Pet
from petsage_api.tests import bodies, expect
from petsage_api.tests.factories.pets import store_pets

Make = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]

pytestmark = pytest.mark.anyio

URL = "/api/v1/weight-entries"
NONE = URL + "/00000000-0000-7000-8000-000000000000"
ROWS: list[dict[str, Any]] = [
    {
        "measured_at": "2020-01-01T12:00:00Z",
        "grams": 1,
        "pet_id": "00000000-0000-7000-8000-bbba57310001",
    },
    {
        "measured_at": "2020-01-02T12:00:00Z",
        "grams": 2,
        "pet_id": "00000000-0000-7000-8000-bbba57310002",
    },
    {
        "measured_at": "2020-01-02T12:00:00Z",
        "grams": 2,
        "pet_id": "00000000-0000-7000-8000-bbba57310002",
    },
    {
        "measured_at": "2020-01-03T12:00:00Z",
        "grams": 3,
        "pet_id": "00000000-0000-7000-8000-bbba57310003",
    },
    {
        "measured_at": "2020-01-03T12:00:00Z",
        "grams": 3,
        "pet_id": "00000000-0000-7000-8000-bbba57310003",
    },
    {
        "measured_at": "2020-01-04T12:00:00Z",
        "grams": 4,
        "pet_id": "00000000-0000-7000-8000-bbba57310002",
    },
]
LEAST: dict[str, Any] = {
    "measured_at": "2020-01-01T12:00:00Z",
    "grams": 1,
    "pet_id": "00000000-0000-7000-8000-bbba57310001",
}
DEFAULTS: dict[str, Any] = {}
HIDDEN: list[str] = []
OWN = ["id"]
FOUND = [
    pytest.param({"pet_id": "00000000-0000-7000-8000-bbba57310001"}, [0], id="pet_id_given"),
    pytest.param(
        {"measured_at_gte": "2020-01-02T12:00:00Z"}, [1, 2, 3, 4, 5], id="measured_at_gte_given"
    ),
    pytest.param(
        {"measured_at_gte": "2020-01-05T12:00:00Z"}, [], id="measured_at_gte_matching_none"
    ),
    pytest.param({"measured_at_lt": "2020-01-02T12:00:00Z"}, [0], id="measured_at_lt_given"),
    pytest.param({"measured_at_lt": "2020-01-01T12:00:00Z"}, [], id="measured_at_lt_matching_none"),
]
ACCEPTED = [
    pytest.param("grams", 1, id="grams_of_the_least"),
    pytest.param("grams", 2000000, id="grams_of_the_most"),
]
REFUSED = [
    pytest.param("measured_at", 1, id="measured_at_of_a_number"),
    pytest.param("measured_at", True, id="measured_at_of_a_boolean"),
    pytest.param("measured_at", "many", id="measured_at_of_a_word"),
    pytest.param("measured_at", "2024-02-29T08:30:00", id="measured_at_of_a_moment_without_a_zone"),
    pytest.param("measured_at", "2024-02-29", id="measured_at_of_a_day"),
    pytest.param("measured_at", "2023-02-29T08:30:00Z", id="measured_at_of_a_moment_that_is_none"),
    pytest.param("grams", 0, id="grams_of_below_the_least"),
    pytest.param("grams", 2000001, id="grams_of_above_the_most"),
    pytest.param("grams", "1", id="grams_of_a_number_as_text"),
    pytest.param("grams", "many", id="grams_of_a_word"),
    pytest.param("grams", True, id="grams_of_a_boolean"),
    pytest.param("grams", 1.5, id="grams_of_a_fraction"),
    pytest.param(
        "grams",
        10000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000,
        id="grams_of_a_huge_number",
    ),
    pytest.param("pet_id", 1, id="pet_id_of_a_number"),
    pytest.param("pet_id", "not-a-uuid", id="pet_id_of_no_uuid"),
    pytest.param(
        "pet_id", "0190d6f85b1c7e4e9d0b2f4d8f0c1a2b", id="pet_id_of_a_uuid_without_hyphens"
    ),
]
UNKNOWN = [("pet_id", "00000000-0000-7000-8000-000000000000")]
LATER_UNKNOWN = [("pet_id", "00000000-0000-7000-8000-000000000000")]


async def test_created_weight_entry_is_answered_and_kept(client: AsyncClient) -> None:
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


@pytest.mark.parametrize("name", ["measured_at", "grams", "pet_id"])
async def test_create_needs(client: AsyncClient, name: str) -> None:
    body = {key: value for key, value in ROWS[0].items() if key != name}
    expect.refused(await client.post(URL, json=body), name)


@pytest.mark.parametrize("name", ["measured_at", "grams", "pet_id"])
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


async def test_weight_entry_is_read_by_its_id(client: AsyncClient, make: Make) -> None:
    one, *others = [await make(row) for row in ROWS]
    assert (await client.get(f"{URL}/{one['id']}")).json() == one
    assert [(await client.get(f"{URL}/{other['id']}")).json() for other in others] == others


async def test_unknown_weight_entry_is_not_found(client: AsyncClient) -> None:
    expect.problem(await client.get(NONE), 404)


async def test_id_that_is_none_is_not_found(client: AsyncClient) -> None:
    expect.problem(await client.get(f"{URL}/1"), 404)


async def test_deleted_weight_entry_is_gone(client: AsyncClient, make: Make) -> None:
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
        pytest.param({"sort": "measured_at"}, [0, 1, 2, 3, 4, 5], id="measured_at_ascending"),
        pytest.param({"sort": "-measured_at"}, [5, 4, 3, 2, 1, 0], id="measured_at_descending"),
    ],
)
async def test_pages_hold_every_weight_entry_once_in_order_of(
    client: AsyncClient, make: Make, query: dict[str, Any], expected: list[int]
) -> None:
    ids = [(await make(row))["id"] for row in ROWS]
    listed = await walk(client, query)
    assert [ids.index(item["id"]) for item in listed] == expected


async def test_list_shows_what_was_created(client: AsyncClient, make: Make) -> None:
    assert await walk(client, {}) == []
    created = [await make(row) for row in ROWS]
    assert await walk(client, {}) == created


async def test_list_takes_as_many_statements_for_one_weight_entry_as_for_many(
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
    "query",
    [
        pytest.param({"surprise": "1"}, id="an_unknown_name"),
        pytest.param({"sort": "surprise"}, id="an_order_by_what_is_not_there"),
        pytest.param({"limit": 0}, id="no_items_a_page"),
        pytest.param({"limit": 501}, id="too_many_items_a_page"),
        pytest.param({"pet_id": "not-a-uuid"}, id="pet_id_of_no_uuid"),
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
    query = {"cursor": page["next_cursor"], "sort": "measured_at"}
    expect.problem(await client.get(URL, params=query), 400)


async def test_count_counts_every_weight_entry(client: AsyncClient, make: Make) -> None:
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


async def test_weight_entry_goes_with_its_pet(make: Make, session: Session) -> None:
    key = UUID("00000000-0000-7000-8000-bbba57310003")
    created = await make(ROWS[0] | {"pet_id": str(key)})
    statement = delete(Pet).where(Pet.id == key)
    session.execute(statement)
    session.commit()
    assert session.get(WeightEntry, UUID(created["id"])) is None


async def test_many_weight_entries_are_created_in_order(client: AsyncClient) -> None:
    response = await client.post(f"{URL}/bulk", json={"items": ROWS})
    assert response.status_code == 201
    created = response.json()["items"]
    assert [{k: v for k, v in one.items() if k not in OWN} for one in created] == [
        answered(row) for row in ROWS
    ]
    assert [(await client.get(f"{URL}/{one['id']}")).json() for one in created] == created


async def test_one_wrong_weight_entry_of_many_makes_none(
    client: AsyncClient, session: Session
) -> None:
    items = [*ROWS, ROWS[0] | {"surprise": 1}]
    response = await client.post(f"{URL}/bulk", json={"items": items})
    expect.problem(response, 422)
    places = [error["location"] for error in response.json()["errors"]]
    assert places == [f"/body/items/{len(ROWS)}/surprise"]
    assert session.scalars(select(WeightEntry)).all() == []


@pytest.mark.parametrize(("name", "value"), UNKNOWN)
async def test_many_weight_entries_refuse_unknown(
    client: AsyncClient, name: str, value: object
) -> None:
    response = await client.post(f"{URL}/bulk", json={"items": [ROWS[0] | {name: value}]})
    expect.problem(response, 409)
    places = [error["location"] for error in response.json()["errors"]]
    assert places == [f"/body/items/0/{name}"]


async def test_many_weight_entries_refuse_what_is_not_asked_for(client: AsyncClient) -> None:
    response = await client.post(f"{URL}/bulk", json={"items": ROWS[:1], "surprise": 1})
    expect.refused(response, "surprise")


@pytest.mark.parametrize("count", [0, 101])
async def test_many_weight_entries_are_not_any_number(client: AsyncClient, count: int) -> None:
    response = await client.post(f"{URL}/bulk", json={"items": [ROWS[0]] * count})
    expect.refused(response, "items")


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
        "Weight entries",
        [
            "bulk_create_weight_entries",
            "count_weight_entries",
            "create_weight_entry",
            "delete_weight_entry",
            "get_weight_entry",
            "list_weight_entries",
        ],
    )


@pytest.fixture
def client(client: AsyncClient, session: Session) -> AsyncClient:
    """A client of an application that holds what the rows refer to."""
    store_pets(session)
    session.commit()
    return client


@pytest.fixture
def make(client: AsyncClient) -> Make:
    """Creates a weight entry, and answers what the client gets."""

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
