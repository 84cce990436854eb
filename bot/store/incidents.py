"""Incidents: one row each, and nothing about them is kept anywhere else."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index, Integer, Row, String, Table, Text, bindparam, func, insert, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.columns import UtcDateTime
from bot.store.schema import metadata

OPEN = ("declared", "acknowledged", "investigating", "identified", "monitoring")
ENDED = ("resolved", "closed")
_IS_OPEN = text("status IN ('" + "', '".join(OPEN) + "')")
"""In words and not in parameters: the databases use a partial index only for the words that it was made with."""

incidents = Table(
    "incidents",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("origin", String(255), nullable=False, unique=True),
    Column("platform", String(80), nullable=False),
    Column("severity", String(40), nullable=False),
    Column("rank", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("status", String(20), nullable=False),
    Column("declared_by", String(40), nullable=False),
    Column("declared_at", UtcDateTime, nullable=False),
    Column("declared_in", String(40), nullable=False),
    Column("reply_to", Text),
    Column("acknowledged_by", String(40)),
    Column("acknowledged_at", UtcDateTime),
    Column("channel_name", String(80), unique=True),
    Column("channel_id", String(40), unique=True),
    Column("header_ts", String(40)),
    Index("ix_incidents_declared_at", "declared_at"),
    sqlite_autoincrement=True,
)
_WORST = (incidents.c.rank, incidents.c.declared_at.desc())
Index("ix_incidents_open", *_WORST, incidents.c.platform, sqlite_where=_IS_OPEN, postgresql_where=_IS_OPEN)


@dataclass(frozen=True, slots=True)
class Incident:
    """An incident as it was read.

    `origin` is the id of the request that declared it, so that the same request never makes a second one; `rank` is the
    place of the severity among the platform's, 0 for the worst; `declared_in` is the channel where the declarer typed
    and `reply_to` Slack's response URL for an answer there; `channel_name` is reserved before the channel exists, and
    `channel_id` is set once it does.
    """

    number: int
    origin: str
    platform: str
    severity: str
    rank: int
    title: str
    summary: str
    status: str
    declared_by: str
    declared_at: datetime
    declared_in: str
    reply_to: str | None = None
    acknowledged_by: str | None = None
    acknowledged_at: datetime | None = None
    channel_name: str | None = None
    channel_id: str | None = None
    header_ts: str | None = None

    @property
    def ref(self) -> str:
        """What people call it: `INC-12`."""
        return f"INC-{self.number}"

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something about it."""
        return self.status in OPEN


def _read(row: Row[Any]) -> Incident:
    return Incident(**row._mapping)


# Statements that every command needs, put together once: that takes longer than SQLite takes to answer them.
_BY_NUMBER = select(incidents).where(incidents.c.number == bindparam("number"))
_BY_ORIGIN = select(incidents).where(incidents.c.origin == bindparam("origin"))
_BY_CHANNEL = select(incidents).where(incidents.c.channel_id == bindparam("channel_id"))
_STILL_OPEN = (_IS_OPEN, incidents.c.platform.in_(bindparam("platforms", expanding=True)))
_OPEN = select(incidents).where(*_STILL_OPEN).order_by(*_WORST).limit(bindparam("most"))
_OPEN_TITLES = (
    select(incidents.c.number, incidents.c.title)
    .where(_IS_OPEN, incidents.c.platform == bindparam("platform"))
    .where(incidents.c.declared_at >= bindparam("since"))
    .order_by(incidents.c.declared_at.desc())
    .limit(200)
)
_ADD = insert(incidents).returning(*incidents.c)
_CHANGE = update(incidents).where(incidents.c.number == bindparam("which")).returning(*incidents.c)
_ACKNOWLEDGE = _CHANGE.where(incidents.c.status == "declared").values(status="acknowledged")
_COUNT_OPEN = select(func.count()).select_from(incidents).where(*_STILL_OPEN)
_RESERVE = update(incidents).where(incidents.c.number == bindparam("which")).values(channel_name=bindparam("name"))


async def add(connection: AsyncConnection, **values: object) -> Incident:
    """Insert a declared incident and return it with its number."""
    done = await connection.execute(_ADD, {"status": "declared", **values})
    return _read(done.one())


async def by_number(connection: AsyncConnection, number: int) -> Incident | None:
    """Return the incident with that number."""
    row = (await connection.execute(_BY_NUMBER, {"number": number})).one_or_none()
    return _read(row) if row else None


async def by_origin(connection: AsyncConnection, origin: str) -> Incident | None:
    """Return the incident that this request declared."""
    row = (await connection.execute(_BY_ORIGIN, {"origin": origin})).one_or_none()
    return _read(row) if row else None


async def by_channel(connection: AsyncConnection, channel_id: str) -> Incident | None:
    """Return the incident whose room this channel is."""
    row = (await connection.execute(_BY_CHANNEL, {"channel_id": channel_id})).one_or_none()
    return _read(row) if row else None


async def still_open(connection: AsyncConnection, platforms: Sequence[str], limit: int) -> list[Incident]:
    """Return the open incidents of these platforms, the worst and newest first."""
    rows = await connection.execute(_OPEN, {"platforms": list(platforms), "most": limit})
    return [_read(row) for row in rows]


async def open_titles(connection: AsyncConnection, platform: str, since: datetime) -> list[tuple[int, str]]:
    """Return numbers and titles of a platform's open incidents declared since then, 200 at most, the newest first."""
    rows = await connection.execute(_OPEN_TITLES, {"platform": platform, "since": since})
    return [(number, title) for number, title in rows]


async def count_open(connection: AsyncConnection, platforms: Sequence[str]) -> int:
    """Return how many incidents of these platforms are open."""
    return int((await connection.execute(_COUNT_OPEN, {"platforms": list(platforms)})).scalar_one())


async def change(connection: AsyncConnection, number: int, **values: object) -> Incident:
    """Set columns of an incident and return it."""
    done = await connection.execute(_CHANGE, {"which": number, **values})
    return _read(done.one())


async def acknowledge(connection: AsyncConnection, number: int, by: str, at: datetime) -> Incident | None:
    """Acknowledge it unless somebody already has; return it, or None when somebody was earlier."""
    done = await connection.execute(_ACKNOWLEDGE, {"which": number, "acknowledged_by": by, "acknowledged_at": at})
    row = done.one_or_none()
    return _read(row) if row else None


async def reserve_name(connection: AsyncConnection, number: int, name: str) -> bool:
    """Reserve a channel name for an incident; False when another incident has it."""
    try:
        async with connection.begin_nested():
            await connection.execute(_RESERVE, {"which": number, "name": name})
    except IntegrityError:
        return False
    return True
