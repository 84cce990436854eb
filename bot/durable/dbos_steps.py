"""The steps of a workflow on DBOS."""

import asyncio
import zlib
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, TypeVar

from bot.durable.effects import Once
from bot.durable.engine import read_ending
from bot.durable.retry import PATIENT, Patience, persist
from bot.durable.run import Names, ended
from bot.wallclock import Clock

if TYPE_CHECKING:
    from dbos import DBOS

T = TypeVar("T")


class DbosSteps:
    """The Steps of one run of a workflow."""

    def __init__(self, dbos: "DBOS", once: Once, clock: Clock) -> None:
        self._dbos, self._once, self._clock = dbos, once, clock
        self._names, self._numbers = Names(), dict[int, str]()
        self._lost: BaseException | None = None
        self.workflow_id: str = str(dbos.workflow_id)

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

    def check(self) -> None:
        """Raise what DBOS raises when the workflow belongs to another replica by now."""
        if self._lost is not None:
            raise self._lost

    async def _recorded(self, name: str, deed: Callable[[], Awaitable[Any]]) -> Any:
        self._names.use(name)

        async def run() -> dict[str, Any]:
            return (await ended(name, self.workflow_id, deed)).to_json()

        self.check()
        try:
            return read_ending(await self._reserved(name).run_async({"name": name}, run)).result()
        except BaseException as error:
            if not isinstance(error, (Exception, asyncio.CancelledError)):
                self._lost = error  # a workflow may swallow it (`gather` can); it must not go on
            raise

    def _reserved(self, name: str) -> Any:
        """Reserve a step of DBOS under a number that follows from its name.

        DBOS numbers steps in the order in which they are reached. That order changes when steps run side by
        side, and with every step that a newer program adds; then a replay would mistake one for another.
        """
        number = zlib.crc32(name.encode()) & 0x7FFF_FFFF
        while self._numbers.setdefault(number, name) != name:
            number += 1  # two names met in one number
        reservation = self._dbos.reserve_step()
        reservation._step_ctx.function_id = number
        return reservation
