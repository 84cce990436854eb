"""SQL as operations, on a real PostgreSQL server."""
