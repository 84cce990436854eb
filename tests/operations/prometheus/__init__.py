"""Prometheus: lines, and a real server with known data."""
