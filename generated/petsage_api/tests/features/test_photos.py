"""The behaviour of photos."""

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

from petsage_api.features.pets.tables import Pet
from petsage_api.features.photos.tables import Photo
from petsage_api.tests import bodies, expect
from petsage_api.tests.factories.pets import store_pets

Make = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]

pytestmark = pytest.mark.anyio

URL = "/api/v1/photos"
NONE = URL + "/00000000-0000-7000-8000-000000000000"
ROWS: list[dict[str, Any]] = [
    {
        "storage_url": "https://example.com/amber",
        "thumbnail": "YWFhYWE=",
        "taken_at": "2020-01-01T12:00:00Z",
        "caption": "amber",
        "checksum": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "upload_token": "0000000c-0000-4000-8000-00000000000c",
        "pet_id": "00000000-0000-7000-8000-bbba57310001",
    },
    {
        "storage_url": "https://example.com/birch",
        "thumbnail": "YmJiYmI=",
        "taken_at": "2020-01-02T12:00:00Z",
        "caption": "birch",
        "checksum": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa0",
        "upload_token": "0000000b-0000-4000-8000-00000000000b",
        "pet_id": "00000000-0000-7000-8000-bbba57310002",
    },
    {
        "storage_url": "https://example.com/birch",
        "thumbnail": "YmJiYmI=",
        "taken_at": "2020-01-02T12:00:00Z",
        "caption": "birch",
        "checksum": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa0",
        "upload_token": "0000000b-0000-4000-8000-00000000000b",
        "pet_id": "00000000-0000-7000-8000-bbba57310002",
    },
    {
        "storage_url": "https://example.com/cedar",
        "thumbnail": "Y2NjY2M=",
        "taken_at": "2020-01-03T12:00:00Z",
        "caption": "cedar",
        "checksum": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1",
        "upload_token": "0000000a-0000-4000-8000-00000000000a",
        "pet_id": "00000000-0000-7000-8000-bbba57310003",
    },
    {
        "storage_url": "https://example.com/cedar",
        "thumbnail": "Y2NjY2M=",
        "taken_at": "2020-01-03T12:00:00Z",
        "caption": "cedar",
        "checksum": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1",
        "upload_token": "0000000a-0000-4000-8000-00000000000a",
        "pet_id": "00000000-0000-7000-8000-bbba57310003",
    },
    {
        "storage_url": "https://example.com/daisy",
        "thumbnail": None,
        "taken_at": None,
        "caption": None,
        "checksum": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa2",
        "upload_token": "00000009-0000-4000-8000-000000000009",
        "pet_id": "00000000-0000-7000-8000-bbba57310002",
    },
]
LEAST: dict[str, Any] = {
    "storage_url": "https://example.com/amber",
    "checksum": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "upload_token": "0000000c-0000-4000-8000-00000000000c",
    "pet_id": "00000000-0000-7000-8000-bbba57310001",
}
DEFAULTS: dict[str, Any] = {"thumbnail": None, "taken_at": None, "caption": None, "views": 0}
HIDDEN: list[str] = ["upload_token"]
OWN = ["id", "created_at", "updated_at", "views"]
IMMUTABLE: list[str] = ["storage_url", "checksum"]
FOUND = [
    pytest.param({"pet_id": "00000000-0000-7000-8000-bbba57310001"}, [0], id="pet_id_given"),
    pytest.param({"caption_contains": "AMB"}, [0], id="caption_contains_given"),
    pytest.param({"caption_contains": "%"}, [], id="caption_contains_percent"),
    pytest.param({"caption_starts_with": "AMB"}, [0], id="caption_starts_with_given"),
    pytest.param({"caption_starts_with": "%"}, [], id="caption_starts_with_percent"),
]
ACCEPTED = [
    pytest.param(
        "storage_url", "https://example.com/" + "a" * 2028, id="storage_url_of_the_longest"
    ),
    pytest.param("thumbnail", "", id="thumbnail_of_0_bytes"),
    pytest.param("thumbnail", "AAAA" * 5461 + "AA==", id="thumbnail_of_16384_bytes"),
    pytest.param("caption", "", id="caption_of_0_characters"),
    pytest.param("caption", "x" * 200, id="caption_of_200_characters"),
    pytest.param(
        "checksum",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa0",
        id="checksum_of_matching_1",
    ),
    pytest.param(
        "checksum",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1",
        id="checksum_of_matching_2",
    ),
    pytest.param(
        "checksum",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa2",
        id="checksum_of_matching_3",
    ),
]
REFUSED = [
    pytest.param("storage_url", "https://example.com/" + "a" * 2029, id="storage_url_of_too_long"),
    pytest.param("storage_url", 1, id="storage_url_of_a_number"),
    pytest.param("storage_url", "example", id="storage_url_of_no_url"),
    pytest.param("storage_url", "javascript:alert(1)", id="storage_url_of_a_script"),
    pytest.param("storage_url", "file:///etc/passwd", id="storage_url_of_a_file"),
    pytest.param("storage_url", "a\x00b", id="storage_url_of_a_nul"),
    pytest.param("thumbnail", "AAAA" * 5461 + "AAA=", id="thumbnail_of_16385_bytes"),
    pytest.param("thumbnail", 1, id="thumbnail_of_a_number"),
    pytest.param("thumbnail", True, id="thumbnail_of_a_boolean"),
    pytest.param("thumbnail", "not base64!", id="thumbnail_of_no_base64"),
    pytest.param("thumbnail", "aGVsbG8", id="thumbnail_of_base64_without_its_padding"),
    pytest.param("thumbnail", "-_-_", id="thumbnail_of_base64_for_urls"),
    pytest.param("taken_at", 1, id="taken_at_of_a_number"),
    pytest.param("taken_at", True, id="taken_at_of_a_boolean"),
    pytest.param("taken_at", "many", id="taken_at_of_a_word"),
    pytest.param("taken_at", "2024-02-29T08:30:00", id="taken_at_of_a_moment_without_a_zone"),
    pytest.param("taken_at", "2024-02-29", id="taken_at_of_a_day"),
    pytest.param("taken_at", "2023-02-29T08:30:00Z", id="taken_at_of_a_moment_that_is_none"),
    pytest.param("caption", "x" * 201, id="caption_of_201_characters"),
    pytest.param("caption", 1, id="caption_of_a_number"),
    pytest.param("caption", True, id="caption_of_a_boolean"),
    pytest.param("caption", "a\x00b", id="caption_of_a_nul"),
    pytest.param("checksum", "x" * 256, id="checksum_of_256_characters"),
    pytest.param("checksum", "!", id="checksum_of_not_matching"),
    pytest.param("checksum", 1, id="checksum_of_a_number"),
    pytest.param("checksum", True, id="checksum_of_a_boolean"),
    pytest.param("checksum", "a\x00b", id="checksum_of_a_nul"),
    pytest.param("upload_token", 1, id="upload_token_of_a_number"),
    pytest.param("upload_token", "not-a-uuid", id="upload_token_of_no_uuid"),
    pytest.param(
        "upload_token",
        "0190d6f85b1c7e4e9d0b2f4d8f0c1a2b",
        id="upload_token_of_a_uuid_without_hyphens",
    ),
    pytest.param("pet_id", 1, id="pet_id_of_a_number"),
    pytest.param("pet_id", "not-a-uuid", id="pet_id_of_no_uuid"),
    pytest.param(
        "pet_id", "0190d6f85b1c7e4e9d0b2f4d8f0c1a2b", id="pet_id_of_a_uuid_without_hyphens"
    ),
]
UNKNOWN = [("pet_id", "00000000-0000-7000-8000-000000000000")]
LATER_UNKNOWN = [("pet_id", "00000000-0000-7000-8000-000000000000")]


