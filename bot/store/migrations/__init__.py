"""How the schema came to be: one Alembic script per change, forward only."""
