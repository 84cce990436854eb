"""`INSERT … ON CONFLICT` for both databases.

SQLAlchemy has an `insert` per dialect; PostgreSQL's compiles for SQLite as well, not the other way round. Tests run
every query on both.
"""

from sqlalchemy.dialects.postgresql import insert as upsert

__all__ = ["upsert"]
