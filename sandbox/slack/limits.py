"""Rate limits of the Web API: per method, and per channel for posting."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass

from sandbox.slack.clock import Clock
from sandbox.slack.methods import Method
from sandbox.slack.refusals import Json


@dataclass(frozen=True, slots=True)
class Pace:
    """At most `calls` within any window of `seconds`."""

    calls: int
    seconds: float


PACES: dict[str, tuple[Pace, ...]] = {
    "1": (Pace(1, 60),),
    "2": (Pace(20, 60),),
    "3": (Pace(50, 60),),
    "4": (Pace(100, 60),),
    "hundreds": (Pace(300, 60),),
    "connections": (Pace(10, 60),),
    "channel": (Pace(300, 60),),
}
"""Calls per method and workspace (Slack: Web API rate limits docs); Slack lets some bursts through, this does not.
apps.connections.open is tier 1 or 3 by source; here ten a minute, as many as an app may hold connections."""

POSTING = (Pace(3, 2), Pace(10, 10))
"""chat.postMessage in one channel: one a second, with short bursts tolerated (same source)."""


class Limits:
    """Counts calls on the given clock; `on` switches the limits."""

    def __init__(self, clock: Clock, *, on: bool) -> None:
        self.on = on
        self._clock = clock
        self._seen: dict[tuple[str, str], deque[float]] = {}

    def take(self, method: Method, args: Json) -> int | None:
        """Count one call; return None, or the seconds to wait when it was one too many."""
        if not self.on:
            return None
        keys = [((method.name, ""), PACES[method.tier])]
        if method.tier == "channel":
            keys.append(((method.name, str(args.get("channel", ""))), POSTING))
        wait = max(self._wait(key, paces) for key, paces in keys)
        if wait > 0:
            return math.ceil(wait)
        for key, _ in keys:
            self._seen.setdefault(key, deque(maxlen=300)).append(self._clock.now())
        return None

    def _wait(self, key: tuple[str, str], paces: tuple[Pace, ...]) -> float:
        """Return how many seconds must pass before one more call fits all paces; 0 if it fits now."""
        seen, now = self._seen.get(key), self._clock.now()
        if not seen:
            return 0.0
        waits = [seen[-pace.calls] + pace.seconds - now for pace in paces if len(seen) >= pace.calls]
        return max(waits, default=0.0)
