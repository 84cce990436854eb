"""The engine on DBOS, which keeps workflows in a database beside ours; their steps are in the ledger."""

import asyncio
import contextvars
import importlib
import logging
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from bot.durable import dbos_system
from bot.durable.effects import Once, StoreLedger
from bot.durable.engine import Guard, Json, StepFailed, Workflow, as_json, read_ending
from bot.durable.run import run_workflow, unguarded
from bot.durable.steps import RecordedSteps
from bot.errors import Conflict, StoreUnavailable
from bot.store import faults
from bot.store.database import Store
from bot.wallclock import Clock

if TYPE_CHECKING:
    from dbos import DBOS

T = TypeVar("T")
_Entry: TypeAlias = Callable[[Json], Coroutine[Any, Any, dict[str, Any]]]

_log = logging.getLogger(__name__)

_UNFINISHED = {"PENDING", "ENQUEUED", "DELAYED"}
_ENDED = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]
_FORGOTTEN_AT_ONCE = 500
_SHORTEST_POLL, _LONGEST_POLL = 0.01, 0.25  # seconds between two looks at whether a workflow has ended


class DbosEngine:
    """An Engine that survives its process. DBOS allows one per process at a time.

    `replica_id` is unique to this run of the process: the work of another must never be taken for one's own.
    """

    def __init__(self, store: Store, replica_id: str, clock: Clock, guard: Guard = unguarded) -> None:
        self._store, self._replica_id, self._clock = store, replica_id, clock
        self._once = Once(StoreLedger(store, clock), clock, guard)
        self._workflows: dict[str, Workflow] = {}
        self._entries: dict[str, _Entry] = {}
        self._starting: set[asyncio.Task[None]] = set()
        self._launched: DBOS | None = None

    def register(self, name: str, workflow: Workflow) -> None:
        """See Engine."""
        self._workflows[name] = workflow

    async def launch(self) -> None:
        """See Engine. Raise StoreUnavailable when the database does not answer."""
        library = await asyncio.to_thread(importlib.import_module, "dbos")  # 0.4 s that others can use
        dbos_system.quieten()
        with faults.translated(self._store.name, self._store.url.password):
            self._launched = library.DBOS(config=dbos_system.configuration(self._store, self._replica_id))
            for name, workflow in self._workflows.items():
                self._entries[name] = library.DBOS.workflow(name=name)(self._entry(name, workflow))
            library.DBOS.launch()

    def _entry(self, name: str, workflow: Workflow) -> _Entry:
        async def entry(argument: Json) -> dict[str, Any]:
            steps = RecordedSteps(str(self._dbos.workflow_id), self._once, self._clock)
            await steps.recall()
            return await run_workflow(name, workflow, steps, argument)

        return entry

    async def close(self) -> None:
        """See Engine."""
        if self._launched is None:
            return
        dbos = self._launched
        await _ended([*self._starting, *dbos._workflow_tasks])
        # DBOS has put its threads behind `asyncio.to_thread`; what goes on on this loop needs others.
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(thread_name_prefix="opsroom"))
        database = dbos._config["system_database_engine"]
        await asyncio.to_thread(dbos.destroy, destroy_registry=True)
        await _ended(dbos._workflow_tasks)
        if database is not None:
            await asyncio.to_thread(database.dispose)  # DBOS ends only engines that it made
        self._launched = None

    async def start(self, workflow: str, workflow_id: str, argument: Json) -> None:
        """See Engine."""
        # A task of its own: a start that was given up half way would be recorded and never run.
        starting = _apart(self._start(self._entries[workflow], workflow_id, as_json(argument)))
        self._starting.add(starting)
        starting.add_done_callback(self._started)
        limit = self._store.limits.transaction
        done, _ = await asyncio.wait({starting}, timeout=limit)
        if not done:
            raise StoreUnavailable(f"The store {self._store.name} did not record {workflow_id} in {limit:g} s.")
        with faults.translated(self._store.name, self._store.url.password):
            starting.result()

    async def _start(self, entry: _Entry, workflow_id: str, argument: Json) -> None:
        from dbos import SetWorkflowID, error  # loaded by the launch, not before

        try:
            with SetWorkflowID(workflow_id):
                await self._dbos.start_workflow_async(entry, argument)
        except error.DBOSConflictingWorkflowError:
            raise Conflict(f"{workflow_id} is a workflow of another kind already.") from None

    def _started(self, starting: asyncio.Task[None]) -> None:
        self._starting.discard(starting)
        if not starting.cancelled() and starting.exception() is not None:
            _log.debug("A workflow was not started: %s", starting.exception())

    async def outcome(self, workflow_id: str, timeout: float) -> Json:  # noqa: ASYNC109 the port's
        """See Engine."""
        pause = _SHORTEST_POLL
        async with asyncio.timeout(timeout):
            while True:
                status = await _apart(self._dbos.get_workflow_status_async(workflow_id))
                if status is not None and status.status == "SUCCESS":
                    ending: Json = read_ending(status.output or {}).result()
                    return ending
                if status is not None and status.status not in _UNFINISHED:
                    raise StepFailed(workflow_id, status.status, f"{workflow_id} ended as {status.status}.")
                await asyncio.sleep(pause)
                pause = min(_LONGEST_POLL, pause * 1.5)

    async def adopt(self, replica: str) -> int:
        """See Engine."""
        with faults.translated(self._store.name, self._store.url.password):
            return await asyncio.to_thread(dbos_system.hand_over, self._dbos, replica)

    async def owners(self) -> set[str]:
        """See Engine."""
        with faults.translated(self._store.name, self._store.url.password):
            unfinished = await _apart(
                self._dbos.list_workflows_async(status="PENDING", load_input=False, load_output=False)
            )
        return {row.executor_id for row in unfinished if row.executor_id is not None}

    async def forget(self, before: datetime) -> int:
        """See Engine."""
        with faults.translated(self._store.name, self._store.url.password):
            rows = await _apart(
                self._dbos.list_workflows_async(
                    status=_ENDED,
                    completed_before=before.isoformat(),
                    limit=_FORGOTTEN_AT_ONCE,
                    load_input=False,
                    load_output=False,
                )
            )
            if rows:
                await _apart(self._dbos.delete_workflows_async([row.workflow_id for row in rows]))
        return len(rows)

    @property
    def _dbos(self) -> "DBOS":
        if self._launched is None:
            raise RuntimeError("The engine is not launched.")
        return self._launched


def _apart(work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
    """Run it in a context of its own: what is called from within a workflow is not a part of that one."""
    return asyncio.get_running_loop().create_task(work, context=contextvars.Context())


async def _ended(tasks: "set[asyncio.Task[Any]] | list[asyncio.Task[Any]]") -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
