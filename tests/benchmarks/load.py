"""A load of HTTP/1.1 requests on connections that stay open: client libraries are too slow."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

CONNECTIONS = 16
_HOST = "127.0.0.1"
_Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked; a body goes out as JSON."""

    method: str
    path: str
    body: object = None

    def wire(self) -> bytes:
        content = b"" if self.body is None else json.dumps(self.body).encode()
        kind = "Content-Type: application/json\r\n" if content else ""
        length = f"Content-Length: {len(content)}\r\n" if content else ""
        head = f"{self.method} {self.path} HTTP/1.1\r\nHost: {_HOST}\r\n{kind}{length}\r\n"
        return head.encode() + content


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    content: bytes

    def json(self) -> Any:  # noqa: ANN401 (JSON is any)
        return json.loads(self.content)


async def ask(port: int, request: Request) -> Answer:
    """The answer to one request."""
    _, answers = await ask_all(port, [request], clock=lambda: 0.0, connections=1)
    return answers[0]


async def ask_all(
    port: int,
    requests: Sequence[Request],
    clock: Callable[[], float],
    connections: int = CONNECTIONS,
) -> tuple[float, list[Answer]]:
    """What the clock went on by while the requests were answered, and the answers, in no order."""
    opened = [await asyncio.open_connection(_HOST, port) for _ in range(connections)]
    wires = iter([request.wire() for request in requests])
    answers: list[Answer] = []
    before = clock()
    async with asyncio.TaskGroup() as group:
        for connection in opened:
            group.create_task(_ask_in_turn(connection, wires, answers))
    used = clock() - before
    for _, writer in opened:
        writer.close()
    return used, answers


async def _ask_in_turn(
    connection: _Connection, wires: Iterator[bytes], answers: list[Answer]
) -> None:
    reader, writer = connection
    for wire in wires:
        writer.write(wire)
        head = await reader.readuntil(b"\r\n\r\n")
        answer = Answer(int(head[9:12]), await reader.readexactly(_length(head)))
        answers.append(answer)
        if answer.status >= 500:
            return  # a server that failed hangs up


def _length(head: bytes) -> int:
    _, found, rest = head.lower().partition(b"\r\ncontent-length:")
    return int(rest[: rest.index(b"\r\n")]) if found else 0
