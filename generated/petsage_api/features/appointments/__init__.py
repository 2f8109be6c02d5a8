"""Visits booked at a clinic."""
