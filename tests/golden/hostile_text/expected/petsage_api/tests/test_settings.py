"""Where settings come from, and which are refused."""

import pytest
from pydantic import ValidationError

from petsage_api.core.settings import Settings
from petsage_api.main import create_app

PREFIX = Settings.model_config.get("env_prefix", "")


def test_defaults_are_safe() -> None:
    assert Settings().model_dump() == {
        "log_level": "INFO",
        "docs_enabled": True,
        "cors_origins": (),
        "max_body_bytes": 1_048_576,
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
