"""What a run writes down while it goes: how far its tasks are, and what a look after a crash needs."""

from collections.abc import Sequence
from typing import Any

from bot.remediation.nouns import Task, TaskState
from bot.store import requests
from bot.store.database import Store
from bot.store.requests import RUNNING


class Notes:
    """The notes of one run, in its request's row. Only the run itself writes them."""

    def __init__(self, store: Store, number: int, tasks: Sequence[Task], noted: dict[str, Any]) -> None:
        self._store, self._number = store, number
        self._tasks, self._noted = list(tasks), noted

    def of(self, name: str) -> Any:
        """Return what was noted under a name, None when nothing was."""
        return self._noted.get(name)

    async def note(self, name: str, value: Any) -> None:
        """Write something down under a name."""
        self._noted[name] = value
        await self._write(notes=self._noted)

    async def task(self, at: int, state: TaskState, detail: str = "") -> bool:
        """Say how far a task is; False when that is known."""
        new = Task(self._tasks[at].title, state, detail)
        if new == self._tasks[at]:
            return False
        self._tasks[at] = new
        await self._write(progress=[task.as_json() for task in self._tasks])
        return True

    @property
    def tasks(self) -> tuple[Task, ...]:
        """How far each task is."""
        return tuple(self._tasks)

    async def _write(self, **changes: Any) -> None:
        async with self._store.begin() as connection:
            await requests.change(connection, self._number, (RUNNING,), **changes)
