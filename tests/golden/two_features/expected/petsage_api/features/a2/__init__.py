"""The second."""
