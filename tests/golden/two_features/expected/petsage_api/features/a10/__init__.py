"""The tenth."""
