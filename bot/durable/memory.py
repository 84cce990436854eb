"""The in-memory twin of the engine, for tests: it remembers everything while its `Memory` is kept."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.durable.effects import Ledger, MemoryLedger, Once
from bot.durable.engine import Guard, Json, Workflow, as_json, read_ending
from bot.durable.run import run_workflow, unguarded
from bot.durable.steps import RecordedSteps
from bot.errors import Conflict
from bot.wallclock import Clock


@dataclass(slots=True)
class Row:
    """A workflow as it is remembered."""

    name: str
    argument: Json
    owner: str
    ending: dict[str, Any] | None = None
    ended_at: datetime | None = None


@dataclass(slots=True)
class Memory:
    """What outlives an engine: hand the same one to the next, as a restart would find it."""

    rows: dict[str, Row] = field(default_factory=dict)
    ledger: Ledger = field(default_factory=MemoryLedger)
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def announce(self) -> None:
        """Wake whoever waits for an outcome."""
        self.changed.set()
        self.changed = asyncio.Event()


class MemoryEngine:
    """An Engine that keeps its workflows in a `Memory`."""

    def __init__(self, memory: Memory, replica_id: str, clock: Clock, guard: Guard = unguarded) -> None:
        self._memory, self._replica_id, self._clock = memory, replica_id, clock
        self._once = Once(memory.ledger, clock, guard)
        self._workflows: dict[str, Workflow] = {}
        self._running: set[asyncio.Task[None]] = set()

    def register(self, name: str, workflow: Workflow) -> None:
        """See Engine."""
        self._workflows[name] = workflow

    async def launch(self) -> None:
        """See Engine."""

    async def close(self) -> None:
        """See Engine."""
        self.kill()
        await asyncio.gather(*self._running, return_exceptions=True)

    def kill(self) -> None:
        """End at once, as a crash would: nothing more is done or recorded."""
        for task in self._running:
            task.cancel()

    async def start(self, workflow: str, workflow_id: str, argument: Json) -> None:
        """See Engine."""
        known = self._memory.rows.get(workflow_id)
        if known is None:
            self._memory.rows[workflow_id] = Row(workflow, as_json(argument), self._replica_id)
            self._run(workflow_id)
        elif known.name != workflow:
            raise Conflict(f"{workflow_id} is a {known.name} already and cannot become a {workflow}.")

    async def outcome(self, workflow_id: str, timeout: float) -> Json:  # noqa: ASYNC109 the port's
        """See Engine."""
        async with asyncio.timeout(timeout):
            while True:
                changed, row = self._memory.changed, self._memory.rows.get(workflow_id)
                if row is not None and row.ending is not None:
                    ending: Json = read_ending(row.ending).result()
                    return ending
                await changed.wait()

    async def adopt(self, replica: str) -> int:
        """See Engine."""
        left = [key for key, row in self._memory.rows.items() if row.owner == replica and row.ending is None]
        for workflow_id in left:
            self._memory.rows[workflow_id].owner = self._replica_id
            self._run(workflow_id)
        return len(left)

    async def owners(self) -> set[str]:
        """See Engine."""
        return {row.owner for row in self._memory.rows.values() if row.ending is None}

    async def forget(self, before: datetime) -> int:
        """See Engine."""
        old = [key for key, row in self._memory.rows.items() if row.ended_at is not None and row.ended_at < before]
        for key in old:
            del self._memory.rows[key]
        return len(old)

    def _run(self, workflow_id: str) -> None:
        task = asyncio.get_running_loop().create_task(self._work(workflow_id))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _work(self, workflow_id: str) -> None:
        row = self._memory.rows[workflow_id]
        steps = RecordedSteps(workflow_id, self._once, self._clock)
        await steps.recall()
        row.ending = await run_workflow(row.name, self._workflows[row.name], steps, row.argument)
        row.ended_at = self._clock.now()
        self._memory.announce()
