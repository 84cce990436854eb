"""The desk: what people ask of incidents that exist — read, list, acknowledge, join, retry."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.access.roles import Rights, Role
from bot.durable.engine import Engine
from bot.errors import BadInput, Conflict
from bot.incidents.mending import ROOM
from bot.incidents.nouns import (
    Acknowledged,
    AcknowledgedBefore,
    AcknowledgedNote,
    Header,
    IncidentCard,
    IncidentList,
    Joined,
    Named,
)
from bot.incidents.opening import RETRY, UNACKNOWLEDGED
from bot.incidents.parts import PARTS
from bot.incidents.ports import Rooms
from bot.nearest import one_of
from bot.runbooks.platform import Platform
from bot.runbooks.platforms import Platforms
from bot.store import incidents, timeline, timers, troubles
from bot.store.database import Store
from bot.store.timeline import Entry

_LISTED = 15
"""As many as fit on a screen; a Slack message takes 50 blocks."""
_LATEST = 5


class Desk:
    """Where people come with an incident's number."""

    def __init__(
        self,
        store: Store,
        engine: Engine,
        rooms: Rooms,
        platforms: Platforms,
    ) -> None:
        self._store, self._engine, self._rooms, self._platforms = store, engine, rooms, platforms

    async def find(self, number: int, rights: Rights, role: Role = Role.VIEWER) -> Named:
        """Return an incident on whose platform the person has that role.

        Raises BadInput when there is none of that number, NotAllowed when the role does not reach that far.
        """
        async with self._store.read() as connection:
            return await self._found(connection, number, rights, role)

    async def _found(self, connection: AsyncConnection, number: int, rights: Rights, role: Role) -> Named:
        incident = await incidents.by_number(connection, number)
        platform = self._platforms.get(incident.platform) if incident else None
        if incident is None or platform is None:
            raise BadInput(f"There is no incident INC-{number}. /incident list shows those that are open.")
        rights.require(role, platform.name)
        return Named(incident, platform)

    async def listed(self, rights: Rights, platform: Platform | None) -> IncidentList:
        """Return the open incidents that the person may see, of one platform if given."""
        names = rights.reach(Role.VIEWER, (platform.name,) if platform else self._platforms.names)
        async with self._store.read() as connection:
            found = await incidents.still_open(connection, names, _LISTED)
            total = len(found) if len(found) < _LISTED else await incidents.count_open(connection, names)
        items = tuple(Named(i, known) for i in found if (known := self._platforms.get(i.platform)))
        return IncidentList(items, total, platform.title if platform else "")

    async def card(self, number: int, rights: Rights) -> IncidentCard:
        """Return all about one incident."""
        async with self._store.read() as connection:
            named = await self._found(connection, number, rights, Role.VIEWER)
            open_troubles = await troubles.of(connection, number)
            latest = await timeline.entries(connection, number, _LATEST)
        return IncidentCard(named.incident, named.platform, tuple(latest), tuple(open_troubles))

    async def acknowledge(self, number: int, rights: Rights, at: datetime) -> Acknowledged | AcknowledgedBefore:
        """Note who is on it and tell the room, unless somebody was earlier."""
        async with self._store.begin() as connection:
            named = await self._found(connection, number, rights, Role.RESPONDER)
            if taken := await incidents.acknowledge(connection, number, rights.person, at):
                entry = Entry("acknowledged", at, "acknowledged", "Acknowledged", rights.person)
                await timeline.record(connection, number, entry)
                await timers.remove(connection, UNACKNOWLEDGED, str(number))
            incident = taken or await incidents.by_number(connection, number) or named.incident
        if incident.acknowledged_by != rights.person or not incident.is_open:
            return AcknowledgedBefore(incident, named.platform)
        # The same person again, after a crash or out of impatience, tells the room again: its message has a key.
        await self._show_acknowledged(Named(incident, named.platform))
        return Acknowledged(incident, named.platform)

    async def _show_acknowledged(self, named: Named) -> None:
        incident, response = named.incident, named.severity.response
        if incident.channel_id is None or incident.acknowledged_at is None:
            return
        late = response is not None and incident.acknowledged_at - incident.declared_at > response
        note = AcknowledgedNote(incident, late)
        await self._rooms.send(f"acknowledged:{incident.number}", incident.channel_id, note)
        if incident.header_ts:
            header = Header(incident, named.platform)
            await self._rooms.edit(f"header:{incident.number}", incident.channel_id, incident.header_ts, header)

    async def join(self, number: int, rights: Rights) -> Joined:
        """Bring the person into the room."""
        named = await self.find(number, rights, Role.RESPONDER)
        if named.incident.channel_id is None:
            raise Conflict(f"The room of {named.incident.ref} is not open yet. Try again in a moment.")
        await self._rooms.invite(named.incident.channel_id, [rights.person])
        return Joined(named.incident, named.platform)

    async def retry(self, number: int, part: str, rights: Rights) -> Named:
        """Make a part of the room once more; who asks while that goes on joins in.

        Raises BadInput when nothing is wrong with it.
        """
        named = await self.find(number, rights, Role.RESPONDER)
        async with self._store.read() as connection:
            wrong = {trouble.part: trouble.tries for trouble in await troubles.of(connection, number)}
        if part not in wrong:
            what = f"Trouble is with {one_of(list(wrong), 'and')}." if wrong else "There is nothing to try again."
            there = f"has no trouble with “{part}”" if part in PARTS or part == ROOM else f"has no part “{part}”"
            raise BadInput(f"The room of {named.incident.ref} {there}. {what}")
        await self._engine.start(RETRY, f"retry:{number}:{part}:{wrong[part]}", {"incident": number, "part": part})
        return named
