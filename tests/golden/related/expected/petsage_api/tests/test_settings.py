"""Where settings come from, and which are refused."""

import pytest
from pydantic import SecretStr, ValidationError

from petsage_api.core.settings import Settings
from petsage_api.main import create_app

PREFIX = Settings.model_config.get("env_prefix", "")


def test_defaults_are_safe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL")
    assert Settings().model_dump() == {
        "log_level": "INFO",
        "docs_enabled": True,
        "cors_origins": (),
        "max_body_bytes": 1_048_576,
        "database_url": SecretStr("sqlite:///petsage_api.db"),
        "pool_size": 10,
    }


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"{PREFIX}LOG_LEVEL", "ERROR")
    monkeypatch.setenv(f"{PREFIX}DOCS_ENABLED", "false")
    monkeypatch.setenv(f"{PREFIX}CORS_ORIGINS", '["https://app.example"]')
    monkeypatch.setenv(f"{PREFIX}MAX_BODY_BYTES", "10")
    assert create_app().state.settings == Settings(
        log_level="ERROR",
        docs_enabled=False,
        cors_origins=("https://app.example",),
        max_body_bytes=10,
    )


def test_empty_variable_means_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"{PREFIX}MAX_BODY_BYTES", "")
    assert Settings().max_body_bytes == 1_048_576


def test_application_does_not_start_with_a_bad_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"{PREFIX}LOG_LEVEL", "chatty")
    with pytest.raises(ValidationError, match=r"log_level\n  Input should be 'DEBUG'") as caught:
        create_app()
    assert "chatty" not in str(caught.value)


def test_body_limit_is_positive() -> None:
    with pytest.raises(ValidationError, match="max_body_bytes"):
        Settings(max_body_bytes=0)


def test_origin_is_an_origin() -> None:
    for origin in ("app.example", "https://app.example/", "https://*.example", "null", ""):
        with pytest.raises(ValidationError, match="cors_origins"):
            Settings(cors_origins=(origin,))


def test_misspelt_setting_is_refused() -> None:
    with pytest.raises(ValidationError, match="log_levle"):
        Settings.model_validate({"log_levle": "INFO"})


def test_settings_cannot_be_changed() -> None:
    settings = Settings()
    with pytest.raises(ValidationError, match="frozen"):
        settings.max_body_bytes = 1  # type: ignore[misc]


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_database_may_be_postgresql(scheme: str) -> None:
    address = f"{scheme}://ada:p%40ss@db:5432/pets?sslmode=require"
    settings = Settings.model_validate({"DATABASE_URL": address})
    url = settings.database_url.get_secret_value()
    assert url == "postgresql+psycopg://ada:p%40ss@db:5432/pets?sslmode=require"


@pytest.mark.parametrize(
    "url",
    [
        "hunter2",
        "mysql://ada:hunter2@db/pets",
        "postgresql+asyncpg://ada:hunter2@db/pets",
        "postgresql://ada:hunter2@db:x/pets",
        "postgresql://ada:hunter2@db",
        "sqlite://",
        "sqlite:///:memory:",
    ],
)
def test_other_database_is_refused_without_its_address(url: str) -> None:
    with pytest.raises(ValidationError, match=r"sqlite:///a/file\.db") as caught:
        Settings.model_validate({"DATABASE_URL": url})
    assert "hunter2" not in str(caught.value)


def test_database_is_not_shown() -> None:
    settings = Settings.model_validate({"DATABASE_URL": "postgresql://ada:hunter2@db/pets"})
    assert "hunter2" not in f"{settings!r} {settings} {settings.model_dump_json()}"