async def test_created_photo_is_answered_and_kept(client: AsyncClient) -> None:
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


@pytest.mark.parametrize("name", ["storage_url", "checksum", "upload_token", "pet_id"])
async def test_create_needs(client: AsyncClient, name: str) -> None:
    body = {key: value for key, value in ROWS[0].items() if key != name}
    expect.refused(await client.post(URL, json=body), name)


@pytest.mark.parametrize("name", ["storage_url", "checksum", "upload_token", "pet_id"])
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


async def test_photo_is_read_by_its_id(client: AsyncClient, make: Make) -> None:
    one, *others = [await make(row) for row in ROWS]
    assert (await client.get(f"{URL}/{one['id']}")).json() == one
    assert [(await client.get(f"{URL}/{other['id']}")).json() for other in others] == others


async def test_unknown_photo_is_not_found(client: AsyncClient) -> None:
    expect.problem(await client.get(NONE), 404)


async def test_id_that_is_none_is_not_found(client: AsyncClient) -> None:
    expect.problem(await client.get(f"{URL}/1"), 404)


@pytest.mark.parametrize("name", ["thumbnail", "taken_at", "caption", "upload_token", "pet_id"])
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
    response = await client.patch(f"{URL}/{before['id']}", json={"thumbnail": "YmJiYmI="})
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


