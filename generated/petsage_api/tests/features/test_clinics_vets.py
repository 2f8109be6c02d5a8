"""The behaviour of vets."""

import json
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from httpx import AsyncClient
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from petsage_api.features.clinics.tables import Clinic, Vet
from petsage_api.tests import bodies, expect
from petsage_api.tests.factories.clinics import store_clinics

Make = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]

pytestmark = pytest.mark.anyio

URL = "/api/v1/vets"
NONE = URL + "/00000000-0000-7000-8000-000000000000"
ROWS: list[dict[str, Any]] = [
    {
        "full_name": "amber",
        "licence": "GB-12345",
        "specialities": ["general"],
        "clinic_id": "00000000-0000-7000-8000-bbfeb74a0001",
        "mentor_id": None,
    },
    {
        "full_name": "birch",
        "licence": "AA-00002",
        "specialities": ["dental"],
        "clinic_id": "00000000-0000-7000-8000-bbfeb74a0002",
        "mentor_id": None,
    },
    {
        "full_name": "birch",
        "licence": "AA-00000",
        "specialities": ["dental"],
        "clinic_id": "00000000-0000-7000-8000-bbfeb74a0002",
        "mentor_id": None,
    },
    {
        "full_name": "cedar",
        "licence": "AA-00004",
        "specialities": ["exotic"],
        "clinic_id": "00000000-0000-7000-8000-bbfeb74a0003",
        "mentor_id": None,
    },
    {
        "full_name": "cedar",
        "licence": "AA-00001",
        "specialities": ["exotic"],
        "clinic_id": "00000000-0000-7000-8000-bbfeb74a0003",
        "mentor_id": None,
    },
    {
        "full_name": "daisy",
        "licence": "AA-00003",
        "specialities": ["surgery"],
        "clinic_id": "00000000-0000-7000-8000-bbfeb74a0002",
        "mentor_id": None,
    },
]
LEAST: dict[str, Any] = {
    "full_name": "amber",
    "licence": "GB-12345",
    "specialities": ["general"],
    "clinic_id": "00000000-0000-7000-8000-bbfeb74a0001",
}
DEFAULTS: dict[str, Any] = {"mentor_id": None}
HIDDEN: list[str] = []
OWN = ["id", "created_at", "updated_at"]
IMMUTABLE: list[str] = ["licence"]
FOUND = [
    pytest.param({"clinic_id": "00000000-0000-7000-8000-bbfeb74a0001"}, [0], id="clinic_id_given"),
    pytest.param({"mentor_id_is_null": True}, [0, 1, 2, 3, 4, 5], id="mentor_id_is_null_true"),
    pytest.param({"mentor_id_is_null": False}, [], id="mentor_id_is_null_false"),
]
ACCEPTED = [
    pytest.param("full_name", "x", id="full_name_of_1_character"),
    pytest.param("full_name", "x" * 120, id="full_name_of_120_characters"),
    pytest.param("licence", "AA-00000", id="licence_of_matching_1"),
    pytest.param("licence", "AA-00001", id="licence_of_matching_2"),
    pytest.param("licence", "AA-00002", id="licence_of_matching_3"),
    pytest.param("specialities", ["dental"], id="specialities_of_1_item"),
    pytest.param("specialities", ["dental"] * 4, id="specialities_of_4_items"),
]
REFUSED = [
    pytest.param("full_name", "", id="full_name_of_0_characters"),
    pytest.param("full_name", "x" * 121, id="full_name_of_121_characters"),
    pytest.param("full_name", " " * 1, id="full_name_of_blank"),
    pytest.param("full_name", 1, id="full_name_of_a_number"),
    pytest.param("full_name", True, id="full_name_of_a_boolean"),
    pytest.param("full_name", "a\x00b", id="full_name_of_a_nul"),
    pytest.param("licence", "x" * 256, id="licence_of_256_characters"),
    pytest.param("licence", "!", id="licence_of_not_matching"),
    pytest.param("licence", 1, id="licence_of_a_number"),
    pytest.param("licence", True, id="licence_of_a_boolean"),
    pytest.param("licence", "a\x00b", id="licence_of_a_nul"),
    pytest.param("specialities", [], id="specialities_of_0_items"),
    pytest.param("specialities", ["dental"] * 5, id="specialities_of_5_items"),
    pytest.param("specialities", ["other"], id="specialities_of_an_item_that_is_no_value"),
    pytest.param("specialities", [1], id="specialities_of_an_item_that_is_a_number"),
    pytest.param("specialities", [True], id="specialities_of_an_item_that_is_a_boolean"),
    pytest.param("specialities", [None], id="specialities_of_an_item_that_is_null"),
    pytest.param("specialities", 1, id="specialities_of_a_number"),
    pytest.param("specialities", "many", id="specialities_of_a_word"),
    pytest.param("specialities", {}, id="specialities_of_an_object"),
    pytest.param("clinic_id", 1, id="clinic_id_of_a_number"),
    pytest.param("clinic_id", "not-a-uuid", id="clinic_id_of_no_uuid"),
    pytest.param(
        "clinic_id", "0190d6f85b1c7e4e9d0b2f4d8f0c1a2b", id="clinic_id_of_a_uuid_without_hyphens"
    ),
    pytest.param("mentor_id", 1, id="mentor_id_of_a_number"),
    pytest.param("mentor_id", "not-a-uuid", id="mentor_id_of_no_uuid"),
    pytest.param(
        "mentor_id", "0190d6f85b1c7e4e9d0b2f4d8f0c1a2b", id="mentor_id_of_a_uuid_without_hyphens"
    ),
]
UNKNOWN = [
    ("clinic_id", "00000000-0000-7000-8000-000000000000"),
    ("mentor_id", "00000000-0000-7000-8000-000000000000"),
]
LATER_UNKNOWN = [
    ("clinic_id", "00000000-0000-7000-8000-000000000000"),
    ("mentor_id", "00000000-0000-7000-8000-000000000000"),
]


