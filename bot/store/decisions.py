"""Decisions: who allowed a request, refused it, or broke the glass for it; each person has one."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, ForeignKey, Integer, String, Table, Text, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.columns import UtcDateTime
from bot.store.schema import metadata
from bot.store.upsert import upsert

APPROVED, DENIED, WITHDRAWN, BROKE_GLASS = "approved", "denied", "withdrawn", "broke-glass"

decisions = Table(
    "decisions",
    metadata,
    Column("request", Integer, ForeignKey("requests.number"), primary_key=True),
    Column("person", String(40), primary_key=True),
    Column("verdict", String(20), nullable=False),
    Column("reason", Text),
    Column("at", UtcDateTime, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided on a request, and why if that was said."""

    request: int
    person: str
    verdict: str
    reason: str | None
    at: datetime


async def record(connection: AsyncConnection, decision: Decision) -> None:
    """Write a decision down; of several by one person the last one counts."""
    values = {name: getattr(decision, name) for name in Decision.__slots__}
    new = {name: values[name] for name in ("verdict", "reason", "at")}
    row = upsert(decisions).values(**values)
    await connection.execute(row.on_conflict_do_update(index_elements=["request", "person"], set_=new))


async def on(connection: AsyncConnection, request: int) -> tuple[Decision, ...]:
    """Return the decisions on a request, the first one first."""
    wanted = select(*decisions.columns).where(decisions.c.request == request)
    rows = await connection.execute(wanted.order_by(decisions.c.at, decisions.c.person))
    return tuple(Decision(**row._mapping) for row in rows)
