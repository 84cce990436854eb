"""Grants: which role a person or a user group has, on which platforms and in which environments."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, String, Table, and_, bindparam, delete, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.columns import UtcDateTime
from bot.store.schema import metadata
from bot.store.upsert import upsert

EVERYWHERE = "*"
"""In place of a platform's name: the grant holds on every platform."""
_ANY = "*"
"""What the table has in place of an environment's name, for a key has no NULL."""

grants = Table(
    "grants",
    metadata,
    Column("holder", String(40), primary_key=True),
    Column("platform", String(80), primary_key=True),
    Column("environment", String(20), primary_key=True),
    Column("role", String(20), nullable=False),
    Column("granted_by", String(80), nullable=False),
    Column("granted_at", UtcDateTime, nullable=False),
    Column("handle", String(80)),
)


@dataclass(frozen=True, slots=True)
class Grant:
    """A role on a platform, or `EVERYWHERE`, in one environment, or in all of them.

    `holder` is the Slack id of a person, or of a user group; `handle` is what the group was called when it got the
    role, None for a person.
    """

    holder: str
    platform: str
    role: str
    granted_by: str
    granted_at: datetime
    environment: str | None = None
    handle: str | None = None

    @property
    def key(self) -> tuple[str, str, str | None]:
        """Whose role it is and where: there is one role for each."""
        return self.holder, self.platform, self.environment


async def give(connection: AsyncConnection, grant: Grant) -> None:
    """Grant a role, in place of the one that was held in that very place."""
    said = ("role", "granted_by", "granted_at", "handle")
    values = {name: getattr(grant, name) for name in said}
    place = {"holder": grant.holder, "platform": grant.platform, "environment": grant.environment or _ANY}
    row = upsert(grants).values(**place, **values)
    await connection.execute(row.on_conflict_do_update(index_elements=list(place), set_=values))


async def take_back(connection: AsyncConnection, holder: str, platform: str, environment: str | None = None) -> bool:
    """Take a role back; False when there was none."""
    row = delete(grants).where(_at(holder, platform, environment))
    return (await connection.execute(row)).rowcount == 1


def _at(holder: str, platform: str, environment: str | None) -> ColumnElement[bool]:
    place = grants.c
    return and_(place.holder == holder, place.platform == platform, place.environment == (environment or _ANY))


_ALL = select(grants).order_by(grants.c.holder, grants.c.platform, grants.c.environment)
_OF = _ALL.where(grants.c.holder == bindparam("holder"))
_CONCERNING = _ALL.where(or_(grants.c.holder == bindparam("holder"), grants.c.handle.is_not(None)))


async def of(connection: AsyncConnection, holder: str | None = None) -> list[Grant]:
    """Return the grants of a person or a group, or all that there are."""
    return await _found(connection, _ALL if holder is None else _OF, holder)


async def concerning(connection: AsyncConnection, person: str) -> list[Grant]:
    """Return the grants of a person, and those of every user group, of which the person may be a member."""
    return await _found(connection, _CONCERNING, person)


async def at(connection: AsyncConnection, grant: Grant) -> Grant | None:
    """Return the grant that a holder has in the very place of another one."""
    held = await of(connection, grant.holder)
    return next((known for known in held if known.key == grant.key), None)


async def _found(connection: AsyncConnection, wanted: Select[Any], holder: str | None) -> list[Grant]:
    rows = await connection.execute(wanted, {} if holder is None else {"holder": holder})
    return [_grant(row) for row in rows.mappings()]


def _grant(row: Mapping[str, Any]) -> Grant:
    return Grant(**{**row, "environment": None if row["environment"] == _ANY else row["environment"]})
