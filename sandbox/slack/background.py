"""Work that goes on behind a call or a deed: delivering events, closing sockets."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any


class Background:
    """Keeps tasks alive, waits for them, ends them. What goes wrong in one is kept in `defects`."""

    def __init__(self) -> None:
        self.defects: list[BaseException] = []
        self._tasks: set[asyncio.Task[Any]] = set()

    def spawn(self, work: Coroutine[Any, Any, Any]) -> None:
        """Start a task."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        """Forget a finished task; keep its failure."""
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            self.defects.append(error)

    async def settled(self, seconds: float = 5.0) -> None:
        """Wait until nothing is under way; raises TimeoutError after that many seconds of real time."""
        async with asyncio.timeout(seconds):
            while self._tasks:
                await asyncio.wait(self._tasks)

    async def close(self) -> None:
        """End everything."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
