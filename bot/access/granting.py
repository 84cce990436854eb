"""Giving roles and taking them back, each with its entry in the audit log."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.access import audit
from bot.access.audit import Record
from bot.store import grants
from bot.store.grants import EVERYWHERE, Grant


async def give(connection: AsyncConnection, grant: Grant) -> None:
    """Grant a role, in place of the one that was held in that very place."""
    before = await grants.at(connection, grant)
    await grants.give(connection, grant)
    details = {"role": grant.role, "before": before.role if before else None, **_whose(grant)}
    await audit.append(connection, _record("role.granted", grant, details))


async def take_back(
    connection: AsyncConnection, holder: str, platform: str, by: str, at: datetime, environment: str | None = None
) -> bool:
    """Take a role back; False when there was none, and then there is nothing to record."""
    held = await grants.at(connection, Grant(holder, platform, "", by, at, environment))
    if held is None or not await grants.take_back(connection, holder, platform, environment):
        return False
    taken = replace(held, granted_by=by, granted_at=at)
    await audit.append(connection, _record("role.revoked", taken, {"role": held.role, **_whose(held)}))
    return True


def _whose(grant: Grant) -> dict[str, str]:
    """Return what the entry says beyond the holder's id: the group's handle, and the only environment."""
    said = {"group": grant.handle and f"@{grant.handle}", "environment": grant.environment}
    return {name: value for name, value in said.items() if value}


def _record(action: str, grant: Grant, details: dict[str, str | None]) -> Record:
    platform = None if grant.platform == EVERYWHERE else grant.platform
    return Record(grant.granted_at, grant.granted_by, action, grant.holder, platform, details)
