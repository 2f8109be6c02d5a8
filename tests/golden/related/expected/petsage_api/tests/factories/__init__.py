"""Rows for the tests of what refers to them."""
