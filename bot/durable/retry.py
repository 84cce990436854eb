"""Patience: how long and how often something is repeated that may work a little later."""

import logging
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from bot.errors import OpsroomError, StoreUnavailable
from bot.wallclock import Clock

T = TypeVar("T")

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Patience:
    """Repeat for `total` seconds; wait `first` seconds, then twice as long each time, up to `longest`."""

    total: float = 900.0
    first: float = 0.25
    longest: float = 30.0

    def pause(self, tries: int, asked: float | None) -> float:
        """Return how many seconds to wait after so many tries; never less than we were asked to.

        Up to a fifth is left to chance, so that many that failed together do not all come back together.
        """
        grown = min(self.longest, self.first * 2.0 ** min(tries - 1, 30))
        drawn = grown * random.uniform(0.8, 1.0)  # noqa: S311 chance, not secrecy
        return max(asked or 0.0, drawn)


PATIENT = Patience()
"""For work in the background: a quarter of an hour, as long as Slack's own incidents often are."""

ENDLESS = Patience(total=float("inf"), longest=5.0)
"""For our own store: without it nothing can go on anyway."""


async def persist(deed: Callable[[], Awaitable[T]], clock: Clock, patience: Patience) -> T:
    """Do the deed, again after every passing error until patience is over, and return its result.

    Raise the last error then, and any other error at once. What the store cannot do now does not count: our
    own store is waited for.
    """
    began, tries = clock.now(), 0
    while True:
        try:
            return await deed()
        except OpsroomError as error:
            tries += 1
            pause = next_pause(error, tries, patience, (clock.now() - began).total_seconds())
            if pause is None:
                raise
            _log.info("Trying again in %.1f s: %s", pause, error)
        await clock.sleep(pause)


def next_pause(error: OpsroomError, tries: int, patience: Patience, spent: float) -> float | None:
    """Return how many seconds to wait before the next try, None when there is to be none."""
    if not error.passing:
        return None
    if isinstance(error, StoreUnavailable):
        return ENDLESS.pause(tries, error.retry_after)
    pause = patience.pause(tries, error.retry_after)
    return pause if spent + pause <= patience.total else None
