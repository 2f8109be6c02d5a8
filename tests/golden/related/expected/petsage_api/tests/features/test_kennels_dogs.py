"""The behaviour of dogs."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from httpx import AsyncClient
from sqlalchemy import Engine, delete, update
from sqlalchemy.orm import Session

from petsage_api.features.kennels.tables import Dog, Kennel
from petsage_api.tests import bodies, expect
from petsage_api.tests.factories.kennels import store_kennels
from petsage_api.tests.factories.kennels_dogs import store_dogs

Make = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]

pytestmark = pytest.mark.anyio

URL = "/api/v1/dogs"
NONE = URL + "/00000000-0000-7000-8000-000000000000"
ROWS: list[dict[str, Any]] = [
    {"name": "amber", "kennel_id": "00000000-0000-7000-8000-36cd85a00001", "mother_id": None},
    {"name": "birch", "kennel_id": "00000000-0000-7000-8000-36cd85a00002", "mother_id": None},
    {"name": "birch", "kennel_id": "00000000-0000-7000-8000-36cd85a00002", "mother_id": None},
    {"name": "cedar", "kennel_id": "00000000-0000-7000-8000-36cd85a00003", "mother_id": None},
    {"name": "cedar", "kennel_id": "00000000-0000-7000-8000-36cd85a00003", "mother_id": None},
    {"name": "daisy", "kennel_id": None, "mother_id": None},
]
LEAST: dict[str, Any] = {"name": "amber"}
DEFAULTS: dict[str, Any] = {"kennel_id": None, "mother_id": None}
HIDDEN: list[str] = []
OWN = ["id", "created_at", "updated_at", "version"]
IMMUTABLE: list[str] = []
EMBEDDED = [("kennel", "kennel_id"), ("mother", "mother_id")]
ACCEPTED = [
    pytest.param("name", "x", id="name_of_1_character"),
    pytest.param("name", "x" * 80, id="name_of_80_characters"),
]
REFUSED = [
    pytest.param("name", "", id="name_of_0_characters"),
    pytest.param("name", "x" * 81, id="name_of_81_characters"),
    pytest.param("name", " " * 1, id="name_of_blank"),
    pytest.param("name", 1, id="name_of_a_number"),
    pytest.param("name", True, id="name_of_a_boolean"),
    pytest.param("name", "a\x00b", id="name_of_a_nul"),
    pytest.param("kennel_id", 1, id="kennel_id_of_a_number"),
    pytest.param("kennel_id", "not-a-uuid", id="kennel_id_of_no_uuid"),
    pytest.param(
        "kennel_id", "0190d6f85b1c7e4e9d0b2f4d8f0c1a2b", id="kennel_id_of_a_uuid_without_hyphens"
    ),
    pytest.param("mother_id", 1, id="mother_id_of_a_number"),
    pytest.param("mother_id", "not-a-uuid", id="mother_id_of_no_uuid"),
    pytest.param(
        "mother_id", "0190d6f85b1c7e4e9d0b2f4d8f0c1a2b", id="mother_id_of_a_uuid_without_hyphens"
    ),
]
UNKNOWN = [
    ("kennel_id", "00000000-0000-7000-8000-000000000000"),
    ("mother_id", "00000000-0000-7000-8000-000000000000"),
]
LATER_UNKNOWN = [
    ("kennel_id", "00000000-0000-7000-8000-000000000000"),
    ("mother_id", "00000000-0000-7000-8000-000000000000"),
]


async def test_created_dog_is_answered_and_kept(client: AsyncClient) -> None:
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


@pytest.mark.parametrize("name", ["name"])
async def test_create_needs(client: AsyncClient, name: str) -> None:
    body = {key: value for key, value in ROWS[0].items() if key != name}
    expect.refused(await client.post(URL, json=body), name)


@pytest.mark.parametrize("name", ["name"])
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


async def test_dog_is_read_by_its_id(client: AsyncClient, make: Make) -> None:
    one, *others = [await make(row) for row in ROWS]
    assert (await client.get(f"{URL}/{one['id']}")).json() == one
    assert [(await client.get(f"{URL}/{other['id']}")).json() for other in others] == others


async def test_unknown_dog_is_not_found(client: AsyncClient) -> None:
    expect.problem(await client.get(NONE), 404)


async def test_id_that_is_none_is_not_found(client: AsyncClient) -> None:
    expect.problem(await client.get(f"{URL}/1"), 404)


@pytest.mark.parametrize("name", ["name", "kennel_id"])
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
    response = await client.patch(f"{URL}/{before['id']}", json={"name": "birch"})
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


@pytest.mark.parametrize("name", ["kennel_id", "mother_id"])
async def test_update_to_null_clears(client: AsyncClient, make: Make, name: str) -> None:
    before = await make(ROWS[0])
    response = await client.patch(f"{URL}/{before['id']}", json={name: None})
    assert response.status_code == 200
    assert name in HIDDEN or response.json()[name] is None


@pytest.mark.parametrize("name", ["name"])
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


async def test_update_of_an_unknown_dog_is_not_found(client: AsyncClient) -> None:
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


@pytest.mark.parametrize("name", ["name"])
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


async def test_replace_of_an_unknown_dog_is_not_found(client: AsyncClient) -> None:
    expect.problem(await client.put(NONE, json=ROWS[0]), 404)


async def test_deleted_dog_is_gone(client: AsyncClient, make: Make) -> None:
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
async def test_pages_hold_every_dog_once_in_order_of(
    client: AsyncClient, make: Make, query: dict[str, Any], expected: list[int]
) -> None:
    ids = [(await make(row))["id"] for row in ROWS]
    listed = await walk(client, query)
    assert [ids.index(item["id"]) for item in listed] == expected


async def test_list_shows_what_was_created(client: AsyncClient, make: Make) -> None:
    assert await walk(client, {}) == []
    created = [await make(row) for row in ROWS]
    assert await walk(client, {}) == created


async def test_list_takes_as_many_statements_for_one_dog_as_for_many(
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
        pytest.param({"offset": -1}, id="an_offset_below_zero"),
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


async def test_count_counts_every_dog(client: AsyncClient, make: Make) -> None:
    assert (await client.get(f"{URL}/count")).json() == {"count": 0}
    for row in ROWS:
        await make(row)
    assert (await client.get(f"{URL}/count")).json() == {"count": len(ROWS)}


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


async def test_dog_outlives_its_kennel(make: Make, session: Session) -> None:
    key = UUID("00000000-0000-7000-8000-36cd85a00003")
    created = await make(ROWS[0] | {"kennel_id": str(key)})
    statement = delete(Kennel).where(Kennel.id == key)
    session.execute(statement)
    session.commit()
    assert session.get_one(Dog, UUID(created["id"])).kennel_id is None


async def test_dog_outlives_its_mother(make: Make, session: Session) -> None:
    key = UUID((await make(ROWS[0]))["id"])
    created = await make(ROWS[1] | {"mother_id": str(key)})
    statement = delete(Dog).where(Dog.id == key)
    session.execute(statement)
    session.commit()
    assert session.get_one(Dog, UUID(created["id"])).mother_id is None


async def test_puppies_of_one_dog_are_found_below_it(client: AsyncClient, session: Session) -> None:
    store_dogs(session)
    session.execute(
        update(Dog)
        .where(Dog.id == UUID("00000000-0000-7000-8000-cd6357ef0001"))
        .values(mother_id=UUID("00000000-0000-7000-8000-cd6357ef0001"))
    )
    session.commit()
    response = await client.get("/".join([URL, "00000000-0000-7000-8000-cd6357ef0001", "puppies"]))
    assert response.status_code == 200
    assert [item["id"] for item in response.json()["items"]] == [
        "00000000-0000-7000-8000-cd6357ef0001"
    ]


async def test_puppies_of_an_unknown_dog_are_not_found(client: AsyncClient) -> None:
    nobody = "00000000-0000-7000-8000-000000000000"
    expect.problem(await client.get("/".join([URL, nobody, "puppies"])), 404)


async def test_new_dog_has_no_puppies(client: AsyncClient, make: Make) -> None:
    created = await make(ROWS[0])
    response = await client.get("/".join([URL, created["id"], "puppies"]))
    assert response.json()["items"] == []


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


async def test_deleted_dog_is_kept_in_the_table(
    client: AsyncClient, make: Make, session: Session
) -> None:
    created = await make(ROWS[0])
    await client.delete(f"{URL}/{created['id']}")
    kept = session.get_one(Dog, UUID(created["id"]))
    assert kept.deleted_at is not None
    assert await walk(client, {}) == []
    assert (await client.get(f"{URL}/count")).json() == {"count": 0}
    expect.problem(await client.patch(f"{URL}/{created['id']}", json={}), 404)
    expect.problem(await client.put(f"{URL}/{created['id']}", json=ROWS[0]), 404)


async def test_restored_dog_is_as_it_was(client: AsyncClient, make: Make) -> None:
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


async def test_restore_of_an_unknown_dog_is_not_found(client: AsyncClient) -> None:
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
    url, change = f"{URL}/{created['id']}", {"name": "birch"}
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
    url, change = f"{URL}/{created['id']}", {"name": "birch"}
    expect.problem(await client.patch(url, json=change, headers={"If-Match": stale}), 412)
    assert (await client.get(url)).json() == created


async def test_only_one_of_many_updates_at_once_succeeds(
    live_client: AsyncClient, engine: Engine
) -> None:
    with Session(engine) as session:
        store_kennels(session)
        session.commit()
    created = (await live_client.post(URL, json=ROWS[0])).json()
    url, change = f"{URL}/{created['id']}", {"name": "birch"}
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


@pytest.mark.parametrize("method", ["PATCH", "PUT", "DELETE"])
async def test_version_has_to_be_named(client: AsyncClient, make: Make, method: str) -> None:
    created = await make(ROWS[0])
    del client.headers["If-Match"]
    content = None if method == "DELETE" else json.dumps(ROWS[0])
    headers = {"Content-Type": "application/json"}
    url = f"{URL}/{created['id']}"
    expect.problem(await client.request(method, url, content=content, headers=headers), 428)


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
        "Dogs",
        [
            "count_dogs",
            "create_dog",
            "delete_dog",
            "get_dog",
            "list_dog_puppies",
            "list_dogs",
            "replace_dog",
            "restore_dog",
            "update_dog",
        ],
    )


@pytest.fixture
def client(client: AsyncClient, session: Session) -> AsyncClient:
    """A client of an application that holds what the rows refer to."""
    store_kennels(session)
    session.commit()
    client.headers["If-Match"] = "*"
    return client


@pytest.fixture
def make(client: AsyncClient) -> Make:
    """Creates a dog, and answers what the client gets."""

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
