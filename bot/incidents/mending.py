"""What does not work in a room: kept, said once, and mended."""

from contextlib import suppress

from bot.errors import SlackRefused
from bot.incidents.nouns import Mended, NotOpened, TroubleNote
from bot.incidents.parts import Workshop
from bot.store import incidents, timeline, troubles
from bot.store.incidents import Incident
from bot.store.timeline import Entry
from bot.store.troubles import Trouble
from bot.wallclock import Clock

ROOM = "channel"
"""The trouble's name when there is no channel, or none that can be written to."""


class Mending:
    """Keeps the troubles of rooms. Everything here may be repeated after a crash."""

    def __init__(self, shop: Workshop, clock: Clock) -> None:
        self._shop, self._clock = shop, clock

    async def note(self, number: int, part: str, reason: str, occasion: str) -> bool:
        """Keep a trouble, once for this occasion, and say so in the room; False when it cannot be said there."""
        incident, kept = await self._keep(number, part, reason, occasion)
        if incident.channel_id is None:
            return False
        try:
            for trouble in kept:
                key = f"trouble:{number}:{part}:{trouble.tries}"
                await self._shop.rooms.post(key, incident.channel_id, TroubleNote(incident, trouble))
        except SlackRefused:
            return False
        return True

    async def tell(self, number: int, reason: str, occasion: str) -> None:
        """Tell the declarer that the room cannot be used, and keep that."""
        incident, kept = await self._keep(number, ROOM, reason, occasion)
        if platform := self._shop.platforms.get(incident.platform):
            for trouble in kept:
                told = NotOpened(incident, platform, trouble)
                await self._shop.rooms.answer(incident.reply_to, incident.declared_in, incident.declared_by, told)

    async def wrong(self, number: int) -> dict[str, int]:
        """Return the parts that do not work, and how often each was tried."""
        async with self._shop.store.read() as connection:
            return {trouble.part: trouble.tries for trouble in await troubles.of(connection, number)}

    async def mend(self, number: int, part: str, tries: int) -> None:
        """Note that a part works now, and say so in the room if that can be said there."""
        async with self._shop.store.begin() as connection:
            await troubles.mend(connection, number, part, self._clock.now())
            incident = await incidents.by_number(connection, number)
        if incident and incident.channel_id:
            with suppress(SlackRefused):
                said = Mended(incident, part)
                await self._shop.rooms.post(f"mended:{number}:{part}:{tries}", incident.channel_id, said)

    async def _keep(self, number: int, part: str, reason: str, occasion: str) -> tuple[Incident, list[Trouble]]:
        """Return the incident, and the trouble unless somebody has mended it meanwhile."""
        now = self._clock.now()
        entry = Entry(f"trouble {part} {occasion}", now, "trouble", reason)
        async with self._shop.store.begin() as connection:
            if await timeline.record(connection, number, entry):
                await troubles.note(connection, number, part, reason, now)
            kept = await troubles.of(connection, number, part)
            incident = await incidents.by_number(connection, number)
        assert incident is not None, "a trouble belongs to an incident"
        return incident, kept
