"""Who looks at the workspace, and when there is something new for them to see."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sandbox.slack.state.channels import Channel


@dataclass(eq=False, slots=True)
class Onlooker:
    """Somebody whose screen is open; `news` is set when it is out of date."""

    user: str
    news: asyncio.Event = field(default_factory=asyncio.Event)


class Changes:
    """Counts changes (`seq`) and tells those onlookers whom a change concerns."""

    def __init__(self) -> None:
        self.seq = 0
        self._onlookers: set[Onlooker] = set()

    @contextmanager
    def watched_by(self, user: str) -> Iterator[Onlooker]:
        """Let a person look on for the duration of the block."""
        onlooker = Onlooker(user)
        self._onlookers.add(onlooker)
        try:
            yield onlooker
        finally:
            self._onlookers.discard(onlooker)

    def touch(self, channel: Channel | None = None, *, user: str | None = None) -> None:
        """Note a change: in a channel, for one person, or (neither given) for everybody."""
        self.seq += 1
        for onlooker in self._onlookers:
            if user is not None and onlooker.user != user:
                continue
            if channel is not None and channel.kind != "public" and onlooker.user not in channel.members:
                continue
            onlooker.news.set()
