"""The timeline of an incident: what happened, when, and by whom, one row per entry."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint, bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.columns import UtcDateTime
from bot.store.schema import metadata
from bot.store.upsert import upsert

timeline = Table(
    "timeline",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("incident", Integer, ForeignKey("incidents.number"), nullable=False),
    Column("key", String(255), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("kind", String(40), nullable=False),
    Column("by", String(40)),
    Column("text", Text, nullable=False),
    UniqueConstraint("incident", "key"),
    Index("ix_timeline_incident_at", "incident", "at"),
    sqlite_autoincrement=True,
)


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that happened: `at` a moment, `by` a person's id or None for Opsroom itself, `text` in plain words.

    `key` names the happening within its incident, so that work that is repeated after a crash records it once.
    """

    key: str
    at: datetime
    kind: str
    text: str
    by: str | None = None


_ALL = 2**31 - 1
"""More entries than an incident can have."""

_RECORD = upsert(timeline).on_conflict_do_nothing(index_elements=["incident", "key"])
_LATEST = (
    select(timeline.c.key, timeline.c.at, timeline.c.kind, timeline.c.text, timeline.c.by)
    .where(timeline.c.incident == bindparam("incident"))
    .order_by(timeline.c.at.desc(), timeline.c.id.desc())
    .limit(bindparam("most"))
)


async def record(connection: AsyncConnection, incident: int, entry: Entry) -> bool:
    """Add an entry; False when the incident already has one of that key."""
    values = {"key": entry.key, "at": entry.at, "kind": entry.kind, "text": entry.text, "by": entry.by}
    done = await connection.execute(_RECORD, {"incident": incident, **values})
    return done.rowcount == 1


async def entries(connection: AsyncConnection, incident: int, limit: int | None = None) -> list[Entry]:
    """Return the entries of an incident, the oldest first; with a limit, the latest ones."""
    rows = (await connection.execute(_LATEST, {"incident": incident, "most": limit or _ALL})).all()
    return [Entry(**row._mapping) for row in reversed(rows)]
