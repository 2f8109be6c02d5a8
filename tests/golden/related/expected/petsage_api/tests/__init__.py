"""The tests of this application."""
