"""Grants: which role a person has on which platform."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, String, Table, bindparam, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.columns import UtcDateTime
from bot.store.schema import metadata
from bot.store.upsert import upsert

EVERYWHERE = "*"
"""In place of a platform's name: the grant holds on every platform."""

grants = Table(
    "grants",
    metadata,
    Column("person", String(40), primary_key=True),
    Column("platform", String(80), primary_key=True),
    Column("role", String(20), nullable=False),
    Column("granted_by", String(80), nullable=False),
    Column("granted_at", UtcDateTime, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Grant:
    """A person's role on a platform, or `EVERYWHERE`."""

    person: str
    platform: str
    role: str
    granted_by: str
    granted_at: datetime


async def give(connection: AsyncConnection, grant: Grant) -> None:
    """Grant a role, in place of the one the person had on that platform."""
    values = {"role": grant.role, "granted_by": grant.granted_by, "granted_at": grant.granted_at}
    row = upsert(grants).values(person=grant.person, platform=grant.platform, **values)
    await connection.execute(row.on_conflict_do_update(index_elements=["person", "platform"], set_=values))


async def take_back(connection: AsyncConnection, person: str, platform: str) -> bool:
    """Take a role back; False when there was none."""
    row = delete(grants).where(grants.c.person == person, grants.c.platform == platform)
    return (await connection.execute(row)).rowcount == 1


_ALL = select(grants).order_by(grants.c.person, grants.c.platform)
_OF = _ALL.where(grants.c.person == bindparam("person"))


async def of(connection: AsyncConnection, person: str | None = None) -> list[Grant]:
    """Return the grants of a person, or of everybody."""
    found = await (connection.execute(_ALL) if person is None else connection.execute(_OF, {"person": person}))
    return [Grant(**row._mapping) for row in found]
