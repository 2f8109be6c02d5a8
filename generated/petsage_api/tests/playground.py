"""What the playgrounds start: the application, and calls to it that show their answers."""

import json
import tempfile
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any, Self

from httpx import ASGITransport, AsyncClient
from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session

from petsage_api.core.db import Base, make_engine
from petsage_api.core.settings import Settings


@dataclass(frozen=True, slots=True)
class Answer:
    """A status, and what is answered with it."""

    status: str
    body: Any

    def __getitem__(self, key: str) -> Any:  # noqa: ANN401 - whatever the JSON holds
        return self.body[key]

    def __repr__(self) -> str:
        shown = "" if self.body is None else json.dumps(self.body, indent=2, ensure_ascii=False)
        return f"{self.status}\n{shown}".rstrip()


@dataclass(frozen=True, slots=True)
class Playground:
    """The application, with a database of its own."""

    client: AsyncClient
    opened: AsyncExitStack
    engine: Engine

    @classmethod
    async def start(cls) -> Self:
        """Start it."""
        # Not at the top: importing it reads the environment, which tests have to clean first.
        from petsage_api.main import create_app

        opened = AsyncExitStack()
        folder = opened.enter_context(tempfile.TemporaryDirectory(prefix="playground-"))
        url = f"sqlite:///{folder}/playground.db"
        engine = make_engine(url, pool_size=2)
        opened.callback(engine.dispose)
        app = create_app(Settings.model_validate({"DATABASE_URL": url}))
        await opened.enter_async_context(app.router.lifespan_context(app))
        client = AsyncClient(transport=ASGITransport(app), base_url="http://test")
        await opened.enter_async_context(client)
        return cls(client, opened, engine)

    async def __call__(self, method: str, url: str, *, answers: int, **sent: Any) -> Answer:  # noqa: ANN401
        """Make a call; its answer has to have this status."""
        response = await self.client.request(method, url, **sent)
        body = response.json() if response.content else None
        answer = Answer(f"{response.status_code} {response.reason_phrase}", body)
        assert response.status_code == answers, f"{answers} was expected, not {answer}"
        return answer

    def begin(self, *stores: Callable[[Session], None]) -> None:
        """Begin anew: nothing is stored but the rows of these factories."""
        # Without foreign keys: any order of dropping will do.
        plain = create_engine(self.engine.url)
        Base.metadata.drop_all(plain)
        plain.dispose()
        Base.metadata.create_all(self.engine)
        with Session(self.engine.execution_options(writes=True)) as session:
            for store in stores:
                store(session)
            session.commit()
