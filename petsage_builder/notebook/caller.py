"""Runs inside the demo's subprocess, with whichever interpreter; makes calls to the staged app.

Reads a job from standard input, isolates itself as the verification does, and writes the answers
as JSON to what was standard output; what the app itself prints goes nowhere.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import os
import runpy
import sys
from typing import Any

MOST = 20_000  # characters of a body that are kept


def main() -> None:
    """Does the job."""
    job: dict[str, Any] = json.load(sys.stdin)
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    if not job["wrapped"]:
        runpy.run_path(job["runner"])["_isolate"](job["stage"], job["scratch"])
    sys.path.insert(0, job["stage"])
    app = importlib.import_module(f"{job['package']}.main").app
    json.dump(asyncio.run(_answers(app, job["calls"])), answers)
    answers.close()


async def _answers(app: Any, calls: list[dict[str, Any]]) -> list[dict[str, Any]]:  # noqa: ANN401 (any FastAPI application)
    from httpx import ASGITransport, AsyncClient

    transport = ASGITransport(app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        AsyncClient(transport=transport, base_url="http://test") as client,
    ):
        return [_answer(await client.request(**call)) for call in calls]


def _answer(response: Any) -> dict[str, Any]:  # noqa: ANN401 (an httpx.Response)
    return {
        "status": response.status_code,
        "reason": response.reason_phrase,
        "type": response.headers.get("content-type", ""),
        "body": response.text[:MOST],
    }


if __name__ == "__main__":
    main()
