"""Time as the workspace sees it: the machine's clock, or one that a test moves by hand."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import time
from typing import Protocol, TypeVar

T = TypeVar("T")


class Clock(Protocol):
    """What the workspace asks of a clock. All times are seconds since 1970 (UTC)."""

    def now(self) -> float:
        """Return the present moment."""

    async def sleep(self, seconds: float) -> None:
        """Return when that many seconds have passed on this clock."""


class SystemClock:
    """The machine's own clock."""

    def now(self) -> float:
        """Return the present moment."""
        return time.time()

    async def sleep(self, seconds: float) -> None:
        """Return when that many seconds have passed."""
        await asyncio.sleep(seconds)


class TestClock:
    """A clock that stands still until `advance` moves it.

    It starts at the real time unless told otherwise, because programs under test compare Slack's
    timestamps with their own clock.
    """

    __test__ = False  # pytest would take the name for a test class

    def __init__(self, start: float | None = None) -> None:
        self._now = time.time() if start is None else start
        self._order = itertools.count()
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []

    def now(self) -> float:
        """Return the moment that the clock stands at."""
        return self._now

    @property
    def alarms(self) -> list[float]:
        """How many seconds ahead somebody waits to be woken, to the millisecond, the next first."""
        waiting = sorted(due for due, _, woken in self._sleepers if not woken.done())
        return [round(due - self._now, 3) for due in waiting]

    async def sleep(self, seconds: float) -> None:
        """Return when `advance` has moved the clock that far."""
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._now + seconds, next(self._order), woken))
        await woken

    def advance(self, seconds: float) -> None:
        """Move the clock forward and wake everything that was due by then, earliest first."""
        if seconds < 0:
            raise ValueError(f"a clock cannot go back: {seconds} seconds")
        self._now += seconds
        while self._sleepers and self._sleepers[0][0] <= self._now:
            woken = heapq.heappop(self._sleepers)[2]
            if not woken.done():
                woken.set_result(None)


async def within(clock: Clock, seconds: float, answer: asyncio.Future[T]) -> T:
    """Wait for the answer, but no longer than that many seconds of the given clock.

    Raises TimeoutError when the time is up; the future is left as it is.
    """
    bell = asyncio.ensure_future(clock.sleep(seconds))
    try:
        await asyncio.wait((answer, bell), return_when=asyncio.FIRST_COMPLETED)
        if not answer.done():
            raise TimeoutError(f"no answer within {seconds:g} s")
        return answer.result()
    finally:
        bell.cancel()
