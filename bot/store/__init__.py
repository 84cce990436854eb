"""Tables, migrations and queries. One module per noun, SQLite and PostgreSQL alike."""
