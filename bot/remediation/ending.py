"""Ending a run: the verdict in the store, the target for the next one, the result for people, a look afterwards."""

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.access import audit
from bot.access.audit import OPSROOM, Record
from bot.durable.engine import Engine, Steps
from bot.remediation.afterwards import EVERY, WATCHED, watch_for
from bot.remediation.asking import ways_back
from bot.remediation.deciding import RUN
from bot.remediation.handing import LONGEST_QUEUE, hand_over
from bot.remediation.nouns import RequestBoard, RequestEnded
from bot.remediation.outcome import Outcome
from bot.remediation.showing import Showing
from bot.store import requests, timeline, timers
from bot.store.database import Store
from bot.store.requests import DONE, RUNNING, Request
from bot.store.timeline import Entry
from bot.wallclock import Clock


class Ending:
    """What follows every run, however it went."""

    def __init__(self, store: Store, clock: Clock, engine: Engine, showing: Showing) -> None:
        self._store, self._clock, self._engine = store, clock, engine
        self._showing = showing

    async def end(self, steps: Steps, number: int, outcome: Outcome) -> None:
        """Write down how a run ended, let the next one begin, and tell people."""
        following = await steps.step("end", lambda: self._ended(number, outcome))
        for other in following:
            await steps.step(f"begin:{other}", lambda other=other: self._begin(other))  # type: ignore[misc]  # bound at once
        await steps.step("tell", lambda: self._tell(number))

    async def _ended(self, number: int, outcome: Outcome) -> list[int]:
        """Write the verdict down once; return the requests that may begin now."""
        now = self._clock.now()
        async with self._store.begin() as connection:
            request = await requests.by_number(connection, number, hold=True)
            assert request is not None, "a request is never removed"
            if request.state != RUNNING:
                # An earlier try came this far; whom it let begin is begun again, which starts nothing twice.
                going = await requests.listed(connection, (request.platform,), (RUNNING,), LONGEST_QUEUE)
                return [other.number for other in going]
            ended = {"state": outcome.state, "ended_at": now, "outcome": outcome.sentence}
            await requests.change(connection, number, (RUNNING,), **ended)
            following = await hand_over(connection, request, now)
            await self._follow_up(connection, request, outcome)
            details = {"state": outcome.state, "outcome": outcome.sentence}
            await audit.append(connection, Record(now, OPSROOM, "change.ended", request.ref, request.platform, details))
        return following

    async def _follow_up(self, connection: AsyncConnection, request: Request, outcome: Outcome) -> None:
        """Note it in the timeline of its incident, and when to look again."""
        now = self._clock.now()
        if request.incident is not None:
            said = f"{request.ref} {outcome.state}: {request.title}. {outcome.sentence}"
            entry = Entry(f"run:{request.number}:ended", now, "change", said, OPSROOM)
            await timeline.record(connection, request.incident, entry)
        platform = self._showing.known_platform_of(request)
        span = watch_for(platform, request) if platform else None
        if outcome.state == DONE and span:
            until = now + span
            due = min(until, now + EVERY)
            await timers.put(connection, WATCHED, str(request.number), due, {"until": until.isoformat()})

    async def _begin(self, number: int) -> None:
        await self._engine.start(RUN, f"run:{number}", {"request": number})
        self._showing.show_soon(number)

    async def _tell(self, number: int) -> None:
        """Make the message say how it ended, and say it in its thread, where it is heard."""
        await self._showing.show(number)
        async with self._store.read() as connection:
            request = await requests.by_number(connection, number)
        assert request is not None, "a request is never removed"
        board: RequestBoard = await self._showing.board_of(request)
        if request.message_ts is not None:
            can_undo = bool(ways_back(board))
            ended = RequestEnded(request, can_undo)
            await self._showing.say("ended", request, ended, request.message_ts)
