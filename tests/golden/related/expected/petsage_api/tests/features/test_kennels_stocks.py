"""The behaviour of stocks."""

import json
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from httpx import AsyncClient
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from petsage_api.features.kennels.tables import Kennel, Stock, Toy
from petsage_api.tests import bodies, expect
from petsage_api.tests.factories.kennels import store_kennels
from petsage_api.tests.factories.kennels_toys import store_toys

Make = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]

pytestmark = pytest.mark.anyio

URL = "/api/v1/stocks"
NONE = URL + "/00000000-0000-7000-8000-000000000000"
ROWS: list[dict[str, Any]] = [
    {
        "amount": 1,
        "kennel_id": "00000000-0000-7000-8000-36cd85a00001",
        "toy_id": "00000000-0000-7000-8000-0f53133c0001",
    },
    {
        "amount": 2,
        "kennel_id": "00000000-0000-7000-8000-36cd85a00001",
        "toy_id": "00000000-0000-7000-8000-0f53133c0002",
    },
    {
        "amount": 2,
        "kennel_id": "00000000-0000-7000-8000-36cd85a00002",
        "toy_id": "00000000-0000-7000-8000-0f53133c0002",
    },
    {
        "amount": 3,
        "kennel_id": "00000000-0000-7000-8000-36cd85a00003",
        "toy_id": "00000000-0000-7000-8000-0f53133c0003",
    },
    {
        "amount": 3,
        "kennel_id": "00000000-0000-7000-8000-36cd85a00003",
        "toy_id": "00000000-0000-7000-8000-0f53133c0001",
    },
    {
        "amount": 4,
        "kennel_id": "00000000-0000-7000-8000-36cd85a00002",
        "toy_id": "00000000-0000-7000-8000-0f53133c0003",
    },
]
LEAST: dict[str, Any] = {
    "amount": 1,
    "kennel_id": "00000000-0000-7000-8000-36cd85a00001",
    "toy_id": "00000000-0000-7000-8000-0f53133c0001",
}
DEFAULTS: dict[str, Any] = {}
HIDDEN: list[str] = []
OWN = ["id", "created_at", "updated_at"]
ACCEPTED = [
    pytest.param("amount", 0, id="amount_of_the_least"),
    pytest.param("amount", 100, id="amount_of_the_most"),
]
REFUSED = [
    pytest.param("amount", -1, id="amount_of_below_the_least"),
    pytest.param("amount", 101, id="amount_of_above_the_most"),
    pytest.param("amount", "1", id="amount_of_a_number_as_text"),
    pytest.param("amount", "many", id="amount_of_a_word"),
    pytest.param("amount", True, id="amount_of_a_boolean"),
    pytest.param("amount", 1.5, id="amount_of_a_fraction"),
    pytest.param(
        "amount",
        10000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000,
        id="amount_of_a_huge_number",
    ),
    pytest.param("kennel_id", 1, id="kennel_id_of_a_number"),
    pytest.param("kennel_id", "not-a-uuid", id="kennel_id_of_no_uuid"),
    pytest.param(
        "kennel_id", "0190d6f85b1c7e4e9d0b2f4d8f0c1a2b", id="kennel_id_of_a_uuid_without_hyphens"
    ),
    pytest.param("toy_id", 1, id="toy_id_of_a_number"),
    pytest.param("toy_id", "not-a-uuid", id="toy_id_of_no_uuid"),
    pytest.param(
        "toy_id", "0190d6f85b1c7e4e9d0b2f4d8f0c1a2b", id="toy_id_of_a_uuid_without_hyphens"
    ),
]
UNKNOWN = [
    ("kennel_id", "00000000-0000-7000-8000-000000000000"),
    ("toy_id", "00000000-0000-7000-8000-000000000000"),
]
LATER_UNKNOWN = [
    ("kennel_id", "00000000-0000-7000-8000-000000000000"),
    ("toy_id", "00000000-0000-7000-8000-000000000000"),
]


async def test_created_stock_is_answered_and_kept(client: AsyncClient) -> None:
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


@pytest.mark.parametrize("name", ["amount", "kennel_id", "toy_id"])
async def test_create_needs(client: AsyncClient, name: str) -> None:
    body = {key: value for key, value in ROWS[0].items() if key != name}
    expect.refused(await client.post(URL, json=body), name)


@pytest.mark.parametrize("name", ["amount", "kennel_id", "toy_id"])
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


@pytest.mark.parametrize("names", [["kennel_id", "toy_id"]])
async def test_create_refuses_taken(client: AsyncClient, make: Make, names: list[str]) -> None:
    await make(ROWS[0])
    expect.taken(await client.post(URL, json=ROWS[1] | bodies.part(ROWS[0], names)), names)
    await make(ROWS[1])


async def test_stock_is_read_by_its_id(client: AsyncClient, make: Make) -> None:
    one, *others = [await make(row) for row in ROWS]
    assert (await client.get(f"{URL}/{one['id']}")).json() == one
    assert [(await client.get(f"{URL}/{other['id']}")).json() for other in others] == others


async def test_unknown_stock_is_not_found(client: AsyncClient) -> None:
    expect.problem(await client.get(NONE), 404)


async def test_id_that_is_none_is_not_found(client: AsyncClient) -> None:
    expect.problem(await client.get(f"{URL}/1"), 404)


async def test_deleted_stock_is_gone(client: AsyncClient, make: Make) -> None:
    one, *others = [await make(row) for row in ROWS]
    response = await client.delete(f"{URL}/{one['id']}")
    assert response.status_code == 204
    assert response.content == b""
    expect.problem(await client.delete(f"{URL}/{one['id']}"), 404)
    expect.problem(await client.get(f"{URL}/{one['id']}"), 404)
    assert [(await client.get(f"{URL}/{other['id']}")).json() for other in others] == others


