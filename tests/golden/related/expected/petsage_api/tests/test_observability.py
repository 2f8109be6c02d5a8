"""Request ids and log lines."""

import json
import logging
from typing import Any

import pytest
from httpx import ASGITransport, AsyncClient

import petsage_api
from petsage_api.core.observability import request_id
from petsage_api.core.settings import Settings
from petsage_api.main import create_app

pytestmark = pytest.mark.anyio


async def test_request_id_is_made_for_each_request(client: AsyncClient) -> None:
    first = (await client.get("/")).headers["x-request-id"]
    second = (await client.get("/")).headers["x-request-id"]
    assert len(first) == len(second) == 32
    assert first != second


async def test_request_id_of_the_caller_is_kept(client: AsyncClient) -> None:
    given = "Trace_1.a-b"
    response = await client.get("/", headers={"X-Request-ID": given})
    assert response.headers["x-request-id"] == given


async def test_unsafe_request_id_is_replaced(client: AsyncClient) -> None:
    for given in ("", "a b", "a\tb", "é", "x" * 65, '"}'):
        response = await client.get("/", headers={b"X-Request-ID": given.encode()})
        assert response.headers["x-request-id"] != given
        assert len(response.headers["x-request-id"]) == 32


async def test_request_id_ends_with_its_request(client: AsyncClient) -> None:
    await client.get("/")
    assert request_id.get() is None


async def test_request_is_logged_as_json_without_its_query(
    capsys: pytest.CaptureFixture[str],
) -> None:
    [line] = await lines_of_a_request(capsys, Settings(), "/healthz?token=hunter2")
    assert line["level"] == "INFO"
    assert line["message"] == "request"
    assert line["request_id"] == "abc"
    assert (line["method"], line["path"], line["status"]) == ("GET", "/healthz", 200)
    assert line["ms"] >= 0
    assert line["time"].endswith("+00:00")
    assert "hunter2" not in json.dumps(line)


async def test_log_level_is_a_setting(capsys: pytest.CaptureFixture[str]) -> None:
    assert await lines_of_a_request(capsys, Settings(log_level="WARNING"), "/healthz") == []


async def test_crash_is_one_line_with_its_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    error, access = await lines_of_a_request(capsys, Settings(), "/crash")
    assert error["level"] == "ERROR"
    assert error["request_id"] == "abc"
    assert "ZeroDivisionError" in error["exception"]
    assert access["status"] == 500


async def test_logging_is_left_as_it_was_found() -> None:
    logger = logging.getLogger(petsage_api.__name__)
    before = (list(logger.handlers), logger.level)
    app = create_app(Settings(log_level="ERROR"))
    async with app.router.lifespan_context(app):
        assert logger.level == logging.ERROR
        assert len(logger.handlers) == len(before[0]) + 1
    assert (logger.handlers, logger.level) == before


async def lines_of_a_request(
    capsys: pytest.CaptureFixture[str], settings: Settings, url: str
) -> list[dict[str, Any]]:
    """The lines that one request leaves on standard error."""
    app = create_app(settings)

    @app.get("/crash")
    async def crash() -> float:
        return 1 / 0

    transport = ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        AsyncClient(transport=transport, base_url="http://test") as client,
    ):
        await client.get(url, headers={"X-Request-ID": "abc"})
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]