async def test_created_vet_is_answered_and_kept(client: AsyncClient) -> None:
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


@pytest.mark.parametrize("name", ["full_name", "licence", "specialities", "clinic_id"])
async def test_create_needs(client: AsyncClient, name: str) -> None:
    body = {key: value for key, value in ROWS[0].items() if key != name}
    expect.refused(await client.post(URL, json=body), name)


@pytest.mark.parametrize("name", ["full_name", "licence", "specialities", "clinic_id"])
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


@pytest.mark.parametrize("names", [["licence"]])
async def test_create_refuses_taken(client: AsyncClient, make: Make, names: list[str]) -> None:
    await make(ROWS[0])
    expect.taken(await client.post(URL, json=ROWS[1] | bodies.part(ROWS[0], names)), names)
    await make(ROWS[1])


async def test_vet_is_read_by_its_id(client: AsyncClient, make: Make) -> None:
    one, *others = [await make(row) for row in ROWS]
    assert (await client.get(f"{URL}/{one['id']}")).json() == one
    assert [(await client.get(f"{URL}/{other['id']}")).json() for other in others] == others


async def test_unknown_vet_is_not_found(client: AsyncClient) -> None:
    expect.problem(await client.get(NONE), 404)


async def test_id_that_is_none_is_not_found(client: AsyncClient) -> None:
    expect.problem(await client.get(f"{URL}/1"), 404)


@pytest.mark.parametrize("name", ["full_name", "specialities", "clinic_id"])
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
    response = await client.patch(f"{URL}/{before['id']}", json={"full_name": "birch"})
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


@pytest.mark.parametrize("name", ["mentor_id"])
async def test_update_to_null_clears(client: AsyncClient, make: Make, name: str) -> None:
    before = await make(ROWS[0])
    response = await client.patch(f"{URL}/{before['id']}", json={name: None})
    assert response.status_code == 200
    assert name in HIDDEN or response.json()[name] is None


@pytest.mark.parametrize("name", ["full_name", "licence", "specialities", "clinic_id"])
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


@pytest.mark.parametrize("name", ["licence"])
async def test_update_refuses_to_change_immutable(
    client: AsyncClient, make: Make, name: str
) -> None:
    before = await make(ROWS[0])
    url = f"{URL}/{before['id']}"
    expect.refused(await client.patch(url, json={name: ROWS[1][name]}), name)
    assert (await client.patch(url, json={name: ROWS[0][name]})).json() == before


async def test_update_of_an_unknown_vet_is_not_found(client: AsyncClient) -> None:
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


@pytest.mark.parametrize("name", ["full_name", "specialities", "clinic_id"])
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


@pytest.mark.parametrize("name", ["licence"])
async def test_replace_refuses_to_change_immutable(
    client: AsyncClient, make: Make, name: str
) -> None:
    before = await make(ROWS[0])
    body = ROWS[0] | {name: ROWS[1][name]}
    expect.refused(await client.put(f"{URL}/{before['id']}", json=body), name)


