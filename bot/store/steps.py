"""Steps of workflows that have ended, and how: what is recorded here is not done again."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index, String, Table, bindparam, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.columns import Json, UtcDateTime
from bot.store.schema import metadata
from bot.store.upsert import upsert

steps = Table(
    "steps",
    metadata,
    Column("workflow", String(255), primary_key=True),
    Column("name", String(255), primary_key=True),
    Column("ended_at", UtcDateTime, nullable=False),
    Column("ending", Json, nullable=False),
    Index("ix_steps_ended_at", "ended_at"),
)

_RECORD = upsert(steps).on_conflict_do_nothing(index_elements=["workflow", "name"])
_OF = select(steps.c.name, steps.c.ending).where(steps.c.workflow == bindparam("workflow"))


async def record(
    connection: AsyncConnection, workflow: str, name: str, now: datetime, ending: dict[str, Any]
) -> dict[str, Any]:
    """Write down how a step ended, as JSON, and return the ending that stands, which is the first one."""
    row = {"workflow": workflow, "name": name, "ended_at": now, "ending": ending}
    fresh = await connection.execute(_RECORD, row)
    return ending if fresh.rowcount == 1 else (await of(connection, workflow))[name]


async def of(connection: AsyncConnection, workflow: str) -> dict[str, dict[str, Any]]:
    """Return the endings of a workflow's steps by name."""
    rows = await connection.execute(_OF, {"workflow": workflow})
    return {name: ending for name, ending in rows}  # noqa: C416 a row is no pair to mypy


async def forget(connection: AsyncConnection, before: datetime) -> int:
    """Delete the steps that ended before a moment and return how many there were."""
    return (await connection.execute(delete(steps).where(steps.c.ended_at < before))).rowcount
