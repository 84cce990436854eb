"""The steps of a workflow as every engine has them: what was done is recorded by name, and is not done again.

The records are in the ledger and not in the engine: a row beside our others costs a tenth of what DBOS takes for a step
of its own, which goes through a thread four times.
"""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from bot.durable.effects import Once
from bot.durable.engine import Ending, read_ending
from bot.durable.retry import PATIENT, Patience, persist
from bot.durable.run import Names, ended
from bot.wallclock import Clock

T = TypeVar("T")


class RecordedSteps:
    """The Steps of one run of a workflow. What was recorded before is read once, when the run begins."""

    def __init__(self, workflow_id: str, once: Once, clock: Clock) -> None:
        self.workflow_id = workflow_id
        self._once, self._clock, self._names = once, clock, Names()
        self._known: dict[str, dict[str, Any]] = {}

    async def recall(self) -> None:
        """Read what was recorded before; comes first."""
        self._known = await self._once.ledger.noted(self.workflow_id)

    async def step(self, name: str, deed: Callable[[], Awaitable[T]], patience: Patience = PATIENT) -> T:
        """See Steps."""
        ending = self._earlier(name) or await self._noted(name, await self._end(name, deed, patience))
        result: T = ending.result()
        return result

    async def effect(
        self,
        name: str,
        deed: Callable[[], Awaitable[T]],
        look: Callable[[], Awaitable[T | None]],
        patience: Patience = PATIENT,
    ) -> T:
        """See Steps. Its outcome is in the ledger already; only a failure is recorded as a step's is."""
        ending = self._earlier(name)
        if ending is None:
            key = (self.workflow_id, name)
            ending = await ended(name, self.workflow_id, lambda: self._once.do(key, deed, look, patience))
            if ending.failure is not None:
                ending = await self._noted(name, ending)
        result: T = ending.result()
        return result

    def _earlier(self, name: str) -> Ending | None:
        self._names.use(name)
        return read_ending(self._known[name]) if name in self._known else None

    async def _end(self, name: str, deed: Callable[[], Awaitable[Any]], patience: Patience) -> Ending:
        return await ended(name, self.workflow_id, lambda: persist(deed, self._clock, patience))

    async def _noted(self, name: str, ending: Ending) -> Ending:
        """Record an ending and return the one that stands. A replica whose work others have records nothing more."""
        await self._once.guard()
        return read_ending(await self._once.ledger.note(self.workflow_id, name, ending.to_json()))
