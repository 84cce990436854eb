"""Afterwards: looking for a while whether what was changed stays well. Timers, so that a restart forgets nothing."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.durable.timers import Timers
from bot.errors import StoreUnavailable
from bot.remediation.nouns import Watched
from bot.remediation.showing import Showing
from bot.remediation.verifying import Sign, Verifying
from bot.runbooks.platform import Platform
from bot.store import requests, timers
from bot.store.database import Store
from bot.store.requests import Request
from bot.store.timers import Timer
from bot.wallclock import Clock

WATCHED = "request-watched"
"""The kind of timer of these looks; its key is the request's number, its payload says until when."""
EVERY = timedelta(minutes=5)
"""Between two looks: often enough to be told before the users tell it."""


_NO_WAY_TO_LOOK = (Sign("The runbook", "It no longer says how to look", fine=False, known=False),)


class Afterwards:
    """Looks after requests that were carried out."""

    def __init__(self, store: Store, clock: Clock, verifying: Verifying, showing: Showing) -> None:
        self._store, self._clock, self._verifying = store, clock, verifying
        self._showing = showing

    def listen(self, clock_timers: Timers) -> None:
        """Take the timers of these looks."""
        clock_timers.handle(WATCHED, self.look)

    async def look(self, timer: Timer) -> None:
        """Look whether it is still well; tell the first time that it is not, and at the end."""
        async with self._store.read() as connection:
            request = await requests.by_number(connection, int(timer.key))
        if request is None or request.ended_at is None:
            return
        platform, until = self._showing.platform_of(request), datetime.fromisoformat(timer.payload["until"])
        action = platform.actions.get(request.action or "")
        signs = await self._verifying.verify(platform, action, request.given) if action else _NO_WAY_TO_LOOK
        bad = [sign for sign in signs if sign.known and not sign.fine]
        if not bad and timer.due < until:
            async with self._store.begin() as connection:
                due = min(until, timer.due + EVERY)
                await timers.put(connection, WATCHED, timer.key, due, timer.payload)
            # Its own occasion is over with that; the sweep finds another one under its key and leaves it alone.
            return
        unknown = [sign for sign in signs if not sign.known]
        fine = False if bad else None if unknown else True
        await self._tell(request, timer, bad or unknown or signs, fine=fine)

    async def _tell(self, request: Request, timer: Timer, signs: Sequence[Sign], *, fine: bool | None) -> None:
        assert request.ended_at is not None, "only what has ended is looked after"
        minutes = round((timer.due - request.ended_at).total_seconds() / 60)
        said = " ".join(f"{sign.title}: {sign.said.rstrip('.')}." for sign in signs)
        if request.message_ts is None:
            raise StoreUnavailable("It is not known yet where the request is shown.")
        noun = Watched(request, minutes, said, fine, last=True)
        await self._showing.say("watched", request, noun, request.message_ts)


def watch_for(platform: Platform, request: Request) -> timedelta | None:
    """Return for how long it is looked whether a change stays well; None when nobody said so."""
    action = platform.actions.get(request.action or "")
    if action is None or not action.verify:
        return None
    if action.watch:
        return action.watch
    rollback = platform.rollback
    return rollback.watch if rollback and rollback.action == action.name else None
