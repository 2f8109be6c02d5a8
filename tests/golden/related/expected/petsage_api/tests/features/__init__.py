"""The tests of the features."""
