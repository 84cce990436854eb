"""Messages that wait for their time."""

from __future__ import annotations

from dataclasses import dataclass

from sandbox.slack.state.messages import Content


@dataclass(frozen=True, slots=True)
class Scheduled:
    """A message to be posted later: `post_at` in seconds since 1970."""

    id: str
    channel: str
    post_at: int
    content: Content
    thread_ts: str | None = None
