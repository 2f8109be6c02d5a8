"""The behaviour of medications."""

import json
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from httpx import AsyncClient
from sqlalchemy import delete
from sqlalchemy.orm import Session

from petsage_api.features.clinics.tables import Vet
from petsage_api.features.health_records.tables import Medication
from petsage_api.features.pets.tables import Pet
from petsage_api.tests import bodies, expect
from petsage_api.tests.factories.clinics_vets import store_vets
from petsage_api.tests.factories.pets import store_pets

Make = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]

pytestmark = pytest.mark.anyio

URL = "/api/v1/medications"
NONE = URL + "/00000000-0000-7000-8000-000000000000"
ROWS: list[dict[str, Any]] = [
    {
        "drug": "amber",
        "dose_mg": 0.5,
        "every": "P0DT1H0M0S",
        "until": "2020-01-01",
        "schedule": {"a": 1, "b": [True, None, "c"]},
        "pet_id": "00000000-0000-7000-8000-bbba57310001",
        "prescribed_by_id": "00000000-0000-7000-8000-5f9276120001",
    },
    {
        "drug": "birch",
        "dose_mg": 1.0,
        "every": "P0DT2H0M0S",
        "until": "2020-01-02",
        "schedule": [1, 2.5, "three"],
        "pet_id": "00000000-0000-7000-8000-bbba57310002",
        "prescribed_by_id": "00000000-0000-7000-8000-5f9276120002",
    },
    {
        "drug": "birch",
        "dose_mg": 1.0,
        "every": "P0DT2H0M0S",
        "until": "2020-01-02",
        "schedule": [1, 2.5, "three"],
        "pet_id": "00000000-0000-7000-8000-bbba57310002",
        "prescribed_by_id": "00000000-0000-7000-8000-5f9276120002",
    },
    {
        "drug": "cedar",
        "dose_mg": 1.5,
        "every": "P0DT3H0M0S",
        "until": "2020-01-03",
        "schedule": "plain",
        "pet_id": "00000000-0000-7000-8000-bbba57310003",
        "prescribed_by_id": "00000000-0000-7000-8000-5f9276120003",
    },
    {
        "drug": "cedar",
        "dose_mg": 1.5,
        "every": "P0DT3H0M0S",
        "until": "2020-01-03",
        "schedule": "plain",
        "pet_id": "00000000-0000-7000-8000-bbba57310003",
        "prescribed_by_id": "00000000-0000-7000-8000-5f9276120003",
    },
    {
        "drug": "daisy",
        "dose_mg": 2.0,
        "every": "P0DT4H0M0S",
        "until": None,
        "schedule": None,
        "pet_id": "00000000-0000-7000-8000-bbba57310002",
        "prescribed_by_id": None,
    },
]
LEAST: dict[str, Any] = {
    "drug": "amber",
    "dose_mg": 0.5,
    "every": "P0DT1H0M0S",
    "pet_id": "00000000-0000-7000-8000-bbba57310001",
}
DEFAULTS: dict[str, Any] = {"until": None, "schedule": None, "prescribed_by_id": None}
HIDDEN: list[str] = []
OWN = ["id", "created_at", "updated_at"]
IMMUTABLE: list[str] = []
FOUND = [pytest.param({"pet_id": "00000000-0000-7000-8000-bbba57310001"}, [0], id="pet_id_given")]
ACCEPTED = [
    pytest.param("drug", "x", id="drug_of_1_character"),
    pytest.param("drug", "x" * 120, id="drug_of_120_characters"),
    pytest.param("dose_mg", 5e-324, id="dose_mg_of_the_least"),
    pytest.param("dose_mg", 10000.0, id="dose_mg_of_the_most"),
    pytest.param("schedule", {"a": 1, "b": [True, None, "c"]}, id="schedule_of_an_object"),
    pytest.param("schedule", [1, 2.5, "three"], id="schedule_of_a_list"),
    pytest.param("schedule", "plain", id="schedule_of_a_text"),
    pytest.param("schedule", 4, id="schedule_of_a_number"),
    pytest.param("schedule", False, id="schedule_of_false"),
    pytest.param("schedule", "x" * 65534, id="schedule_of_64_kib"),
    pytest.param(
        "schedule",
        [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["bottom"]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]],
        id="schedule_of_32_levels",
    ),
]
REFUSED = [
    pytest.param("drug", "", id="drug_of_0_characters"),
    pytest.param("drug", "x" * 121, id="drug_of_121_characters"),
    pytest.param("drug", " " * 1, id="drug_of_blank"),
    pytest.param("drug", 1, id="drug_of_a_number"),
    pytest.param("drug", True, id="drug_of_a_boolean"),
    pytest.param("drug", "a\x00b", id="drug_of_a_nul"),
    pytest.param("dose_mg", 0.0, id="dose_mg_of_below_the_least"),
    pytest.param("dose_mg", 10000.000000000002, id="dose_mg_of_above_the_most"),
    pytest.param("dose_mg", "1", id="dose_mg_of_a_number_as_text"),
    pytest.param("dose_mg", "many", id="dose_mg_of_a_word"),
    pytest.param("dose_mg", True, id="dose_mg_of_a_boolean"),
    pytest.param(
        "dose_mg",
        10000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000,
        id="dose_mg_of_a_huge_number",
    ),
    pytest.param("every", 1, id="every_of_a_number"),
    pytest.param("every", True, id="every_of_a_boolean"),
    pytest.param("every", "many", id="every_of_a_word"),
    pytest.param("every", "P1M", id="every_of_months"),
    pytest.param("every", "P", id="every_of_nothing"),
    pytest.param("every", "1:30", id="every_of_a_clock"),
    pytest.param("until", 1, id="until_of_a_number"),
    pytest.param("until", True, id="until_of_a_boolean"),
    pytest.param("until", "many", id="until_of_a_word"),
    pytest.param("until", "2023-02-29", id="until_of_a_day_that_is_none"),
    pytest.param("until", "2023-02-28T12", id="until_of_a_moment"),
    pytest.param("schedule", "x" * 65535, id="schedule_of_more_than_64_kib"),
    pytest.param(
        "schedule",
        [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["bottom"]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]],
        id="schedule_of_more_than_32_levels",
    ),
    pytest.param("pet_id", 1, id="pet_id_of_a_number"),
    pytest.param("pet_id", "not-a-uuid", id="pet_id_of_no_uuid"),
    pytest.param(
        "pet_id", "0190d6f85b1c7e4e9d0b2f4d8f0c1a2b", id="pet_id_of_a_uuid_without_hyphens"
    ),
    pytest.param("prescribed_by_id", 1, id="prescribed_by_id_of_a_number"),
    pytest.param("prescribed_by_id", "not-a-uuid", id="prescribed_by_id_of_no_uuid"),
    pytest.param(
        "prescribed_by_id",
        "0190d6f85b1c7e4e9d0b2f4d8f0c1a2b",
        id="prescribed_by_id_of_a_uuid_without_hyphens",
    ),
]
UNKNOWN = [
    ("pet_id", "00000000-0000-7000-8000-000000000000"),
    ("prescribed_by_id", "00000000-0000-7000-8000-000000000000"),
]
LATER_UNKNOWN = [
    ("pet_id", "00000000-0000-7000-8000-000000000000"),
    ("prescribed_by_id", "00000000-0000-7000-8000-000000000000"),
]


