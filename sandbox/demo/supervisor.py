"""Keeps the bot running beside the workspace: starts it again when it is killed, and ends it with the demo."""

import asyncio
import sys
from collections.abc import Callable, Coroutine, Mapping
from pathlib import Path
from typing import Any

from sandbox.targets.processes import dying_with_parent

START_AGAIN = 75
"""The bot's exit code for "start me again" (EX_TEMPFAIL of sysexits.h)."""


class Supervisor:
    """Runs `opsroom serve` in an environment and a folder, one process at a time."""

    def __init__(self, environment: Mapping[str, str], folder: Path) -> None:
        self._environment, self._folder = environment, folder

    async def run(self, stop: asyncio.Event, ready: Callable[[], Coroutine[Any, Any, None]]) -> int:
        """Keep the bot running until `stop`, `ready` beside it; return its exit code if it gave up, else 0."""
        greeting = asyncio.create_task(ready())
        try:
            while not stop.is_set():
                code = await self._until_it_ends(stop)
                if not stop.is_set() and code > 0 and code != START_AGAIN:
                    return code
                if not stop.is_set():
                    print("Opsroom was killed. It is started again and goes on where it was.")
        finally:
            greeting.cancel()
        return 0

    async def _until_it_ends(self, stop: asyncio.Event) -> int:
        bot = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            "serve",
            env=self._environment,
            cwd=self._folder,
            preexec_fn=dying_with_parent(),
            start_new_session=True,  # Ctrl-C goes to the demo alone, which ends the bot in good order
        )
        stopped, ended = asyncio.create_task(stop.wait()), asyncio.create_task(bot.wait())
        await asyncio.wait({stopped, ended}, return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        if bot.returncode is None:
            bot.terminate()
        return await ended
