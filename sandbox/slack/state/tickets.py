"""What a person's deed hands to the app for a while: trigger ids, addresses for answers, socket tickets."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import TypeVar

TRIGGER_SECONDS = 3.0
"""A trigger id is good for 3 seconds and one use (Slack: views.open docs)."""

RESPONSE_USES = 5
RESPONSE_SECONDS = 30 * 60.0
"""A response_url takes 5 answers within 30 minutes (Slack: handling user interaction docs)."""

KEPT = 20_000
"""How many old tickets are remembered, so that a late use still gets the exact error."""

T = TypeVar("T")


@dataclass(slots=True)
class Trigger:
    """A trigger id: whose, from when, used or not, and the view that it came from if any."""

    id: str
    user: str
    at: float
    view_id: str | None = None
    used: bool = False


@dataclass(slots=True)
class ResponseUrl:
    """An address for answers: to whom, where, about which message, how often used."""

    id: str
    user: str
    channel: str
    at: float
    message_ts: str | None = None
    ephemeral: bool = False
    thread_ts: str | None = None
    uses: int = 0


class Drawer(OrderedDict[str, T]):
    """Tickets by id; the oldest fall out beyond `KEPT`."""

    def keep(self, key: str, ticket: T) -> None:
        """File a ticket."""
        self[key] = ticket
        if len(self) > KEPT:
            self.popitem(last=False)
