"""The behaviour of clinics."""

import json
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from httpx import AsyncClient

from petsage_api.tests import bodies, expect

Make = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]

pytestmark = pytest.mark.anyio

URL = "/api/v1/clinics"
NONE = URL + "/00000000-0000-7000-8000-000000000000"
ROWS: list[dict[str, Any]] = [
    {
        "name": "amber",
        "website": "https://example.com/amber",
        "opens_at": "09:00:00",
        "closes_at": "10:00:00",
    },
    {
        "name": "daisy",
        "website": "https://example.com/birch",
        "opens_at": "12:00:00",
        "closes_at": "13:00:00",
    },
    {
        "name": "birch",
        "website": "https://example.com/birch",
        "opens_at": "10:00:00",
        "closes_at": "11:00:00",
    },
    {
        "name": "fern",
        "website": "https://example.com/cedar",
        "opens_at": "14:00:00",
        "closes_at": "15:00:00",
    },
    {
        "name": "cedar",
        "website": "https://example.com/cedar",
        "opens_at": "11:00:00",
        "closes_at": "12:00:00",
    },
    {"name": "elder", "website": None, "opens_at": "13:00:00", "closes_at": "14:00:00"},
]
LEAST: dict[str, Any] = {"name": "amber", "opens_at": "09:00:00", "closes_at": "10:00:00"}
DEFAULTS: dict[str, Any] = {"website": None}
HIDDEN: list[str] = []
OWN = ["id", "created_at", "updated_at"]
IMMUTABLE: list[str] = []
ACCEPTED = [
    pytest.param("name", "x", id="name_of_1_character"),
    pytest.param("name", "x" * 120, id="name_of_120_characters"),
    pytest.param("website", "https://example.com/" + "a" * 2028, id="website_of_the_longest"),
]
REFUSED = [
    pytest.param("name", "", id="name_of_0_characters"),
    pytest.param("name", "x" * 121, id="name_of_121_characters"),
    pytest.param("name", " " * 1, id="name_of_blank"),
    pytest.param("name", 1, id="name_of_a_number"),
    pytest.param("name", True, id="name_of_a_boolean"),
    pytest.param("name", "a\x00b", id="name_of_a_nul"),
    pytest.param("website", "https://example.com/" + "a" * 2029, id="website_of_too_long"),
    pytest.param("website", 1, id="website_of_a_number"),
    pytest.param("website", "example", id="website_of_no_url"),
    pytest.param("website", "javascript:alert(1)", id="website_of_a_script"),
    pytest.param("website", "file:///etc/passwd", id="website_of_a_file"),
    pytest.param("website", "a\x00b", id="website_of_a_nul"),
    pytest.param("opens_at", 1, id="opens_at_of_a_number"),
    pytest.param("opens_at", True, id="opens_at_of_a_boolean"),
    pytest.param("opens_at", "many", id="opens_at_of_a_word"),
    pytest.param("opens_at", "08:30:00Z", id="opens_at_of_a_time_with_a_zone"),
    pytest.param("opens_at", "24:00:00", id="opens_at_of_hour_24"),
    pytest.param("closes_at", 1, id="closes_at_of_a_number"),
    pytest.param("closes_at", True, id="closes_at_of_a_boolean"),
    pytest.param("closes_at", "many", id="closes_at_of_a_word"),
    pytest.param("closes_at", "08:30:00Z", id="closes_at_of_a_time_with_a_zone"),
    pytest.param("closes_at", "24:00:00", id="closes_at_of_hour_24"),
]


async def test_created_clinic_is_answered_and_kept(client: AsyncClient) -> None:
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


@pytest.mark.parametrize("name", ["name", "opens_at", "closes_at"])
async def test_create_needs(client: AsyncClient, name: str) -> None:
    body = {key: value for key, value in ROWS[0].items() if key != name}
    expect.refused(await client.post(URL, json=body), name)


@pytest.mark.parametrize("name", ["name", "opens_at", "closes_at"])
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


@pytest.mark.parametrize("names", [["name"]])
async def test_create_refuses_taken(client: AsyncClient, make: Make, names: list[str]) -> None:
    await make(ROWS[0])
    expect.taken(await client.post(URL, json=ROWS[1] | bodies.part(ROWS[0], names)), names)
    await make(ROWS[1])


