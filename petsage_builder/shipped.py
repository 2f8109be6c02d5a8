"""The folders that come with the builder: templates and notebooks."""

from __future__ import annotations

from pathlib import Path

from petsage_builder.paths import TEMPLATES

INDEX = "pack.toml"
APP = "app"
STORAGE = "storage"


def shipped(folder: str) -> Path:
    """The checkout's own folder; from a wheel, the copy inside the package."""
    package = Path(__file__).parent
    checkout = package.parent
    in_checkout = (checkout / TEMPLATES / APP / INDEX).is_file()
    return checkout / folder if in_checkout else package / f"_{folder}"
