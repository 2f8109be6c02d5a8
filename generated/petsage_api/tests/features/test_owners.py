"""The behaviour of owners."""

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

URL = "/api/v1/owners"
NONE = URL + "/00000000-0000-7000-8000-000000000000"
ROWS: list[dict[str, Any]] = [
    {
        "full_name": "Ada Byron",
        "email": "ada@example.com",
        "phone": "+442071234567",
        "born_on": "2020-01-01",
        "newsletter": False,
    },
    {
        "full_name": "amber",
        "email": "cedar@example.com",
        "phone": "+0000000",
        "born_on": "2020-01-02",
        "newsletter": True,
    },
    {
        "full_name": "amber",
        "email": "amber@example.com",
        "phone": "+0000000",
        "born_on": "2020-01-02",
        "newsletter": True,
    },
    {
        "full_name": "birch",
        "email": "elder@example.com",
        "phone": "+0000001",
        "born_on": "2020-01-03",
        "newsletter": True,
    },
    {
        "full_name": "birch",
        "email": "birch@example.com",
        "phone": "+0000001",
        "born_on": "2020-01-03",
        "newsletter": True,
    },
    {
        "full_name": "cedar",
        "email": "daisy@example.com",
        "phone": None,
        "born_on": None,
        "newsletter": True,
    },
]
LEAST: dict[str, Any] = {"full_name": "Ada Byron", "email": "ada@example.com"}
DEFAULTS: dict[str, Any] = {"phone": None, "born_on": None, "newsletter": False}
HIDDEN: list[str] = []
OWN = ["id", "created_at", "updated_at"]
IMMUTABLE: list[str] = []
FOUND = [
    pytest.param({"newsletter": False}, [0], id="newsletter_given"),
    pytest.param({"born_on_gte": "2020-01-01"}, [0, 1, 2, 3, 4], id="born_on_gte_given"),
    pytest.param({"born_on_gte": "2020-01-04"}, [], id="born_on_gte_matching_none"),
    pytest.param({"born_on_lte": "2020-01-01"}, [0], id="born_on_lte_given"),
    pytest.param({"born_on_is_null": True}, [5], id="born_on_is_null_true"),
    pytest.param({"born_on_is_null": False}, [0, 1, 2, 3, 4], id="born_on_is_null_false"),
]
ACCEPTED = [
    pytest.param("full_name", "x", id="full_name_of_1_character"),
    pytest.param("full_name", "x" * 120, id="full_name_of_120_characters"),
    pytest.param(
        "email",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd.dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd.dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd.dd.com",
        id="email_of_the_longest",
    ),
    pytest.param("phone", "+0000000", id="phone_of_matching_1"),
    pytest.param("phone", "+0000001", id="phone_of_matching_2"),
    pytest.param("phone", "+0000002", id="phone_of_matching_3"),
    pytest.param("newsletter", True, id="newsletter_of_true"),
    pytest.param("newsletter", False, id="newsletter_of_false"),
]
REFUSED = [
    pytest.param("full_name", "", id="full_name_of_0_characters"),
    pytest.param("full_name", "x" * 121, id="full_name_of_121_characters"),
    pytest.param("full_name", " " * 1, id="full_name_of_blank"),
    pytest.param("full_name", 1, id="full_name_of_a_number"),
    pytest.param("full_name", True, id="full_name_of_a_boolean"),
    pytest.param("full_name", "a\x00b", id="full_name_of_a_nul"),
    pytest.param(
        "email",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd.dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd.dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd.ddd.com",
        id="email_of_too_long",
    ),
    pytest.param("email", 1, id="email_of_a_number"),
    pytest.param("email", "ada", id="email_of_no_email"),
    pytest.param("email", "@example.com", id="email_of_an_email_without_a_name"),
    pytest.param("email", "ada@", id="email_of_an_email_without_a_domain"),
    pytest.param("email", "a da@example.com", id="email_of_an_email_with_a_space"),
    pytest.param("email", "a\x00b", id="email_of_a_nul"),
    pytest.param("phone", "x" * 256, id="phone_of_256_characters"),
    pytest.param("phone", "!", id="phone_of_not_matching"),
    pytest.param("phone", 1, id="phone_of_a_number"),
    pytest.param("phone", True, id="phone_of_a_boolean"),
    pytest.param("phone", "a\x00b", id="phone_of_a_nul"),
    pytest.param("born_on", 1, id="born_on_of_a_number"),
    pytest.param("born_on", True, id="born_on_of_a_boolean"),
    pytest.param("born_on", "many", id="born_on_of_a_word"),
    pytest.param("born_on", "2023-02-29", id="born_on_of_a_day_that_is_none"),
    pytest.param("born_on", "2023-02-28T12", id="born_on_of_a_moment"),
    pytest.param("newsletter", 1, id="newsletter_of_a_number"),
    pytest.param("newsletter", "yes", id="newsletter_of_a_word"),
    pytest.param("newsletter", "true", id="newsletter_of_true_as_text"),
]


