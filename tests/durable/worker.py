"""A process that works: what Opsroom is to its engine, without Slack. Tests kill it."""

import asyncio
import logging
from contextlib import suppress
from functools import partial
from typing import Any

from bot.durable.dbos import DbosEngine
from bot.durable.effects import Known, Ledger, Once, StoreLedger
from bot.durable.engine import Json, Steps
from bot.durable.replicas import Replicas
from bot.durable.retry import PATIENT
from bot.durable.timers import Timers
from bot.errors import StoreUnavailable
from bot.store.database import open_store
from bot.store.timers import Timer
from bot.wallclock import SystemClock
from tests.durable.outside import say

DISPLACED = 3
"""The exit code of a process whose work others have taken over."""

DEEDS = ("create", "invite", "header", "topic", "pin")
"""What a workflow does to the world: one, then three side by side, then one; each must happen once."""


class TellingLedger:
    """The ledger of the store, which announces to the world where it is."""

    def __init__(self, inner: Ledger, world: str) -> None:
        self._inner, self._world = inner, world

    async def intend(self, workflow: str, name: str) -> Known | None:
        await say(self._world, at=f"before intent {workflow} {name}")
        known = await self._inner.intend(workflow, name)
        await say(self._world, at=f"after intent {workflow} {name}")
        return known

    async def record(self, workflow: str, name: str, outcome: Any) -> None:
        await say(self._world, at=f"before record {workflow} {name}")
        await self._inner.record(workflow, name, outcome)
        await say(self._world, at=f"after record {workflow} {name}")

    async def withdraw(self, workflow: str, name: str) -> None:
        await self._inner.withdraw(workflow, name)

    async def note(self, workflow: str, name: str, ending: dict[str, Any]) -> dict[str, Any]:
        await say(self._world, at=f"before note {workflow} {name}")
        stands = await self._inner.note(workflow, name, ending)
        await say(self._world, at=f"after note {workflow} {name}")
        return stands

    async def noted(self, workflow: str) -> dict[str, dict[str, Any]]:
        return await self._inner.noted(workflow)


async def room(world: str, steps: Steps, _: Json) -> Json:
    """Do the deeds, each once, with a plain step in between."""

    async def deed(name: str) -> str:
        key = f"{steps.workflow_id} {name}"
        do, look = partial(say, world, do=key), partial(say, world, look=key)
        return await steps.effect(name, do, look)

    async def middle() -> None:
        await say(world, at=f"in step {steps.workflow_id}")

    first = await deed(DEEDS[0])
    side_by_side = await asyncio.gather(*(deed(name) for name in DEEDS[1:4]))
    await steps.step("middle", middle)
    await say(world, at=f"between {steps.workflow_id}")
    last = await deed(DEEDS[4])
    await say(world, at=f"end {steps.workflow_id}")
    return [first, *side_by_side, last]


async def work(address: str, world: str, replica_id: str, dead_after: float) -> None:
    """Be a replica until killed, or until others have taken over."""
    clock = SystemClock()
    async with open_store(address) as store:
        replicas = Replicas(store, clock, replica_id, dead_after)
        engine = DbosEngine(store, replica_id, clock, replicas.guard)
        engine._once = once = Once(TellingLedger(StoreLedger(store, clock), world), clock, replicas.guard)
        engine.register("room", partial(room, world))
        timers = Timers(store, clock, replica_id)

        async def ring(timer: Timer) -> None:
            key = f"{timer.kind} {timer.key}"
            await once.do(("timer", timer.key), partial(say, world, do=key), partial(say, world, look=key), PATIENT)

        timers.handle("bell", ring)
        await replicas.join()
        await engine.launch()
        replicas.on_loss(engine.adopt, engine.owners)
        replicas.on_loss(timers.adopt)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(_beat(replicas, dead_after / 10))
            tasks.create_task(_sweep(replicas, timers, dead_after / 10))
            tasks.create_task(_begin(engine, world))


async def _beat(replicas: Replicas, pause: float) -> None:
    alive = True
    while alive:
        with suppress(StoreUnavailable):
            alive = await replicas.beat()
        await asyncio.sleep(pause)
    raise SystemExit(DISPLACED)


async def _sweep(replicas: Replicas, timers: Timers, pause: float) -> None:
    while True:
        with suppress(StoreUnavailable):
            await replicas.sweep()
            await timers.sweep()
        await asyncio.sleep(pause)


async def _begin(engine: DbosEngine, world: str) -> None:
    """Start what the world asks for; it asks again until it hears that the start is recorded."""
    while True:
        for workflow_id in await say(world, todo=True):
            await engine.start("room", workflow_id, None)
            await say(world, started=workflow_id)
        await asyncio.sleep(0.05)


def main(address: str, world: str, replica_id: str, dead_after: float) -> None:
    """Run in a process of its own."""
    logging.basicConfig(level=logging.ERROR)
    with suppress(BaseExceptionGroup, ConnectionError):
        asyncio.run(work(address, world, replica_id, dead_after))
