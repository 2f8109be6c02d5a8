"""The behaviour of appointments."""

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
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from petsage_api.features.appointments.tables import Appointment
from petsage_api.features.clinics.tables import Vet
from petsage_api.features.pets.tables import Pet
from petsage_api.tests import bodies, expect
from petsage_api.tests.factories.clinics_vets import store_vets
from petsage_api.tests.factories.pets import store_pets

Make = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]

pytestmark = pytest.mark.anyio

URL = "/api/v1/appointments"
NONE = URL + "/00000000-0000-7000-8000-000000000000"
ROWS: list[dict[str, Any]] = [
    {
        "starts_at": "2020-01-01T12:00:00Z",
        "minutes": 5,
        "reason": "amber",
        "status": "booked",
        "fee": "1.01",
        "pet_id": "00000000-0000-7000-8000-bbba57310001",
        "vet_id": "00000000-0000-7000-8000-5f9276120001",
    },
    {
        "starts_at": "2020-01-04T12:00:00Z",
        "minutes": 6,
        "reason": "birch",
        "status": "cancelled",
        "fee": "2.01",
        "pet_id": "00000000-0000-7000-8000-bbba57310002",
        "vet_id": "00000000-0000-7000-8000-5f9276120001",
    },
    {
        "starts_at": "2020-01-02T12:00:00Z",
        "minutes": 6,
        "reason": "birch",
        "status": "cancelled",
        "fee": "2.01",
        "pet_id": "00000000-0000-7000-8000-bbba57310002",
        "vet_id": "00000000-0000-7000-8000-5f9276120002",
    },
    {
        "starts_at": "2020-01-06T12:00:00Z",
        "minutes": 7,
        "reason": "cedar",
        "status": "seen",
        "fee": "3.01",
        "pet_id": "00000000-0000-7000-8000-bbba57310003",
        "vet_id": "00000000-0000-7000-8000-5f9276120003",
    },
    {
        "starts_at": "2020-01-03T12:00:00Z",
        "minutes": 7,
        "reason": "cedar",
        "status": "seen",
        "fee": "3.01",
        "pet_id": "00000000-0000-7000-8000-bbba57310003",
        "vet_id": "00000000-0000-7000-8000-5f9276120003",
    },
    {
        "starts_at": "2020-01-05T12:00:00Z",
        "minutes": 8,
        "reason": "daisy",
        "status": "cancelled",
        "fee": None,
        "pet_id": "00000000-0000-7000-8000-bbba57310002",
        "vet_id": "00000000-0000-7000-8000-5f9276120002",
    },
]
LEAST: dict[str, Any] = {
    "starts_at": "2020-01-01T12:00:00Z",
    "reason": "amber",
    "pet_id": "00000000-0000-7000-8000-bbba57310001",
    "vet_id": "00000000-0000-7000-8000-5f9276120001",
}
DEFAULTS: dict[str, Any] = {"minutes": 20, "status": "booked", "fee": None}
HIDDEN: list[str] = []
OWN = ["id", "created_at", "updated_at", "version"]
IMMUTABLE: list[str] = []
FOUND = [
    pytest.param({"status": "booked"}, [0], id="status_given"),
    pytest.param({"status_in": ["booked"]}, [0], id="status_in_given"),
    pytest.param({"starts_at_gte": "2020-01-04T12:00:00Z"}, [1, 3, 5], id="starts_at_gte_given"),
    pytest.param({"starts_at_gte": "2020-01-07T12:00:00Z"}, [], id="starts_at_gte_matching_none"),
    pytest.param({"starts_at_lt": "2020-01-04T12:00:00Z"}, [0, 2, 4], id="starts_at_lt_given"),
    pytest.param({"starts_at_lt": "2020-01-01T12:00:00Z"}, [], id="starts_at_lt_matching_none"),
    pytest.param({"pet_id": "00000000-0000-7000-8000-bbba57310001"}, [0], id="pet_id_given"),
    pytest.param({"vet_id": "00000000-0000-7000-8000-5f9276120001"}, [0, 1], id="vet_id_given"),
]
ACCEPTED = [
    pytest.param("minutes", 5, id="minutes_of_the_least"),
    pytest.param("minutes", 240, id="minutes_of_the_most"),
    pytest.param("reason", "x", id="reason_of_1_character"),
    pytest.param("reason", "x" * 500, id="reason_of_500_characters"),
    pytest.param("status", "booked", id="status_of_value_1"),
    pytest.param("status", "seen", id="status_of_value_2"),
    pytest.param("status", "cancelled", id="status_of_value_3"),
    pytest.param("fee", "0.00", id="fee_of_the_least"),
]
REFUSED = [
    pytest.param("starts_at", 1, id="starts_at_of_a_number"),
    pytest.param("starts_at", True, id="starts_at_of_a_boolean"),
    pytest.param("starts_at", "many", id="starts_at_of_a_word"),
    pytest.param("starts_at", "2024-02-29T08:30:00", id="starts_at_of_a_moment_without_a_zone"),
    pytest.param("starts_at", "2024-02-29", id="starts_at_of_a_day"),
    pytest.param("starts_at", "2023-02-29T08:30:00Z", id="starts_at_of_a_moment_that_is_none"),
    pytest.param("minutes", 4, id="minutes_of_below_the_least"),
    pytest.param("minutes", 241, id="minutes_of_above_the_most"),
    pytest.param("minutes", "1", id="minutes_of_a_number_as_text"),
    pytest.param("minutes", "many", id="minutes_of_a_word"),
    pytest.param("minutes", True, id="minutes_of_a_boolean"),
    pytest.param("minutes", 1.5, id="minutes_of_a_fraction"),
    pytest.param(
        "minutes",
        10000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000,
        id="minutes_of_a_huge_number",
    ),
    pytest.param("reason", "", id="reason_of_0_characters"),
    pytest.param("reason", "x" * 501, id="reason_of_501_characters"),
    pytest.param("reason", " " * 1, id="reason_of_blank"),
    pytest.param("reason", 1, id="reason_of_a_number"),
    pytest.param("reason", True, id="reason_of_a_boolean"),
    pytest.param("reason", "a\x00b", id="reason_of_a_nul"),
    pytest.param("status", "other", id="status_of_no_value"),
    pytest.param("status", 1, id="status_of_a_number"),
    pytest.param("status", True, id="status_of_a_boolean"),
    pytest.param("fee", "-0.01", id="fee_of_below_the_least"),
    pytest.param("fee", "1000000", id="fee_of_too_many_digits_before_the_point"),
    pytest.param("fee", "0.001", id="fee_of_too_many_digits_after_the_point"),
    pytest.param("fee", 1, id="fee_of_a_number"),
    pytest.param("fee", "many", id="fee_of_a_word"),
    pytest.param("fee", True, id="fee_of_a_boolean"),
    pytest.param("fee", "1e3", id="fee_of_an_exponent"),
    pytest.param("fee", "NaN", id="fee_of_nan"),
    pytest.param("pet_id", 1, id="pet_id_of_a_number"),
    pytest.param("pet_id", "not-a-uuid", id="pet_id_of_no_uuid"),
    pytest.param(
        "pet_id", "0190d6f85b1c7e4e9d0b2f4d8f0c1a2b", id="pet_id_of_a_uuid_without_hyphens"
    ),
    pytest.param("vet_id", 1, id="vet_id_of_a_number"),
    pytest.param("vet_id", "not-a-uuid", id="vet_id_of_no_uuid"),
    pytest.param(
        "vet_id", "0190d6f85b1c7e4e9d0b2f4d8f0c1a2b", id="vet_id_of_a_uuid_without_hyphens"
    ),
]
UNKNOWN = [
    ("pet_id", "00000000-0000-7000-8000-000000000000"),
    ("vet_id", "00000000-0000-7000-8000-000000000000"),
]
LATER_UNKNOWN = [
    ("pet_id", "00000000-0000-7000-8000-000000000000"),
    ("vet_id", "00000000-0000-7000-8000-000000000000"),
]


