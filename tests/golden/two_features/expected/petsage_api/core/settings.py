"""Settings, read from the environment."""

from typing import Annotated, Literal

from pydantic import Field, PositiveInt, StringConstraints
from pydantic_settings import BaseSettings, SettingsConfigDict

Origin = Annotated[str, StringConstraints(pattern=r"^(\*|https?://[^\s/*]+)$")]


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
