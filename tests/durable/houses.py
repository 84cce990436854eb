"""The engines under one roof: what a test needs to start one, end it, and start the next on what it left."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol

from bot.durable.dbos import DbosEngine
from bot.durable.engine import Engine, Guard, Workflow
from bot.durable.memory import Memory, MemoryEngine
from bot.durable.run import unguarded
from bot.store.database import Store


class LeapingClock:
    """Whoever sleeps finds that the time has passed; remembers for how long everyone slept."""

    def __init__(self) -> None:
        self._now = datetime(2026, 3, 2, 3, tzinfo=UTC)
        self.slept: list[float] = []

    def now(self) -> datetime:
        return self._now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self._now += timedelta(seconds=seconds)
        await asyncio.sleep(0.001)

    def leap(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)


class House(Protocol):
    """Makes engines that share what they remember."""

    clock: LeapingClock

    def engine(self, replica_id: str, guard: Guard = unguarded) -> Engine: ...


@dataclass
class MemoryHouse:
    clock: LeapingClock = field(default_factory=LeapingClock)
    memory: Memory = field(default_factory=Memory)

    def engine(self, replica_id: str, guard: Guard = unguarded) -> Engine:
        return MemoryEngine(self.memory, replica_id, self.clock, guard)


@dataclass
class DbosHouse:
    store: Store
    clock: LeapingClock = field(default_factory=LeapingClock)

    def engine(self, replica_id: str, guard: Guard = unguarded) -> Engine:
        return DbosEngine(self.store, replica_id, self.clock, guard)


@asynccontextmanager
async def launched(
    house: House, replica_id: str, guard: Guard = unguarded, **workflows: Workflow
) -> AsyncIterator[Engine]:
    """Run an engine with these workflows; the end of the block leaves what is unfinished."""
    engine = house.engine(replica_id, guard)
    for name, workflow in workflows.items():
        engine.register(name, workflow)
    await engine.launch()
    try:
        yield engine
    finally:
        await engine.close()


async def until(holds: Callable[[], bool], seconds: float = 10.0) -> None:
    """Return as soon as that holds; TimeoutError when it does not within so many real seconds."""
    async with asyncio.timeout(seconds):
        while not holds():  # noqa: ASYNC110 what is waited for has no event
            await asyncio.sleep(0.002)
