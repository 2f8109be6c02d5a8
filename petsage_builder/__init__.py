"""A JSON request in, a FastAPI feature out that has been proven to work."""

from __future__ import annotations

__version__ = "0.1.0"
