"""Timers: things to do at a moment. Rows and not sleeping tasks, so that thousands cost nothing."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import TypeAlias

from bot.durable.engine import Json
from bot.durable.retry import Patience
from bot.errors import OpsroomError
from bot.store import timers
from bot.store.database import Store
from bot.store.timers import FailedTimer, Timer
from bot.wallclock import Clock

Handler: TypeAlias = Callable[[Timer], Awaitable[None]]
"""Does what is due. It may be called again after a crash: `kind`, `key` and `due` name the occasion."""

_log = logging.getLogger(__name__)

_BATCH = 50
_SIDE_BY_SIDE = 10
_BACKOFF = Patience(first=1.0, longest=300.0)


class Timers:
    """The timers of all replicas, and the handlers of this one.

    `lease` is how many seconds a claimed timer is left to this replica; a handler that takes more than half of it is
    ended, and its timer tried again. The replicas' clocks may differ by less than the other half.
    """

    def __init__(self, store: Store, clock: Clock, replica_id: str, lease: float = 60.0) -> None:
        self._store, self._clock, self._replica_id = store, clock, replica_id
        self._lease = timedelta(seconds=lease)
        self._handlers: dict[str, Handler] = {}
        self._sweeping = asyncio.Lock()

    def handle(self, kind: str, handler: Handler) -> None:
        """Register what does the timers of a kind, before the first sweep."""
        self._handlers[kind] = handler

    async def set(self, kind: str, key: str, due: datetime, payload: Json = None) -> None:
        """Set a timer, in place of the one of that kind and key if there is one."""
        async with self._store.begin() as connection:
            await timers.put(connection, kind, key, due, payload)

    async def cancel(self, kind: str, key: str) -> bool:
        """Cancel a timer; False when there is none (it may just have been handled)."""
        async with self._store.begin() as connection:
            return await timers.remove(connection, kind, key)

    async def failed(self) -> list[FailedTimer]:
        """Return the timers that were given up, with the reason."""
        async with self._store.read() as connection:
            return await timers.failed(connection)

    async def adopt(self, replica: str) -> int:
        """Free the timers that a dead replica had claimed, and return how many there were."""
        async with self._store.begin() as connection:
            return await timers.adopt(connection, replica)

    async def sweep(self) -> int:
        """Handle what is due, the oldest first, and return how many timers that were.

        Two sweeps never overlap in one replica: the second returns 0 at once.
        """
        if self._sweeping.locked():
            return 0
        async with self._sweeping:
            done = 0
            while batch := await self._claim():
                await self._handle_all(batch)
                done += len(batch)
                if len(batch) < _BATCH:
                    break
            return done

    async def _claim(self) -> list[Timer]:
        now = self._clock.now()
        async with self._store.read() as connection:
            due = await timers.next_due(connection)
        if due is None or due > now:
            return []
        async with self._store.begin() as connection:
            return await timers.claim(connection, self._replica_id, now, now + self._lease, _BATCH)

    async def _handle_all(self, batch: list[Timer]) -> None:
        room = asyncio.Semaphore(_SIDE_BY_SIDE)
        latest_start = self._clock.now() + self._lease / 2

        async def handle(timer: Timer) -> None:
            async with room:
                if self._clock.now() < latest_start:
                    await self._handle_one(timer)
                else:
                    await self._postpone(timer, "Others took so long that its lease is running out.")

        ends = await asyncio.gather(*(handle(timer) for timer in batch), return_exceptions=True)
        for end in ends:
            if end is not None:
                raise end

    async def _handle_one(self, timer: Timer) -> None:
        handler = self._handlers.get(timer.kind)
        if handler is None:
            await self._give_up(timer, f"Nothing here handles timers of the kind '{timer.kind}'.")
            return
        try:
            async with asyncio.timeout(self._lease.total_seconds() / 2):
                await handler(timer)
        except OpsroomError as error:
            await (self._postpone if error.passing else self._give_up)(timer, str(error))
        except TimeoutError:
            await self._postpone(timer, "It took too long.")
        except Exception as error:  # noqa: BLE001 the doorway of the clock: one timer must not stop the others
            _log.exception("A fault in the timer %s %s", timer.kind, timer.key)
            await self._give_up(timer, f"Opsroom made a mistake ({type(error).__name__}); its log says more.")
        else:
            async with self._store.begin() as connection:
                await timers.finish(connection, timer, self._replica_id)

    async def _postpone(self, timer: Timer, why: str) -> None:
        pause = timedelta(seconds=_BACKOFF.pause(timer.tries, None))
        _log.info("The timer %s %s is tried again in %s: %s", timer.kind, timer.key, pause, why)
        async with self._store.begin() as connection:
            await timers.postpone(connection, timer, self._replica_id, self._clock.now() + pause)

    async def _give_up(self, timer: Timer, why: str) -> None:
        _log.error("The timer %s %s is given up: %s", timer.kind, timer.key, why)
        async with self._store.begin() as connection:
            await timers.give_up(connection, timer, self._replica_id, why)
