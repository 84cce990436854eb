"""Every hour: what was asked for, done and said so long ago that it can be forgotten. Incidents are kept."""

from datetime import timedelta

from bot.durable.engine import Engine
from bot.verbs.inbox import Inbox
from bot.wallclock import Clock

EVERY = timedelta(hours=1)
_KEPT = timedelta(days=90)
"""For so long is known which work was done, as long as what was posted for it."""


async def tick(inbox: Inbox, engine: Engine, clock: Clock) -> int:
    """Forget them and return how many there were."""
    return await inbox.forget() + await engine.forget(clock.now() - _KEPT)
