"""Locks of targets: one request at a time changes a target, the others wait in the order of their numbers.

A request takes all of its targets or none, so that two can never wait for each other.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Column, ForeignKey, Integer, String, Table, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.columns import UtcDateTime
from bot.store.schema import metadata
from bot.store.turns import take_turns

target_locks = Table(
    "target_locks",
    metadata,
    Column("platform", String(80), primary_key=True),
    Column("target", String(80), primary_key=True),
    Column("request", Integer, ForeignKey("requests.number"), nullable=False),
    Column("since", UtcDateTime, nullable=False),
)


async def take(
    connection: AsyncConnection, platform: str, targets: Collection[str], request: int, at: datetime
) -> int | None:
    """Give a request all of these targets; return the number of the request that has one of them, if one has."""
    await take_turns(connection, "target-locks")
    held = await holder(connection, platform, targets)
    if held is not None and held != request:
        return held
    if held is None and targets:
        fresh = [{"platform": platform, "target": name, "request": request, "since": at} for name in sorted(targets)]
        await connection.execute(insert(target_locks), fresh)
    return None


async def holder(connection: AsyncConnection, platform: str, targets: Collection[str]) -> int | None:
    """Return the number of the request that has one of these targets."""
    wanted = select(target_locks.c.request).where(
        target_locks.c.platform == platform, target_locks.c.target.in_(targets)
    )
    return (await connection.execute(wanted.order_by(target_locks.c.request).limit(1))).scalar()


async def release(connection: AsyncConnection, request: int) -> bool:
    """Take a request's targets back; False when it had none."""
    await take_turns(connection, "target-locks")
    gone = await connection.execute(delete(target_locks).where(target_locks.c.request == request))
    return gone.rowcount > 0
