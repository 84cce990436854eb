"""Incidents, below what people type."""
