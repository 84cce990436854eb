"""Switches: changing nothing for a while, or only rehearsing, on one platform or on all; each with its reason."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.access import audit
from bot.access.audit import Record
from bot.access.roles import Rights, Role
from bot.errors import Conflict, NotAllowed
from bot.remediation.nouns import SwitchBoard
from bot.runbooks.platform import Platform
from bot.runbooks.platforms import Platforms
from bot.store import switches
from bot.store.database import Store
from bot.store.grants import EVERYWHERE
from bot.store.switches import DRY_RUN, READ_ONLY, Switch


class Switches:
    """Turns switches on and off, and says which are on."""

    def __init__(self, store: Store, platforms: Platforms) -> None:
        self._store, self._platforms = store, platforms

    async def turn(self, switch: Switch, rights: Rights, *, on: bool) -> SwitchBoard:
        """Turn a switch on or off, and return those that are on then.

        Raises NotAllowed for whoever is no admin there, Conflict when it is so already.
        """
        self._require(rights, switch.platform)
        async with self._store.begin() as connection:
            if on:
                changed = await switches.turn_on(connection, switch)
            else:
                changed = await switches.turn_off(connection, switch.mode, switch.platform)
            if changed:
                await audit.append(connection, _record(switch, on=on))
        if not changed:
            where = self._called(switch.platform)
            raise Conflict(f"{where} {'is already' if on else 'was not'} {switch.mode}. Nothing was changed.")
        return await self.board(rights)

    async def board(self, rights: Rights) -> SwitchBoard:
        """Return the switches that are on and that the person may see: those of all platforms, and of one's own."""
        async with self._store.read() as connection:
            on = await switches.which_are_on(connection)
        found = tuple(each for each in on if each.platform == EVERYWHERE or rights.on(each.platform) >= Role.VIEWER)
        return SwitchBoard(found, {each.platform: self._called(each.platform) for each in found})

    def _called(self, name: str) -> str:
        if name == EVERYWHERE:
            return "Every platform"
        platform = self._platforms.get(name)
        return platform.title if platform else name

    @staticmethod
    def _require(rights: Rights, platform: str) -> None:
        if platform != EVERYWHERE:
            rights.require(Role.ADMIN, platform)
        elif rights.on(EVERYWHERE) < Role.ADMIN:
            raise NotAllowed("This needs an admin of every platform. Name a platform, or ask an Opsroom admin.")


async def read_only_because(connection: AsyncConnection, platform: Platform) -> str:
    """Return why nothing is changed on a platform now, as a sentence; an empty text when it may be."""
    found = [each for each in await switches.which_are_on(connection, platform.name) if each.mode == READ_ONLY]
    if not found:
        return ""
    where = "Opsroom" if found[0].platform == EVERYWHERE else platform.title
    return f"{where} is read-only for now: {found[0].reason.rstrip('.')}."


async def refuse_if_read_only(connection: AsyncConnection, platform: Platform) -> None:
    """Raise Conflict while nothing may be changed on a platform."""
    if why := await read_only_because(connection, platform):
        raise Conflict(f"{why} Until an admin ends that, nothing can be asked for or allowed there.")


async def only_rehearses(connection: AsyncConnection, platform: Platform) -> bool:
    """Tell whether what is allowed on a platform is only rehearsed."""
    found = await switches.which_are_on(connection, platform.name)
    return any(each.mode == DRY_RUN for each in found)


def blackout_now(platform: Platform, at: datetime) -> str:
    """Return why nothing is to be changed at a moment, as a sentence; an empty text when it may be."""
    for blackout in platform.blackouts.values():
        if blackout.covers(at, platform.time_zone):
            until = f"{blackout.until}, {platform.time_zone} time"
            return f"Nothing is changed on {platform.title} until {until} ({blackout.title})."
    return ""


def _record(switch: Switch, *, on: bool) -> Record:
    word = "readonly" if switch.mode == READ_ONLY else "dryrun"
    platform = None if switch.platform == EVERYWHERE else switch.platform
    details = {"reason": switch.reason} if on else {}
    return Record(switch.at, switch.by, f"{word}.{'on' if on else 'off'}", switch.platform, platform, details)
