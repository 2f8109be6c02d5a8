"""The behaviour of walks."""

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

from petsage_api.features.kennels.tables import Dog, Kennel
from petsage_api.features.walks.tables import Walk
from petsage_api.tests import bodies, expect
from petsage_api.tests.factories.kennels import store_kennels
from petsage_api.tests.factories.kennels_dogs import store_dogs

Make = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]

pytestmark = pytest.mark.anyio

URL = "/api/v1/walks"
NONE = URL + "/00000000-0000-7000-8000-000000000000"
ROWS: list[dict[str, Any]] = [
    {
        "at": "2020-01-01T12:00:00Z",
        "start_id": "00000000-0000-7000-8000-36cd85a00001",
        "dog_ids": ["00000000-0000-7000-8000-cd6357ef0001"],
    },
    {
        "at": "2020-01-02T12:00:00Z",
        "start_id": "00000000-0000-7000-8000-36cd85a00002",
        "dog_ids": ["00000000-0000-7000-8000-cd6357ef0001", "00000000-0000-7000-8000-cd6357ef0002"],
    },
    {
        "at": "2020-01-02T12:00:00Z",
        "start_id": "00000000-0000-7000-8000-36cd85a00002",
        "dog_ids": ["00000000-0000-7000-8000-cd6357ef0001", "00000000-0000-7000-8000-cd6357ef0002"],
    },
    {
        "at": "2020-01-03T12:00:00Z",
        "start_id": "00000000-0000-7000-8000-36cd85a00003",
        "dog_ids": [
            "00000000-0000-7000-8000-cd6357ef0001",
            "00000000-0000-7000-8000-cd6357ef0002",
            "00000000-0000-7000-8000-cd6357ef0003",
        ],
    },
    {
        "at": "2020-01-03T12:00:00Z",
        "start_id": "00000000-0000-7000-8000-36cd85a00003",
        "dog_ids": [
            "00000000-0000-7000-8000-cd6357ef0001",
            "00000000-0000-7000-8000-cd6357ef0002",
            "00000000-0000-7000-8000-cd6357ef0003",
        ],
    },
    {
        "at": "2020-01-04T12:00:00Z",
        "start_id": "00000000-0000-7000-8000-36cd85a00002",
        "dog_ids": ["00000000-0000-7000-8000-cd6357ef0002"],
    },
]
LEAST: dict[str, Any] = {
    "at": "2020-01-01T12:00:00Z",
    "start_id": "00000000-0000-7000-8000-36cd85a00001",
}
DEFAULTS: dict[str, Any] = {"dog_ids": []}
HIDDEN: list[str] = []
OWN = ["id", "created_at", "updated_at"]
IMMUTABLE: list[str] = []
EMBEDDED = [("start", "start_id"), ("dogs", "dog_ids")]
ACCEPTED = [pytest.param("dog_ids", [], id="dog_ids_of_nothing")]
REFUSED = [
    pytest.param("at", 1, id="at_of_a_number"),
    pytest.param("at", True, id="at_of_a_boolean"),
    pytest.param("at", "many", id="at_of_a_word"),
    pytest.param("at", "2024-02-29T08:30:00", id="at_of_a_moment_without_a_zone"),
    pytest.param("at", "2024-02-29", id="at_of_a_day"),
    pytest.param("at", "2023-02-29T08:30:00Z", id="at_of_a_moment_that_is_none"),
    pytest.param("start_id", 1, id="start_id_of_a_number"),
    pytest.param("start_id", "not-a-uuid", id="start_id_of_no_uuid"),
    pytest.param(
        "start_id", "0190d6f85b1c7e4e9d0b2f4d8f0c1a2b", id="start_id_of_a_uuid_without_hyphens"
    ),
    pytest.param(
        "dog_ids", ["0190d6f8-5b1c-7e4e-9d0b-2f4d8f0c1a2b"] * 101, id="dog_ids_of_101_ids"
    ),
    pytest.param("dog_ids", [1], id="dog_ids_of_an_id_that_is_a_number"),
    pytest.param("dog_ids", ["not-a-uuid"], id="dog_ids_of_an_id_that_is_no_uuid"),
    pytest.param(
        "dog_ids",
        ["0190d6f85b1c7e4e9d0b2f4d8f0c1a2b"],
        id="dog_ids_of_an_id_that_is_a_uuid_without_hyphens",
    ),
    pytest.param("dog_ids", [None], id="dog_ids_of_an_id_that_is_null"),
    pytest.param("dog_ids", 1, id="dog_ids_of_a_number"),
    pytest.param("dog_ids", "many", id="dog_ids_of_a_word"),
    pytest.param("dog_ids", {}, id="dog_ids_of_an_object"),
]
UNKNOWN = [
    ("start_id", "00000000-0000-7000-8000-000000000000"),
    ("dog_ids", ["00000000-0000-7000-8000-000000000000"]),
]
LATER_UNKNOWN = [
    ("start_id", "00000000-0000-7000-8000-000000000000"),
    ("dog_ids", ["00000000-0000-7000-8000-000000000000"]),
]


async def test_created_walk_is_answered_and_kept(client: AsyncClient) -> None:
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


@pytest.mark.parametrize("name", ["at", "start_id"])
async def test_create_needs(client: AsyncClient, name: str) -> None:
    body = {key: value for key, value in ROWS[0].items() if key != name}
    expect.refused(await client.post(URL, json=body), name)


@pytest.mark.parametrize("name", ["at", "start_id", "dog_ids"])
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


