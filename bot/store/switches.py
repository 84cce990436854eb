"""Switches: who told Opsroom to change nothing, or only to rehearse, on one platform or everywhere, and why."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, String, Table, Text, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.columns import UtcDateTime
from bot.store.grants import EVERYWHERE
from bot.store.schema import metadata
from bot.store.upsert import upsert

READ_ONLY, DRY_RUN = "read-only", "dry-run"

switches = Table(
    "switches",
    metadata,
    Column("mode", String(20), primary_key=True),
    Column("platform", String(80), primary_key=True),
    Column("reason", Text, nullable=False),
    Column("by", String(40), nullable=False),
    Column("at", UtcDateTime, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Switch:
    """A switch that is on; `platform` is EVERYWHERE for all of them."""

    mode: str
    platform: str
    reason: str
    by: str
    at: datetime


async def turn_on(connection: AsyncConnection, switch: Switch) -> bool:
    """Turn a switch on; False when it is on already, and then it stays as it was."""
    values = {name: getattr(switch, name) for name in Switch.__slots__}
    row = upsert(switches).values(**values).on_conflict_do_nothing(index_elements=["mode", "platform"])
    return (await connection.execute(row)).rowcount == 1


async def turn_off(connection: AsyncConnection, mode: str, platform: str) -> bool:
    """Turn a switch off; False when it is not on."""
    row = delete(switches).where(switches.c.mode == mode, switches.c.platform == platform)
    return (await connection.execute(row)).rowcount == 1


async def which_are_on(connection: AsyncConnection, platform: str | None = None) -> tuple[Switch, ...]:
    """Return the switches that are on: all of them, or those that a platform is under; read-only ones last."""
    wanted = select(*switches.columns).order_by(switches.c.mode, switches.c.platform)
    if platform is not None:
        wanted = wanted.where(switches.c.platform.in_((platform, EVERYWHERE)))
    return tuple(Switch(**row._mapping) for row in await connection.execute(wanted))
