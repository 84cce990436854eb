"""Small types that every part of the workspace shares: JSON objects and the two kinds of refusal."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


class SlackError(Exception):
    """A Web API method refused: Slack's error code, and what else its answer carries."""

    def __init__(self, code: str, *details: str, **extra: Any) -> None:
        super().__init__(code)
        self.code = code
        self.extra: Json = dict(extra)
        if details:
            self.extra["response_metadata"] = {"messages": list(details)}


class DeedRefusedError(Exception):
    """A person asked for something that Slack's client would not let them do; the text says why."""


class ManifestError(Exception):
    """The app manifest contradicts itself in a way that Slack would not accept."""
