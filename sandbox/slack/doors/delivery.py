"""What both doors have in common: requests, answers, and the rules of time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, Protocol

from sandbox.slack.refusals import Json

ACK_SECONDS = 3.0
"""Everything must be acknowledged within 3 seconds (Slack: interactivity and Events API docs)."""

EVENT_PAUSES = (0.0, 0.0, 60.0, 300.0)
"""Pauses in seconds before each attempt to deliver an event: at once, then again at once, after 1 and 5 minutes
(Slack: Events API docs, retries)."""


@dataclass(frozen=True, slots=True)
class Request:
    """A command or an interaction on its way to the app; `url` is where HTTP mode sends it."""

    kind: Literal["slash_commands", "interactive"]
    payload: Json
    url: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: acknowledged or not, the body of the acknowledgement, Slack's word for what went wrong.

    `delay_seconds` is real time from sending to the answer's arrival.
    """

    acked: bool
    body: Any = None
    error: str | None = None
    delay_seconds: float = 0.0


class Door(Protocol):
    """A way to the app."""

    async def deliver(self, request: Request) -> Answer:
        """Send a command or an interaction and wait for its acknowledgement, 3 seconds at most."""

    async def deliver_event(self, payload: Json) -> None:
        """Send an event until it is acknowledged or given up."""

    async def cut(self, reason: str | None) -> int:
        """End all connections; return how many there were."""

    def enable(self) -> None:
        """Take back that the link was disabled."""

    async def point_to(self, url: str) -> None:
        """Send everything to this address from now on."""

    async def close(self) -> None:
        """End everything, because the workspace closes."""
