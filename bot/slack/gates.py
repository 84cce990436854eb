"""Counting calls against a limit. Speaks of seconds on any clock that the caller likes."""

from collections import deque
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pace:
    """At most `calls` in any stretch of `seconds`."""

    calls: int
    seconds: float


class Gate:
    """Lets calls through as long as each of several paces is kept.

    It remembers when the last calls left. A bucket that refills would let nearly twice the limit through in
    its first minute, and Slack counts by the minute.
    """

    __slots__ = ("_left", "_paces")

    def __init__(self, *paces: Pace) -> None:
        self._paces = paces
        self._left: deque[float] = deque(maxlen=max(pace.calls for pace in paces))

    def wait(self, now: float) -> float:
        """Return how many seconds from `now` until one more call fits; 0 when it fits now."""
        return max(self._wait(pace, now) for pace in self._paces)

    def take(self, now: float) -> None:
        """Count a call that leaves at `now`."""
        self._left.append(now)

    def is_idle(self, now: float) -> bool:
        """Say whether the last call is so long ago that nothing is left to remember."""
        longest = max(pace.seconds for pace in self._paces)
        return not self._left or now - self._left[-1] >= longest

    def _wait(self, pace: Pace, now: float) -> float:
        if len(self._left) < pace.calls:
            return 0.0
        # A clock that was set back must not make anyone wait longer than the stretch itself.
        return min(max(self._left[-pace.calls] + pace.seconds - now, 0.0), pace.seconds)
