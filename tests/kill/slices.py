"""Letting a process run a slice of time after the other, so that a test can look at it in between."""

import asyncio
import signal
import time
from collections.abc import Callable

from tests.kill.process import PATIENCE, Process

SLICE = 0.0002
"""Seconds that the process runs between two looks; a commit is apart from the next by more than that."""
_SETTLE = 0.001
"""Seconds in which what it has sent arrives."""


async def run_slice(bot: Process) -> None:
    """Let it run for one slice; it is frozen before and after."""
    bot.signal(signal.SIGCONT)
    time.sleep(SLICE)  # noqa: ASYNC251 the event loop would sleep five times as long
    bot.signal(signal.SIGSTOP)
    await asyncio.sleep(_SETTLE)


async def run_until(bot: Process, holds: Callable[[], object]) -> None:
    """Let it run until that holds, and leave it frozen."""
    bot.signal(signal.SIGSTOP)
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, "it did not happen, slice by slice"
        await run_slice(bot)
