"""The reminder: when a severity's time to respond is over and nobody has acknowledged, the room is told."""

from bot.durable.timers import Timers
from bot.incidents.nouns import Unacknowledged
from bot.incidents.opening import UNACKNOWLEDGED
from bot.incidents.ports import Rooms
from bot.runbooks.platforms import Platforms
from bot.store import incidents, timeline
from bot.store.database import Store
from bot.store.timeline import Entry
from bot.store.timers import Timer
from bot.wallclock import Clock


class AcknowledgementReminder:
    """Handles the timer that `opening` set."""

    def __init__(self, store: Store, rooms: Rooms, platforms: Platforms, clock: Clock) -> None:
        self._store, self._rooms, self._platforms, self._clock = store, rooms, platforms, clock

    def listen(self, timers: Timers) -> None:
        """Take the timers of this kind."""
        timers.handle(UNACKNOWLEDGED, self.remind)

    async def remind(self, timer: Timer) -> None:
        """Tell the room that nobody has acknowledged, if that is still so; the timer's key is the incident's number."""
        number = int(timer.key)
        async with self._store.begin() as connection:
            incident = await incidents.by_number(connection, number)
            if incident is None or incident.status != "declared" or incident.channel_id is None:
                return
            said = Entry("unacknowledged", self._clock.now(), "reminder", "Nobody had acknowledged in time")
            await timeline.record(connection, number, said)
        if platform := self._platforms.get(incident.platform):
            late = Unacknowledged(incident, platform)
            await self._rooms.send(f"unacknowledged:{number}", incident.channel_id, late)
