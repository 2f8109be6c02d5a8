"""Settings, read from the environment."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, PositiveInt, SecretStr, StringConstraints
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

Origin = Annotated[str, StringConstraints(pattern=r"^(\*|https?://[^\s/*]+)$")]


_DRIVERS = {
    "sqlite": "sqlite",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}
_DATABASES = "Should be sqlite:///a/file.db or postgresql://user:password@host/name"


def _with_driver(secret: SecretStr) -> SecretStr:
    try:
        url = make_url(secret.get_secret_value())
        url = url.set(drivername=_DRIVERS[url.drivername])
    except (ArgumentError, KeyError, ValueError):
        raise ValueError(_DATABASES) from None
    if url.database in {None, "", ":memory:"}:
        raise ValueError(_DATABASES)
    return SecretStr(url.render_as_string(hide_password=False))


DatabaseUrl = Annotated[SecretStr, AfterValidator(_with_driver)]


class Settings(BaseSettings):
    """Every setting has a default that is safe in production."""

    model_config = SettingsConfigDict(
        env_prefix="PETSAGE_API_",
        env_ignore_empty=True,
        frozen=True,
        hide_input_in_errors=True,
    )

    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"] = Field(
        default="INFO", description="The least severe log line that is written."
    )
    docs_enabled: bool = Field(
        default=True, description="Whether /docs and /openapi.json are served."
    )
    cors_origins: tuple[Origin, ...] = Field(
        default=(), description="Web origins whose pages may call this API; none by default."
    )
    max_body_bytes: PositiveInt = Field(
        default=1_048_576, description="The largest request body that is read."
    )
    database_url: DatabaseUrl = Field(
        default=SecretStr("sqlite:///petsage_api.db"),
        validation_alias="DATABASE_URL",
        description="The database, SQLite or PostgreSQL; read from `DATABASE_URL` itself.",
    )
    pool_size: int = Field(
        default=10, ge=2, le=1000, description="The most database connections of one process."
    )
