"""Prometheus: `promql` lines as queries, and what asks a server."""
