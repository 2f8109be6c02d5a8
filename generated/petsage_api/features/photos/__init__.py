"""Photos of pets: where they are kept, and a thumbnail."""