@pytest.mark.parametrize("name", ["thumbnail", "taken_at", "caption"])
async def test_update_to_null_clears(client: AsyncClient, make: Make, name: str) -> None:
    before = await make(ROWS[0])
    response = await client.patch(f"{URL}/{before['id']}", json={name: None})
    assert response.status_code == 200
    assert name in HIDDEN or response.json()[name] is None


@pytest.mark.parametrize("name", ["storage_url", "checksum", "upload_token", "pet_id"])
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


@pytest.mark.parametrize("name", ["storage_url", "checksum"])
async def test_update_refuses_to_change_immutable(
    client: AsyncClient, make: Make, name: str
) -> None:
    before = await make(ROWS[0])
    url = f"{URL}/{before['id']}"
    expect.refused(await client.patch(url, json={name: ROWS[1][name]}), name)
    assert (await client.patch(url, json={name: ROWS[0][name]})).json() == before


async def test_update_of_an_unknown_photo_is_not_found(client: AsyncClient) -> None:
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


@pytest.mark.parametrize("name", ["upload_token", "pet_id"])
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


@pytest.mark.parametrize("name", ["storage_url", "checksum"])
async def test_replace_refuses_to_change_immutable(
    client: AsyncClient, make: Make, name: str
) -> None:
    before = await make(ROWS[0])
    body = ROWS[0] | {name: ROWS[1][name]}
    expect.refused(await client.put(f"{URL}/{before['id']}", json=body), name)


async def test_replace_of_an_unknown_photo_is_not_found(client: AsyncClient) -> None:
    expect.problem(await client.put(NONE, json=ROWS[0]), 404)


async def test_deleted_photo_is_gone(client: AsyncClient, make: Make) -> None:
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
        pytest.param({"sort": "taken_at"}, [0, 1, 2, 3, 4, 5], id="taken_at_ascending"),
        pytest.param({"sort": "-taken_at"}, [4, 3, 2, 1, 0, 5], id="taken_at_descending"),
        pytest.param({"sort": "created_at"}, [0, 1, 2, 3, 4, 5], id="created_at_ascending"),
        pytest.param({"sort": "-created_at"}, [5, 4, 3, 2, 1, 0], id="created_at_descending"),
    ],
)
async def test_pages_hold_every_photo_once_in_order_of(
    client: AsyncClient, make: Make, query: dict[str, Any], expected: list[int]
) -> None:
    ids = [(await make(row))["id"] for row in ROWS]
    listed = await walk(client, query)
    assert [ids.index(item["id"]) for item in listed] == expected


async def test_list_shows_what_was_created(client: AsyncClient, make: Make) -> None:
    assert await walk(client, {}) == []
    created = [await make(row) for row in ROWS]
    assert await walk(client, {}) == created


async def test_list_takes_as_many_statements_for_one_photo_as_for_many(
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
    query = {"cursor": page["next_cursor"], "sort": "taken_at"}
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


async def test_photo_goes_with_its_pet(make: Make, session: Session) -> None:
    key = UUID("00000000-0000-7000-8000-bbba57310003")
    created = await make(ROWS[0] | {"pet_id": str(key)})
    statement = delete(Pet).where(Pet.id == key)
    session.execute(statement)
    session.commit()
    assert session.get(Photo, UUID(created["id"])) is None


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


@pytest.mark.parametrize("name", ["upload_token"])
async def test_secret_is_never_answered_or_logged(
    client: AsyncClient, make: Make, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    with caplog.at_level("DEBUG"):
        created = await make(ROWS[0])
        answers = [
            json.dumps(created),
            (await client.get(f"{URL}/{created['id']}")).text,
            (await client.get(URL)).text,
            (await client.post(URL, json=ROWS[0] | {"surprise": 1})).text,
            (await client.patch(f"{URL}/{created['id']}", json={name: ROWS[0][name]})).text,
            (await client.put(f"{URL}/{created['id']}", json=ROWS[0])).text,
        ]
    assert ROWS[0][name] not in "".join(answers) + caplog.text


async def test_operations_are_documented(app: FastAPI) -> None:
    expect.documented(
        app,
        URL,
        "Photos",
        [
            "create_photo",
            "delete_photo",
            "get_photo",
            "list_photos",
            "replace_photo",
            "update_photo",
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
    """Creates a photo, and answers what the client gets."""

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
