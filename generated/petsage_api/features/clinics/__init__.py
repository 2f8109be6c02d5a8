"""Clinics and the vets who work there."""
