"""A clock that hurries, for worlds in which Slack is away for long."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.world import World, world


class HurriedClock:
    """Begins now and runs `speed` times as fast as the machine's clock."""

    def __init__(self, speed: float) -> None:
        self._speed, self._began, self._real = speed, datetime.now(UTC), time.monotonic()

    def now(self) -> datetime:
        return self._began + timedelta(seconds=(time.monotonic() - self._real) * self._speed)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / self._speed)


@asynccontextmanager
async def hurried(folder: Path, speed: float = 30.0) -> AsyncIterator[World]:
    """Yield a world whose bot lives that much faster than its workspace."""
    async with world(folder, start=False, heartbeat=60.0, dead_after=600.0) as made:
        made.clock = HurriedClock(speed)
        async with made.running():
            yield made
