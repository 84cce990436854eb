"""Troubles: parts of an incident's room that did not work, kept until somebody retries them with success."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, ForeignKey, Integer, String, Table, Text, bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.columns import UtcDateTime
from bot.store.schema import metadata
from bot.store.upsert import upsert

troubles = Table(
    "troubles",
    metadata,
    Column("incident", Integer, ForeignKey("incidents.number"), primary_key=True),
    Column("part", String(40), primary_key=True),
    Column("reason", Text, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("mended_at", UtcDateTime),
)


@dataclass(frozen=True, slots=True)
class Trouble:
    """A part that did not work: `part` is its name, `reason` a sentence for people, `tries` how often it was tried."""

    incident: int
    part: str
    reason: str
    tries: int
    at: datetime
    mended_at: datetime | None = None


_MEND = (
    update(troubles)
    .where(troubles.c.incident == bindparam("which"), troubles.c.part == bindparam("what"))
    .values(mended_at=bindparam("now"))
)
_OPEN = (
    select(troubles)
    .where(troubles.c.incident == bindparam("which"), troubles.c.mended_at.is_(None))
    .order_by(troubles.c.part)
)
_ONE = _OPEN.where(troubles.c.part == bindparam("what"))


async def note(connection: AsyncConnection, incident: int, part: str, reason: str, at: datetime) -> None:
    """Note that a part did not work, once more if it is known already."""
    row = upsert(troubles).values(incident=incident, part=part, reason=reason, tries=1, at=at)
    again = {"reason": reason, "tries": troubles.c.tries + 1, "at": at, "mended_at": None}
    await connection.execute(row.on_conflict_do_update(index_elements=["incident", "part"], set_=again))


async def mend(connection: AsyncConnection, incident: int, part: str, at: datetime) -> None:
    """Note that a part that was in trouble works now."""
    await connection.execute(_MEND, {"which": incident, "what": part, "now": at})


async def of(connection: AsyncConnection, incident: int, part: str | None = None) -> list[Trouble]:
    """Return what does not work in an incident's room, or the trouble with one part."""
    wanted, which = (_OPEN, {"which": incident}) if part is None else (_ONE, {"which": incident, "what": part})
    return [Trouble(**row._mapping) for row in await connection.execute(wanted, which)]
