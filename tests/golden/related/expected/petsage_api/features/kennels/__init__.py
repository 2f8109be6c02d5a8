"""Kennels."""
