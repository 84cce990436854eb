"""Start: how long until the bot is ready, how much memory it holds when idle, and how much more after many commands.

Ready means that Slack's socket is connected and `/readyz` answers 200, counted from the start of the process. Measured
on a fresh store, whose tables are made on the way, and on the same store again; all targets are set up, so that the bot
makes them ready at the same time. The idle memory is the resident set of the bot's process alone, some time after the
second start, with everything loaded that any target needs.

Growth is what that process holds more after all commands than after their first tenth (`benchmarks/growth.py`). Not a
byte is too strict a limit: the allocator keeps pages that are not full, and which ones depends on what happened to be
under way at once, which is worth some MB. With 10 MB, what keeps more than 1.1 kB of each command is found, and that is
less than one request from Slack. Budgets: `docs/budgets.md`, the rows of `start`.
"""

import asyncio
from collections.abc import Mapping
from pathlib import Path

from benchmarks.bot import bot
from benchmarks.budgets import GROWTH, IDLE_MEMORY, START_SECONDS
from benchmarks.growth import LINES, growth
from benchmarks.percentiles import median
from benchmarks.processes import HOME
from benchmarks.seeding import seed
from benchmarks.stores import prepared
from benchmarks.table import Figure
from benchmarks.targets import set_up
from benchmarks.workspace import Workspace, workspace
from bot.runbooks.loader import load_platforms
from bot.runbooks.platforms import Platforms


async def measure(folder: Path, runs: int = 5, *, idle: float = 60.0, commands: int = 10_000) -> list[Figure]:
    """Start the bot `runs` times on fresh stores and as often on an old one; wait `idle` seconds for the memory."""
    platforms = load_platforms(HOME / "runbooks")
    targets = set_up(platforms, folder)
    async with workspace(platforms, folder) as slack:
        fresh, again = list[float](), list[float]()
        for run in range(runs):
            store = folder / f"store-{run}"
            for times in (fresh, again):
                async with bot(slack, store, targets=targets) as started:
                    times.append(started.ready_after)
        memory = await _memory(slack, platforms, folder / "store-of-many", targets, idle, commands)
    return [
        Figure("start: ready on a fresh store, median", median(fresh), "s", START_SECONDS),
        Figure("start: ready on a fresh store, worst", max(fresh), "s"),
        Figure("start: ready on an old store, median", median(again), "s", START_SECONDS),
        Figure("start: ready on an old store, worst", max(again), "s"),
        *memory,
    ]


async def _memory(
    slack: Workspace, platforms: Platforms, folder: Path, targets: Mapping[str, str], idle: float, commands: int
) -> list[Figure]:
    """Measure one bot that first has nothing to do and then many commands, on a store with an incident for five."""
    folder.mkdir()
    incidents = commands // len(LINES)
    await prepared(folder, slack.people)
    await seed(folder, slack, platforms, incidents)
    async with bot(slack, folder, targets=targets) as started:
        await asyncio.sleep(idle)
        memory = started.memory
        grown = await growth(slack, started, incidents)
    return [
        Figure(f"start: memory after {idle:g} s of idling", memory, "B", IDLE_MEMORY),
        Figure(f"start: growth over {commands:,} commands", grown, "B", GROWTH),
    ]
