"""The tables and their queries, on SQLite and on PostgreSQL."""