async def test_created_appointment_is_answered_and_kept(client: AsyncClient) -> None:
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


@pytest.mark.parametrize("name", ["starts_at", "reason", "pet_id", "vet_id"])
async def test_create_needs(client: AsyncClient, name: str) -> None:
    body = {key: value for key, value in ROWS[0].items() if key != name}
    expect.refused(await client.post(URL, json=body), name)


@pytest.mark.parametrize("name", ["starts_at", "minutes", "reason", "status", "pet_id", "vet_id"])
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


@pytest.mark.parametrize("names", [["vet_id", "starts_at"]])
async def test_create_refuses_taken(client: AsyncClient, make: Make, names: list[str]) -> None:
    await make(ROWS[0])
    expect.taken(await client.post(URL, json=ROWS[1] | bodies.part(ROWS[0], names)), names)
    await make(ROWS[1])


async def test_appointment_is_read_by_its_id(client: AsyncClient, make: Make) -> None:
    one, *others = [await make(row) for row in ROWS]
    assert (await client.get(f"{URL}/{one['id']}")).json() == one
    assert [(await client.get(f"{URL}/{other['id']}")).json() for other in others] == others


async def test_unknown_appointment_is_not_found(client: AsyncClient) -> None:
    expect.problem(await client.get(NONE), 404)


async def test_id_that_is_none_is_not_found(client: AsyncClient) -> None:
    expect.problem(await client.get(f"{URL}/1"), 404)


