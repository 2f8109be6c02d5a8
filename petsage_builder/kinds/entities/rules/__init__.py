"""What a request for an entity must hold to, beyond its shape."""
