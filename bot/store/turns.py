"""Taking turns: transactions of one kind, one after the other, across replicas."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection


async def take_turns(connection: AsyncConnection, kind: str) -> None:
    """Wait until no other transaction of this kind is open, then hold the turn until this one ends.

    On SQLite writers take turns anyway.
    """
    if connection.dialect.name == "postgresql":
        await connection.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:kind, 0))"), {"kind": kind})
