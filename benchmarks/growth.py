"""Growth: whether the bot's process becomes larger the more commands it carries out.

The first tenth of the commands fills what is meant to be filled (connections, caches that have a limit), so that the
count begins after it. A fifth of the commands acknowledges an incident; the others read, or are misspelt.
"""

import asyncio
import time
from collections.abc import Iterator
from itertools import islice

from benchmarks.bot import Bot
from benchmarks.furniture import PEOPLE, WHERE
from benchmarks.load import at_rest
from benchmarks.processes import BenchmarkError
from benchmarks.workspace import Workspace

LINES = ("list", "help", "ack INC-{}", "show INC-{}", "lsit")
"""What is typed about each incident in turn."""
_EACH = 2
"""Commands that one person has under way."""


async def growth(slack: Workspace, running: Bot, seeded: int) -> int:
    """Return by how many bytes the bot grew over commands about INC-1 to INC-`seeded`, which nobody acknowledged.

    Raises BenchmarkError when a command was not acknowledged by the bot.
    """
    lines = _lines(seeded)
    await _offered(slack, islice(lines, len(LINES) * seeded // 10))
    begin = running.memory
    await _offered(slack, lines)
    return running.memory - begin


def _lines(seeded: int) -> Iterator[str]:
    return (f"/incident {line}".format(number) for number in range(1, seeded + 1) for line in LINES)


async def _offered(slack: Workspace, lines: Iterator[str]) -> None:
    """Type the lines, several at once, and wait until all that they begin has ended."""

    async def typing(person: str) -> None:
        for line in lines:
            said = await slack.command(person, line, WHERE)
            if not said["acked"]:
                raise BenchmarkError(f"{line} was not acknowledged: {said['error']}")

    await asyncio.gather(*(typing(person) for person in PEOPLE * _EACH))
    await at_rest(slack, time.perf_counter())
    await slack.control("DELETE", "/calls")
