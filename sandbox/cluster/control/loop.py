"""The loop: every controller, again and again until nothing changes, then once more whenever something has."""

import asyncio
import contextlib
from typing import Any

from sandbox.cluster.control import deployments, jobs, replicas, rest, sets
from sandbox.cluster.kinds import Kind
from sandbox.cluster.store import Store

Thing = dict[str, Any]
_CONTROLLERS = (
    rest.collect,
    deployments.sync,
    replicas.sync,
    sets.sync,
    jobs.sync,
    rest.schedule,
    rest.address,
    rest.budget,
    rest.autoscale,
    rest.forget,
)
_GATHER = 0.01  # seconds in which changes come together before they are looked at
_TICK = 0.25  # seconds after which time itself counts as a change: deadlines
_UNHEARD = {"events", "leases"}


class Loop:
    """Runs the controllers of a store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._changed = asyncio.Event()
        store.hear(self._hear)

    async def run(self) -> None:
        """Run for ever."""
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_TICK):
                    await self._changed.wait()
            self._changed.clear()
            for controller in _CONTROLLERS:
                controller(self._store)
            await asyncio.sleep(_GATHER)

    def _hear(self, _what: str, kind: Kind, _thing: Thing) -> None:
        if kind.plural not in _UNHEARD:
            self._changed.set()
