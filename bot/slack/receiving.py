"""Receipt, then acknowledgement, then work; and the work of replicas that are gone."""

import asyncio
import logging
from datetime import timedelta

from bot.errors import OpsroomError, StoreError
from bot.slack.arrivals import Arrival
from bot.slack.performing import Performer
from bot.store import receipts
from bot.store.database import Store
from bot.store.receipts import Receipt
from bot.verbs.request import Request
from bot.wallclock import Clock

logger = logging.getLogger(__name__)

RECEIPT_WITHIN = 1.0
"""Seconds in which the store must take a receipt; Slack waits 3 for the acknowledgement."""
NOT_TAKEN = "Nothing was done: Opsroom's store does not answer. Please try again in a minute."
_STALE = timedelta(seconds=10)
"""Open receipts older than this are not being worked on any more, or wait for something to pass."""
_KEPT = timedelta(days=7)
_AT_ONCE = 50
_AT_WORK = 32
"""Requests that are worked on side by side; others wait, so that a rush does not hold acknowledgements up."""


class Reception:
    """Takes requests down and sees to it that each is done once."""

    def __init__(self, store: Store, performer: Performer, clock: Clock, replica: str) -> None:
        self._store, self._performer, self._clock, self._replica = store, performer, clock, replica
        self._working: dict[str, asyncio.Task[None]] = {}
        self._room = asyncio.Semaphore(_AT_WORK)

    async def take(self, arrival: Arrival) -> bool:
        """Write a request down; False when it has been here before. Raises StoreError when it cannot be kept."""
        request = arrival.request
        receipt = Receipt(request.id, request.at, request.as_json())
        async with self._store.begin(RECEIPT_WITHIN) as connection:
            return await receipts.take(connection, receipt, self._replica, arrival.gesture)

    def begin(self, request: Request) -> None:
        """Start the work on a request that was taken."""
        if request.id not in self._working:
            task = asyncio.create_task(self._in_turn(request), name=request.id)
            self._working[request.id] = task
            task.add_done_callback(lambda _: self._working.pop(request.id, None))

    async def _in_turn(self, request: Request) -> None:
        async with self._room:
            await self._work(request)

    async def _work(self, request: Request) -> None:
        state = "done"
        try:
            await self._performer.perform(request)
        except OpsroomError as error:
            if error.passing:
                logger.warning("%s waits: %s", request.id, error)
                return
            logger.warning("%s could not be answered: %s", request.id, error)
            state = "failed"
        except Exception:
            logger.exception("%s (%s) failed", request.id, request.path)
            state = "failed"
            await self._performer.apologize(request)
        await self._finish(request, state)

    async def _finish(self, request: Request, state: str) -> None:
        try:
            async with self._store.begin() as connection:
                await receipts.finish(connection, request.id, state)
        except StoreError as error:  # it stays open and is done again, which changes nothing
            logger.warning("%s stays open: %s", request.id, error)

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
        """Go on with requests that were left open, and return how many; called by the clock."""
        before = self._clock.now() + timedelta(seconds=1) if everything else self._clock.now() - _STALE
        async with self._store.read() as connection:
            left = await receipts.still_open(connection, self._replica, before, _AT_ONCE)
        for receipt in left:
            self.begin(Request.from_json(receipt.request))
        return len(left)

    async def forget(self) -> int:
        """Delete what is finished and old, and return how much; called by the clock."""
        async with self._store.begin() as connection:
            return await receipts.forget(connection, self._clock.now() - _KEPT)

    async def drain(self, within: float) -> None:
        """Wait for the work that is under way, some seconds at most; what is left stays open for others."""
        if working := list(self._working.values()):
            _, left = await asyncio.wait(working, timeout=within)
            for task in left:
                task.cancel()
