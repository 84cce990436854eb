"""Identifiers and message timestamps in Slack's own shapes."""

from __future__ import annotations

import itertools
import random
import string
from decimal import Decimal, InvalidOperation

from sandbox.slack.clock import Clock

_LETTERS = string.digits + string.ascii_uppercase


class Ids:
    """Makes ids that are unique in one workspace; a seed makes them the same from run to run."""

    def __init__(self, seed: int | None) -> None:
        self._random = random.Random(seed)  # noqa: S311 - ids need to be unique, not secret
        self._count = itertools.count(1)

    def new(self, kind: str) -> str:
        """Return for example `C0A1B2C3D4E` for kind "C": the kind, noise, and a counter in base 36."""
        count, digits = next(self._count), ""
        while count:
            count, rest = divmod(count, 36)
            digits = _LETTERS[rest] + digits
        noise = "".join(self._random.choices(_LETTERS, k=4))
        return f"{kind}0{noise}{digits.rjust(5, '0')}"

    def secret(self, length: int = 24) -> str:
        """Return letters and digits for tickets, trigger ids and addresses that nobody should guess."""
        return "".join(self._random.choices(_LETTERS.lower(), k=length))


class Timestamps:
    """Message timestamps: seconds and microseconds, strictly rising within the workspace."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = 0

    def new(self) -> str:
        """Return the next timestamp, for example `1700000000.000100`."""
        self._last = max(self._last + 1, int(self._clock.now() * 1_000_000))
        return f"{self._last // 1_000_000}.{self._last % 1_000_000:06d}"


def normal_ts(text: str) -> str | None:
    """Write a timestamp with ten digits and six decimals, so that text order is time order; None if it is none."""
    try:
        moment = Decimal(text)
    except InvalidOperation:
        return None
    if not moment.is_finite() or moment < 0 or moment >= 10**10:
        return None
    return f"{moment:017.6f}"