async def test_created_medication_is_answered_and_kept(client: AsyncClient) -> None:
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


@pytest.mark.parametrize("name", ["drug", "dose_mg", "every", "pet_id"])
async def test_create_needs(client: AsyncClient, name: str) -> None:
    body = {key: value for key, value in ROWS[0].items() if key != name}
    expect.refused(await client.post(URL, json=body), name)


@pytest.mark.parametrize("name", ["drug", "dose_mg", "every", "pet_id"])
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


async def test_medication_is_read_by_its_id(client: AsyncClient, make: Make) -> None:
    one, *others = [await make(row) for row in ROWS]
    assert (await client.get(f"{URL}/{one['id']}")).json() == one
    assert [(await client.get(f"{URL}/{other['id']}")).json() for other in others] == others


async def test_unknown_medication_is_not_found(client: AsyncClient) -> None:
    expect.problem(await client.get(NONE), 404)


async def test_id_that_is_none_is_not_found(client: AsyncClient) -> None:
    expect.problem(await client.get(f"{URL}/1"), 404)


@pytest.mark.parametrize(
    "name", ["drug", "dose_mg", "every", "until", "schedule", "pet_id", "prescribed_by_id"]
)
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
    response = await client.patch(f"{URL}/{before['id']}", json={"drug": "birch"})
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


