"""Receipt, then acknowledgement, then work; and the work of replicas that are gone."""

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.durable.retry import Patience
from bot.errors import BadInput, OpsroomError, StoreError
from bot.slack.arrivals import Arrival
from bot.slack.performing import Performer
from bot.store import effects, outbox, receipts, steps
from bot.store.database import Store
from bot.store.receipts import Place, Receipt
from bot.verbs.request import Request
from bot.wallclock import Clock

logger = logging.getLogger(__name__)

RECEIPT_WITHIN = 1.0
"""Seconds in which the store must take a receipt; Slack waits 3 for the acknowledgement."""
NOT_TAKEN = "Nothing was done: Opsroom's store does not answer. Please try again in a minute."
_STALE = timedelta(seconds=10)
"""Open receipts older than this are not being worked on any more, or wait for something to pass."""
_GIVEN_UP = timedelta(days=1)
"""For so long a request is tried again; whoever asked has found another way by then."""
_KEPT = timedelta(days=7)
_WORK_KEPT = timedelta(days=90)
"""For so long is known what was posted and done, far longer than any work goes on or is repeated."""
_AT_ONCE = 50
_AT_WORK = 12
"""Requests that are worked on side by side; others wait, so that a rush does not hold acknowledgements up."""
_WAITING = 100
"""Requests that mostly wait for systems outside, side by side: they keep nothing busy."""
_AGAIN = Patience(first=5.0, longest=300.0)
_LATE = timedelta(hours=1)
_MOST_TURNED_AWAY = 10_000
"""For so long, and so many at most, a receipt can turn up that the store had taken without our hearing of it."""


@dataclass(frozen=True, slots=True)
class _Wait:
    """How often a request was tried, and when it is tried again."""

    tries: int
    until: datetime


class Reception:
    """Takes requests down and sees to it that each is done once."""

    def __init__(self, store: Store, performer: Performer, clock: Clock, replica: str) -> None:
        self._store, self._performer, self._clock, self._replica = store, performer, clock, replica
        self._working: dict[str, asyncio.Task[None]] = {}
        self._waiting: dict[str, _Wait] = {}
        self._turned_away: dict[str, datetime] = {}
        self._room, self._waiting_room = asyncio.Semaphore(_AT_WORK), asyncio.Semaphore(_WAITING)
        self._place: Place | None = None

    async def take(self, arrival: Arrival) -> bool:
        """Write a request down; False when it has been here before. Raises StoreError when it cannot be kept.

        Then the person hears that nothing was done. So that this stays true, a receipt that the store took all the same
        is withdrawn when it turns up.
        """
        request = arrival.request
        receipt = Receipt(request.id, request.at, request.as_json())
        try:
            async with self._store.begin(RECEIPT_WITHIN) as connection:
                fresh = await receipts.take(connection, receipt, self._replica, arrival.gesture)
        except StoreError:
            self._turn_away(request.id)
            raise
        return self._turned_away.pop(request.id, None) is not None or fresh

    def _turn_away(self, receipt: str) -> None:
        self._turned_away[receipt] = self._clock.now()
        if len(self._turned_away) > _MOST_TURNED_AWAY:
            del self._turned_away[next(iter(self._turned_away))]

    def begin(self, request: Request) -> None:
        """Start the work on a request that was taken."""
        if request.id not in self._working:
            task = asyncio.create_task(self._in_turn(request), name=request.id)
            self._working[request.id] = task
            task.add_done_callback(lambda _: self._working.pop(request.id, None))

    async def _in_turn(self, request: Request) -> None:
        async with self._waiting_room if self._performer.waits(request) else self._room:
            await self._work(request)

    async def _work(self, request: Request) -> None:
        state, mistaken = "done", False
        try:
            await self._performer.perform(request)
        except OpsroomError as error:
            if error.passing and self._clock.now() - request.at < _GIVEN_UP:
                self._wait(request, error)
                return
            logger.warning("%s could not be answered: %s", request.id, error)
            state = "failed"
        except Exception:
            logger.exception("%s (%s) failed", request.id, request.path)
            state, mistaken = "failed", True
        self._waiting.pop(request.id, None)
        await self._finish(request.id, state)  # before the apology, which may run into the same mistake
        if mistaken:
            await self._apologize(request)

    async def _apologize(self, request: Request) -> None:
        try:
            await self._performer.apologize(request)
        except Exception:
            logger.exception("Nobody could be told that %s failed", request.id)

    def _wait(self, request: Request, error: OpsroomError) -> None:
        before = self._waiting.get(request.id)
        tries = before.tries + 1 if before else 1
        pause = timedelta(seconds=_AGAIN.pause(tries, error.retry_after))
        self._waiting[request.id] = _Wait(tries, self._clock.now() + pause)
        logger.warning("%s waits: %s", request.id, error)

    async def _finish(self, receipt: str, state: str) -> None:
        try:
            async with self._store.begin() as connection:
                await receipts.finish(connection, receipt, state)
        except StoreError as error:  # it stays open and is done again, which changes nothing
            logger.warning("%s stays open: %s", receipt, error)

    async def adopt(self, lost: str) -> None:
        """Take over the open requests of a replica that is gone."""
        async with self._store.begin() as connection:
            await receipts.adopt(connection, lost, self._replica)
        await self.sweep(everything=True)

    async def owners(self) -> set[str]:
        """Return the replicas that open requests belong to."""
        async with self._store.read() as connection:
            return await receipts.owners(connection)

    async def sweep(self, *, everything: bool = False) -> int:
        """Go on with requests that were left open, and return how many were looked at; called by the clock.

        It goes through all of them in turn, some each time, so that those that wait keep none from being seen.
        """
        now = self._clock.now()
        busy = set(self._working)  # what ends while the store is asked was not left open
        before, place = (now + timedelta(seconds=1), None) if everything else (now - _STALE, self._place)
        async with self._store.read() as connection:
            left = await receipts.still_open(connection, self._replica, before, _AT_ONCE, place)
        self._place = (left[-1].arrived_at, left[-1].id) if len(left) == _AT_ONCE else None
        self._turned_away = {known: at for known, at in self._turned_away.items() if now - at < _LATE}
        for receipt in left:
            if receipt.id not in busy:
                await self._go_on(receipt, now)
        return len(left)

    async def _go_on(self, receipt: Receipt, now: datetime) -> None:
        if receipt.id in self._turned_away:
            async with self._store.begin() as connection:
                await receipts.withdraw(connection, receipt.id)
            return
        waiting = self._waiting.get(receipt.id)
        if waiting and waiting.until > now:
            return
        try:
            self.begin(Request.from_json(receipt.request))
        except BadInput as error:
            logger.error("%s is given up: %s", receipt.id, error)
            await self._finish(receipt.id, "failed")

    async def forget(self) -> int:
        """Delete what is finished and old, what was said and done for it included; called by the clock."""
        async with self._store.begin() as connection:
            now = self._clock.now()
            forgotten = await receipts.forget(connection, now - _KEPT)
            for kept in (outbox, effects, steps):
                forgotten += await kept.forget(connection, now - _WORK_KEPT)
            return forgotten

    async def drain(self, within: float) -> None:
        """Wait for the work that is under way, some seconds at most; what is left stays open for others."""
        if working := list(self._working.values()):
            _, left = await asyncio.wait(working, timeout=within)
            for task in left:
                task.cancel()
            await asyncio.gather(*left, return_exceptions=True)
