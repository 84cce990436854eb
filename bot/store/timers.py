"""Timers: what is due when. A timer that has been handled is gone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index, Integer, String, Table, Text, bindparam, delete, func, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.columns import Json, UtcDateTime
from bot.store.schema import metadata
from bot.store.upsert import upsert

timers = Table(
    "timers",
    metadata,
    Column("kind", String(80), primary_key=True),
    Column("key", String(255), primary_key=True),
    Column("due_at", UtcDateTime, nullable=False),
    Column("payload", Json),
    # When to look at it next: the due time, the end of a claim, the next try; none once it has failed.
    Column("wake_at", UtcDateTime),
    Column("claimed_by", String(80)),
    Column("tries", Integer, nullable=False),
    Column("failure", Text),
    Index("ix_timers_wake_at", "wake_at"),
    Index("ix_timers_claimed_by", "claimed_by"),
)


@dataclass(frozen=True, slots=True)
class Timer:
    """Something due: `key` is unique within its `kind`; `tries` counts how often it was claimed."""

    kind: str
    key: str
    due: datetime
    payload: Any
    tries: int


@dataclass(frozen=True, slots=True)
class FailedTimer:
    """A timer that was given up, and the sentence that says why."""

    timer: Timer
    failure: str


_FRESH = ("due_at", "payload", "wake_at", "claimed_by", "tries", "failure")
_PUT = upsert(timers)
_PUT = _PUT.on_conflict_do_update(index_elements=["kind", "key"], set_={name: _PUT.excluded[name] for name in _FRESH})
_REMOVE = delete(timers).where(timers.c.kind == bindparam("kind"), timers.c.key == bindparam("key"))
_NEXT_DUE = select(func.min(timers.c.wake_at))


async def put(connection: AsyncConnection, kind: str, key: str, due: datetime, payload: Any) -> None:
    """Set a timer, or set it anew, whatever had become of it."""
    fresh = {"due_at": due, "payload": payload, "wake_at": due, "claimed_by": None, "tries": 0, "failure": None}
    await connection.execute(_PUT, {"kind": kind, "key": key, **fresh})


async def remove(connection: AsyncConnection, kind: str, key: str) -> bool:
    """Cancel a timer; False when there is none."""
    gone = await connection.execute(_REMOVE, {"kind": kind, "key": key})
    return gone.rowcount == 1


async def claim(connection: AsyncConnection, replica: str, now: datetime, until: datetime, limit: int) -> list[Timer]:
    """Claim the timers that are due, the oldest first, until a moment; no other replica gets them before."""
    due = (
        select(timers.c.kind, timers.c.key)
        .where(timers.c.wake_at <= now)
        .order_by(timers.c.wake_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    found = [tuple(row) for row in await connection.execute(due)]
    if not found:
        return []
    done = await connection.execute(
        update(timers)
        .where(tuple_(timers.c.kind, timers.c.key).in_(found))
        .values(claimed_by=replica, wake_at=until, tries=timers.c.tries + 1)
        .returning(timers.c.kind, timers.c.key, timers.c.due_at, timers.c.payload, timers.c.tries)
    )
    return sorted((Timer(*row) for row in done), key=lambda timer: timer.due)


def _mine(timer: Timer, replica: str) -> Sequence[Any]:
    """Match the row only as it was claimed: whoever set or claimed it since then has changed it."""
    return (
        timers.c.kind == timer.kind,
        timers.c.key == timer.key,
        timers.c.claimed_by == replica,
        timers.c.tries == timer.tries,
    )


async def finish(connection: AsyncConnection, timer: Timer, replica: str) -> bool:
    """Delete a handled timer; False when it was set anew meanwhile, and stays."""
    return (await connection.execute(delete(timers).where(*_mine(timer, replica)))).rowcount == 1


async def postpone(connection: AsyncConnection, timer: Timer, replica: str, wake: datetime) -> None:
    """Let a claimed timer be tried again at a moment."""
    await connection.execute(update(timers).where(*_mine(timer, replica)).values(wake_at=wake, claimed_by=None))


async def give_up(connection: AsyncConnection, timer: Timer, replica: str, failure: str) -> None:
    """Keep a timer that cannot be handled, with the reason, and never wake it again."""
    await connection.execute(
        update(timers).where(*_mine(timer, replica)).values(wake_at=None, claimed_by=None, failure=failure)
    )


async def adopt(connection: AsyncConnection, lost: str) -> int:
    """Free what a dead replica had claimed, and return how many timers that were."""
    freed = update(timers).where(timers.c.claimed_by == lost)
    return (await connection.execute(freed.values(wake_at=timers.c.due_at, claimed_by=None))).rowcount


async def failed(connection: AsyncConnection, limit: int = 100) -> list[FailedTimer]:
    """Return timers that were given up, the oldest first."""
    columns = (timers.c.kind, timers.c.key, timers.c.due_at, timers.c.payload, timers.c.tries)
    wanted = select(*columns, timers.c.failure).where(timers.c.failure.is_not(None))
    rows = await connection.execute(wanted.order_by(timers.c.due_at).limit(limit))
    return [FailedTimer(Timer(*row[:-1]), row[-1]) for row in rows]


async def next_due(connection: AsyncConnection) -> datetime | None:
    """Return when the next timer wakes, None when there is none."""
    moment: datetime | None = (await connection.execute(_NEXT_DUE)).scalar()
    return moment
