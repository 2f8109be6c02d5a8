"""Your AI-powered companion for pet care."""

__version__ = "0.1.0"
