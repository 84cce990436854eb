"""The steps of a workflow on DBOS."""

import asyncio
import zlib
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from bot.durable.effects import Once
from bot.durable.engine import read_ending
from bot.durable.run import ended
from bot.durable.steps import RecordedSteps
from bot.wallclock import Clock

if TYPE_CHECKING:
    from dbos import DBOS

_PAUSE = 1.0  # seconds until a database that was too slow is asked again


class DbosSteps(RecordedSteps):
    """The Steps of one run of a workflow.

    What was recorded before is read once, when the run begins, and each step is recorded once it is done. DBOS's own
    steps ask the database before each as well, and go through a thread four times: 2.5 ms of processor time a step,
    where this takes 1 ms.
    """

    def __init__(self, dbos: "DBOS", once: Once, clock: Clock) -> None:
        super().__init__(str(dbos.workflow_id), once, clock)
        self._dbos, self._numbers = dbos, dict[int, str]()
        self._known: dict[str, Any] = {}
        self._lost: BaseException | None = None

    async def recall(self) -> None:
        """Read what was recorded before; comes first."""
        from dbos import error  # loaded by the launch, not before

        while True:
            try:
                recorded = await asyncio.to_thread(self._dbos._sys_db.list_workflow_steps, self.workflow_id)
                break
            except error.DBOSQueryTimeoutError:  # everything else DBOS waits for by itself
                await self._clock.sleep(_PAUSE)
        self._numbers = {step["function_id"]: step["function_name"] for step in recorded}
        self._known = {step["function_name"]: step["output"] for step in recorded if step["output"] is not None}

    def check(self) -> None:
        """Raise what DBOS raises when the workflow belongs to another replica by now."""
        if self._lost is not None:
            raise self._lost

    async def _recorded(self, name: str, deed: Callable[[], Awaitable[Any]]) -> Any:
        self._names.use(name)
        self.check()
        if name in self._known:
            return read_ending(self._known[name]).result()
        began = int(self._clock.now().timestamp() * 1000)
        try:
            ending = await ended(name, self.workflow_id, deed)
            await asyncio.to_thread(self._record, name, ending.to_json(), began)
        except BaseException as error:
            if not isinstance(error, (Exception, asyncio.CancelledError)):
                self._lost = error  # a workflow may swallow it (`gather` can); it must not go on
            raise
        return ending.result()

    def _record(self, name: str, ending: dict[str, Any], began: int) -> None:
        """Write down how a step ended. DBOS raises a BaseException when the workflow belongs to another replica."""
        serializer = self._dbos._serializer
        self._dbos._sys_db.record_operation_result(
            {
                "workflow_uuid": self.workflow_id,
                "function_id": self._number(name),
                "function_name": name,
                "output": serializer.serialize(ending),
                "error": None,
                "serialization": serializer.name(),
                "started_at_epoch_ms": began,
                "child_workflow_id": None,
            }
        )

    def _number(self, name: str) -> int:
        """Return the number of a step, which follows from its name.

        DBOS numbers steps in the order in which they are reached. That order changes when steps run side by
        side, and with every step that a newer program adds; then a replay would mistake one for another.
        """
        number = zlib.crc32(name.encode()) & 0x7FFF_FFFF
        while self._numbers.setdefault(number, name) != name:
            number += 1  # two names met in one number
        return number
