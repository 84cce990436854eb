"""Opening the room: channel, then the parts that somebody waits for side by side, then the rest.

A durable workflow. A crash at any point resumes behind the last finished step; the channel is an effect, looked up by
its reserved name before it is made again; the parts may all be repeated. A part that fails becomes a trouble with a
retry button, and everything else goes on.
"""

import asyncio
from datetime import timedelta
from functools import partial
from itertools import count
from typing import Any

from bot.durable.engine import Engine, Json, StepFailed, Steps
from bot.durable.retry import Patience
from bot.durable.timers import Timers
from bot.errors import SlackRefused
from bot.incidents.nouns import Mended, NotOpened, TroubleNote
from bot.incidents.parts import FIRST, LATER, Workshop
from bot.runbooks.channel_names import channel_name
from bot.store import incidents, timeline, troubles
from bot.store.incidents import Incident
from bot.store.timeline import Entry
from bot.store.troubles import Trouble
from bot.wallclock import Clock

WORKFLOW = "declare"
RETRY = "retry"
ROOM = "channel"
"""The trouble's name when the channel itself could not be made."""
UNACKNOWLEDGED = "unacknowledged"
"""The kind of timer that is due when nobody has acknowledged in time."""

_NAMES = 20
"""How many names are tried when others are taken."""
_ROOM_PATIENCE = Patience(total=6 * 3600)
"""A room is worth waiting for through an outage of Slack; after that the declarer is told."""
_PART_PATIENCE = Patience(total=15 * 60)
"""A part that has not worked for this long is shown as trouble, with a button."""


class Opening:
    """The workflows `declare` and `retry`."""

    def __init__(self, shop: Workshop, timers: Timers, clock: Clock) -> None:
        self._shop, self._timers, self._clock = shop, timers, clock

    async def open(self, steps: Steps, argument: Json) -> Json:
        """Open the room of `argument["incident"]`, a number."""
        return await self._open(steps, _asked(argument)["incident"], again=False)

    async def _open(self, steps: Steps, number: int, *, again: bool) -> Json:
        if not await self._make_channel(steps, number, again=again):
            return None
        made = dict(zip(FIRST, await asyncio.gather(*(self._part(steps, part, number) for part in FIRST)), strict=True))
        later = [part for part in LATER if part != "pin" or made["header"]]
        await asyncio.gather(*(self._part(steps, part, number) for part in later))
        await steps.step("timer", partial(self._set_timer, number))
        return None

    async def retry(self, steps: Steps, argument: Json) -> Json:
        """Make the part `argument["part"]` of `argument["incident"]` once more; the channel means all of it."""
        number, part = _asked(argument)["incident"], _asked(argument)["part"]
        if part == ROOM:
            return await self._open(steps, number, again=True)
        if await self._part(steps, part, number):
            await steps.step("mended", partial(self._mend, number, part))
        return None

    async def _make_channel(self, steps: Steps, number: int, *, again: bool) -> bool:
        try:
            for attempt in count(1):
                name = await steps.step(f"name-{attempt}", partial(self._reserve, number, attempt))
                if name and (channel := await self._channel(steps, number, name, attempt, again=again)):
                    await steps.step("room", partial(self._note_room, number, channel))
                    return True
        except StepFailed as failed:
            await steps.step("no-room", partial(self._note_trouble, number, ROOM, str(failed)))
        return False

    async def _channel(self, steps: Steps, number: int, name: str, attempt: int, *, again: bool) -> str | None:
        since = (await self._incident(number)).declared_at - timedelta(minutes=1)
        look = partial(self._shop.rooms.find, name, since)

        async def deed() -> str | None:
            # A retry follows a try whose outcome may never have become clear: it looks first as well.
            return (await look() if again else None) or await self._shop.rooms.create(name)

        return await steps.effect(f"channel-{attempt}", deed, look, _ROOM_PATIENCE)

    async def _reserve(self, number: int, attempt: int) -> str | None:
        incident = await self._incident(number)
        platform = self._shop.platforms.get(incident.platform)
        severity = platform.severity_named(incident.severity) if platform else None
        if attempt > _NAMES or platform is None or severity is None:
            raise SlackRefused("conversations.create", "name_taken", f"no free name after {_NAMES} tries")
        name = channel_name(platform, number, severity, incident.title, incident.declared_at, attempt)
        async with self._shop.store.begin() as connection:
            return name if await incidents.reserve_name(connection, number, name) else None

    async def _note_room(self, number: int, channel: str) -> None:
        async with self._shop.store.begin() as connection:
            incident = await incidents.change(connection, number, channel_id=channel)
            opened = Entry("room", self._clock.now(), "room", f"Opened #{incident.channel_name}")
            await timeline.record(connection, number, opened)
            await troubles.mend(connection, number, ROOM, self._clock.now())

    async def _part(self, steps: Steps, part: str, number: int) -> bool:
        try:
            await steps.step(part, partial(self._shop.make, part, number), _PART_PATIENCE)
        except StepFailed as failed:
            await steps.step(f"{part}-trouble", partial(self._note_trouble, number, part, str(failed)))
            return False
        return True

    async def _note_trouble(self, number: int, part: str, reason: str) -> None:
        """Keep the trouble, and say so in the room; where there is none, to the declarer."""
        async with self._shop.store.begin() as connection:
            await troubles.note(connection, number, part, reason, self._clock.now())
            trouble = (await troubles.of(connection, number, part))[0]
            said = Entry(f"trouble {part} {trouble.tries}", trouble.at, "trouble", reason)
            await timeline.record(connection, number, said)
        await self._say(await self._incident(number), trouble)

    async def _say(self, incident: Incident, trouble: Trouble) -> None:
        platform = self._shop.platforms.get(incident.platform)
        if incident.channel_id:
            try:
                key = f"trouble:{incident.number}:{trouble.part}:{trouble.tries}"
                await self._shop.rooms.post(key, incident.channel_id, TroubleNote(incident, trouble))
            except SlackRefused:
                pass
            else:
                return
        if platform:
            noun = NotOpened(incident, platform, trouble)
            await self._shop.rooms.answer(incident.reply_to, incident.declared_in, incident.declared_by, noun)

    async def _mend(self, number: int, part: str) -> None:
        incident = await self._incident(number)
        async with self._shop.store.read() as connection:
            known = await troubles.of(connection, number, part)
        for trouble in known:
            if incident.channel_id:
                key = f"mended:{number}:{part}:{trouble.tries}"
                await self._shop.rooms.post(key, incident.channel_id, Mended(incident, part))
        async with self._shop.store.begin() as connection:
            await troubles.mend(connection, number, part, self._clock.now())

    async def _set_timer(self, number: int) -> None:
        incident = await self._incident(number)
        platform = self._shop.platforms.get(incident.platform)
        severity = platform.severity_named(incident.severity) if platform else None
        if severity and severity.response and incident.status == "declared":
            due = incident.declared_at + severity.response
            await self._timers.set(UNACKNOWLEDGED, str(number), due, {"incident": number})

    async def _incident(self, number: int) -> Incident:
        async with self._shop.store.read() as connection:
            incident = await incidents.by_number(connection, number)
        if incident is None:
            raise SlackRefused("this", "gone", f"INC-{number} is no longer known here")
        return incident


def _asked(argument: Json) -> dict[str, Any]:
    if not isinstance(argument, dict):
        raise TypeError(f"The argument of a room's workflow is an object, not {argument!r}.")
    return argument


def register(engine: Engine, opening: Opening) -> None:
    """Make the workflows known to the engine, before it is launched."""
    engine.register(WORKFLOW, opening.open)
    engine.register(RETRY, opening.retry)
