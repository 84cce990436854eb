"""Locks that keep bots from writing into a table of PostgreSQL, so that they can be killed just before they do."""

import psycopg


class Lock:
    """A lock on a table, from now on; whoever reads it goes on."""

    def __init__(self, address: str, table: str) -> None:
        self._address, self._table = address, table
        self._held = psycopg.connect(address)
        self._held.execute(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE".encode())

    def met(self) -> bool:
        """Return whether somebody waits for it."""
        asked = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = %s::regclass"
        with psycopg.connect(self._address) as connection:
            row = connection.execute(asked, (self._table,)).fetchone()
        return row is not None and row[0] > 0

    def release(self) -> None:
        """Let everybody write."""
        self._held.close()
