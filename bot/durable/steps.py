"""The steps of a workflow as every engine has them: what was done is recorded by name, and is not done again."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from bot.durable.effects import Once
from bot.durable.retry import PATIENT, Patience, persist
from bot.durable.run import Names
from bot.wallclock import Clock

T = TypeVar("T")


class RecordedSteps:
    """The Steps of one run of a workflow; an engine says in `_recorded` where its records are."""

    def __init__(self, workflow_id: str, once: Once, clock: Clock) -> None:
        self.workflow_id = workflow_id
        self._once, self._clock, self._names = once, clock, Names()

    async def step(self, name: str, deed: Callable[[], Awaitable[T]], patience: Patience = PATIENT) -> T:
        """See Steps."""
        result: T = await self._recorded(name, lambda: persist(deed, self._clock, patience))
        return result

    async def effect(
        self,
        name: str,
        deed: Callable[[], Awaitable[T]],
        look: Callable[[], Awaitable[T | None]],
        patience: Patience = PATIENT,
    ) -> T:
        """See Steps."""
        key = (self.workflow_id, name)
        result: T = await self._recorded(name, lambda: self._once.do(key, deed, look, patience))
        return result

    async def _recorded(self, name: str, deed: Callable[[], Awaitable[Any]]) -> Any:
        """Return the recorded result of a step; do the deed and record it when there is none."""
        raise NotImplementedError
