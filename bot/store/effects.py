"""Effects: what was about to be done to the outside world, and what came of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index, String, Table, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.columns import Json, UtcDateTime
from bot.store.schema import metadata
from bot.store.upsert import upsert

effects = Table(
    "effects",
    metadata,
    Column("workflow", String(255), primary_key=True),
    Column("name", String(255), primary_key=True),
    Column("intended_at", UtcDateTime, nullable=False),
    Column("done_at", UtcDateTime),
    Column("outcome", Json),
    Index("ix_effects_intended_at", "intended_at"),
)


@dataclass(frozen=True, slots=True)
class Effect:
    """A deed of a workflow: intended, and done when `done_at` is set, with what came of it as JSON."""

    workflow: str
    name: str
    intended_at: datetime
    done_at: datetime | None
    outcome: Any


async def intend(connection: AsyncConnection, workflow: str, name: str, now: datetime) -> Effect | None:
    """Write down that a deed is about to be done; return the earlier row when there is one already."""
    row = upsert(effects).values(workflow=workflow, name=name, intended_at=now)
    fresh = await connection.execute(row.on_conflict_do_nothing(index_elements=["workflow", "name"]))
    return None if fresh.rowcount == 1 else await find(connection, workflow, name)


async def find(connection: AsyncConnection, workflow: str, name: str) -> Effect | None:
    """Return the deed of that name, or None when it was never intended."""
    wanted = select(effects).where(effects.c.workflow == workflow, effects.c.name == name)
    row = (await connection.execute(wanted)).one_or_none()
    return Effect(**row._mapping) if row else None


async def record(connection: AsyncConnection, workflow: str, name: str, now: datetime, outcome: Any) -> None:
    """Write down what came of a deed. The first outcome stands."""
    await connection.execute(
        update(effects)
        .where(effects.c.workflow == workflow, effects.c.name == name, effects.c.done_at.is_(None))
        .values(done_at=now, outcome=outcome)
    )


async def withdraw(connection: AsyncConnection, workflow: str, name: str) -> None:
    """Take back the intent of a deed that was certainly not done."""
    await connection.execute(
        delete(effects).where(effects.c.workflow == workflow, effects.c.name == name, effects.c.done_at.is_(None))
    )


async def forget(connection: AsyncConnection, before: datetime) -> int:
    """Delete the deeds that were done before a moment and return how many there were."""
    old = delete(effects).where(effects.c.intended_at < before, effects.c.done_at.is_not(None))
    return (await connection.execute(old)).rowcount
