"""Letting a process run a slice of time after the other, so that a test can look at it in between."""

import asyncio
import time
from collections.abc import Callable

from tests.kill.process import PATIENCE, Process

SLICE = 0.0002
"""Seconds that the process runs between two looks; a commit is apart from the next by more than that."""
_SETTLE = 0.001
"""Seconds in which what it has sent arrives."""
_LONG = 0.1
"""Seconds after which a question to its store is not answered because it stands still."""


async def run_slice(bot: Process) -> None:
    """Let it run for one slice; it is frozen before and after."""
    bot.thaw()
    time.sleep(SLICE)  # noqa: ASYNC251 the event loop would sleep five times as long
    bot.freeze()
    await asyncio.sleep(_SETTLE)


async def run_until(bot: Process, holds: Callable[[], object]) -> None:
    """Let it run until that holds, and leave it frozen."""
    bot.freeze()
    deadline = time.monotonic() + PATIENCE
    while not await _told(holds, bot):
        assert time.monotonic() < deadline, "it did not happen, slice by slice"
        await run_slice(bot)


async def _told(holds: Callable[[], object], bot: Process) -> object:
    """Return whether it holds. A bot that is frozen in the middle of a commit may have to let readers in first."""
    asking = asyncio.create_task(asyncio.to_thread(holds))
    while not (await asyncio.wait({asking}, timeout=_LONG))[0]:
        await run_slice(bot)
    return asking.result()
