"""TOML text, read; whatever is wrong with it is said in words."""

from __future__ import annotations

import tomllib
from typing import Any


def read_toml(content: str) -> dict[str, Any]:
    """The table that a text holds; a ValueError says why there is none."""
    try:
        return tomllib.loads(content)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"is not TOML: {error}.") from error
    except RecursionError as error:
        raise ValueError("is not TOML: it is nested too deeply.") from error
    except ValueError as error:  # Python reads no integer of more than 4,300 digits
        raise ValueError("is not TOML: a number in it is too large.") from error