@pytest.mark.parametrize(("name", "value"), UNKNOWN)
async def test_create_refuses_unknown(client: AsyncClient, name: str, value: object) -> None:
    expect.missing(await client.post(URL, json=ROWS[0] | {name: value}), name)


async def test_stock_goes_with_its_kennel(make: Make, session: Session) -> None:
    key = UUID("00000000-0000-7000-8000-36cd85a00003")
    created = await make(ROWS[0] | {"kennel_id": str(key)})
    statement = delete(Kennel).where(Kennel.id == key)
    session.execute(statement)
    session.commit()
    assert session.get(Stock, UUID(created["id"])) is None


async def test_stock_goes_with_its_toy(make: Make, session: Session) -> None:
    key = UUID("00000000-0000-7000-8000-0f53133c0003")
    created = await make(ROWS[0] | {"toy_id": str(key)})
    statement = delete(Toy).where(Toy.id == key)
    session.execute(statement)
    session.commit()
    assert session.get(Stock, UUID(created["id"])) is None


async def test_many_stocks_are_created_in_order(client: AsyncClient) -> None:
    response = await client.post(f"{URL}/bulk", json={"items": ROWS})
    assert response.status_code == 201
    created = response.json()["items"]
    assert [{k: v for k, v in one.items() if k not in OWN} for one in created] == [
        answered(row) for row in ROWS
    ]
    assert [(await client.get(f"{URL}/{one['id']}")).json() for one in created] == created


async def test_one_wrong_stock_of_many_makes_none(client: AsyncClient, session: Session) -> None:
    items = [*ROWS, ROWS[0] | {"surprise": 1}]
    response = await client.post(f"{URL}/bulk", json={"items": items})
    expect.problem(response, 422)
    places = [error["location"] for error in response.json()["errors"]]
    assert places == [f"/body/items/{len(ROWS)}/surprise"]
    assert session.scalars(select(Stock)).all() == []


@pytest.mark.parametrize("names", [["kennel_id", "toy_id"]])
async def test_many_stocks_may_not_take_the_same(
    client: AsyncClient, session: Session, names: list[str]
) -> None:
    items = [ROWS[0], ROWS[1] | bodies.part(ROWS[0], names)]
    response = await client.post(f"{URL}/bulk", json={"items": items})
    expect.problem(response, 409)
    places = [error["location"] for error in response.json()["errors"]]
    assert places == [f"/body/items/1/{name}" for name in names]
    assert session.scalars(select(Stock)).all() == []


@pytest.mark.parametrize(("name", "value"), UNKNOWN)
async def test_many_stocks_refuse_unknown(client: AsyncClient, name: str, value: object) -> None:
    response = await client.post(f"{URL}/bulk", json={"items": [ROWS[0] | {name: value}]})
    expect.problem(response, 409)
    places = [error["location"] for error in response.json()["errors"]]
    assert places == [f"/body/items/0/{name}"]


async def test_many_stocks_refuse_what_is_not_asked_for(client: AsyncClient) -> None:
    response = await client.post(f"{URL}/bulk", json={"items": ROWS[:1], "surprise": 1})
    expect.refused(response, "surprise")


@pytest.mark.parametrize("count", [0, 101])
async def test_many_stocks_are_not_any_number(client: AsyncClient, count: int) -> None:
    response = await client.post(f"{URL}/bulk", json={"items": [ROWS[0]] * count})
    expect.refused(response, "items")


async def test_many_stocks_are_deleted(client: AsyncClient, make: Make) -> None:
    ids = [(await make(row))["id"] for row in ROWS]
    response = await client.delete(f"{URL}/bulk", params={"id": [*ids, ids[0]]})
    assert response.status_code == 204
    expect.problem(await client.delete(f"{URL}/bulk", params={"id": ids[:1]}), 404)


async def test_one_unknown_stock_of_many_deletes_none(client: AsyncClient, make: Make) -> None:
    created = await make(ROWS[0])
    ids = [created["id"], NONE.rpartition("/")[2]]
    response = await client.delete(f"{URL}/bulk", params={"id": ids})
    expect.problem(response, 404)
    assert [error["location"] for error in response.json()["errors"]] == ["/query/id/1"]
    assert (await client.delete(f"{URL}/bulk", params={"id": ids[:1]})).status_code == 204


@pytest.mark.parametrize("count", [0, 101])
async def test_any_number_of_stocks_is_not_deleted(client: AsyncClient, count: int) -> None:
    ids = [NONE.rpartition("/")[2]] * count
    expect.problem(await client.delete(f"{URL}/bulk", params={"id": ids}), 422)


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
        "Stocks",
        ["bulk_create_stocks", "bulk_delete_stocks", "create_stock", "delete_stock", "get_stock"],
    )


@pytest.fixture
def client(client: AsyncClient, session: Session) -> AsyncClient:
    """A client of an application that holds what the rows refer to."""
    store_kennels(session)
    store_toys(session)
    session.commit()
    return client


@pytest.fixture
def make(client: AsyncClient) -> Make:
    """Creates a stock, and answers what the client gets."""

    async def create(row: dict[str, Any]) -> dict[str, Any]:
        response = await client.post(URL, json=row)
        assert response.status_code == 201, response.text
        created: dict[str, Any] = response.json()
        return created

    return create


def answered(row: dict[str, Any]) -> dict[str, Any]:
    """What is answered of a row that was sent, apart from what only the server sets."""
    shown = DEFAULTS | {name: value for name, value in row.items() if name not in HIDDEN}
    return {name: value for name, value in shown.items() if name not in OWN}