async def test_replace_of_an_unknown_vet_is_not_found(client: AsyncClient) -> None:
    expect.problem(await client.put(NONE, json=ROWS[0]), 404)


async def test_deleted_vet_is_gone(client: AsyncClient, make: Make) -> None:
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
        pytest.param({"sort": "full_name"}, [0, 1, 2, 3, 4, 5], id="full_name_ascending"),
        pytest.param({"sort": "-full_name"}, [5, 4, 3, 2, 1, 0], id="full_name_descending"),
    ],
)
async def test_pages_hold_every_vet_once_in_order_of(
    client: AsyncClient, make: Make, query: dict[str, Any], expected: list[int]
) -> None:
    ids = [(await make(row))["id"] for row in ROWS]
    listed = await walk(client, query)
    assert [ids.index(item["id"]) for item in listed] == expected


async def test_list_shows_what_was_created(client: AsyncClient, make: Make) -> None:
    assert await walk(client, {}) == []
    created = [await make(row) for row in ROWS]
    assert await walk(client, {}) == created


async def test_list_takes_as_many_statements_for_one_vet_as_for_many(
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
        pytest.param({"limit": 201}, id="too_many_items_a_page"),
        pytest.param({"offset": -1}, id="an_offset_below_zero"),
        pytest.param({"clinic_id": "not-a-uuid"}, id="clinic_id_of_no_uuid"),
        pytest.param({"mentor_id": "not-a-uuid"}, id="mentor_id_of_no_uuid"),
        pytest.param({"mentor_id_is_null": "perhaps"}, id="mentor_id_is_null_of_a_word"),
    ],
)
async def test_list_refuses(client: AsyncClient, query: dict[str, Any]) -> None:
    response = await client.get(URL, params=query)
    expect.problem(response, 422)
    assert response.json()["errors"][0]["location"].startswith(f"/query/{next(iter(query))}")


async def test_page_tells_how_many_there_are_in_all(client: AsyncClient, make: Make) -> None:
    created = [await make(row) for row in ROWS]
    page = (await client.get(URL, params={"limit": 1})).json()
    assert page == {"items": created[:1], "total": len(ROWS)}


async def test_page_beyond_the_end_is_empty(client: AsyncClient, make: Make) -> None:
    await make(ROWS[0])
    page = (await client.get(URL, params={"offset": 1})).json()
    assert page == {"items": [], "total": 1}


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


async def test_vet_keeps_its_clinic(client: AsyncClient, make: Make, session: Session) -> None:
    key = UUID("00000000-0000-7000-8000-bbfeb74a0003")
    created = await make(ROWS[0] | {"clinic_id": str(key)})
    statement = delete(Clinic).where(Clinic.id == key)
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(statement)
    expect.problem(await client.delete("/".join(["/api/v1/clinics", str(key)])), 409)
    assert session.get(Vet, UUID(created["id"]))


async def test_vet_outlives_its_mentor(make: Make, session: Session) -> None:
    key = UUID((await make(ROWS[0]))["id"])
    created = await make(ROWS[1] | {"mentor_id": str(key)})
    statement = delete(Vet).where(Vet.id == key)
    session.execute(statement)
    session.commit()
    assert session.get_one(Vet, UUID(created["id"])).mentor_id is None


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
        "Vets",
        ["create_vet", "delete_vet", "get_vet", "list_vets", "replace_vet", "update_vet"],
    )


@pytest.fixture
def client(client: AsyncClient, session: Session) -> AsyncClient:
    """A client of an application that holds what the rows refer to."""
    store_clinics(session)
    session.commit()
    return client


@pytest.fixture
def make(client: AsyncClient) -> Make:
    """Creates a vet, and answers what the client gets."""

    async def create(row: dict[str, Any]) -> dict[str, Any]:
        response = await client.post(URL, json=row)
        assert response.status_code == 201, response.text
        created: dict[str, Any] = response.json()
        return created

    return create


async def walk(client: AsyncClient, query: dict[str, Any]) -> list[dict[str, Any]]:
    """The items of all pages."""
    items: list[dict[str, Any]] = []
    for offset in range(0, len(ROWS) + 2, 2):
        response = await client.get(URL, params={"limit": 2, "offset": offset} | query)
        assert response.status_code == 200, response.text
        items += response.json()["items"]
    return items


def answered(row: dict[str, Any]) -> dict[str, Any]:
    """What is answered of a row that was sent, apart from what only the server sets."""
    shown = DEFAULTS | {name: value for name, value in row.items() if name not in HIDDEN}
    return {name: value for name, value in shown.items() if name not in OWN}