@pytest.mark.parametrize(
    ("code", "location", "broken"),
    [
        (
            "closes_after_opening",
            "/body/closes_at",
            {"closes_at": "09:00:00", "opens_at": "09:00:00"},
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
        ("closes_after_opening", {"closes_at": "11:00:00", "opens_at": "09:00:00"}),
    ],
)
async def test_create_accepts_what_keeps(make: Make, code: str, kept: dict[str, Any]) -> None:
    created = await make(ROWS[0] | kept)
    assert created == created | {name: kept[name] for name in kept if name not in HIDDEN}, code


async def test_clinic_is_read_by_its_id(client: AsyncClient, make: Make) -> None:
    one, *others = [await make(row) for row in ROWS]
    assert (await client.get(f"{URL}/{one['id']}")).json() == one
    assert [(await client.get(f"{URL}/{other['id']}")).json() for other in others] == others


async def test_unknown_clinic_is_not_found(client: AsyncClient) -> None:
    expect.problem(await client.get(NONE), 404)


async def test_id_that_is_none_is_not_found(client: AsyncClient) -> None:
    expect.problem(await client.get(f"{URL}/1"), 404)


@pytest.mark.parametrize("name", ["name", "website"])
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
    response = await client.patch(f"{URL}/{before['id']}", json={"name": "daisy"})
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


@pytest.mark.parametrize("name", ["website"])
async def test_update_to_null_clears(client: AsyncClient, make: Make, name: str) -> None:
    before = await make(ROWS[0])
    response = await client.patch(f"{URL}/{before['id']}", json={name: None})
    assert response.status_code == 200
    assert name in HIDDEN or response.json()[name] is None


@pytest.mark.parametrize("name", ["name", "opens_at", "closes_at"])
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


@pytest.mark.parametrize("names", [["name"]])
async def test_update_refuses_taken(client: AsyncClient, make: Make, names: list[str]) -> None:
    await make(ROWS[0])
    other = await make(ROWS[1])
    response = await client.patch(f"{URL}/{other['id']}", json=bodies.part(ROWS[0], names))
    expect.taken(response, names)


@pytest.mark.parametrize(
    ("code", "location", "broken"),
    [
        (
            "closes_after_opening",
            "/body/closes_at",
            {"closes_at": "09:00:00", "opens_at": "09:00:00"},
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


async def test_update_of_an_unknown_clinic_is_not_found(client: AsyncClient) -> None:
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


@pytest.mark.parametrize("name", ["name", "opens_at", "closes_at"])
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


@pytest.mark.parametrize("names", [["name"]])
async def test_replace_refuses_taken(client: AsyncClient, make: Make, names: list[str]) -> None:
    await make(ROWS[0])
    other = await make(ROWS[1])
    body = ROWS[1] | bodies.part(ROWS[0], names)
    expect.taken(await client.put(f"{URL}/{other['id']}", json=body), names)


async def test_replace_of_an_unknown_clinic_is_not_found(client: AsyncClient) -> None:
    expect.problem(await client.put(NONE, json=ROWS[0]), 404)


async def test_deleted_clinic_is_gone(client: AsyncClient, make: Make) -> None:
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
    ],
)
async def test_pages_hold_every_clinic_once_in_order_of(
    client: AsyncClient, make: Make, query: dict[str, Any], expected: list[int]
) -> None:
    ids = [(await make(row))["id"] for row in ROWS]
    listed = await walk(client, query)
    assert [ids.index(item["id"]) for item in listed] == expected


async def test_list_shows_what_was_created(client: AsyncClient, make: Make) -> None:
    assert await walk(client, {}) == []
    created = [await make(row) for row in ROWS]
    assert await walk(client, {}) == created


async def test_list_takes_as_many_statements_for_one_clinic_as_for_many(
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
    ("query", "found"),
    [
        pytest.param({"search": "MBE"}, [0], id="part_of_name"),
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
        pytest.param({"limit": 201}, id="too_many_items_a_page"),
        pytest.param({"offset": -1}, id="an_offset_below_zero"),
        pytest.param({"search": " "}, id="a_blank_search"),
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
        "Clinics",
        [
            "create_clinic",
            "delete_clinic",
            "get_clinic",
            "list_clinics",
            "replace_clinic",
            "update_clinic",
        ],
    )


@pytest.fixture
def make(client: AsyncClient) -> Make:
    """Creates a clinic, and answers what the client gets."""

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
