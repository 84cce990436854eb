"""Giving roles and taking them back, each with its entry in the audit log."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.access import audit
from bot.access.audit import Record
from bot.store import grants
from bot.store.grants import EVERYWHERE, Grant


async def give(connection: AsyncConnection, grant: Grant) -> None:
    """Grant a role, in place of the one the person had on that platform."""
    had = await _role_of(connection, grant.person, grant.platform)
    await grants.give(connection, grant)
    details = {"role": grant.role, "before": had}
    await audit.append(connection, replace(_record(grant, grant.granted_by, grant.granted_at), details=details))


async def take_back(connection: AsyncConnection, person: str, platform: str, by: str, at: datetime) -> bool:
    """Take a role back; False when there was none, and then there is nothing to record."""
    had = await _role_of(connection, person, platform)
    if had is None or not await grants.take_back(connection, person, platform):
        return False
    taken = Grant(person, platform, had, by, at)
    await audit.append(connection, replace(_record(taken, by, at), action="role.revoked", details={"role": had}))
    return True


async def _role_of(connection: AsyncConnection, person: str, platform: str) -> str | None:
    held = await grants.of(connection, person)
    return next((grant.role for grant in held if grant.platform == platform), None)


def _record(grant: Grant, by: str, at: datetime) -> Record:
    platform = None if grant.platform == EVERYWHERE else grant.platform
    return Record(at, by, "role.granted", grant.person, platform)