async def test_walk_is_read_by_its_id(client: AsyncClient, make: Make) -> None:
    one, *others = [await make(row) for row in ROWS]
    assert (await client.get(f"{URL}/{one['id']}")).json() == one
    assert [(await client.get(f"{URL}/{other['id']}")).json() for other in others] == others


async def test_unknown_walk_is_not_found(client: AsyncClient) -> None:
    expect.problem(await client.get(NONE), 404)


async def test_id_that_is_none_is_not_found(client: AsyncClient) -> None:
    expect.problem(await client.get(f"{URL}/1"), 404)


@pytest.mark.parametrize("name", ["at", "start_id", "dog_ids"])
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
    response = await client.patch(f"{URL}/{before['id']}", json={"at": "2020-01-02T12:00:00Z"})
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


@pytest.mark.parametrize("name", ["at", "start_id", "dog_ids"])
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


async def test_update_of_an_unknown_walk_is_not_found(client: AsyncClient) -> None:
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


@pytest.mark.parametrize("name", ["at", "start_id"])
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


async def test_replace_of_an_unknown_walk_is_not_found(client: AsyncClient) -> None:
    expect.problem(await client.put(NONE, json=ROWS[0]), 404)


async def test_deleted_walk_is_gone(client: AsyncClient, make: Make) -> None:
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
    ],
)
async def test_pages_hold_every_walk_once_in_order_of(
    client: AsyncClient, make: Make, query: dict[str, Any], expected: list[int]
) -> None:
    ids = [(await make(row))["id"] for row in ROWS]
    listed = await walk(client, query)
    assert [ids.index(item["id"]) for item in listed] == expected


async def test_list_shows_what_was_created(client: AsyncClient, make: Make) -> None:
    assert await walk(client, {}) == []
    created = [await make(row) for row in ROWS]
    assert await walk(client, {}) == created


async def test_list_takes_as_many_statements_for_one_walk_as_for_many(
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


@pytest.mark.parametrize(
    "query",
    [
        pytest.param({"surprise": "1"}, id="an_unknown_name"),
        pytest.param({"limit": 0}, id="no_items_a_page"),
        pytest.param({"limit": 101}, id="too_many_items_a_page"),
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


async def test_update_ties_and_unties_dogs(client: AsyncClient, make: Make) -> None:
    before, *others = [await make(row) for row in ROWS]
    ids: list[str] = [
        "00000000-0000-7000-8000-cd6357ef0001",
        "00000000-0000-7000-8000-cd6357ef0002",
        "00000000-0000-7000-8000-cd6357ef0003",
    ]
    for tied in ([], ids, ids[1:]):
        response = await client.patch(f"{URL}/{before['id']}", json={"dog_ids": tied})
        after = response.json()
        assert bodies.unstamped(after) == bodies.unstamped(before | {"dog_ids": tied})
        assert after["updated_at"] != before["updated_at"]
        before = after
    assert [(await client.get(f"{URL}/{other['id']}")).json() for other in others] == others


async def test_walk_loses_deleted_dogs(client: AsyncClient, make: Make, session: Session) -> None:
    created = await make(ROWS[0])
    gone, *kept = created["dog_ids"]
    session.execute(delete(Dog).where(Dog.id == UUID(gone)))
    session.commit()
    after = (await client.get(f"{URL}/{created['id']}")).json()
    assert after["dog_ids"] == kept


async def test_walk_keeps_its_start(client: AsyncClient, make: Make, session: Session) -> None:
    key = UUID("00000000-0000-7000-8000-36cd85a00003")
    created = await make(ROWS[0] | {"start_id": str(key)})
    statement = delete(Kennel).where(Kennel.id == key)
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(statement)
    expect.problem(await client.delete("/".join(["/api/v1/kennels", str(key)])), 409)
    assert session.get(Walk, UUID(created["id"]))


@pytest.mark.parametrize(("name", "field"), EMBEDDED)
async def test_read_embeds(client: AsyncClient, make: Make, name: str, field: str) -> None:
    created = await make(ROWS[0])
    response = await client.get(f"{URL}/{created['id']}", params={"include": name})
    found = response.json()
    assert bodies.ids_of(found.pop(name)) == created[field]
    assert found == created


@pytest.mark.parametrize(("name", "field"), EMBEDDED)
async def test_list_embeds(client: AsyncClient, make: Make, name: str, field: str) -> None:
    created = [await make(row) for row in ROWS]
    found = (await client.get(URL, params={"include": name})).json()["items"]
    assert found
    ids = [bodies.ids_of(one.pop(name)) for one in found]
    assert ids == [one[field] for one in created[: len(found)]]
    assert found == created[: len(found)]


async def test_nothing_else_is_embedded(client: AsyncClient) -> None:
    nobody = "00000000-0000-7000-8000-000000000000"
    for url in (URL, f"{URL}/{nobody}"):
        response = await client.get(url, params={"include": "surprise"})
        assert response.status_code in {405, 422}


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
        "Walks",
        ["create_walk", "delete_walk", "get_walk", "list_walks", "replace_walk", "update_walk"],
    )


@pytest.fixture
def client(client: AsyncClient, session: Session) -> AsyncClient:
    """A client of an application that holds what the rows refer to."""
    store_kennels(session)
    store_dogs(session)
    session.commit()
    return client


@pytest.fixture
def make(client: AsyncClient) -> Make:
    """Creates a walk, and answers what the client gets."""

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
