"""The animals in an owner's care."""
