"""Start: how long until the bot is ready, and how much memory it holds when it has nothing to do.

Ready means that Slack's socket is connected and `/readyz` answers 200, counted from the start of the process. Measured
on a fresh store, whose tables are made on the way, and on the same store again; the idle memory is the resident set of
the bot's process alone, some time after the second start. Budgets: `docs/budgets.md`, the rows of `start`.
"""

import asyncio
from pathlib import Path

from benchmarks.bot import bot
from benchmarks.budgets import IDLE_MEMORY, START_SECONDS
from benchmarks.percentiles import median
from benchmarks.processes import HOME
from benchmarks.table import Figure
from benchmarks.workspace import workspace
from bot.runbooks.loader import load_platforms


async def measure(folder: Path, *, runs: int = 5, idle: float = 60.0) -> list[Figure]:
    """Start the bot `runs` times on fresh stores and as often on an old one; wait `idle` seconds for the memory."""
    async with workspace(load_platforms(HOME / "runbooks"), folder) as slack:
        fresh, again = list[float](), list[float]()
        for run in range(runs):
            store = folder / f"store-{run}"
            for times in (fresh, again):
                async with bot(slack, store) as started:
                    times.append(started.ready_after)
        async with bot(slack, folder / "store-0") as started:
            await asyncio.sleep(idle)
            memory = started.memory
    return [
        Figure("start: ready on a fresh store, median", median(fresh), "s", START_SECONDS),
        Figure("start: ready on a fresh store, worst", max(fresh), "s"),
        Figure("start: ready on an old store, median", median(again), "s", START_SECONDS),
        Figure("start: ready on an old store, worst", max(again), "s"),
        Figure(f"start: memory after {idle:g} s of idling", memory, "B", IDLE_MEMORY),
    ]
