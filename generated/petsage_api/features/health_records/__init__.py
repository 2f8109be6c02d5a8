"""What was done for a pet: vaccinations, medications, weights."""
