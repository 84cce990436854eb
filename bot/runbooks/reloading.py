"""Runbooks that are read again while the program runs: all of them, or none when one is wrong."""

import asyncio
import logging
from pathlib import Path

from bot.runbooks.faults import RunbookFaultsError
from bot.runbooks.loader import load_platforms
from bot.runbooks.platforms import Platforms

logger = logging.getLogger(__name__)


class Reloading:
    """Reads a folder of runbooks again whenever somebody asks, one time after the other."""

    def __init__(self, platforms: Platforms, folder: Path) -> None:
        self._platforms, self._folder = platforms, folder
        self._turn = asyncio.Lock()
        self._under_way: set[asyncio.Task[bool]] = set()

    def ask(self) -> None:
        """Read the runbooks again soon; for a signal handler, which cannot wait."""
        task = asyncio.create_task(self.reload(), name="reload")
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def reload(self) -> bool:
        """Read the runbooks again and tell whether the new ones are used; if not, the log says what is wrong."""
        async with self._turn:
            try:
                read = await asyncio.to_thread(load_platforms, self._folder)  # YAML takes its time
            except RunbookFaultsError as error:
                logger.error("The runbooks in use stay, since the new ones are wrong. %s", error)
                return False
            except OSError as error:
                logger.error("The runbooks in use stay, since %s cannot be read: %s", self._folder, error.strerror)
                return False
            self._platforms.become(read)
            logger.info("The runbooks were read again: %s.", ", ".join(read.names))
            return True
