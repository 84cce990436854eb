"""Clocks that tests turn themselves."""

import asyncio
import heapq
import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

START = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)


class HandClock:
    """Stands still until `advance`; what slept that long wakes up, earliest first."""

    def __init__(self) -> None:
        self._now, self._order = START, itertools.count()
        self._sleepers: list[tuple[datetime, int, asyncio.Future[None]]] = []

    def now(self) -> datetime:
        return self._now

    async def sleep(self, seconds: float) -> None:
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._now + timedelta(seconds=seconds), next(self._order), woken))
        await woken

    @property
    def sleeping(self) -> int:
        """Return how many sleep at the moment."""
        return sum(not woken.done() for _, _, woken in self._sleepers)

    async def advance(self, seconds: float) -> None:
        """Go forward and let everything that was due run, each at its own moment."""
        end = self._now + timedelta(seconds=seconds)
        await settle()
        while self._sleepers and self._sleepers[0][0] <= end:
            moment, _, woken = heapq.heappop(self._sleepers)
            self._now = max(self._now, moment)
            if not woken.done():
                woken.set_result(None)
            await settle()
        self._now = end


class LeapingClock:
    """Whoever sleeps finds that the time has passed already; remembers how long everyone slept."""

    def __init__(self) -> None:
        self._now = START
        self.slept: list[float] = []

    def now(self) -> datetime:
        return self._now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self._now += timedelta(seconds=max(seconds, 0.0))
        await asyncio.sleep(0)

    def leap(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)


async def until(holds: Callable[[], bool], seconds: float = 5.0) -> None:
    """Return as soon as that holds; TimeoutError when it does not within so many real seconds."""
    async with asyncio.timeout(seconds):
        while not holds():  # noqa: ASYNC110 - what is waited for has no event
            await asyncio.sleep(0.001)


async def settle(turns: int = 20) -> None:
    """Let the event loop run what is ready."""
    for _ in range(turns):
        await asyncio.sleep(0)
