"""Labels that a clinic puts on pets."""
