"""Replicas: which processes there are, how far each has counted, and who takes over from a dead one."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Boolean, Column, Integer, String, Table, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.columns import UtcDateTime
from bot.store.schema import metadata
from bot.store.upsert import upsert

replicas = Table(
    "replicas",
    metadata,
    Column("id", String(80), primary_key=True),
    Column("beats", Integer, nullable=False),
    Column("beat_at", UtcDateTime, nullable=False),
    Column("has_left", Boolean, nullable=False),
    Column("taken_by", String(80)),
)


@dataclass(frozen=True, slots=True)
class Replica:
    """A process of Opsroom: alive while `beats` grows; `taken_by` is the one that takes its work over."""

    id: str
    beats: int
    beat_at: datetime
    has_left: bool
    taken_by: str | None


async def join(connection: AsyncConnection, replica: str, now: datetime) -> None:
    """Add a new replica; its id has never been used before."""
    await connection.execute(insert(replicas).values(id=replica, beats=0, beat_at=now, has_left=False))


async def beat(connection: AsyncConnection, replica: str, now: datetime) -> bool:
    """Count one further; False when another is taking the work over, or has done so."""
    mine = update(replicas).where(replicas.c.id == replica, replicas.c.taken_by.is_(None))
    done = await connection.execute(mine.values(beats=replicas.c.beats + 1, beat_at=now, has_left=False))
    return done.rowcount == 1


async def leave(connection: AsyncConnection, replica: str) -> None:
    """Note that a replica has stopped working, so that others take its work at once."""
    await connection.execute(update(replicas).where(replicas.c.id == replica).values(has_left=True))


async def note_orphan(connection: AsyncConnection, replica: str, now: datetime, taker: str) -> None:
    """Add a replica that nobody knows of but whose work was found, as one that has left and is being taken over.

    It may be one that was taken over before and has just woken up: it must not live on with what it had begun.
    """
    row = upsert(replicas).values(id=replica, beats=0, beat_at=now, has_left=True, taken_by=taker)
    await connection.execute(row.on_conflict_do_nothing(index_elements=["id"]))


async def take(connection: AsyncConnection, seen: Replica, taker: str) -> bool:
    """Claim a replica's work; False when it has beaten, or another has taken it, since it was `seen`."""
    taken = replicas.c.taken_by
    as_seen = taken.is_(None) if seen.taken_by is None else taken == seen.taken_by
    done = await connection.execute(
        update(replicas).where(replicas.c.id == seen.id, replicas.c.beats == seen.beats, as_seen).values(taken_by=taker)
    )
    return done.rowcount == 1


async def release(connection: AsyncConnection, lost: str, taker: str) -> None:
    """Delete a replica whose work `taker` has taken over."""
    await connection.execute(delete(replicas).where(replicas.c.id == lost, replicas.c.taken_by == taker))


async def everyone(connection: AsyncConnection) -> list[Replica]:
    """Return every replica, in the order of their ids."""
    rows = await connection.execute(select(replicas).order_by(replicas.c.id))
    return [Replica(**row._mapping) for row in rows]
