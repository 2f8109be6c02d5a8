"""Every animal's own API."""

__version__ = "2.0.0rc1"
