"""Rate limits of the Web API: per method, and per channel for posting."""

from __future__ import annotations

import math
from collections import deque

from sandbox.slack.clock import Clock
from sandbox.slack.methods import Method
from sandbox.slack.refusals import Json

WINDOW_SECONDS = 60.0

PER_MINUTE: dict[str, int] = {
    "1": 1,
    "2": 20,
    "3": 50,
    "4": 100,
    "hundreds": 300,
    "connections": 10,
    "channel": 300,
}
"""Calls of a method within any 60 s, by tier (Slack: Web API rate limits docs); Slack lets some bursts through, this
does not. apps.connections.open is tier 1 or 3 by source; here ten, as many as an app may hold connections."""

POST_SECONDS = 1.0
POST_BURST = 3
"""chat.postMessage in one channel: one a second, short bursts tolerated (same source; the burst is our own figure)."""


class Limits:
    """Counts calls on the given clock; `on` switches the limits."""

    def __init__(self, clock: Clock, *, on: bool) -> None:
        self.on = on
        self._clock = clock
        self._seen: dict[str, deque[float]] = {}
        self._next_post: dict[str, float] = {}

    def take(self, method: Method, args: Json) -> int | None:
        """Count one call; return None, or the seconds to wait when it was one too many."""
        if not self.on:
            return None
        channel = str(args.get("channel", "")) if method.tier == "channel" else None
        wait = max(self._window_wait(method), self._post_wait(channel))
        if wait > 0:
            return math.ceil(wait)
        now = self._clock.now()
        self._seen.setdefault(method.name, deque(maxlen=PER_MINUTE[method.tier])).append(now)
        if channel is not None:
            self._next_post[channel] = max(self._next_post.get(channel, 0.0), now) + POST_SECONDS
        return None

    def _window_wait(self, method: Method) -> float:
        """Return how many seconds the method has to wait; not above 0 when it need not."""
        seen = self._seen.get(method.name)
        if seen is None or len(seen) < PER_MINUTE[method.tier]:
            return 0.0
        return seen[0] + WINDOW_SECONDS - self._clock.now()

    def _post_wait(self, channel: str | None) -> float:
        """Return how many seconds the channel has to wait; not above 0 when it need not.

        `_next_post` is when the channel would be at rest if it got one message a second; a burst runs ahead of it.
        """
        if channel is None:
            return 0.0
        at_rest = self._next_post.get(channel, 0.0)
        return at_rest - (POST_BURST - 1) * POST_SECONDS - self._clock.now()
