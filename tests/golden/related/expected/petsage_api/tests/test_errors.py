"""Every error is a problem, and none repeats a value that was sent."""

from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI, HTTPException
from fastapi.responses import StreamingResponse
from httpx import AsyncClient, Response

from petsage_api.main import create_app

pytestmark = pytest.mark.anyio

SECRET = "hunter2"  # noqa: S105 - stands for what must not be repeated


@pytest.fixture
def app() -> FastAPI:
    """An application with routes that fail in every way."""
    app = create_app()

    @app.post("/numbers")
    async def add_number(number: dict[str, int]) -> None: ...

    @app.delete("/numbers")
    async def remove_numbers() -> None: ...

    @app.get("/teapot")
    async def brew() -> None:
        raise HTTPException(418, "Short and stout.", headers={"X-Handle": "here"})

    @app.get("/crash")
    async def crash() -> None:
        raise RuntimeError(SECRET)

    @app.get("/broken-stream")
    async def break_stream() -> StreamingResponse:
        async def parts() -> AsyncIterator[bytes]:
            yield b"a part"
            raise RuntimeError(SECRET)

        return StreamingResponse(parts())

    return app


async def test_unknown_path_is_a_problem(client: AsyncClient) -> None:
    response = await client.get(f"/{SECRET}")
    assert_problem(response, 404)
    assert response.json() == {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "request_id": response.headers["x-request-id"],
    }


async def test_problem_carries_the_request_id(client: AsyncClient) -> None:
    response = await client.get("/unknown", headers={"X-Request-ID": "abc-1"})
    assert response.json()["request_id"] == "abc-1"


async def test_wrong_method_names_the_methods_of_every_route_at_the_path(
    client: AsyncClient,
) -> None:
    response = await client.put("/numbers")
    assert_problem(response, 405)
    assert response.headers["allow"] == "DELETE, POST"


async def test_http_exception_keeps_its_detail_and_headers(client: AsyncClient) -> None:
    response = await client.get("/teapot")
    assert_problem(response, 418)
    assert response.json()["detail"] == "Short and stout."
    assert response.headers["x-handle"] == "here"


async def test_invalid_value_is_named_and_not_repeated(client: AsyncClient) -> None:
    response = await client.post("/numbers", json={"a/b~": SECRET})
    assert_problem(response, 422)
    [error] = response.json()["errors"]
    assert error["location"] == "/body/a~1b~0"
    assert error["code"] == "int_parsing"
    assert error["detail"].startswith("Input should be a valid integer")


async def test_malformed_json_is_a_problem(client: AsyncClient) -> None:
    headers = {"Content-Type": "application/json"}
    response = await client.post("/numbers", content='{"' + SECRET, headers=headers)
    assert_problem(response, 422)
    assert response.json()["errors"][0]["code"] == "json_invalid"


async def test_bytes_that_are_no_text_are_a_problem(client: AsyncClient) -> None:
    headers = {"Content-Type": "application/json"}
    response = await client.post("/numbers", content=b'{"\xff": 1}', headers=headers)
    assert_problem(response, 400)


async def test_lone_surrogate_in_a_name_is_a_problem(client: AsyncClient) -> None:
    headers = {"Content-Type": "application/json"}
    response = await client.post("/numbers", content=b'{"\\ud800": "x"}', headers=headers)
    assert_problem(response, 422)
    assert response.json()["errors"][0]["code"] == "int_parsing"


async def test_number_of_errors_and_their_length_are_bounded(client: AsyncClient) -> None:
    response = await client.post("/numbers", json={f"{i:0999}": "x" for i in range(99)})
    errors = response.json()["errors"]
    assert len(errors) == 50
    assert len(errors[0]["location"]) == 200


async def test_crash_says_nothing_but_its_request_id(client: AsyncClient) -> None:
    response = await client.get("/crash")
    assert_problem(response, 500)
    assert response.json() == {
        "type": "about:blank",
        "title": "Internal Server Error",
        "status": 500,
        "request_id": response.headers["x-request-id"],
    }
    assert response.headers["x-content-type-options"] == "nosniff"


async def test_crash_leaves_its_traceback_in_the_log(
    client: AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    await client.get("/crash")
    assert "unhandled error" in caplog.text
    assert f"RuntimeError: {SECRET}" in caplog.text


async def test_stream_that_breaks_is_not_ended_as_if_it_were_whole(
    client: AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(RuntimeError, match=SECRET):
        await client.get("/broken-stream")
    assert "unhandled error" in caplog.text


def assert_problem(response: Response, status: int) -> None:
    """The response is problem details of this status, without the value that was sent."""
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["status"] == status
    assert SECRET not in response.text
