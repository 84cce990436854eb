"""Opening the room: the channel, then its parts side by side.

A durable workflow. A crash at any point resumes behind the last finished step; the channel is an effect, looked up by
its reserved name before it is made again; the parts may all be repeated. A part that fails becomes a trouble with a
retry button, and everything else goes on.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import timedelta
from functools import partial
from itertools import count
from typing import Any, TypeVar

from bot.durable.engine import Engine, Json, StepFailed, Steps
from bot.durable.retry import Patience
from bot.errors import SlackRefused
from bot.incidents.mending import ROOM, Mending
from bot.incidents.nouns import Named
from bot.incidents.parts import CHAINS, NEEDED, Workshop, from_part
from bot.runbooks.channel_names import channel_name
from bot.store import incidents, timeline, timers, troubles
from bot.store.timeline import Entry
from bot.wallclock import Clock

T = TypeVar("T")

logger = logging.getLogger(__name__)

WORKFLOW = "declare"
RETRY = "retry"
UNACKNOWLEDGED = "unacknowledged"
"""The kind of timer that is due when nobody has acknowledged in time."""

_NAMES = 20
"""How many names are tried when others are taken."""
_ROOM_PATIENCE = Patience(total=6 * 3600)
"""A room is worth waiting for through an outage of Slack; after that the declarer is told."""
_PART_PATIENCE = Patience(total=15 * 60)
"""A part that has not worked for this long is shown as trouble, with a button."""

Wrong = Mapping[str, int]
"""The parts that did not work before, and how often they were tried."""


class Opening:
    """The workflows `declare` and `retry`."""

    def __init__(self, shop: Workshop, clock: Clock) -> None:
        self._shop, self._clock = shop, clock
        self._mending = Mending(shop, clock)

    async def open(self, steps: Steps, argument: Json) -> Json:
        """Open the room of `argument["incident"]`, a number."""
        number = _asked(argument)["incident"]
        if await self._make_channel(steps, number, again=False):
            await self._furnish(steps, number, CHAINS, {})
        return None

    async def retry(self, steps: Steps, argument: Json) -> Json:
        """Make the part `argument["part"]` of `argument["incident"]` once more; the channel means all of it."""
        number, part = _asked(argument)["incident"], _asked(argument)["part"]
        wrong = await steps.step("wrong", partial(self._mending.wrong, number))
        if part != ROOM:
            await self._furnish(steps, number, [from_part(part)], wrong)
        elif await self._make_channel(steps, number, again=True):
            await self._furnish(steps, number, CHAINS, wrong)
        return None

    async def _make_channel(self, steps: Steps, number: int, *, again: bool) -> bool:
        try:
            for attempt in count(1):
                if channel := await self._channel(steps, number, attempt, again=again):
                    await steps.step("room", partial(self._note_room, number, channel))
                    return True
        except StepFailed as failed:
            await self._tell(steps, number, str(failed))
        return False

    async def _channel(self, steps: Steps, number: int, attempt: int, *, again: bool) -> str | None:
        """Make a channel under the name of this attempt and return its id; None when the name is taken."""

        async def look() -> str | None:
            named = await self._shop.named(number)
            name = await self._reserve(named, attempt)  # under a name that is another's, the channel is another's
            since = named.incident.declared_at - timedelta(minutes=1)
            return await self._shop.rooms.find(name, since) if name else None

        async def deed() -> str | None:
            # A retry follows a try whose outcome may never have become clear: it looks first as well.
            if again and (found := await look()):
                return found
            name = await self._reserve(await self._shop.named(number), attempt)
            return await self._shop.rooms.create(name) if name else None

        return await steps.effect(f"channel-{attempt}", deed, look, _ROOM_PATIENCE)

    async def _reserve(self, named: Named, attempt: int) -> str | None:
        if attempt > _NAMES:
            raise SlackRefused("conversations.create", "name_taken", f"no free name after {_NAMES} tries")
        number, incident = named.incident.number, named.incident
        name = channel_name(named.platform, number, named.severity, incident.title, incident.declared_at, attempt)
        async with self._shop.store.begin() as connection:
            return name if await incidents.reserve_name(connection, number, name) else None

    async def _note_room(self, number: int, channel: str) -> None:
        """Write down which channel it is, and when somebody has to have acknowledged."""
        response, now = (await self._shop.named(number)).severity.response, self._clock.now()
        async with self._shop.store.begin() as connection:
            incident = await incidents.change(connection, number, channel_id=channel)
            await timeline.record(connection, number, Entry("room", now, "room", f"Opened #{incident.channel_name}"))
            await troubles.mend(connection, number, ROOM, now)
            if response and incident.status == "declared":
                due = incident.declared_at + response
                await timers.put(connection, UNACKNOWLEDGED, str(number), due, {"incident": number})

    async def _furnish(self, steps: Steps, number: int, chains: Iterable[Iterable[str]], wrong: Wrong) -> None:
        """Make chains of parts side by side; what cannot be said in the room is told to the declarer, once."""
        made = await asyncio.gather(*(self._chain(steps, number, chain, wrong) for chain in chains))
        if unsaid := [reason for reason in made if reason]:
            await self._tell(steps, number, unsaid[0])

    async def _chain(self, steps: Steps, number: int, chain: Iterable[str], wrong: Wrong) -> str:
        """Make parts one after the other; return the reason of a failure that could not be said in the room."""
        unsaid = ""
        for part in chain:
            try:
                await steps.step(part, partial(self._shop.make, part, number), _PART_PATIENCE)
            except StepFailed as failed:
                unsaid = unsaid or await self._note(steps, number, part, str(failed))
                if part in NEEDED:
                    break
            else:
                await self._mend(steps, number, part, wrong)
        return unsaid

    async def _note(self, steps: Steps, number: int, part: str, reason: str) -> str:
        noting = partial(self._mending.note, number, part, reason, steps.workflow_id)
        return "" if await _tried(steps, f"{part}-trouble", noting) else reason

    async def _mend(self, steps: Steps, number: int, part: str, wrong: Wrong) -> None:
        if part in wrong:
            await _tried(steps, f"{part}-mended", partial(self._mending.mend, number, part, wrong[part]))

    async def _tell(self, steps: Steps, number: int, reason: str) -> None:
        await _tried(steps, "told", partial(self._mending.tell, number, reason, steps.workflow_id))


async def _tried(steps: Steps, name: str, deed: Callable[[], Awaitable[T]]) -> T | None:
    """Say something about the work; when that cannot be said for long, the work goes on (and `show` shows it)."""
    try:
        return await steps.step(name, deed)
    except StepFailed as failed:
        logger.warning("%s of %s could not be said: %s", name, steps.workflow_id, failed)
        return None


def _asked(argument: Json) -> dict[str, Any]:
    if not isinstance(argument, dict):
        raise TypeError(f"The argument of a room's workflow is an object, not {argument!r}.")
    return argument


def register(engine: Engine, opening: Opening) -> None:
    """Make the workflows known to the engine, before it is launched."""
    engine.register(WORKFLOW, opening.open)
    engine.register(RETRY, opening.retry)
