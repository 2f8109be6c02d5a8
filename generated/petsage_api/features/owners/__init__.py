"""The people who care for pets."""
