"""Every second: timers that are due."""

from datetime import timedelta

from bot.durable.timers import Timers

EVERY = timedelta(seconds=1)


async def tick(timers: Timers) -> int:
    """Handle what is due and return how many there were."""
    return await timers.sweep()