async def test_created_owner_is_answered_and_kept(client: AsyncClient) -> None:
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


@pytest.mark.parametrize("name", ["full_name", "email"])
async def test_create_needs(client: AsyncClient, name: str) -> None:
    body = {key: value for key, value in ROWS[0].items() if key != name}
    expect.refused(await client.post(URL, json=body), name)


@pytest.mark.parametrize("name", ["full_name", "email", "newsletter"])
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


@pytest.mark.parametrize("names", [["email"]])
async def test_create_refuses_taken(client: AsyncClient, make: Make, names: list[str]) -> None:
    await make(ROWS[0])
    expect.taken(await client.post(URL, json=ROWS[1] | bodies.part(ROWS[0], names)), names)
    await make(ROWS[1])


async def test_owner_is_read_by_its_id(client: AsyncClient, make: Make) -> None:
    one, *others = [await make(row) for row in ROWS]
    assert (await client.get(f"{URL}/{one['id']}")).json() == one
    assert [(await client.get(f"{URL}/{other['id']}")).json() for other in others] == others


async def test_unknown_owner_is_not_found(client: AsyncClient) -> None:
    expect.problem(await client.get(NONE), 404)


async def test_id_that_is_none_is_not_found(client: AsyncClient) -> None:
    expect.problem(await client.get(f"{URL}/1"), 404)


@pytest.mark.parametrize("name", ["full_name", "email", "phone", "born_on", "newsletter"])
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
    response = await client.patch(f"{URL}/{before['id']}", json={"full_name": "amber"})
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


@pytest.mark.parametrize("name", ["phone", "born_on"])
async def test_update_to_null_clears(client: AsyncClient, make: Make, name: str) -> None:
    before = await make(ROWS[0])
    response = await client.patch(f"{URL}/{before['id']}", json={name: None})
    assert response.status_code == 200
    assert name in HIDDEN or response.json()[name] is None


@pytest.mark.parametrize("name", ["full_name", "email", "newsletter"])
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


@pytest.mark.parametrize("names", [["email"]])
async def test_update_refuses_taken(client: AsyncClient, make: Make, names: list[str]) -> None:
    await make(ROWS[0])
    other = await make(ROWS[1])
    response = await client.patch(f"{URL}/{other['id']}", json=bodies.part(ROWS[0], names))
    expect.taken(response, names)


async def test_update_of_an_unknown_owner_is_not_found(client: AsyncClient) -> None:
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


@pytest.mark.parametrize("name", ["full_name", "email"])
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


@pytest.mark.parametrize("names", [["email"]])
async def test_replace_refuses_taken(client: AsyncClient, make: Make, names: list[str]) -> None:
    await make(ROWS[0])
    other = await make(ROWS[1])
    body = ROWS[1] | bodies.part(ROWS[0], names)
    expect.taken(await client.put(f"{URL}/{other['id']}", json=body), names)


async def test_replace_of_an_unknown_owner_is_not_found(client: AsyncClient) -> None:
    expect.problem(await client.put(NONE, json=ROWS[0]), 404)


async def test_deleted_owner_is_gone(client: AsyncClient, make: Make) -> None:
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
        pytest.param({"sort": "created_at"}, [0, 1, 2, 3, 4, 5], id="created_at_ascending"),
        pytest.param({"sort": "-created_at"}, [5, 4, 3, 2, 1, 0], id="created_at_descending"),
    ],
)
async def test_pages_hold_every_owner_once_in_order_of(
    client: AsyncClient, make: Make, query: dict[str, Any], expected: list[int]
) -> None:
    ids = [(await make(row))["id"] for row in ROWS]
    listed = await walk(client, query)
    assert [ids.index(item["id"]) for item in listed] == expected


async def test_list_shows_what_was_created(client: AsyncClient, make: Make) -> None:
    assert await walk(client, {}) == []
    created = [await make(row) for row in ROWS]
    assert await walk(client, {}) == created


async def test_list_takes_as_many_statements_for_one_owner_as_for_many(
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
        pytest.param({"search": "DA "}, [0], id="part_of_full_name"),
        pytest.param({"search": "DA@"}, [0], id="part_of_email"),
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
        pytest.param({"born_on_is_null": "perhaps"}, id="born_on_is_null_of_a_word"),
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
    query = {"cursor": page["next_cursor"], "sort": "full_name"}
    expect.problem(await client.get(URL, params=query), 400)


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
        "Owners",
        [
            "create_owner",
            "delete_owner",
            "get_owner",
            "list_owners",
            "replace_owner",
            "update_owner",
        ],
    )


@pytest.fixture
def make(client: AsyncClient) -> Make:
    """Creates an owner, and answers what the client gets."""

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
