"""Effects: what was about to be done to the outside world, and what came of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index, String, Table, bindparam, delete, select, update
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


_THIS = (effects.c.workflow == bindparam("which"), effects.c.name == bindparam("deed"))
_INTEND = upsert(effects).on_conflict_do_nothing(index_elements=["workflow", "name"])
_FIND = select(effects).where(*_THIS)
_RECORD = update(effects).where(*_THIS, effects.c.done_at.is_(None))
_WITHDRAW = delete(effects).where(*_THIS, effects.c.done_at.is_(None))


async def intend(connection: AsyncConnection, workflow: str, name: str, now: datetime) -> Effect | None:
    """Write down that a deed is about to be done; return the earlier row when there is one already."""
    fresh = await connection.execute(_INTEND, {"workflow": workflow, "name": name, "intended_at": now})
    return None if fresh.rowcount == 1 else await find(connection, workflow, name)


async def find(connection: AsyncConnection, workflow: str, name: str) -> Effect | None:
    """Return the deed of that name, or None when it was never intended."""
    row = (await connection.execute(_FIND, {"which": workflow, "deed": name})).one_or_none()
    return Effect(**row._mapping) if row else None


async def record(connection: AsyncConnection, workflow: str, name: str, now: datetime, outcome: Any) -> None:
    """Write down what came of a deed. The first outcome stands."""
    await connection.execute(_RECORD, {"which": workflow, "deed": name, "done_at": now, "outcome": outcome})


async def withdraw(connection: AsyncConnection, workflow: str, name: str) -> None:
    """Take back the intent of a deed that was certainly not done."""
    await connection.execute(_WITHDRAW, {"which": workflow, "deed": name})


async def forget(connection: AsyncConnection, before: datetime) -> int:
    """Delete the deeds that were done before a moment and return how many there were."""
    old = delete(effects).where(effects.c.intended_at < before, effects.c.done_at.is_not(None))
    return (await connection.execute(old)).rowcount