@pytest.mark.parametrize("name", ["until", "schedule", "prescribed_by_id"])
async def test_update_to_null_clears(client: AsyncClient, make: Make, name: str) -> None:
    before = await make(ROWS[0])
    response = await client.patch(f"{URL}/{before['id']}", json={name: None})
    assert response.status_code == 200
    assert name in HIDDEN or response.json()[name] is None


@pytest.mark.parametrize("name", ["drug", "dose_mg", "every", "pet_id"])
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


async def test_update_of_an_unknown_medication_is_not_found(client: AsyncClient) -> None:
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


@pytest.mark.parametrize("name", ["drug", "dose_mg", "every", "pet_id"])
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


async def test_replace_of_an_unknown_medication_is_not_found(client: AsyncClient) -> None:
    expect.problem(await client.put(NONE, json=ROWS[0]), 404)


async def test_deleted_medication_is_gone(client: AsyncClient, make: Make) -> None:
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
        pytest.param({"sort": "drug"}, [0, 1, 2, 3, 4, 5], id="drug_ascending"),
        pytest.param({"sort": "-drug"}, [5, 4, 3, 2, 1, 0], id="drug_descending"),
        pytest.param({"sort": "created_at"}, [0, 1, 2, 3, 4, 5], id="created_at_ascending"),
        pytest.param({"sort": "-created_at"}, [5, 4, 3, 2, 1, 0], id="created_at_descending"),
    ],
)
async def test_pages_hold_every_medication_once_in_order_of(
    client: AsyncClient, make: Make, query: dict[str, Any], expected: list[int]
) -> None:
    ids = [(await make(row))["id"] for row in ROWS]
    listed = await walk(client, query)
    assert [ids.index(item["id"]) for item in listed] == expected


async def test_list_shows_what_was_created(client: AsyncClient, make: Make) -> None:
    assert await walk(client, {}) == []
    created = [await make(row) for row in ROWS]
    assert await walk(client, {}) == created


async def test_list_takes_as_many_statements_for_one_medication_as_for_many(
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
        pytest.param({"limit": 101}, id="too_many_items_a_page"),
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
    query = {"cursor": page["next_cursor"], "sort": "drug"}
    expect.problem(await client.get(URL, params=query), 400)


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


async def test_medication_goes_with_its_pet(make: Make, session: Session) -> None:
    key = UUID("00000000-0000-7000-8000-bbba57310003")
    created = await make(ROWS[0] | {"pet_id": str(key)})
    statement = delete(Pet).where(Pet.id == key)
    session.execute(statement)
    session.commit()
    assert session.get(Medication, UUID(created["id"])) is None


async def test_medication_outlives_its_prescribed_by(make: Make, session: Session) -> None:
    key = UUID("00000000-0000-7000-8000-5f9276120003")
    created = await make(ROWS[0] | {"prescribed_by_id": str(key)})
    statement = delete(Vet).where(Vet.id == key)
    session.execute(statement)
    session.commit()
    assert session.get_one(Medication, UUID(created["id"])).prescribed_by_id is None


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
        "Medications",
        [
            "create_medication",
            "delete_medication",
            "get_medication",
            "list_medications",
            "replace_medication",
            "update_medication",
        ],
    )


@pytest.fixture
def client(client: AsyncClient, session: Session) -> AsyncClient:
    """A client of an application that holds what the rows refer to."""
    store_pets(session)
    store_vets(session)
    session.commit()
    return client


@pytest.fixture
def make(client: AsyncClient) -> Make:
    """Creates a medication, and answers what the client gets."""

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
