"""The behaviour of tags."""

import json
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from httpx import AsyncClient

from petsage_api.tests import bodies, expect

Make = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]

pytestmark = pytest.mark.anyio

URL = "/api/v1/tags"
NONE = URL + "/00000000-0000-7000-8000-000000000000"
ROWS: list[dict[str, Any]] = [
    {"label": "amber", "colour": "amber"},
    {"label": "daisy", "colour": "blue"},
    {"label": "birch", "colour": "blue"},
    {"label": "fern", "colour": "green"},
    {"label": "cedar", "colour": "green"},
    {"label": "elder", "colour": "red"},
]
LEAST: dict[str, Any] = {"label": "amber"}
DEFAULTS: dict[str, Any] = {"colour": "blue"}
HIDDEN: list[str] = []
OWN = ["id"]
ACCEPTED = [
    pytest.param("label", "x", id="label_of_1_character"),
    pytest.param("label", "x" * 30, id="label_of_30_characters"),
    pytest.param("colour", "red", id="colour_of_value_1"),
    pytest.param("colour", "amber", id="colour_of_value_2"),
    pytest.param("colour", "green", id="colour_of_value_3"),
    pytest.param("colour", "blue", id="colour_of_value_4"),
]
REFUSED = [
    pytest.param("label", "", id="label_of_0_characters"),
    pytest.param("label", "x" * 31, id="label_of_31_characters"),
    pytest.param("label", " " * 1, id="label_of_blank"),
    pytest.param("label", 1, id="label_of_a_number"),
    pytest.param("label", True, id="label_of_a_boolean"),
    pytest.param("label", "a\x00b", id="label_of_a_nul"),
    pytest.param("colour", "other", id="colour_of_no_value"),
    pytest.param("colour", 1, id="colour_of_a_number"),
    pytest.param("colour", True, id="colour_of_a_boolean"),
]


async def test_created_tag_is_answered_and_kept(client: AsyncClient) -> None:
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


@pytest.mark.parametrize("name", ["label"])
async def test_create_needs(client: AsyncClient, name: str) -> None:
    body = {key: value for key, value in ROWS[0].items() if key != name}
    expect.refused(await client.post(URL, json=body), name)


@pytest.mark.parametrize("name", ["label", "colour"])
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


@pytest.mark.parametrize("names", [["label"]])
async def test_create_refuses_taken(client: AsyncClient, make: Make, names: list[str]) -> None:
    await make(ROWS[0])
    expect.taken(await client.post(URL, json=ROWS[1] | bodies.part(ROWS[0], names)), names)
    await make(ROWS[1])


async def test_tag_is_read_by_its_id(client: AsyncClient, make: Make) -> None:
    one, *others = [await make(row) for row in ROWS]
    assert (await client.get(f"{URL}/{one['id']}")).json() == one
    assert [(await client.get(f"{URL}/{other['id']}")).json() for other in others] == others


async def test_unknown_tag_is_not_found(client: AsyncClient) -> None:
    expect.problem(await client.get(NONE), 404)


async def test_id_that_is_none_is_not_found(client: AsyncClient) -> None:
    expect.problem(await client.get(f"{URL}/1"), 404)


async def test_deleted_tag_is_gone(client: AsyncClient, make: Make) -> None:
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
        pytest.param({"sort": "label"}, [0, 2, 4, 1, 5, 3], id="label_ascending"),
        pytest.param({"sort": "-label"}, [3, 5, 1, 4, 2, 0], id="label_descending"),
    ],
)
async def test_pages_hold_every_tag_once_in_order_of(
    client: AsyncClient, make: Make, query: dict[str, Any], expected: list[int]
) -> None:
    ids = [(await make(row))["id"] for row in ROWS]
    listed = await walk(client, query)
    assert [ids.index(item["id"]) for item in listed] == expected


async def test_list_shows_what_was_created(client: AsyncClient, make: Make) -> None:
    assert await walk(client, {}) == []
    created = [await make(row) for row in ROWS]
    assert await walk(client, {}) == created


async def test_list_takes_as_many_statements_for_one_tag_as_for_many(
    client: AsyncClient, make: Make, statements: list[str]
) -> None:
    counts = []
    for added in (ROWS[:1], ROWS[1:]):
        for row in added:
            await make(row)
        statements.clear()
        response = await client.get(URL, params={})
        assert response.status_code == 200
        counts.append(len(statements))
    assert counts[0] == counts[1] > 0


@pytest.mark.parametrize(
    "query",
    [
        pytest.param({"surprise": "1"}, id="an_unknown_name"),
        pytest.param({"sort": "surprise"}, id="an_order_by_what_is_not_there"),
    ],
)
async def test_list_refuses(client: AsyncClient, query: dict[str, Any]) -> None:
    response = await client.get(URL, params=query)
    expect.problem(response, 422)
    assert response.json()["errors"][0]["location"].startswith(f"/query/{next(iter(query))}")


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
    expect.documented(app, URL, "Tags", ["create_tag", "delete_tag", "get_tag", "list_tags"])


@pytest.fixture
def make(client: AsyncClient) -> Make:
    """Creates a tag, and answers what the client gets."""

    async def create(row: dict[str, Any]) -> dict[str, Any]:
        response = await client.post(URL, json=row)
        assert response.status_code == 201, response.text
        created: dict[str, Any] = response.json()
        return created

    return create


async def walk(client: AsyncClient, query: dict[str, Any]) -> list[dict[str, Any]]:
    """The items of the one page."""
    response = await client.get(URL, params=query)
    assert response.status_code == 200, response.text
    items: list[dict[str, Any]] = response.json()["items"]
    return items


def answered(row: dict[str, Any]) -> dict[str, Any]:
    """What is answered of a row that was sent, apart from what only the server sets."""
    shown = DEFAULTS | {name: value for name, value in row.items() if name not in HIDDEN}
    return {name: value for name, value in shown.items() if name not in OWN}
