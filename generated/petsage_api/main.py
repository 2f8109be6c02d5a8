"""The application: `create_app` puts it together, `app` is what a server runs."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import APIRouter, FastAPI, HTTPException, Request, status
from sqlalchemy.exc import SQLAlchemyError

from petsage_api import __version__
from petsage_api.core import database_errors, domain_errors, errors, http, observability, versions
from petsage_api.core.db import Database, make_engine
from petsage_api.core.settings import Settings
from petsage_api.features import ROUTERS

API_PREFIX = "/api/v1"
WELCOME = "Welcome to the PetSage API. Visit /docs for documentation."
HANDLERS = {
    **errors.HANDLERS,
    **domain_errors.HANDLERS,
    **database_errors.HANDLERS,
    **versions.HANDLERS,
}

system = APIRouter(include_in_schema=False)


@system.get("/")
async def read_root() -> dict[str, str]:
    """Where to go from here."""
    return {"message": WELCOME}


@system.get("/healthz")
async def healthz() -> dict[str, str]:
    """The process is alive."""
    return {"status": "alive"}


@system.get("/readyz")
async def readyz(request: Request) -> dict[str, str]:
    """Requests are welcome: neither starting up nor shutting down, and nothing is missing."""
    if not request.app.state.ready:
        raise _unready("Starting up or shutting down.")
    try:
        await request.app.state.database.check()
    except SQLAlchemyError:
        raise _unready("The database is out of reach, or its schema is behind.") from None
    return {"status": "ready"}


def _unready(reason: str) -> HTTPException:
    return HTTPException(status.HTTP_503_SERVICE_UNAVAILABLE, reason, headers={"Retry-After": "1"})


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Startup before the yield, shutdown after it."""
    settings: Settings = app.state.settings
    engine = make_engine(settings.database_url.get_secret_value(), pool_size=settings.pool_size)
    with observability.logging_to_stderr(settings.log_level):
        app.state.database = Database(engine, pool_size=settings.pool_size)
        app.state.ready = True
        try:
            yield
        finally:
            app.state.ready = False
            engine.dispose()


class Application(FastAPI):
    """FastAPI whose OpenAPI document knows the errors of this API."""

    def openapi(self) -> dict[str, Any]:
        """The OpenAPI document."""
        return errors.add_problem_schemas(super().openapi())


def create_app(settings: Settings | None = None) -> FastAPI:
    """A new application; without settings they are read from the environment."""
    settings = settings or Settings()
    app = Application(
        title="PetSage API",
        description="Your AI-powered companion for pet care.",
        version=__version__,
        openapi_url="/openapi.json" if settings.docs_enabled else None,
        redoc_url=None,
        swagger_ui_oauth2_redirect_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
        middleware=http.middleware(settings),
        exception_handlers=HANDLERS,
    )
    app.state.settings = settings
    app.state.ready = False
    app.include_router(system)
    for router in ROUTERS:
        app.include_router(router, prefix=API_PREFIX, responses=errors.RESPONSES)
    return app


app = create_app()