@pytest.mark.parametrize("name", ["starts_at", "minutes", "reason", "status", "fee", "pet_id"])
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
    response = await client.patch(
        f"{URL}/{before['id']}", json={"starts_at": "2020-01-04T12:00:00Z"}
    )
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


@pytest.mark.parametrize("name", ["fee"])
async def test_update_to_null_clears(client: AsyncClient, make: Make, name: str) -> None:
    before = await make(ROWS[0])
    response = await client.patch(f"{URL}/{before['id']}", json={name: None})
    assert response.status_code == 200
    assert name in HIDDEN or response.json()[name] is None


@pytest.mark.parametrize("name", ["starts_at", "minutes", "reason", "status", "pet_id", "vet_id"])
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


@pytest.mark.parametrize("names", [["vet_id", "starts_at"]])
async def test_update_refuses_taken(client: AsyncClient, make: Make, names: list[str]) -> None:
    await make(ROWS[0])
    other = await make(ROWS[1])
    response = await client.patch(f"{URL}/{other['id']}", json=bodies.part(ROWS[0], names))
    expect.taken(response, names)


async def test_update_of_an_unknown_appointment_is_not_found(client: AsyncClient) -> None:
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


@pytest.mark.parametrize("name", ["starts_at", "reason", "pet_id", "vet_id"])
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


@pytest.mark.parametrize("names", [["vet_id", "starts_at"]])
async def test_replace_refuses_taken(client: AsyncClient, make: Make, names: list[str]) -> None:
    await make(ROWS[0])
    other = await make(ROWS[1])
    body = ROWS[1] | bodies.part(ROWS[0], names)
    expect.taken(await client.put(f"{URL}/{other['id']}", json=body), names)


async def test_replace_of_an_unknown_appointment_is_not_found(client: AsyncClient) -> None:
    expect.problem(await client.put(NONE, json=ROWS[0]), 404)


async def test_deleted_appointment_is_gone(client: AsyncClient, make: Make) -> None:
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
        pytest.param({"sort": "starts_at"}, [0, 2, 4, 1, 5, 3], id="starts_at_ascending"),
        pytest.param({"sort": "-starts_at"}, [3, 5, 1, 4, 2, 0], id="starts_at_descending"),
    ],
)
async def test_pages_hold_every_appointment_once_in_order_of(
    client: AsyncClient, make: Make, query: dict[str, Any], expected: list[int]
) -> None:
    ids = [(await make(row))["id"] for row in ROWS]
    listed = await walk(client, query)
    assert [ids.index(item["id"]) for item in listed] == expected


async def test_list_shows_what_was_created(client: AsyncClient, make: Make) -> None:
    assert await walk(client, {}) == []
    created = [await make(row) for row in ROWS]
    assert await walk(client, {}) == created


async def test_list_takes_as_many_statements_for_one_appointment_as_for_many(
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
        pytest.param({"vet_id": "not-a-uuid"}, id="vet_id_of_no_uuid"),
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
    query = {"cursor": page["next_cursor"], "sort": "starts_at"}
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


async def test_appointment_goes_with_its_pet(make: Make, session: Session) -> None:
    key = UUID("00000000-0000-7000-8000-bbba57310003")
    created = await make(ROWS[0] | {"pet_id": str(key)})
    statement = delete(Pet).where(Pet.id == key)
    session.execute(statement)
    session.commit()
    assert session.get(Appointment, UUID(created["id"])) is None


async def test_appointment_keeps_its_vet(client: AsyncClient, make: Make, session: Session) -> None:
    key = UUID("00000000-0000-7000-8000-5f9276120003")
    created = await make(ROWS[0] | {"vet_id": str(key)})
    statement = delete(Vet).where(Vet.id == key)
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(statement)
    expect.problem(await client.delete("/".join(["/api/v1/vets", str(key)])), 409)
    assert session.get(Appointment, UUID(created["id"]))


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
    url, change = f"{URL}/{created['id']}", {"starts_at": "2020-01-04T12:00:00Z"}
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
    url, change = f"{URL}/{created['id']}", {"starts_at": "2020-01-04T12:00:00Z"}
    expect.problem(await client.patch(url, json=change, headers={"If-Match": stale}), 412)
    assert (await client.get(url)).json() == created


async def test_only_one_of_many_updates_at_once_succeeds(
    live_client: AsyncClient, engine: Engine
) -> None:
    with Session(engine) as session:
        store_pets(session)
        store_vets(session)
        session.commit()
    created = (await live_client.post(URL, json=ROWS[0])).json()
    url, change = f"{URL}/{created['id']}", {"starts_at": "2020-01-04T12:00:00Z"}
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
        "Appointments",
        [
            "create_appointment",
            "delete_appointment",
            "get_appointment",
            "list_appointments",
            "replace_appointment",
            "update_appointment",
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
    """Creates an appointment, and answers what the client gets."""

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
